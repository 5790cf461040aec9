//! A version of a record as a row.

use std::sync::Arc;

use sea_orm::{ActiveValue::NotSet, ConnectionTrait, Set};
use yulin_domain::codes::Labelled;
use yulin_domain::journal::{Claim, Record, RecordKey, Row, Span, Subject};
use yulin_domain::quantity::Instant;

use crate::dialect::among;
use crate::entity::record_version::{ActiveModel, Model};
use crate::error::PersistenceError;

/// The row of a version; it is known from `row.recorded_from` until `recorded_to`.
pub fn to_row(key: RecordKey, subject: Subject, row: &Row, recorded_to: i64) -> Result<ActiveModel, serde_json::Error> {
    let state = &*row.state;
    let mut claims = state.claims().into_iter().map(|claim| claim_text(&claim));
    Ok(ActiveModel {
        row_id: NotSet,
        kind: Set(key.kind.tag().to_owned()),
        id: Set(key.id.to_string()),
        subject: Set(subject.to_string()),
        parcel: Set(state.on_parcel().map(|parcel| parcel.to_string())),
        district: Set(state.district().map(|district| district.to_string())),
        claim_a: Set(claims.next()),
        claim_b: Set(claims.next()),
        parties: Set(parties_of(state)),
        valid_from: Set(row.valid.from.micros()),
        valid_to: Set(row.valid.to.micros()),
        recorded_from: Set(row.recorded_from),
        recorded_to: Set(recorded_to),
        due_at: Set(state.due_at().map(Instant::micros)),
        state: Set(serde_json::to_vec(state)?),
    })
}

/// A name as it is looked up. Codes of parcels are found under whatever root.
pub fn claim_text(claim: &Claim) -> String {
    match claim {
        Claim::DistrictCode(code) => format!("district/{code}"),
        Claim::ParcelCode(_, code) => format!("parcel/{code}"),
        Claim::CreditCode(code) => format!("credit/{code}"),
        Claim::PartyExternal(reference) => format!("external/{reference}"),
        Claim::PrincipalName(name) => format!("principal/{name}"),
        Claim::ZoneCode(district, code) => format!("zone/{district}/{code}"),
        Claim::FeatureCode(district, code) => format!("feature/{district}/{code}"),
        Claim::FactorCode(code) => format!("factor/{code}"),
        Claim::AccountCode(code) => format!("account/{code}"),
        Claim::Cap(factor, period) => format!("cap/{factor}/{period}"),
        Claim::BankReference(bank, direction, reference) => format!("bank/{bank}/{}/{reference}", direction.code()),
        Claim::OffsetSource(source) => format!("offset/{source}"),
    }
}

/// The ids of records of which some version bears one of the names that are a parameter. Each column is asked by its own
/// index; the two in one condition have SQLite look through all records.
pub fn bearers(connection: &impl ConnectionTrait, names: usize) -> String {
    format!(
        "SELECT id FROM record_version WHERE {} UNION SELECT id FROM record_version WHERE {}",
        among(connection, "claim_a", names),
        among(connection, "claim_b", names)
    )
}

/// The condition that a version `r` bears one of the names that are a parameter.
pub fn bears(connection: &impl ConnectionTrait, names: usize) -> String {
    format!(
        "r.id IN ({}) AND ({} OR {})",
        bearers(connection, names),
        among(connection, "r.claim_a", names),
        among(connection, "r.claim_b", names)
    )
}

/// The parties that a state names, by single spaces; none where it can name none.
fn parties_of(state: &Record) -> Option<String> {
    let parties: Vec<_> = state.parties().iter().map(ToString::to_string).collect();
    (!parties.is_empty()).then(|| parties.join(" "))
}

/// The state that a row holds.
pub fn state_of(row_id: i64, state: &[u8]) -> Result<Record, PersistenceError> {
    serde_json::from_slice(state).map_err(|why| PersistenceError::corrupt("record_version", row_id, why))
}

/// The domain's row of a stored one.
pub fn open_row(model: &Model) -> Result<Row, PersistenceError> {
    Ok(Row {
        valid: span_of(model),
        recorded_from: model.recorded_from,
        state: Arc::new(state_of(model.row_id, &model.state)?),
    })
}

/// The valid time of a stored row.
pub fn span_of(model: &Model) -> Span {
    Span { from: Instant::from_micros(model.valid_from), to: Instant::from_micros(model.valid_to) }
}
