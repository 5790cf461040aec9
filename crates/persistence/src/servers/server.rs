//! One server: how it is read, and what it says of itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr};

use crate::database;
use crate::dialect::{PART, statement};
use crate::error::OpenError;
use crate::journal::head_row;

/// How long a server may take to say what it is.
const SAYING_MAX: Duration = Duration::from_secs(2);

/// The part that a server plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// It is written to. Each time a follower takes over, the timeline is a later one.
    Primary {
        timeline: i32,
    },
    Standby,
}

/// What a server says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub part: Part,
    /// The journal that it holds and the newest entry; none before the first migration.
    pub journal: Option<(String, i64)>,
}

/// One of the servers.
#[derive(Debug)]
pub struct Server {
    pub url: String,
    pub pool: DatabaseConnection,
    /// A connection of its own, so that busy readers do not make a server look away.
    asked: Option<DatabaseConnection>,
    /// The newest entry that it has shown; no connection is taken on which it shows less.
    shown: Arc<AtomicI64>,
}

impl Server {
    /// The only server there is: nothing is asked of it but what it is for.
    pub async fn alone(url: String, readers: u32) -> Result<Self, OpenError> {
        let pool = database::connect_readers(&url, readers).await?;
        Ok(Self { url, pool, asked: None, shown: Arc::default() })
    }

    /// One of several, which need not answer now.
    pub async fn among(url: String, readers: u32) -> Result<Self, OpenError> {
        let shown = Arc::default();
        let pool = database::connect_among(&url, readers, Arc::clone(&shown)).await?;
        let asked = Some(database::connect_asking(&url).await?);
        Ok(Self { url, pool, asked, shown })
    }

    /// The newest entry that every reader of it sees.
    pub fn shown(&self) -> i64 {
        self.shown.load(Ordering::SeqCst)
    }

    /// Takes in that it has shown an entry.
    pub fn has_shown(&self, seq: i64) {
        self.shown.fetch_max(seq, Ordering::SeqCst);
    }

    /// What it says of itself; none where it says nothing in time.
    pub async fn told(&self) -> Option<Told> {
        let asked = self.asked.as_ref()?;
        match tokio::time::timeout(SAYING_MAX, told_by(asked)).await {
            Ok(Ok(told)) => Some(told),
            Err(_) | Ok(Err(DbErr::ConnectionAcquire(_))) => None,
            // A connection that was cut is noticed by the first question alone.
            Ok(Err(_)) => tokio::time::timeout(SAYING_MAX, told_by(asked)).await.ok()?.ok(),
        }
    }
}

async fn told_by(connection: &DatabaseConnection) -> Result<Told, DbErr> {
    let row = connection.query_one_raw(statement(connection, PART, vec![])).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("part".to_owned()))?;
    let part = match row.try_get::<Option<i32>>("", "timeline")? {
        Some(timeline) => Part::Primary { timeline },
        None => Part::Standby,
    };
    let journal = head_row(connection).await.ok().map(|head| (head.journal, head.seq));
    Ok(Told { part, journal })
}
