//! Personal data beside the journal: what is kept is what entries sealed, and what was erased is not there.

use std::collections::{BTreeSet, HashMap, HashSet};

use sea_orm::{ConnectionTrait, DatabaseConnection, FromQueryResult};
use yulin_domain::journal::{PersonalId, Record, Unsealed};

use super::compare::count;
use super::report::{VerifyProgress, Wrong};
use crate::dialect::{among, statement, texts};
use crate::entity::personal::Model;
use crate::error::PersistenceError;
use crate::record::state_of;

/// Rows that are read at once.
const PAGE: usize = 1_000;

const TABLE: &str = "personal";

/// Sets of personal data, each with the entry that speaks of it.
type Sets = HashMap<String, i64>;

/// Compares personal data with what was sealed and erased up to the head, both ways.
pub async fn personal(
    live: &DatabaseConnection,
    fold: &DatabaseConnection,
    head: i64,
    rows: &mut u64,
    progress: &mut (impl FnMut(VerifyProgress) + Send),
) -> Result<Option<Wrong>, PersistenceError> {
    let of = count(live, TABLE).await?;
    let mut known: HashSet<String> = HashSet::new();
    let mut after = i64::MIN;
    while let Some((last, mut sealed)) = sealed_in(fold, 0, after).await? {
        after = last;
        sealed.retain(|id, _| !known.contains(id));
        if let Some(wrong) = wrong_of(live, fold, &sealed).await? {
            return Ok(Some(wrong));
        }
        known.extend(sealed.into_keys());
        progress(VerifyProgress { stage: TABLE, done: (known.len() as u64).min(of), of });
    }
    *rows += of;
    stranger(live, head, known).await
}

/// What versions of parties sealed, of those recorded after an entry and numbered after a row; none at the end.
async fn sealed_in(side: &DatabaseConnection, since: i64, after: i64) -> Result<Option<(i64, Sets)>, PersistenceError> {
    let sql = format!(
        "SELECT row_id, recorded_from, state FROM record_version WHERE kind = 'party' AND recorded_from > $1 \
         AND row_id > $2 ORDER BY row_id LIMIT {PAGE}"
    );
    let (mut last, mut sealed) = (None, Sets::new());
    for row in side.query_all_raw(statement(side, sql, vec![since.into(), after.into()])).await? {
        let row_id: i64 = row.try_get("", "row_id")?;
        let state: Vec<u8> = row.try_get("", "state")?;
        last = Some(row_id);
        if let Record::Party(party) = state_of(row_id, &state)?
            && let Some(set) = party.personal
        {
            sealed.insert(set.personal.to_string(), row.try_get("", "recorded_from")?);
        }
    }
    Ok(last.map(|last| (last, sealed)))
}

/// The first of some sets that is not there as it was sealed, or is there although it was erased.
async fn wrong_of(
    live: &DatabaseConnection,
    fold: &DatabaseConnection,
    sealed: &Sets,
) -> Result<Option<Wrong>, PersistenceError> {
    let ids: BTreeSet<_> = sealed.keys().cloned().collect();
    let (erased, kept) = (erased(fold, &ids).await?, kept(live, &ids).await?);
    let missing: Vec<_> = ids.iter().filter(|id| !kept.contains_key(*id) && !erased.contains_key(*id)).collect();
    // Erased since the head: the fold does not know it yet.
    let erased_since = self::erased(live, missing).await?;
    for (id, seq) in sealed {
        let what = match (erased.get(id), kept.get(id)) {
            (Some(by), Some(_)) => Some((*by, "erased personal data stand there again")),
            (None, Some(set)) if !is_intact(set) => Some((*seq, "the personal data are not those that were sealed")),
            (None, None) if !erased_since.contains_key(id) => Some((*seq, "the personal data are missing")),
            (Some(_) | None, _) => None,
        };
        if let Some((seq, what)) = what {
            return Ok(Some(wrong(seq, id, what)));
        }
    }
    Ok(None)
}

/// A set that nothing sealed, neither up to the head nor since.
async fn stranger(
    live: &DatabaseConnection,
    head: i64,
    mut known: HashSet<String>,
) -> Result<Option<Wrong>, PersistenceError> {
    let mut strange: BTreeSet<String> = BTreeSet::new();
    let mut after = String::new();
    loop {
        let sql = format!("SELECT id FROM personal WHERE id > $1 ORDER BY id LIMIT {PAGE}");
        let page = live.query_all_raw(statement(live, sql, vec![after.as_str().into()])).await?;
        let page = page.iter().map(|row| row.try_get::<String>("", "id")).collect::<Result<Vec<_>, _>>()?;
        let Some(last) = page.last() else { break };
        after.clone_from(last);
        strange.extend(page.into_iter().filter(|id| !known.contains(id)));
    }
    known.clear();
    let mut row = i64::MIN;
    while let Some((last, sealed)) = sealed_in(live, head, row).await? {
        row = last;
        strange.retain(|id| !sealed.contains_key(id));
    }
    Ok(strange.first().map(|id| wrong(head, id, "no entry sealed these personal data")))
}

fn wrong(seq: i64, id: &str, what: &str) -> Wrong {
    Wrong { seq, table: TABLE, row: id.to_owned(), what: what.to_owned() }
}

/// Whether a set is the one after which it is named.
fn is_intact(Model { id, fields, salt }: &Model) -> bool {
    let (Ok(fields), Ok(salt)) = (serde_json::from_str(fields), salt.as_slice().try_into()) else { return false };
    id.parse::<PersonalId>().is_ok_and(|id| Unsealed { id, fields, salt }.is_intact())
}

async fn kept(live: &DatabaseConnection, ids: &BTreeSet<String>) -> Result<HashMap<String, Model>, PersistenceError> {
    let sql = format!("SELECT * FROM personal WHERE {}", among(live, "id", 1));
    let rows = live.query_all_raw(statement(live, sql, vec![texts(ids)])).await?;
    let sets = rows.iter().map(|row| Model::from_query_result(row, "").map(|set| (set.id.clone(), set)));
    Ok(sets.collect::<Result<_, _>>()?)
}

async fn erased(
    side: &DatabaseConnection,
    ids: impl IntoIterator<Item = &String> + Send,
) -> Result<Sets, PersistenceError> {
    let sql =
        format!("SELECT id, recorded_from FROM record_version WHERE kind = 'erasure' AND {}", among(side, "id", 1));
    let rows = side.query_all_raw(statement(side, sql, vec![texts(ids)])).await?;
    let sets = rows.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "recorded_from")?)));
    sets.collect()
}
