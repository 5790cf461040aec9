//! The journal as it grows under the load, looked at past the registry.

use anyhow::{Context as _, Result};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, TryGetable};
use yulin_domain::journal::ActKind;

use crate::place::Place;

/// The journal.
#[derive(Debug)]
pub struct Journal(DatabaseConnection);

/// How far the journal had come, and what the database took on disk.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    entries: i64,
    bytes: i64,
}

impl Journal {
    pub async fn open(place: &Place) -> Result<Self> {
        Ok(Self(Database::connect(&place.url).await?))
    }

    async fn told<T: TryGetable>(&self, sql: &str) -> Result<T> {
        let statement = Statement::from_string(self.0.get_database_backend(), sql);
        let row = self.0.query_one_raw(statement).await?.context("one row")?;
        Ok(row.try_get("", "told")?)
    }

    /// The newest entry.
    pub async fn head(&self) -> Result<i64> {
        self.told("SELECT seq AS told FROM journal_head WHERE id = 1").await
    }

    /// Parcels that were registered after an entry.
    pub async fn parcels(&self, after: i64) -> Result<i64> {
        let kind = ActKind::RegisterParcel.name();
        self.told(&format!("SELECT count(*) AS told FROM journal WHERE kind = '{kind}' AND seq > {after}")).await
    }

    /// How many acts a commit made durable, of those after an entry: a commit has an instant of its own.
    pub async fn acts_a_commit(&self, after: i64) -> Result<f64> {
        let of = |what: &str| format!("SELECT count({what}) AS told FROM journal WHERE seq > {after}");
        let acts: i64 = self.told(&of("*")).await?;
        let commits: i64 = self.told(&of("DISTINCT recorded_at")).await?;
        Ok(acts as f64 / commits as f64)
    }

    pub async fn size(&self) -> Result<Size> {
        let sql = if self.0.get_database_backend() == DbBackend::Postgres {
            "SELECT pg_database_size(current_database()) AS told"
        } else {
            "SELECT page_count * page_size AS told FROM pragma_page_count(), pragma_page_size()"
        };
        Ok(Size { entries: self.head().await?, bytes: self.told(sql).await? })
    }

    /// What acts took on disk since.
    pub async fn grown(&self, before: &Size) -> Result<String> {
        let now = self.size().await?;
        let (entries, bytes) = (now.entries - before.entries, now.bytes - before.bytes);
        Ok(format!(
            "{entries} acts took {} bytes each on disk, journal and every index included",
            bytes / entries.max(1)
        ))
    }
}
