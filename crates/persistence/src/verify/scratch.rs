//! The scratch database into which the journal is folded anew.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, TransactionTrait,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use tempfile::TempDir;
use yulin_domain::journal::{Change, Subject};

use crate::database::{ageless, migrate};
use crate::dialect::{listed, statement, texts};
use crate::error::PersistenceError;
use crate::journal::fold_page;

/// A database that is thrown away.
pub struct Scratch {
    pub connection: DatabaseConnection,
    folder: TempDir,
}

impl Scratch {
    /// Makes an empty one; it need not survive anything.
    pub async fn make(place: Option<&Path>) -> Result<Self, PersistenceError> {
        let made = place.map_or_else(tempfile::tempdir, tempfile::tempdir_in);
        let folder = made.map_err(|why| sea_orm::DbErr::Custom(why.to_string()))?;
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("fold.sqlite").display());
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false).test_before_acquire(false).map_sqlx_sqlite_opts(|sqlite| {
            sqlite.journal_mode(SqliteJournalMode::Off).synchronous(SqliteSynchronous::Off)
        });
        ageless(&mut options);
        let connection = Database::connect(options).await?;
        migrate(&connection).await?;
        Ok(Self { connection, folder })
    }

    /// Folds changes of a page of entries.
    pub async fn fold(&self, page: &[(i64, Vec<Change>)]) -> Result<(), PersistenceError> {
        let transaction = self.connection.begin().await?;
        fold_page(&transaction, page).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The last entries of subjects, as folded so far.
    pub async fn heads(&self, subjects: &BTreeSet<Subject>) -> Result<HashMap<Subject, i64>, PersistenceError> {
        let sql = format!(
            "SELECT a.value AS subject, h.seq FROM {} JOIN subject_entry h ON h.subject = a.value AND h.seq = \
             (SELECT max(e.seq) FROM subject_entry e WHERE e.subject = a.value)",
            listed(&self.connection, "a", 1)
        );
        let mut heads = HashMap::new();
        for row in self.connection.query_all_raw(statement(&self.connection, sql, vec![texts(subjects)])).await? {
            let text: String = row.try_get("", "subject")?;
            let subject = text.parse().map_err(|why| PersistenceError::corrupt("subject_entry", &text, why))?;
            heads.insert(subject, row.try_get("", "seq")?);
        }
        Ok(heads)
    }

    /// Closes it and removes its files.
    pub async fn drop_files(self) -> Result<(), PersistenceError> {
        self.connection.close().await?;
        // What cannot be removed lies in the system's place for temporary files.
        if let Err(error) = self.folder.close() {
            tracing::warn!(%error, "the scratch database could not be removed");
        }
        Ok(())
    }
}
