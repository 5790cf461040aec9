//! Reading versions of records as of a snapshot.

use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use yulin_domain::journal::{Record, Span};
use yulin_domain::quantity::Instant;

use super::row::state_of;
use super::snapshot::{Snapshot, Versioned};
use crate::dialect::statement;
use crate::error::PersistenceError;
use crate::registry::Registry;

/// The condition that a row of table `alias` answers as of a snapshot, whose two values are parameters from `first`:
/// the text of a statement stays the same from snapshot to snapshot, so that the database has to plan it once.
pub fn as_of(alias: &str, first: usize) -> String {
    let (seq, valid) = (first, first + 1);
    format!(
        "{alias}.recorded_from <= ${seq} AND {alias}.recorded_to > ${seq} \
         AND {alias}.valid_from <= ${valid} AND {alias}.valid_to > ${valid}"
    )
}

/// The values of [`as_of`].
pub fn as_of_values(snapshot: &Snapshot) -> [Value; 2] {
    [snapshot.seq.into(), snapshot.valid.micros().into()]
}

#[derive(Debug, FromQueryResult)]
struct Read {
    row_id: i64,
    valid_from: i64,
    valid_to: i64,
    recorded_from: i64,
    state: Vec<u8>,
    version: i64,
}

/// What `Registry::read` takes of records: the state of one kind.
macro_rules! pick {
    ($variant:ident) => {
        |record| match record {
            yulin_domain::journal::Record::$variant(state) => Some(*state),
            _ => None,
        }
    };
}
pub(crate) use pick;

impl Registry {
    /// The versions that meet a condition on table `r`, in an order, as of a snapshot; one statement.
    pub(crate) async fn read<T>(
        &self,
        snapshot: &Snapshot,
        (condition, order): (&str, &str),
        mut values: Vec<Value>,
        pick: impl Fn(Record) -> Option<T>,
    ) -> Result<Vec<Versioned<T>>, PersistenceError> {
        let first = values.len() + 1;
        values.extend(as_of_values(snapshot));
        let sql = format!(
            "SELECT r.row_id, r.valid_from, r.valid_to, r.recorded_from, r.state, \
             (SELECT max(e.seq) FROM subject_entry e WHERE e.subject = r.subject AND e.seq <= ${first}) AS version \
             FROM record_version r WHERE {} AND {condition} ORDER BY {order}",
            as_of("r", first),
        );
        let rows = self.reader().query_all_raw(statement(self.reader(), sql, values)).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let Read { row_id, valid_from, valid_to, recorded_from, state, version } =
                Read::from_query_result(&row, "")?;
            let record = state_of(row_id, &state)?;
            let state = pick(record)
                .ok_or_else(|| PersistenceError::corrupt("record_version", row_id, "the state is of another kind"))?;
            let valid = Span { from: Instant::from_micros(valid_from), to: Instant::from_micros(valid_to) };
            found.push(Versioned { state, version, valid, recorded_from });
        }
        Ok(found)
    }

    /// How many records meet a condition.
    pub(crate) async fn count_records(
        &self,
        snapshot: &Snapshot,
        (condition, mut values): (String, Vec<Value>),
    ) -> Result<u64, PersistenceError> {
        let first = values.len() + 1;
        values.extend(as_of_values(snapshot));
        let sql = format!("SELECT count(*) AS n FROM record_version r WHERE {} AND {condition}", as_of("r", first));
        self.counted(sql, values).await
    }

    /// The number that a statement names `n`.
    pub(crate) async fn counted(&self, sql: String, values: Vec<Value>) -> Result<u64, PersistenceError> {
        let row = self.reader().query_one_raw(statement(self.reader(), sql, values)).await?;
        Ok(row.map(|row| row.try_get::<i64>("", "n")).transpose()?.unwrap_or(0).unsigned_abs())
    }
}
