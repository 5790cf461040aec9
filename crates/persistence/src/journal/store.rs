//! What a batch writes: rows that open, rows that close, and the index of parcels beside them.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, EntityTrait, Set};
use yulin_domain::journal::{Change, Effects, Record, RecordKey, RecordKind, Row, RowKey, Subject, Timeline};
use yulin_domain::quantity::Instant;

use crate::entity::{
    account_index, hold_index, ledger_entry, lot_version, parcel_index, record_version, subject_entry,
};
use crate::error::PersistenceError;
use crate::factor::{ToldApart, account_row, close_many, entry_row, hold_row, lot_row};
use crate::record::{index_row, to_row};

/// Rows an INSERT carries: fifteen and thirty columns stay far below the databases' limits of parameters.
const RECORDS_A_STATEMENT: usize = 500;
const PARCELS_A_STATEMENT: usize = 250;
const OPEN: i64 = i64::MAX;

/// Rows that wait to be written.
#[derive(Debug, Default)]
pub struct Pending {
    opened: Vec<Opened>,
    places: HashMap<(RecordKey, RowKey), usize>,
    closed: Vec<(RecordKey, RowKey, i64)>,
    subjects: Vec<(Subject, i64)>,
}

#[derive(Debug)]
struct Opened {
    key: RecordKey,
    subject: Subject,
    row: Row,
    recorded_to: i64,
}

impl Pending {
    /// Takes in what entry `seq` did to a record.
    pub fn take(&mut self, seq: i64, subject: Subject, key: RecordKey, effects: Effects) {
        for closed in effects.closed {
            match self.places.get(&(key, closed)).and_then(|place| self.opened.get_mut(*place)) {
                Some(opened) => opened.recorded_to = seq,
                None => self.closed.push((key, closed, seq)),
            }
        }
        for row in effects.opened {
            let name = RowKey { recorded_from: row.recorded_from, valid_from: row.valid.from };
            self.places.insert((key, name), self.opened.len());
            self.opened.push(Opened { key, subject, row, recorded_to: OPEN });
        }
    }

    /// When the first of the opened rows falls due.
    pub fn earliest_due(&self) -> Option<Instant> {
        let open = self.opened.iter().filter(|one| one.recorded_to == OPEN && one.row.valid.to == Instant::MAX);
        open.filter_map(|one| one.row.state.due_at()).min()
    }

    /// Takes in the subjects that entry `seq` changed.
    pub fn name_subjects(&mut self, subjects: impl IntoIterator<Item = Subject>, seq: i64) {
        self.subjects.extend(subjects.into_iter().map(|subject| (subject, seq)));
    }

    /// Writes everything.
    pub async fn write(self, connection: &impl ConnectionTrait) -> Result<(), PersistenceError> {
        let Self { opened, places: _, closed, subjects } = self;
        close(connection, &closed).await?;
        Rows::of(opened)?.insert(connection).await?;
        let subjects = subjects
            .iter()
            .map(|(subject, seq)| subject_entry::ActiveModel { subject: Set(subject.to_string()), seq: Set(*seq) });
        for chunk in chunks(subjects.collect(), 2 * RECORDS_A_STATEMENT) {
            subject_entry::Entity::insert_many(chunk).exec_without_returning(connection).await?;
        }
        Ok(())
    }
}

/// Rows to be inserted, by table.
#[derive(Default)]
struct Rows {
    records: Vec<record_version::ActiveModel>,
    parcels: Vec<parcel_index::ActiveModel>,
    accounts: Vec<account_index::ActiveModel>,
    holds: Vec<hold_index::ActiveModel>,
    lots: Vec<lot_version::ActiveModel>,
    entries: Vec<ledger_entry::ActiveModel>,
}

