//! A copy of the embedded database while others read and write it: one state of it, whole, in a file of its own.
//!
//! PostgreSQL has tools for this, and nothing here takes their place.

use std::path::Path;

use crate::database;
use crate::dialect;
use crate::error::{OpenError, PersistenceError};
use crate::journal::{Head, head_of, head_row};

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("the database is not an embedded one; it has tools of its own for this")]
    NotEmbedded,
    #[error("the copy could not be written: {0}")]
    Unwritable(sea_orm::DbErr),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Fault(#[from] PersistenceError),
}

/// Copies the database at an address into a file that is not there yet; the last entry that the copy holds, as the copy
/// itself says. Nobody waits for it, and free pages with what was erased are not among it. Until this has returned the
/// file may be incomplete, and it is not yet flushed.
pub async fn backup(url: &str, file: &Path) -> Result<Head, BackupError> {
    let live = database::connect_readers(url, 1).await?;
    // Of whatever version: what is to be migrated is copied before.
    if !dialect::has_table(&live, "journal_head").await.map_err(PersistenceError::from)? {
        return Err(PersistenceError::NotMigrated.into());
    }
    let copied = dialect::copy_into(&live, &file.display().to_string()).await;
    live.close().await.map_err(PersistenceError::from)?;
    match copied {
        Ok(true) => {}
        Ok(false) => return Err(BackupError::NotEmbedded),
        Err(error) if dialect::is_passing(&error) => return Err(BackupError::Unwritable(error)),
        Err(error) => return Err(PersistenceError::from(error).into()),
    }
    let copy = database::connect_readers(&format!("sqlite://{}?mode=rw", file.display()), 1).await?;
    let head = head_of(&head_row(&copy).await?)?;
    copy.close().await.map_err(PersistenceError::from)?;
    Ok(head)
}
