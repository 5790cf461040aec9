//! Connections: many that read, one that writes.

use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbBackend, DbErr};

use crate::dialect;
use crate::error::OpenError;

/// How long a statement waits for a lock that another process holds.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// Connects the pool for reading.
pub async fn connect_readers(url: &str, connections: u32) -> Result<DatabaseConnection, OpenError> {
    Ok(Database::connect(options(url, connections.max(1))?).await?)
}

/// Connects the one connection for writing; a stalled holder of the order is cut off by the server.
pub async fn connect_writer(url: &str) -> Result<DatabaseConnection, OpenError> {
    let connection = Database::connect(options(url, 1)?).await?;
    Ok(connection)
}

fn options(url: &str, connections: u32) -> Result<ConnectOptions, OpenError> {
    let backend = dialect::of_address(url).ok_or(OpenError::Address)?;
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).min_connections(1).test_before_acquire(false).sqlx_logging(false);
    options.acquire_timeout(Duration::from_secs(30));
    if backend == DbBackend::Sqlite {
        options.map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(LOCK_WAIT)
                .foreign_keys(true)
                .pragma("cache_size", "-65536")
                .pragma("temp_store", "memory")
        });
    } else {
        options.map_sqlx_postgres_opts(|postgres| {
            postgres.options([("idle_in_transaction_session_timeout", "5000"), ("synchronous_commit", "on")])
        });
    }
    Ok(options)
}

/// Applies the steps of migration that a database lacks.
pub async fn migrate(connection: &DatabaseConnection) -> Result<(), DbErr> {
    use sea_orm_migration::MigratorTrait;
    yulin_migrations::Migrator::up(connection, None).await
}

/// Whether a database lacks steps.
pub async fn lacks_steps(connection: &DatabaseConnection) -> Result<bool, DbErr> {
    use sea_orm_migration::MigratorTrait;
    Ok(!yulin_migrations::Migrator::get_pending_migrations(connection).await?.is_empty())
}