impl Rows {
    fn of(opened: Vec<Opened>) -> Result<Self, PersistenceError> {
        let mut rows = Self::default();
        let mut places: HashMap<i64, i64> = HashMap::new();
        // A row that one leg opened and a later leg of the same entry closed was never known to anybody.
        for Opened { key, subject, row, recorded_to } in
            opened.into_iter().filter(|opened| opened.row.recorded_from < opened.recorded_to)
        {
            let unwritable = |why| PersistenceError::corrupt("record_version", key, why);
            match &*row.state {
                Record::Lot(lot) => rows.lots.push(lot_row(lot, &row, recorded_to).map_err(unwritable)?),
                Record::Posting(posting) => {
                    let place = places.entry(row.recorded_from).or_default();
                    *place += 1;
                    rows.entries.push(entry_row(posting, row.recorded_from, *place).map_err(unwritable)?);
                }
                state => {
                    match state {
                        Record::Parcel(parcel) => rows.parcels.push(index_row(parcel, &row, recorded_to)),
                        Record::Account(account) => rows.accounts.push(account_row(account, &row, recorded_to)),
                        Record::Hold(hold) => rows.holds.push(hold_row(hold, &row, recorded_to)),
                        _ => {}
                    }
                    rows.records.push(to_row(key, subject, &row, recorded_to).map_err(unwritable)?);
                }
            }
        }
        Ok(rows)
    }

    async fn insert(self, connection: &impl ConnectionTrait) -> Result<(), PersistenceError> {
        let Self { records, parcels, accounts, holds, lots, entries } = self;
        for chunk in chunks(records, RECORDS_A_STATEMENT) {
            record_version::Entity::insert_many(chunk).exec_without_returning(connection).await?;
        }
        for chunk in chunks(parcels, PARCELS_A_STATEMENT) {
            parcel_index::Entity::insert_many(chunk).exec_without_returning(connection).await?;
        }
        for chunk in chunks(accounts, RECORDS_A_STATEMENT) {
            account_index::Entity::insert_many(chunk).exec_without_returning(connection).await?;
        }
        for chunk in chunks(holds, RECORDS_A_STATEMENT) {
            hold_index::Entity::insert_many(chunk).exec_without_returning(connection).await?;
        }
        for chunk in chunks(lots, RECORDS_A_STATEMENT) {
            lot_version::Entity::insert_many(chunk).exec_without_returning(connection).await?;
        }
        for chunk in chunks(entries, RECORDS_A_STATEMENT) {
            ledger_entry::Entity::insert_many(chunk).exec_without_returning(connection).await?;
        }
        Ok(())
    }
}

/// Closes versions, table by table.
async fn close(connection: &impl ConnectionTrait, closed: &[(RecordKey, RowKey, i64)]) -> Result<(), PersistenceError> {
    let of = |wanted: RecordKind| closed.iter().filter(|(key, ..)| key.kind == wanted).copied().collect::<Vec<_>>();
    let records: Vec<_> = closed.iter().filter(|(key, ..)| key.kind != RecordKind::Lot).copied().collect();
    close_many(connection, ("record_version", ToldApart::KindAndValidity), &records).await?;
    close_many(connection, ("parcel_index", ToldApart::Validity), &of(RecordKind::Parcel)).await?;
    close_many(connection, ("account_index", ToldApart::RecordedTime), &of(RecordKind::Account)).await?;
    close_many(connection, ("hold_index", ToldApart::RecordedTime), &of(RecordKind::Hold)).await?;
    close_many(connection, ("lot_version", ToldApart::RecordedTime), &of(RecordKind::Lot)).await
}

fn chunks<T>(rows: Vec<T>, size: usize) -> impl Iterator<Item = Vec<T>> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let chunk: Vec<T> = rows.by_ref().take(size).collect();
        (!chunk.is_empty()).then_some(chunk)
    })
}

/// Folds entries from the journal into rows, knowing of each record only what is still open.
#[derive(Debug, Default)]
pub struct Fold {
    timelines: HashMap<RecordKey, Timeline>,
}

impl Fold {
    /// Takes in the open rows of a record as they lie.
    pub fn load(&mut self, key: RecordKey, rows: Vec<Row>) {
        self.timelines.insert(key, Timeline::of(rows));
    }

    /// Applies a change of entry `seq`.
    pub fn apply(&mut self, change: &Change, seq: i64) -> Effects {
        self.timelines.entry(change.key).or_default().apply(change, seq)
    }
}
