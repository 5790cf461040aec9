//! What the database derives by itself beside the rows that are written: who is named where, and the boxes of
//! parcels; and rows that claim to be of entries that are not there.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult, Value};

use super::compare::count;
use super::report::{VerifyProgress, Wrong};
use crate::dialect::{among, box_faults, statement, texts};
use crate::error::PersistenceError;

/// Rows that are read at once.
const PAGE: usize = 1_000;

type Named = (String, String, String);

/// Compares which records name which party, both ways.
pub async fn parties(
    live: &DatabaseConnection,
    fold: &DatabaseConnection,
    head: i64,
    rows: &mut u64,
    progress: &mut (impl FnMut(VerifyProgress) + Send),
) -> Result<Option<Wrong>, PersistenceError> {
    let of = count(fold, "party_record").await?;
    let told = &mut |done| progress(VerifyProgress { stage: "party_record", done, of });
    if let Some((seq, named)) = stranger((live, fold), (live, head), told).await? {
        return Ok(Some(wrong(seq, &named, "the journal knows no such row")));
    }
    *rows += of;
    let missing = stranger((fold, live), (live, head), &mut |_| {}).await?;
    Ok(missing.map(|(seq, named)| wrong(seq, &named, "the row is missing")))
}

/// The first row of one side that the other lacks, with the entry to blame; what an entry after the head brought, the
/// fold does not know yet.
async fn stranger(
    (side, other): (&DatabaseConnection, &DatabaseConnection),
    (live, head): (&DatabaseConnection, i64),
    told: &mut (impl FnMut(u64) + Send),
) -> Result<Option<(i64, Named)>, PersistenceError> {
    let (mut after, mut done) = (Named::default(), 0);
    loop {
        let page = page_of(side, &after).await?;
        let Some(last) = page.last() else { return Ok(None) };
        after = last.clone();
        done += page.len() as u64;
        let theirs = those_of(other, &page).await?;
        for named in page.into_iter().filter(|named| !theirs.contains(named)) {
            if let Some(seq) = first_named(live, &named, head).await? {
                return Ok(Some((seq, named)));
            }
        }
        told(done);
    }
}

fn wrong(seq: i64, (party, kind, id): &Named, what: &str) -> Wrong {
    Wrong { seq, table: "party_record", row: format!("{party} in {kind}:{id}"), what: what.to_owned() }
}

async fn page_of(side: &DatabaseConnection, (party, kind, id): &Named) -> Result<Vec<Named>, PersistenceError> {
    let sql = format!(
        "SELECT party, kind, id FROM party_record WHERE (party, kind, id) > ($1, $2, $3) \
         ORDER BY party, kind, id LIMIT {PAGE}"
    );
    let values = [party, kind, id].map(|text| Value::from(text.as_str()));
    read(&side.query_all_raw(statement(side, sql, values.into())).await?)
}

async fn those_of(side: &DatabaseConnection, page: &[Named]) -> Result<BTreeSet<Named>, PersistenceError> {
    let parties: BTreeSet<_> = page.iter().map(|(party, ..)| party.as_str()).collect();
    let ids: BTreeSet<_> = page.iter().map(|(.., id)| id.as_str()).collect();
    let sql = format!(
        "SELECT party, kind, id FROM party_record WHERE {} AND {}",
        among(side, "party", 1),
        among(side, "id", 2)
    );
    let found = side.query_all_raw(statement(side, sql, vec![texts(parties), texts(ids)])).await?;
    Ok(read(&found)?.into_iter().collect())
}

fn read(rows: &[QueryResult]) -> Result<Vec<Named>, PersistenceError> {
    rows.iter().map(|row| Ok((row.try_get("", "party")?, row.try_get("", "kind")?, row.try_get("", "id")?))).collect()
}

/// The entry that wrote the record first, or the head where nothing did; none where it is later than the head.
async fn first_named(
    live: &DatabaseConnection,
    (_, kind, id): &Named,
    head: i64,
) -> Result<Option<i64>, PersistenceError> {
    let sql = "SELECT min(recorded_from) AS first, max(recorded_from) AS last FROM record_version \
               WHERE kind = $1 AND id = $2";
    let row = live.query_one_raw(statement(live, sql, vec![kind.as_str().into(), id.as_str().into()])).await?;
    let Some(row) = row else { return Ok(Some(head)) };
    let (first, last): (Option<i64>, Option<i64>) = (row.try_get("", "first")?, row.try_get("", "last")?);
    Ok(if last.is_some_and(|last| last > head) { None } else { Some(first.unwrap_or(head)) })
}

/// A parcel whose box is not that of its footprint, where boxes are kept beside it.
pub async fn boxes(live: &DatabaseConnection) -> Result<Option<Wrong>, PersistenceError> {
    let Some(sql) = box_faults(live) else { return Ok(None) };
    let row = live.query_one_raw(statement(live, sql, vec![])).await?;
    row.map(|row| {
        let (seq, id): (i64, String) = (row.try_get("", "seq")?, row.try_get("", "id")?);
        Ok(Wrong { seq, table: "parcel_box", row: id, what: "the box is not that of the footprint".to_owned() })
    })
    .transpose()
}

/// A row that claims to be of an entry beyond the head, as the head is now.
pub async fn beyond_head(live: &DatabaseConnection) -> Result<Option<Wrong>, PersistenceError> {
    let head = "(SELECT seq FROM journal_head WHERE id = 1)";
    let open = i64::MAX;
    let recorded = format!("recorded_from > {head} OR (recorded_to > {head} AND recorded_to < {open})");
    for (table, name, seq) in [
        ("lot_version", "id", recorded.clone()),
        ("account_index", "id", recorded.clone()),
        ("hold_index", "id", recorded.clone()),
        ("ledger_entry", "id", format!("seq > {head}")),
        ("journal", "act_id", format!("seq > {head}")),
        ("subject_entry", "subject", format!("seq > {head}")),
        ("record_version", "id", recorded.clone()),
        ("parcel_index", "id", recorded),
    ] {
        let sql = format!("SELECT {name} AS name, {head} AS head FROM {table} WHERE {seq} LIMIT 1");
        if let Some(row) = live.query_one_raw(statement(live, sql, vec![])).await? {
            let (name, seq): (String, i64) = (row.try_get("", "name")?, row.try_get("", "head")?);
            let what = "the row is of an entry beyond the head".to_owned();
            return Ok(Some(Wrong { seq, table, row: name, what }));
        }
    }
    Ok(None)
}
