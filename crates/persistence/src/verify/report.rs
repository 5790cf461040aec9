//! What is verified, how far it is and what was found.

use sea_orm::DatabaseConnection;
use serde::Serialize;

use super::chain::follow;
use super::compare::{projection, subjects};
use super::derived::{beyond_head, boxes, parties};
use super::log::log;
use super::personal::personal;
use super::scratch::Scratch;
use crate::database;
use crate::dialect::box_faults;
use crate::entity::{account_index, hold_index, journal_head, ledger_entry, lot_version, parcel_index, record_version};
use crate::error::{OpenError, PersistenceError};
use crate::journal::head_row;
use crate::servers::primary_of;

/// Tables that verification compares with the journal.
const COVERED: &[&str] = &[
    "journal",
    "journal_head",
    "subject_entry",
    "record_version",
    "parcel_index",
    "lot_version",
    "ledger_entry",
    "account_index",
    "hold_index",
    "party_record",
    "personal",
    "log_tile",
    "checkpoint",
    "checkpoint_head",
];
/// The boxes of parcels, where the database does not index them by itself.
const BOXES: &str = "parcel_box";
/// Tables that are not folded from the journal.
const UNCOVERED: &[&str] = &["refusal", "due_refusal", "api_key", "setting", "seaql_migrations"];

/// How a registry is verified.
#[derive(Debug, Clone, Default)]
pub struct VerifyOptions {
    /// Where the scratch database may lie; the system's place for temporary files where nothing is said.
    pub scratch: Option<std::path::PathBuf>,
    /// A checkpoint kept outside, as its signed note: the journal must begin as it says.
    pub checkpoint: Option<String>,
}

/// How far it is.
#[derive(Debug, Clone, Copy)]
pub struct VerifyProgress {
    pub stage: &'static str,
    pub done: u64,
    pub of: u64,
}

/// What is wrong first.
#[derive(Debug, Clone, Serialize)]
pub struct Wrong {
    /// The entry that is wrong, or that last wrote the wrong row.
    pub seq: i64,
    pub table: &'static str,
    pub row: String,
    pub what: String,
}

/// What was found.
#[derive(Debug, Clone, Serialize)]
pub struct VerifyReport {
    pub sound: bool,
    pub head: i64,
    pub entries: u64,
    pub rows: u64,
    pub first_wrong: Option<Wrong>,
    pub covered: Vec<&'static str>,
    pub uncovered: Vec<&'static str>,
}

/// Verifies the registry at an address as of its head.
pub async fn verify(
    url: &str,
    options: &VerifyOptions,
    progress: &mut (impl FnMut(VerifyProgress) + Send),
) -> Result<VerifyReport, PersistenceError> {
    let live = connected(url).await.map_err(|error| match error {
        OpenError::Fault(fault) => fault,
        OpenError::Address | OpenError::NotMigrated | OpenError::Durability(_) => {
            PersistenceError::Database(sea_orm::DbErr::Custom(error.to_string()))
        }
    })?;
    if database::lacks_steps(&live).await? {
        return Err(PersistenceError::NotMigrated);
    }
    let head = head_row(&live).await?;
    let scratch = Scratch::make(options.scratch.as_deref()).await?;
    let mut rows = 0;
    let mut first_wrong = first_wrong(&live, &scratch, &head, &mut rows, progress).await?;
    if first_wrong.is_none() {
        first_wrong = log(&live, &head, options.checkpoint.as_deref(), &mut rows, progress).await?;
    }
    let boxes = box_faults(&live).map(|_| BOXES);
    let covered = COVERED.iter().copied().chain(boxes).collect();
    live.close().await?;
    scratch.drop_files().await?;
    Ok(VerifyReport {
        sound: first_wrong.is_none(),
        head: head.seq,
        entries: head.seq.unsigned_abs(),
        rows,
        first_wrong,
        covered,
        uncovered: UNCOVERED.to_vec(),
    })
}

/// A server that is named alone is verified whatever its part is; of several, the one that is written to.
async fn connected(url: &str) -> Result<DatabaseConnection, OpenError> {
    database::connect_readers(&primary_of(url).await?, 2).await
}

/// What is wrong first: in the chain, then in what it folds into, then in what the database derives from that.
async fn first_wrong(
    live: &DatabaseConnection,
    scratch: &Scratch,
    head: &journal_head::Model,
    rows: &mut u64,
    progress: &mut (impl FnMut(VerifyProgress) + Send),
) -> Result<Option<Wrong>, PersistenceError> {
    let fold = &scratch.connection;
    if let Some(wrong) = follow(live, scratch, head, progress).await? {
        return Ok(Some(wrong));
    }
    if let Some(wrong) = subjects(live, fold, head.seq, rows, progress).await? {
        return Ok(Some(wrong));
    }
    if let Some(wrong) = projection::<record_version::Model>(live, fold, head.seq, rows, progress).await? {
        return Ok(Some(wrong));
    }
    if let Some(wrong) = projection::<parcel_index::Model>(live, fold, head.seq, rows, progress).await? {
        return Ok(Some(wrong));
    }
    if let Some(wrong) = ledger(live, fold, head.seq, rows, progress).await? {
        return Ok(Some(wrong));
    }
    if let Some(wrong) = parties(live, fold, head.seq, rows, progress).await? {
        return Ok(Some(wrong));
    }
    if let Some(wrong) = personal(live, fold, head.seq, rows, progress).await? {
        return Ok(Some(wrong));
    }
    if let Some(wrong) = boxes(live).await? {
        return Ok(Some(wrong));
    }
    beyond_head(live).await
}

/// What is wrong first in the tables of the factor ledger.
async fn ledger(
    live: &DatabaseConnection,
    fold: &DatabaseConnection,
    head: i64,
    rows: &mut u64,
    progress: &mut (impl FnMut(VerifyProgress) + Send),
) -> Result<Option<Wrong>, PersistenceError> {
    if let Some(wrong) = projection::<lot_version::Model>(live, fold, head, rows, progress).await? {
        return Ok(Some(wrong));
    }
    if let Some(wrong) = projection::<ledger_entry::Model>(live, fold, head, rows, progress).await? {
        return Ok(Some(wrong));
    }
    if let Some(wrong) = projection::<account_index::Model>(live, fold, head, rows, progress).await? {
        return Ok(Some(wrong));
    }
    projection::<hold_index::Model>(live, fold, head, rows, progress).await
}
