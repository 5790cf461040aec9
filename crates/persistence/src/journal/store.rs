//! What a batch writes: rows that open, rows that close, and the index of parcels beside them.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, EntityTrait, Set};
use yulin_domain::journal::{Change, Effects, Record, RecordKey, Row, RowKey, Subject, Timeline};
use yulin_domain::quantity::Instant;

use crate::dialect::statement;
use crate::entity::{parcel_index, record_version, subject_entry};
use crate::error::PersistenceError;
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
        for (key, closed, seq) in &self.closed {
            close(connection, *key, *closed, *seq).await?;
        }
        // A row that one leg opened and a later leg of the same entry closed was never known to anybody.
        let lasting = self.opened.iter().filter(|opened| opened.row.recorded_from < opened.recorded_to);
        let mut records = Vec::new();
        let mut parcels = Vec::new();
        for Opened { key, subject, row, recorded_to } in lasting {
            let written = to_row(*key, *subject, row, *recorded_to);
            records.push(written.map_err(|why| PersistenceError::corrupt("record_version", key, why))?);
            if let Record::Parcel(parcel) = &*row.state {
                parcels.push(index_row(parcel, row, *recorded_to));
            }
        }
        for chunk in chunks(records, RECORDS_A_STATEMENT) {
            record_version::Entity::insert_many(chunk).exec_without_returning(connection).await?;
        }
        for chunk in chunks(parcels, PARCELS_A_STATEMENT) {
            parcel_index::Entity::insert_many(chunk).exec_without_returning(connection).await?;
        }
        let subjects = self
            .subjects
            .iter()
            .map(|(subject, seq)| subject_entry::ActiveModel { subject: Set(subject.to_string()), seq: Set(*seq) });
        for chunk in chunks(subjects.collect(), 2 * RECORDS_A_STATEMENT) {
            subject_entry::Entity::insert_many(chunk).exec_without_returning(connection).await?;
        }
        Ok(())
    }
}

fn chunks<T>(rows: Vec<T>, size: usize) -> impl Iterator<Item = Vec<T>> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let chunk: Vec<T> = rows.by_ref().take(size).collect();
        (!chunk.is_empty()).then_some(chunk)
    })
}

async fn close(
    connection: &impl ConnectionTrait,
    key: RecordKey,
    row: RowKey,
    seq: i64,
) -> Result<(), PersistenceError> {
    let values =
        || vec![seq.into(), key.id.to_string().into(), row.recorded_from.into(), row.valid_from.micros().into()];
    let sql = format!(
        "UPDATE record_version SET recorded_to = $1 \
         WHERE kind = '{}' AND id = $2 AND recorded_from = $3 AND valid_from = $4 AND recorded_to = {OPEN}",
        key.kind.tag()
    );
    let done = connection.execute_raw(statement(connection, sql, values())).await?;
    if done.rows_affected() != 1 {
        return Err(PersistenceError::corrupt("record_version", key, "the row to close is not there"));
    }
    if key.kind == yulin_domain::journal::RecordKind::Parcel {
        let sql = format!(
            "UPDATE parcel_index SET recorded_to = $1 \
             WHERE id = $2 AND recorded_from = $3 AND valid_from = $4 AND recorded_to = {OPEN}"
        );
        connection.execute_raw(statement(connection, sql, values())).await?;
    }
    Ok(())
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
