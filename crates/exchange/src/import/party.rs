//! What a row says of a party.
//!
//! Name, contact and number of a natural person are handed on as personal data; they are in no report line.

use std::collections::BTreeMap;

use yulin_domain::codes::{CreditCode, PartyKind};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{PersonalField, PersonalFields, PersonalText, Refused, Seen};
use yulin_domain::party::{AmendParty, ExternalRef, Party, RegisterParty};

use super::facts::external_of;
use super::plan::{Existing, Plan};
use super::row::Row;

/// The facts of a party that a file may give.
pub const PARTY_KEYS: &[&str] = &[
    "kind",
    "name",
    "creditCode",
    "identityNumber",
    "contact",
    "note",
    "externalSystem",
    "externalId",
    "externalState",
];

/// By what a party of a file is found in the registry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PartyKey {
    /// Its unified social credit code.
    CreditCode(String),
    /// `system/id` in another register.
    External(String),
}

impl std::fmt::Display for PartyKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::CreditCode(text) | Self::External(text) => f.write_str(text),
        }
    }
}

/// The key of a row's party; none for one that nothing tells from others. A number that identifies a natural person is
/// no key: keys stand in the journal for ever.
pub fn party_key(row: &Row<'_>) -> Result<Option<PartyKey>, Refused> {
    if let Some(code) = credit_code_of(row)? {
        return Ok(Some(PartyKey::CreditCode(code.as_str().to_owned())));
    }
    let external = external_of(row, None)?;
    if let (Some(external), Some(identity)) = (&external, row.text("identityNumber"))
        && external.external_id == identity
    {
        return Err(Refused::new(ErrorCode::PersonalDataMisplaced).at("externalId"));
    }
    Ok(external
        .map(|ExternalRef { system, external_id, state: _ }| PartyKey::External(format!("{system}/{external_id}"))))
}

/// By what the party would be found again: without it every import of the row would make the party once more.
fn required_key(kind: PartyKind) -> Refused {
    let keys: &[&str] = match kind {
        PartyKind::NaturalPerson => &["externalId"],
        PartyKind::Enterprise | PartyKind::Department | PartyKind::PlatformCompany => &["creditCode", "externalId"],
    };
    let refused = Refused::new(ErrorCode::FieldRequired).at(keys.first().copied().unwrap_or_default());
    refused.with("anyOf", keys.to_vec())
}

/// Plans what is to be done about a party of a file; `existing` has the row's key, `personal` what is known of it.
pub fn plan_party(
    row: &Row<'_>,
    existing: Option<Existing<'_, Party>>,
    personal: Option<&PersonalFields>,
) -> Result<Plan, Refused> {
    let kind = row.listed::<PartyKind>("kind")?.or(existing.map(|party| party.state.kind));
    let kind = kind.unwrap_or(PartyKind::Enterprise);
    let registered = existing.and_then(|party| party.state.external.as_ref());
    let (credit_code, external) = (credit_code_of(row)?, external_of(row, registered)?);
    let given = personal_of(row, kind);
    let name = if kind == PartyKind::NaturalPerson { None } else { row.text("name") };
    let Some(Existing { state: before, seq }) = existing else {
        if credit_code.is_none() && external.is_none() {
            return Err(required_key(kind));
        }
        let personal = given.map(PersonalText::Given);
        return Ok(Plan::perform(RegisterParty { kind, name, credit_code, personal, external }));
    };
    if before.kind != kind {
        let refused = Refused::new(ErrorCode::State).at("kind");
        return Err(refused.told("registered", before.kind).told("given", kind));
    }
    let given = given.filter(|given| Some(given) != personal);
    let same = |is: bool| is && given.is_none();
    let name_stands = name.is_none() || name == before.name;
    let code_stands = credit_code.is_none() || credit_code == before.credit_code;
    let external_stands = external.is_none() || external == before.external;
    if same(name_stands && code_stands && external_stands) {
        return Ok(Plan::Unchanged);
    }
    let party = Seen { id: before.id, seq };
    Ok(Plan::perform(AmendParty { party, name, credit_code, personal: given.map(PersonalText::Given), external }))
}

fn credit_code_of(row: &Row<'_>) -> Result<Option<CreditCode>, Refused> {
    let Some(text) = row.text("creditCode") else { return Ok(None) };
    let coded = CreditCode::parse(&text);
    coded.map(Some).map_err(|why| Refused::new(why.error_code()).at("creditCode").told("why", why))
}

fn personal_of(row: &Row<'_>, kind: PartyKind) -> Option<PersonalFields> {
    let keys = [
        ("name", PersonalField::Name),
        ("identityNumber", PersonalField::IdentityNumber),
        ("contact", PersonalField::Contact),
        ("note", PersonalField::Note),
    ];
    if kind != PartyKind::NaturalPerson {
        return None;
    }
    let given = keys.into_iter().filter_map(|(key, field)| Some((field.key().to_owned(), row.text(key)?)));
    let fields: BTreeMap<String, String> = given.collect();
    (!fields.is_empty()).then_some(PersonalFields(fields))
}
