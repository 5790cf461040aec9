//! Lots, entries, accounts and holds as rows.

use std::str::FromStr;
use std::sync::Arc;

use sea_orm::{ActiveValue::NotSet, ConnectionTrait, QueryResult, Set};
use yulin_domain::codes::{CodeUnknown, Labelled};
use yulin_domain::factor::{Account, Balance, Hold, Lot, Posting};
use yulin_domain::journal::{Record, RecordKey, Row, RowKey, Span};
use yulin_domain::quantity::Units;

use crate::dialect::{rows_of, statement};
use crate::entity::{account_index, hold_index, ledger_entry, lot_version};
use crate::error::PersistenceError;

/// An id as it lies in a table of the ledger.
pub fn id_of<T: FromStr<Err = uuid::Error>>(
    row: &QueryResult,
    column: &str,
    table: &'static str,
) -> Result<T, PersistenceError> {
    let id: String = row.try_get("", column)?;
    id.parse().map_err(|why| PersistenceError::corrupt(table, &id, why))
}

/// The row of a version of a lot, with its state as the journal wrote it.
pub fn lot_row(lot: &Lot, row: &Row, recorded_to: i64) -> Result<lot_version::ActiveModel, serde_json::Error> {
    Ok(lot_version::ActiveModel {
        row_id: NotSet,
        id: Set(lot.id.to_string()),
        factor: Set(lot.factor.to_string()),
        issuance: Set(lot.issuance.to_string()),
        account: Set(lot.account.to_string()),
        class: Set(lot.class.key()),
        held_by: Set(lot.held_by.map(|hold| hold.to_string())),
        retired_as: Set(lot.retired_as.map(|kind| kind.code().to_owned())),
        unit_from: Set(lot.units.from),
        unit_to: Set(lot.units.to),
        recorded_from: Set(row.recorded_from),
        recorded_to: Set(recorded_to),
        state: Set(serde_json::to_vec(&*row.state)?),
    })
}

/// The key and the domain's row of a stored lot.
pub fn open_lot(model: &lot_version::Model) -> Result<(RecordKey, Row), PersistenceError> {
    let corrupt = |why: String| PersistenceError::corrupt("lot_version", model.row_id, why);
    let state: Record = serde_json::from_slice(&model.state).map_err(|why| corrupt(why.to_string()))?;
    let Record::Lot(lot) = &state else { return Err(corrupt("the state is not of a lot".to_owned())) };
    let key = RecordKey::from(lot.id);
    Ok((key, Row { valid: Span::ALL, recorded_from: model.recorded_from, state: Arc::new(state) }))
}

/// The row of an entry on an account: the nth of journal entry `seq`.
pub fn entry_row(posting: &Posting, seq: i64, place: i64) -> Result<ledger_entry::ActiveModel, serde_json::Error> {
    Ok(ledger_entry::ActiveModel {
        row_id: NotSet,
        id: Set(posting.id.to_string()),
        seq: Set(seq),
        place: Set(place),
        account: Set(posting.account.to_string()),
        factor: Set(posting.factor.to_string()),
        kind: Set(posting.kind.code().to_owned()),
        amount: Set(posting.amount.count()),
        posted: Set(posting.after.posted.count()),
        held: Set(posting.after.held.count()),
        movement: Set(posting.movement.map(|kind| kind.code().to_owned())),
        transfer: Set(posting.transfer.map(|id| id.to_string())),
        other: Set(posting.other.map(|id| id.to_string())),
        hold: Set(posting.hold.map(|id| id.to_string())),
        units: Set(serde_json::to_string(&posting.units)?),
        value_date: Set(posting.value_date.map(|date| date.to_string())),
    })
}

