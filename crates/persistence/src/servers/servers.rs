//! All of them: one is written to, by whatever means it came to be that one; another may be read from.
//!
//! Who becomes the primary is decided by those who run the servers. Here it is only found out, and nobody goes back from
//! a later timeline to an earlier one: what a former primary holds beside is not the registry.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use sea_orm::DatabaseConnection;
use tokio::sync::watch;

use super::addresses::addresses;
use super::server::{Part, Server, Told};
use crate::error::{OpenError, PersistenceError};
use crate::{database, measured};

/// How long the primary is looked for, and how long is waited in between.
const FINDING_MAX: Duration = database::ALONE;
const FINDING_PAUSE: Duration = Duration::from_millis(200);
/// How long one try to connect the writer may take.
const TRY_MAX: Duration = Duration::from_secs(5);
/// No server.
const NONE: usize = usize::MAX;

/// Which server is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    place: usize,
    timeline: i32,
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
    first: Server,
    others: Vec<Server>,
    seat: watch::Sender<Seat>,
    /// Which is read from; `NONE` where none follows closely.
    standby: AtomicUsize,
    reads_standby: AtomicBool,
    /// The newest entry of the primary when it was last looked at.
    newest: AtomicI64,
    /// The newest entry as of which anything is read here: whoever is read from has shown it.
    pinned: AtomicI64,
    /// The journal of this registry, once it is known.
    journal: OnceLock<String>,
}

/// The address of the server of a list that is written to; that of a single one, whatever it is.
pub async fn primary_of(list: &str) -> Result<String, OpenError> {
    let mut all = addresses(list);
    if all.len() == 1 {
        return all.pop().ok_or(OpenError::Address);
    }
    let servers = Servers::of(list, 1).await?;
    let seat = servers.find().await.ok_or(PersistenceError::Unreachable)?;
    Ok(servers.server(seat.place).url.clone())
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
            newest: AtomicI64::new(0),
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

    /// Connects the writer when the registry is opened.
    pub async fn first_writer(&self) -> Result<(DatabaseConnection, Seat), OpenError> {
        if self.are_several() {
            return self.writer().await;
        }
        Ok((database::connect_writer(&self.first.url, FINDING_MAX).await?, *self.seat.borrow()))
    }

    /// Connects the writer to whichever server is written to now; it is looked for until there is one, within bounds.
    pub async fn writer(&self) -> Result<(DatabaseConnection, Seat), OpenError> {
        let began = Instant::now();
        loop {
            let failed = match self.find().await {
                Some(seat) => match database::connect_writer(&self.server(seat.place).url, TRY_MAX).await {
                    Ok(connection) => return Ok((connection, seat)),
                    Err(OpenError::Fault(fault)) if fault.is_out_of_reach() => fault,
                    Err(lasting) => return Err(lasting),
                },
                None => PersistenceError::Unreachable,
            };
            if began.elapsed() >= FINDING_MAX {
                return Err(failed.into());
            }
            tokio::time::sleep(FINDING_PAUSE).await;
        }
    }

    /// The server that is written to, as it says itself; a single one is not asked.
    async fn find(&self) -> Option<Seat> {
        if self.are_several() { self.look().await } else { Some(*self.seat.borrow()) }
    }

    /// Asks every server what it is; the one that is written to.
    pub async fn look(&self) -> Option<Seat> {
        let told = join_all(self.all().map(Server::told)).await;
        let known: Vec<_> = told.into_iter().map(|told| told.filter(|told| self.is_ours(told))).collect();
        self.seat_standby(&known);
        let seat = self.later_seat(&known)?;
        if let Some(Some(Told { journal: Some((_, seq)), .. })) = known.get(seat.place) {
            self.newest.store(*seq, Ordering::SeqCst);
        }
        let is_other = self.seat.send_if_modified(|now| std::mem::replace(now, seat) != seat);
        if is_other {
            tracing::warn!(server = seat.place + 1, timeline = seat.timeline, "this server is written to from now on");
        }
        if self.reads_standby.load(Ordering::SeqCst) {
            measured::read_from(self.read_from());
        }
        Some(seat)
    }

    /// The primary on the latest timeline, unless a later one is known already.
    fn later_seat(&self, told: &[Option<Told>]) -> Option<Seat> {
        let now = *self.seat.borrow();
        let primaries = told.iter().enumerate().filter_map(|(place, told)| match told.as_ref()?.part {
            Part::Primary { timeline } => Some(Seat { place, timeline }),
            Part::Standby => None,
        });
        let latest = primaries.max_by_key(|seat| (seat.timeline, seat.place == now.place))?;
        if latest.timeline < now.timeline {
            tracing::error!(server = latest.place + 1, "a server is written to that was left behind; it is not used");
            return None;
        }
        Some(latest)
    }

    /// Seats a standby that has what the primary had when it was last looked at.
    fn seat_standby(&self, told: &[Option<Told>]) {
        let newest = self.newest.load(Ordering::SeqCst);
        let follows = |place: &usize| match told.get(*place) {
            Some(Some(Told { part: Part::Standby, journal: Some((_, seq)) })) => {
                self.server(*place).has_shown(*seq);
                *seq >= newest
            }
            Some(_) | None => false,
        };
        let now = self.standby.load(Ordering::SeqCst);
        let close: Vec<_> = (0..told.len()).filter(follows).collect();
        let seated = if close.contains(&now) { now } else { close.first().copied().unwrap_or(NONE) };
        self.standby.store(seated, Ordering::SeqCst);
    }

    fn is_ours(&self, told: &Told) -> bool {
        match (self.journal.get(), &told.journal) {
            (Some(ours), Some((theirs, _))) => ours == theirs,
            (Some(_) | None, _) => true,
        }
    }

    fn all(&self) -> impl Iterator<Item = &Server> {
        std::iter::once(&self.first).chain(&self.others)
    }

    fn server(&self, place: usize) -> &Server {
        self.all().nth(place).unwrap_or(&self.first)
    }
}
