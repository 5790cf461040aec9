//! The head of the journal: its last entry, and the row that orders all writers.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection, EntityTrait, FromQueryResult, Set, sea_query::OnConflict};
use uuid::Uuid;
use yulin_domain::journal::{Digest, ENTRY_FORMAT, chain_start};
use yulin_domain::quantity::Instant;

use crate::dialect::{now_micros, statement};
use crate::entity::journal_head;
use crate::error::PersistenceError;
use crate::record::RecordedAt;
use crate::registry::Registry;

/// How often, and how far apart, it is looked whether the standby has what is asked for, before the primary is asked.
const CATCH_UP_LOOKS: u32 = 20;
const CATCH_UP_PAUSE: Duration = Duration::from_millis(10);

/// The last entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub seq: i64,
    pub recorded_at: Instant,
    pub hash: Digest,
}

/// Begins a journal where there is none.
pub async fn ensure_head(connection: &DatabaseConnection) -> Result<(), PersistenceError> {
    let journal = Uuid::new_v4();
    let row = journal_head::ActiveModel {
        id: Set(1),
        journal: Set(journal.to_string()),
        seq: Set(0),
        recorded_at: Set(0),
        hash: Set(chain_start(journal).0.to_vec()),
        least_format: Set(i64::from(ENTRY_FORMAT)),
    };
    let conflict = OnConflict::column(journal_head::Column::Id).do_nothing().to_owned();
    journal_head::Entity::insert(row).on_conflict(conflict).exec_without_returning(connection).await?;
    Ok(())
}

/// The head as it lies in the database.
pub async fn row(connection: &impl ConnectionTrait) -> Result<journal_head::Model, PersistenceError> {
    let found = journal_head::Entity::find_by_id(1).one(connection).await?;
    found.ok_or_else(|| PersistenceError::corrupt("journal_head", 1, "missing"))
}

/// The head as it lies in the database, and the database's clock in microseconds since the epoch.
pub async fn row_and_clock(connection: &impl ConnectionTrait) -> Result<(journal_head::Model, i64), PersistenceError> {
    let sql = format!("SELECT h.*, {} AS micros FROM journal_head h WHERE h.id = 1", now_micros(connection));
    let found = connection.query_one_raw(statement(connection, sql, vec![])).await?;
    let found = found.ok_or_else(|| PersistenceError::corrupt("journal_head", 1, "missing"))?;
    Ok((journal_head::Model::from_query_result(&found, "")?, found.try_get("", "micros")?))
}

/// The head of a row. A journal that needs a later program is neither read nor written on, from that entry on.
pub fn head_of(row: &journal_head::Model) -> Result<Head, PersistenceError> {
    if row.least_format > i64::from(ENTRY_FORMAT) {
        return Err(PersistenceError::Format { least: row.least_format, known: i64::from(ENTRY_FORMAT) });
    }
    let corrupt = || PersistenceError::corrupt("journal_head", 1, "the hash is not 32 bytes");
    let hash = Digest::from_slice(&row.hash).ok_or_else(corrupt)?;
    Ok(Head { seq: row.seq, recorded_at: Instant::from_micros(row.recorded_at), hash })
}

impl Registry {
    /// The last entry.
    pub async fn head(&self) -> Result<Head, PersistenceError> {
        head_of(&row(self.primary()).await?)
    }

    /// The last entry that whoever reads sees: that of the standby, where one is read from and has what is asked for, else
    /// that of the server that is written to. Whatever is read as of it is read where it is.
    pub(crate) async fn head_for(
        &self,
        recorded: Option<RecordedAt>,
        at_least: Option<i64>,
    ) -> Result<Head, PersistenceError> {
        let head = match self.head_of_standby(recorded, at_least).await {
            Some(head) => head,
            None => self.head().await?,
        };
        self.pin(head.seq);
        Ok(head)
    }

    /// Takes in that something is read as of an entry.
    pub(crate) fn pin(&self, seq: i64) {
        self.servers().pin(seq);
    }

    /// The head of the standby as soon as it has what is asked for, if that is soon.
    async fn head_of_standby(&self, recorded: Option<RecordedAt>, at_least: Option<i64>) -> Option<Head> {
        for _ in 0..CATCH_UP_LOOKS {
            let standby = self.servers().standby()?;
            let head = match row(&standby.pool).await.and_then(|row| head_of(&row)) {
                Ok(head) => head,
                Err(error) => {
                    tracing::warn!(%error, "the standby cannot be read; it is left until it answers again");
                    self.servers().leave_standby();
                    return None;
                }
            };
            standby.has_shown(head.seq);
            let asked = match recorded {
                Some(RecordedAt::Seq(seq)) => Some(seq),
                // What the standby lacks may have been recorded by then.
                Some(RecordedAt::At(instant)) if instant > head.recorded_at => return None,
                Some(RecordedAt::At(_)) | None => None,
            };
            if asked.max(at_least).is_none_or(|needed| needed <= head.seq) {
                return Some(head);
            }
            tokio::time::sleep(CATCH_UP_PAUSE).await;
        }
        None
    }
}
