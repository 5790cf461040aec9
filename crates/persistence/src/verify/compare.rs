//! Comparing what lies in the registry with what its journal folds into.
//!
//! Each side is walked by its own key and looked up on the other; the order of texts differs between databases.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{ConnectionTrait, DatabaseConnection, FromQueryResult};

use super::report::{VerifyProgress, Wrong};
use crate::dialect::{among, statement, texts};
use crate::entity::{account_index, hold_index, ledger_entry, lot_version, parcel_index, record_version};
use crate::error::PersistenceError;

/// Rows that are read at once.
const PAGE: i64 = 1_000;

/// A row of a projection, whatever the number the database gave it.
pub trait Version: FromQueryResult + PartialEq + Sized {
    const TABLE: &'static str;
    /// The column that names the entry since which a row is known.
    const RECORDED: &'static str = "recorded_from";
    fn row_id(&self) -> i64;
    fn id(&self) -> &str;
    /// What names it among all rows.
    fn name(&self) -> (String, i64, i64);
    /// As it was known at the head: later closings undone, the row's number left out.
    fn settled(self, head: i64) -> Self;
    /// The entry that last wrote it.
    fn written_by(&self) -> i64;
}

macro_rules! version {
    ($module:ident, $table:literal, |$row:ident| $name:expr) => {
        impl Version for $module::Model {
            const TABLE: &'static str = $table;

            fn row_id(&self) -> i64 {
                self.row_id
            }

            fn id(&self) -> &str {
                &self.id
            }

            fn name(&self) -> (String, i64, i64) {
                let $row = self;
                ($name, self.recorded_from, self.valid_from)
            }

            fn settled(self, head: i64) -> Self {
                let recorded_to = if self.recorded_to > head { i64::MAX } else { self.recorded_to };
                Self { row_id: 0, recorded_to, ..self }
            }

            fn written_by(&self) -> i64 {
                if self.recorded_to == i64::MAX { self.recorded_from } else { self.recorded_to }
            }
        }
    };
}
/// The same of a table whose rows have no valid time.
macro_rules! recorded {
    ($($module:ident, $table:literal;)+) => {$(
        impl Version for $module::Model {
            const TABLE: &'static str = $table;

            fn row_id(&self) -> i64 {
                self.row_id
            }

            fn id(&self) -> &str {
                &self.id
            }

            fn name(&self) -> (String, i64, i64) {
                (self.id.clone(), self.recorded_from, 0)
            }

            fn settled(self, head: i64) -> Self {
                let recorded_to = if self.recorded_to > head { i64::MAX } else { self.recorded_to };
                Self { row_id: 0, recorded_to, ..self }
            }

            fn written_by(&self) -> i64 {
                if self.recorded_to == i64::MAX { self.recorded_from } else { self.recorded_to }
            }
        }
    )+};
}
recorded! {
    lot_version, "lot_version";
    account_index, "account_index";
    hold_index, "hold_index";
}

impl Version for ledger_entry::Model {
    const TABLE: &'static str = "ledger_entry";
    const RECORDED: &'static str = "seq";

