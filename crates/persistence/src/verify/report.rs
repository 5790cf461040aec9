//! What is verified, how far it is and what was found.

use serde::Serialize;

use super::chain::follow;
use super::compare::{projection, subjects};
use super::scratch::Scratch;
use crate::database;
use crate::entity::{parcel_index, record_version};
use crate::error::{OpenError, PersistenceError};
use crate::journal::head_row;

/// Tables that verification compares with the journal.
pub const COVERED: &[&str] = &["journal", "journal_head", "subject_entry", "record_version", "parcel_index"];
/// Tables that are not folded from the journal.
pub const UNCOVERED: &[&str] = &["refusal", "due_refusal", "personal", "api_key", "setting", "seaql_migrations"];

/// How a registry is verified.
#[derive(Debug, Clone, Default)]
pub struct VerifyOptions {
    /// Where the scratch database may lie; the system's place for temporary files where nothing is said.
    pub scratch: Option<std::path::PathBuf>,
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
    let live = database::connect_readers(url, 2).await.map_err(|error| match error {
        OpenError::Fault(fault) => fault,
        OpenError::Address | OpenError::NotMigrated | OpenError::Format { .. } | OpenError::Durability(_) => {
            PersistenceError::Database(sea_orm::DbErr::Custom(error.to_string()))
        }
    })?;
    let head = head_row(&live).await?;
    let scratch = Scratch::make(options.scratch.as_deref()).await?;
    let mut rows = 0;
    let mut first_wrong = follow(&live, &scratch, &head, progress).await?;
    if first_wrong.is_none() {
        first_wrong = subjects(&live, &scratch.connection, head.seq, &mut rows, progress).await?;
    }
    if first_wrong.is_none() {
        first_wrong =
            projection::<record_version::Model>(&live, &scratch.connection, head.seq, &mut rows, progress).await?;
    }
    if first_wrong.is_none() {
        first_wrong =
            projection::<parcel_index::Model>(&live, &scratch.connection, head.seq, &mut rows, progress).await?;
    }
    live.close().await?;
    scratch.drop_files().await?;
    Ok(VerifyReport {
        sound: first_wrong.is_none(),
        head: head.seq,
        entries: head.seq.unsigned_abs(),
        rows,
        first_wrong,
        covered: COVERED.to_vec(),
        uncovered: UNCOVERED.to_vec(),
    })
}
