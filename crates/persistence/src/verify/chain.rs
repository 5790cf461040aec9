//! Following the chain: every entry after the last, intact, linked, its subjects' links true.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use yulin_domain::journal::{Change, Digest, ENTRY_FORMAT, Entry, EntryBody, OLDEST_FORMAT, Subject, chain_start};

use super::report::{VerifyProgress, Wrong};
use super::scratch::Scratch;
use crate::entity::{journal, journal_head};
use crate::error::PersistenceError;
use crate::journal::entry_of;

/// Entries that are read at once.
const PAGE: u64 = 500;

/// Follows the chain up to a head, folding as it goes; tells the first entry that is wrong.
pub async fn follow(
    live: &DatabaseConnection,
    scratch: &Scratch,
    head: &journal_head::Model,
    progress: &mut (impl FnMut(VerifyProgress) + Send),
) -> Result<Option<Wrong>, PersistenceError> {
    let Ok(journal) = head.journal.parse() else {
        return Ok(Some(Wrong { table: "journal_head", ..wrong(head.seq, "the journal's id is not one") }));
    };
    let (mut last, mut hash, mut recorded_at) = (0, chain_start(journal), 0);
    while last < head.seq {
        let rows = journal::Entity::find()
            .filter(journal::Column::Seq.gt(last))
            .filter(journal::Column::Seq.lte(head.seq))
            .order_by_asc(journal::Column::Seq)
            .limit(PAGE);
        let rows = rows.all(live).await?;
        if rows.is_empty() {
            return Ok(Some(wrong(last + 1, "the entry is missing")));
        }
        let mut page = Vec::with_capacity(rows.len());
        for row in rows {
            let seq = row.seq;
            let entry = match entry_of(row) {
                Ok(entry) => entry,
                Err(fault) => return Ok(Some(wrong(seq, &fault.to_string()))),
            };
            match links(&entry, last, hash) {
                Ok(changes) => page.push((seq, changes)),
                Err(what) => return Ok(Some(wrong(last + 1, &what))),
            }
            (last, hash, recorded_at) = (seq, entry.hash, entry.header.recorded_at.micros());
        }
        if let Some(found) = subject_links(scratch, &page).await? {
            return Ok(Some(found));
        }
        scratch.fold(&page).await?;
        progress(VerifyProgress { stage: "journal", done: last.unsigned_abs(), of: head.seq.unsigned_abs() });
    }
    let formats = i64::from(OLDEST_FORMAT)..=i64::from(ENTRY_FORMAT);
    let what = if Digest::from_slice(&head.hash) != Some(hash) {
        "the head's hash is not the last entry's"
    } else if head.recorded_at != recorded_at {
        "the head's instant is not the last entry's"
    } else if !formats.contains(&head.least_format) {
        "the head asks for a format that is not known"
    } else {
        return Ok(None);
    };
    Ok(Some(Wrong { table: "journal_head", ..wrong(head.seq, what) }))
}

/// Whether an entry follows the last one and is what its hash says; its changes.
fn links(entry: &Entry, last: i64, hash: Digest) -> Result<Vec<Change>, String> {
    let header = &entry.header;
    if header.seq != last + 1 {
        return Err(format!("entry {} is missing", last + 1));
    }
    if !(OLDEST_FORMAT..=ENTRY_FORMAT).contains(&header.format) {
        return Err(format!("format {} is not known", header.format));
    }
    if header.prev_hash != hash {
        return Err("the entry does not follow the one before it".to_owned());
    }
    if !entry.is_intact() {
        return Err("the entry is not what its hash says".to_owned());
    }
    EntryBody::decode(&entry.body).and_then(|body| body.read_changes()).map_err(|why| why.to_string())
}

/// Whether each change names the entry before it in its subject's chain.
async fn subject_links(scratch: &Scratch, page: &[(i64, Vec<Change>)]) -> Result<Option<Wrong>, PersistenceError> {
    let subjects: BTreeSet<_> = page.iter().flat_map(|(_, changes)| changes).map(|change| change.subject).collect();
    let mut heads: HashMap<Subject, i64> = scratch.heads(&subjects).await?;
    for (seq, changes) in page {
        for change in changes {
            if change.previous != heads.get(&change.subject).copied() {
                let what = format!("the link of {} to its entry before is not true", change.subject);
                return Ok(Some(wrong(*seq, &what)));
            }
        }
        heads.extend(changes.iter().map(|change| (change.subject, *seq)));
    }
    Ok(None)
}

fn wrong(seq: i64, what: &str) -> Wrong {
    Wrong { seq, table: "journal", row: seq.to_string(), what: what.to_owned() }
}