    fn row_id(&self) -> i64 {
        self.row_id
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> (String, i64, i64) {
        (self.id.clone(), self.seq, self.place)
    }

    fn settled(self, _: i64) -> Self {
        Self { row_id: 0, ..self }
    }

    fn written_by(&self) -> i64 {
        self.seq
    }
}

version!(record_version, "record_version", |row| format!("{}:{}", row.kind, row.id));
version!(parcel_index, "parcel_index", |row| row.id.clone());

/// Compares a projection, both ways; tells the first row that is wrong.
pub async fn projection<V: Version>(
    live: &DatabaseConnection,
    fold: &DatabaseConnection,
    head: i64,
    rows: &mut u64,
    progress: &mut (impl FnMut(VerifyProgress) + Send),
) -> Result<Option<Wrong>, PersistenceError> {
    let of = count(fold, V::TABLE).await?;
    let walked =
        walk::<V>(live, fold, head, &mut |done| progress(VerifyProgress { stage: V::TABLE, done, of })).await?;
    let (found, done) = walked;
    *rows += done;
    if found.is_some() || done == of {
        return Ok(found);
    }
    // Everything there is right, and something is not there: the other way round it is found.
    let missing = walk::<V>(fold, live, head, &mut |_| {}).await?.0;
    Ok(missing.map(|wrong| Wrong { what: "the row is missing".to_owned(), ..wrong }))
}

/// Walks one side and looks each row up on the other; the first that differs.
async fn walk<V: Version>(
    side: &DatabaseConnection,
    other: &DatabaseConnection,
    head: i64,
    progress: &mut (impl FnMut(u64) + Send),
) -> Result<(Option<Wrong>, u64), PersistenceError> {
    let (mut after, mut done) = (i64::MIN, 0);
    loop {
        let sql = format!(
            "SELECT * FROM {} WHERE row_id > $1 AND {} <= $2 ORDER BY row_id LIMIT {PAGE}",
            V::TABLE,
            V::RECORDED
        );
        let page = read::<V>(side, sql, vec![after.into(), head.into()]).await?;
        let Some(last) = page.last() else { return Ok((None, done)) };
        after = last.row_id();
        let ids: BTreeSet<_> = page.iter().map(|row| row.id().to_owned()).collect();
        let sql = format!("SELECT * FROM {} WHERE {} <= $2 AND {}", V::TABLE, V::RECORDED, among(other, "id", 1));
        let theirs = read::<V>(other, sql, vec![texts(ids), head.into()]).await?;
        let theirs: HashMap<_, _> = theirs.into_iter().map(|row| (row.name(), row.settled(head))).collect();
        for row in page {
            let name = row.name();
            let row = row.settled(head);
            let expected = theirs.get(&name);
            if expected == Some(&row) {
                done += 1;
                continue;
            }
            let (seq, what) = match expected {
                Some(expected) => (expected.written_by().max(row.written_by()), "the row differs from the journal"),
                None => (row.written_by(), "the journal knows no such row"),
            };
            let row = format!("{} recorded {} valid {}", name.0, name.1, name.2);
            return Ok((Some(Wrong { seq: seq.min(head), table: V::TABLE, row, what: what.to_owned() }), done));
        }
        progress(done);
    }
}

async fn read<V: Version>(
    side: &DatabaseConnection,
    sql: String,
    values: Vec<sea_orm::Value>,
) -> Result<Vec<V>, PersistenceError> {
    let rows = side.query_all_raw(statement(side, sql, values)).await?;
    Ok(rows.iter().map(|row| V::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

pub async fn count(side: &DatabaseConnection, table: &str) -> Result<u64, PersistenceError> {
    let row = side.query_one_raw(statement(side, format!("SELECT count(*) AS n FROM {table}"), vec![])).await?;
    let count: i64 = row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or(0);
    Ok(count.unsigned_abs())
}

/// Compares which entries changed which subjects, a stretch of entries at a time.
pub async fn subjects(
    live: &DatabaseConnection,
    fold: &DatabaseConnection,
    head: i64,
    rows: &mut u64,
    progress: &mut (impl FnMut(VerifyProgress) + Send),
) -> Result<Option<Wrong>, PersistenceError> {
    let mut from = 1;
    while from <= head {
        let to = from.saturating_add(PAGE).min(head + 1);
        let (here, there) = (stretch(live, from, to).await?, stretch(fold, from, to).await?);
        if let Some((seq, subject)) = here.symmetric_difference(&there).next() {
            let what = "the subjects of the entry differ from the journal".to_owned();
            return Ok(Some(Wrong { seq: *seq, table: "subject_entry", row: subject.clone(), what }));
        }
        *rows += here.len() as u64;
        progress(VerifyProgress { stage: "subject_entry", done: to.unsigned_abs() - 1, of: head.unsigned_abs() });
        from = to;
    }
    Ok(None)
}

async fn stretch(side: &DatabaseConnection, from: i64, to: i64) -> Result<BTreeSet<(i64, String)>, PersistenceError> {
    let sql = "SELECT seq, subject FROM subject_entry WHERE seq >= $1 AND seq < $2";
    let rows = side.query_all_raw(statement(side, sql, vec![from.into(), to.into()])).await?;
    rows.iter().map(|row| Ok((row.try_get("", "seq")?, row.try_get("", "subject")?))).collect()
}
