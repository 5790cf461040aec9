//! Connections: many that read, one that writes.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr};
use sea_orm_migration::MigratorTrait;
use yulin_migrations::Migrator;

use crate::dialect;
use crate::error::OpenError;

/// How long a connection to a database is waited for, to one of several, and by whoever only asks what it is.
///
/// Gateways that start together with their database need the first. While a connection is refused the pool tries ever more
/// seldom, at last once in a fifth of this time, and looks at the time only then: it gives up after some 34 s.
pub const ALONE: Duration = Duration::from_secs(30);
const AMONG_SEVERAL: Duration = Duration::from_secs(3);
const ASKING: Duration = Duration::from_millis(500);
/// After how long a connection that nobody used is tried before it is.
const IDLE: Duration = Duration::from_secs(1);

/// Connects the pool for reading.
pub async fn connect_readers(url: &str, connections: u32) -> Result<DatabaseConnection, OpenError> {
    Ok(Database::connect(options(url, connections.max(1))?).await?)
}

/// Connects those who read one of several servers, when they read; never to less of the journal than it has shown.
/// Another server may have taken over, so that nobody waits long for this one.
pub async fn connect_among(
    url: &str,
    connections: u32,
    shown: Arc<AtomicI64>,
) -> Result<DatabaseConnection, OpenError> {
    let mut options = lazy(url, connections, AMONG_SEVERAL)?;
    dialect::never_back(&mut options, shown);
    Ok(Database::connect(options).await?)
}

/// Connects whoever asks a server from time to time what it is; one that is away is told soon.
pub async fn connect_asking(url: &str) -> Result<DatabaseConnection, OpenError> {
    Ok(Database::connect(lazy(url, 1, ASKING)?).await?)
}

fn lazy(url: &str, connections: u32, wait: Duration) -> Result<ConnectOptions, OpenError> {
    let mut options = options(url, connections.max(1))?;
    options.connect_lazy(true).min_connections(0).acquire_timeout(wait);
    Ok(options)
}

/// Connects the one connection for writing, to a database that keeps what it acknowledges; a stalled holder of the
/// order is cut off by the server. It is waited for so long.
pub async fn connect_writer(url: &str, wait: Duration) -> Result<DatabaseConnection, OpenError> {
    let mut options = options(url, 1)?;
    options.acquire_timeout(wait);
    let connection = Database::connect(options).await?;
    match dialect::unsafe_setting(&connection).await? {
        Some(setting) => Err(OpenError::Durability(setting)),
        None => Ok(connection),
    }
}

fn options(url: &str, connections: u32) -> Result<ConnectOptions, OpenError> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).min_connections(1).test_before_acquire(false).sqlx_logging(false);
    // A server that went and came back has left lines that are dead.
    options.test_before_acquire_if_idle_for(IDLE);
    options.acquire_timeout(ALONE);
    ageless(&mut options);
    if dialect::make_durable(&mut options, url) { Ok(options) } else { Err(OpenError::Address) }
}

/// No connection is retired for its age: the task of sqlx 0.9.0 that looks for old ones may spin for ever (its issue
/// 3645), and none runs where nothing ages.
pub fn ageless(options: &mut ConnectOptions) {
    options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
}

/// Applies the steps of migration that a database lacks: all or none, and one process at a time.
pub async fn migrate(connection: &DatabaseConnection) -> Result<(), DbErr> {
    let transaction = dialect::begin_migrating(connection).await?;
    // Another process may have done it while this one waited; one with newer steps than these is left alone.
    if lacks_steps(&transaction).await? {
        Migrator::up(&transaction, None).await?;
    }
    transaction.commit().await
}

/// Whether a database lacks steps that this program needs. Steps that this program does not know are those of a later
/// one: they only expand, so that this one goes on.
pub async fn lacks_steps(connection: &impl ConnectionTrait) -> Result<bool, DbErr> {
    if !dialect::has_table(connection, "seaql_migrations").await? {
        return Ok(true);
    }
    let rows = connection.query_all_raw(dialect::statement(connection, "SELECT version FROM seaql_migrations", vec![]));
    let applied = rows.await?.iter().map(|row| row.try_get("", "version")).collect::<Result<HashSet<String>, _>>()?;
    Ok(Migrator::migrations().iter().any(|step| !applied.contains(step.name())))
}
