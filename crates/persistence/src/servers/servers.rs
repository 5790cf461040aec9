//! All of them: one is written to; another may be read from, and then has shown whatever is read.
//!
//! What they are is found out in `look.rs`.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};

use sea_orm::DatabaseConnection;
use tokio::sync::watch;

use super::addresses::addresses;
use super::server::Server;
use crate::error::OpenError;

/// No server.
pub(super) const NONE: usize = usize::MAX;

/// Which server is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    pub(super) place: usize,
    pub(super) timeline: i32,
}

/// From where snapshots are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadFrom {
    /// From where everything is written.
    Primary,
    /// From a server that follows.
    Standby {
        /// The newest entry that it has shown.
        seq: i64,
        /// How many entries it lacked of those that the primary had when both were last looked at.
        behind: i64,
    },
}

/// The servers of a registry.
#[derive(Debug)]
pub struct Servers {
    pub(super) first: Server,
    others: Vec<Server>,
    pub(super) seat: watch::Sender<Seat>,
    /// Which is read from; `NONE` where none follows closely.
    pub(super) standby: AtomicUsize,
    pub(super) reads_standby: AtomicBool,
    /// The newest entry of the primary when it was last looked at; beyond all before that.
    pub(super) newest: AtomicI64,
    /// The newest entry as of which anything is read here: whoever is read from has shown it.
    pinned: AtomicI64,
    /// The journal of this registry, once it is known.
    pub(super) journal: OnceLock<String>,
}

impl Servers {
    /// The servers of a list of addresses, each read by so many connections.
    pub async fn of(list: &str, readers: u32) -> Result<Self, OpenError> {
        let mut all = addresses(list).into_iter();
        let (first, rest) = (all.next().ok_or(OpenError::Address)?, all.collect::<Vec<_>>());
        let mut others = Vec::with_capacity(rest.len());
        let first =
            if rest.is_empty() { Server::alone(first, readers).await? } else { Server::among(first, readers).await? };
        for url in rest {
            others.push(Server::among(url, readers).await?);
        }
        Ok(Self {
            first,
            others,
            seat: watch::Sender::new(Seat { place: 0, timeline: 0 }),
            standby: AtomicUsize::new(NONE),
            reads_standby: AtomicBool::new(false),
            newest: AtomicI64::new(i64::MAX),
            pinned: AtomicI64::new(0),
            journal: OnceLock::new(),
        })
    }

    /// Whether there are several.
    pub const fn are_several(&self) -> bool {
        !self.others.is_empty()
    }

    /// Counts the statements of those who read, on whichever server.
    pub fn count_statements(&mut self, count: impl Fn() + Clone + Send + Sync + 'static) {
        for server in std::iter::once(&mut self.first).chain(&mut self.others) {
            let count = count.clone();
            server.pool.set_metric_callback(move |_| count());
        }
    }

    /// From now on servers with another journal are left alone.
    pub fn hold(&self, journal: &str) {
        self.journal.get_or_init(|| journal.to_owned());
    }

    /// From now on snapshots are read from a server that follows closely, while there is one.
    pub fn read_standby(&self) {
        self.reads_standby.store(true, Ordering::SeqCst);
    }

    /// Connections to the server that is written to.
    pub fn primary(&self) -> &DatabaseConnection {
        let place = self.seat.borrow().place;
        &self.server(place).pool
    }

    /// Connections to a server that has shown every entry as of which anything is read here.
    pub fn reader(&self) -> &DatabaseConnection {
        match self.standby() {
            Some(standby) if standby.shown() >= self.pinned.load(Ordering::SeqCst) => &standby.pool,
            Some(_) | None => self.primary(),
        }
    }

    /// The server that snapshots are read from; none where that is the primary.
    pub fn standby(&self) -> Option<&Server> {
        let place = self.standby.load(Ordering::SeqCst);
        (place != NONE && self.reads_standby.load(Ordering::SeqCst)).then(|| self.server(place))
    }

    /// Takes in that something is read as of an entry.
    pub fn pin(&self, seq: i64) {
        self.pinned.fetch_max(seq, Ordering::SeqCst);
    }

    /// Nothing more is read from the standby until it has been looked at again.
    pub fn leave_standby(&self) {
        self.standby.store(NONE, Ordering::SeqCst);
    }

    /// From where snapshots are read.
    pub fn read_from(&self) -> ReadFrom {
        let Some(standby) = self.standby() else { return ReadFrom::Primary };
        let seq = standby.shown();
        ReadFrom::Standby { seq, behind: (self.newest.load(Ordering::SeqCst) - seq).max(0) }
    }

    /// Tells when another server is written to.
    pub fn seats(&self) -> watch::Receiver<Seat> {
        self.seat.subscribe()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Server> {
        std::iter::once(&self.first).chain(&self.others)
    }

    pub(super) fn server(&self, place: usize) -> &Server {
        self.all().nth(place).unwrap_or(&self.first)
    }
}
