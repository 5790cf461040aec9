//! What can go wrong between the registry and its database, and the answers to an act.

use yulin_domain::journal::Refused;

/// A fault of persistence.
#[derive(Debug, thiserror::Error)]
pub enum PersistenceError {
    /// A row does not hold what its table promises.
    #[error("{table} row {row} is corrupt: {why}")]
    Corrupt { table: &'static str, row: String, why: String },
    /// The database refused or failed.
    #[error("database: {0}")]
    Database(#[from] sea_orm::DbErr),
    /// The writer has stopped.
    #[error("the writer has stopped")]
    Stopped,
    /// A later program writes this journal.
    #[error("the journal needs readers of format {least}, this program reads up to {known}")]
    Format { least: i64, known: i64 },
    /// No server says that it is the one to be written to.
    #[error("no server of the registry can be written to")]
    Unreachable,
    /// Steps of migration are lacking.
    #[error("the database lacks steps of migration; run `yulin migrate`")]
    NotMigrated,
    /// The clocks of this host and of the database are too far apart to order anything.
    #[error("the clocks of host and database differ by {micros} µs")]
    Clocks { micros: i64 },
}

impl PersistenceError {
    /// Whether the database was out of reach, or is not the one that is written to: it may be again, or another is.
    pub fn is_out_of_reach(&self) -> bool {
        match self {
            Self::Unreachable => true,
            Self::Database(error) => crate::dialect::is_out_of_reach(error),
            Self::Corrupt { .. } | Self::Stopped | Self::Format { .. } | Self::NotMigrated | Self::Clocks { .. } => {
                false
            }
        }
    }

    /// A corrupt row.
    pub(crate) fn corrupt(table: &'static str, row: impl std::fmt::Display, why: impl std::fmt::Display) -> Self {
        Self::Corrupt { table, row: row.to_string(), why: why.to_string() }
    }
}

/// Why an act was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum PerformError {
    /// Decided, and remembered: the same id gets the same answer.
    #[error("refused: {0}")]
    Refused(Refused),
    /// Not decided: the act cannot be understood as it stands.
    #[error("malformed: {0}")]
    Malformed(Refused),
    /// The queue is full; nothing was decided.
    #[error("the registry is busy")]
    Busy,
    /// Whether it is recorded is not known; asking again with the same id tells.
    #[error("the outcome is not known")]
    OutcomeUnknown,
    /// The registry failed; nothing was recorded.
    #[error(transparent)]
    Fault(#[from] PersistenceError),
}

/// Why a registry does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the address of the database is neither sqlite: nor postgres:")]
    Address,
    #[error("the database lacks steps of migration; run `yulin migrate`")]
    NotMigrated,
    #[error("the database does not keep what it acknowledges: {0}")]
    Durability(String),
    #[error(transparent)]
    Fault(#[from] PersistenceError),
}

impl From<sea_orm::DbErr> for OpenError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Fault(error.into())
    }
}

/// Why there is no snapshot as asked.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotRefused {
    #[error("seq {asked} is beyond the head {head}")]
    BeyondHead { asked: i64, head: i64 },
    #[error("the registry holds nothing recorded by {0}")]
    BeforeBeginning(yulin_domain::quantity::Instant),
    #[error("{asked} is not over; it is {now}")]
    NotOver { asked: yulin_domain::quantity::Instant, now: yulin_domain::quantity::Instant },
    #[error(transparent)]
    Fault(#[from] PersistenceError),
}

/// Why a search was not answered.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The cursor does not belong to the order that is asked for.
    #[error("the cursor does not belong to this order")]
    Cursor,
    /// DISTANCE needs something to be near to.
    #[error("ordering by distance needs a place to be near to")]
    DistanceWithoutPlace,
    #[error(transparent)]
    Fault(#[from] PersistenceError),
}