/// The entry that a row holds.
pub fn posting_of(row: ledger_entry::Model) -> Result<Posting, PersistenceError> {
    let ledger_entry::Model {
        row_id,
        id,
        seq: _,
        place: _,
        account,
        factor,
        kind,
        amount,
        posted,
        held,
        movement,
        transfer,
        other,
        hold,
        units,
        value_date,
    } = row;
    let corrupt = |why: &dyn std::fmt::Display| PersistenceError::corrupt("ledger_entry", row_id, why);
    Ok(Posting {
        id: id.parse().map_err(|why: uuid::Error| corrupt(&why))?,
        account: account.parse().map_err(|why: uuid::Error| corrupt(&why))?,
        factor: factor.parse().map_err(|why: uuid::Error| corrupt(&why))?,
        kind: kind.parse().map_err(|why: CodeUnknown| corrupt(&why))?,
        amount: Units::of(amount),
        after: Balance { posted: Units::of(posted), held: Units::of(held) },
        movement: movement.as_deref().map(str::parse).transpose().map_err(|why: CodeUnknown| corrupt(&why))?,
        transfer: transfer.as_deref().map(str::parse).transpose().map_err(|why: uuid::Error| corrupt(&why))?,
        other: other.as_deref().map(str::parse).transpose().map_err(|why: uuid::Error| corrupt(&why))?,
        hold: hold.as_deref().map(str::parse).transpose().map_err(|why: uuid::Error| corrupt(&why))?,
        units: serde_json::from_str(&units).map_err(|why| corrupt(&why))?,
        value_date: value_date.as_deref().map(str::parse).transpose().map_err(|why: jiff::Error| corrupt(&why))?,
    })
}

/// The columns by which a version of an account is found.
pub fn account_row(account: &Account, row: &Row, recorded_to: i64) -> account_index::ActiveModel {
    let venues: Vec<_> = account.venues.iter().map(ToString::to_string).collect();
    account_index::ActiveModel {
        row_id: NotSet,
        id: Set(account.id.to_string()),
        code: Set(account.code.clone()),
        factor: Set(account.factor.to_string()),
        purpose: Set(account.purpose.code().to_owned()),
        district: Set(account.district.to_string()),
        holder: Set(account.holder.map(|party| party.to_string())),
        parcel: Set(account.parcel.map(|parcel| parcel.to_string())),
        permit: Set(account.permit.clone()),
        status: Set(account.status.code().to_owned()),
        venues: Set(venues.join(" ")),
        recorded_from: Set(row.recorded_from),
        recorded_to: Set(recorded_to),
    }
}

/// The columns by which a version of a hold is found.
pub fn hold_row(hold: &Hold, row: &Row, recorded_to: i64) -> hold_index::ActiveModel {
    hold_index::ActiveModel {
        row_id: NotSet,
        id: Set(hold.id.to_string()),
        account: Set(hold.account.to_string()),
        factor: Set(hold.factor.to_string()),
        kind: Set(hold.kind.code().to_owned()),
        state: Set(hold.state.code().to_owned()),
        placed_by: Set(hold.placed_by.to_string()),
        reference: Set(hold.reference.clone()),
        expires_at: Set(hold.expires_at.map(yulin_domain::quantity::Instant::micros)),
        recorded_from: Set(row.recorded_from),
        recorded_to: Set(recorded_to),
    }
}

/// Closes versions of records in a table, all in one statement; each must be there and open.
pub async fn close_many(
    connection: &impl ConnectionTrait,
    (table, told_apart): (&'static str, ToldApart),
    rows: &[(RecordKey, RowKey, i64)],
) -> Result<(), PersistenceError> {
    if rows.is_empty() {
        return Ok(());
    }
    let told = rows.iter().map(|(key, row, seq)| {
        serde_json::json!({
            "kind": key.kind.tag(), "id": key.id, "rf": row.recorded_from, "vf": row.valid_from.micros(), "seq": seq
        })
    });
    let list = told.collect::<serde_json::Value>().to_string();
    let columns = [("kind", "text"), ("id", "text"), ("rf", "bigint"), ("vf", "bigint"), ("seq", "bigint")];
    let named = match told_apart {
        ToldApart::KindAndValidity => "AND t.kind = c.kind AND t.valid_from = c.vf",
        ToldApart::Validity => "AND t.valid_from = c.vf",
        ToldApart::RecordedTime => "",
    };
    let sql = format!(
        "{} UPDATE {table} AS t SET recorded_to = c.seq FROM c \
         WHERE t.id = c.id AND t.recorded_from = c.rf {named} AND t.recorded_to = {}",
        rows_of(connection, "c", 1, &columns),
        i64::MAX
    );
    let done = connection.execute_raw(statement(connection, sql, vec![list.into()])).await?;
    if done.rows_affected() != rows.len() as u64 {
        return Err(PersistenceError::corrupt(table, rows.len(), "a row to close is not there"));
    }
    Ok(())
}

/// How versions of one record are told apart in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToldApart {
    /// By recorded and valid time, among records of several kinds.
    KindAndValidity,
    Validity,
    /// By recorded time alone.
    RecordedTime,
}
