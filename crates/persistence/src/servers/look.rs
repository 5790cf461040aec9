//! What the servers are: which of them is written to, and which follows it closely.
//!
//! Who becomes the primary is decided by those who run the servers. Here it is only found out, and nobody goes back from
//! a later timeline to an earlier one: what a former primary holds beside is not the registry.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use sea_orm::DatabaseConnection;

use super::addresses::addresses;
use super::server::{Part, Server, Told};
use super::servers::{NONE, Seat, Servers};
use crate::error::{OpenError, PersistenceError};
use crate::{database, measured};

/// How long the primary is looked for, and how long is waited in between.
const FINDING_MAX: Duration = database::ALONE;
const FINDING_PAUSE: Duration = Duration::from_millis(200);
/// How long one try to connect the writer may take.
const TRY_MAX: Duration = Duration::from_secs(5);
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
        if self.seat.send_if_modified(|now| std::mem::replace(now, seat) != seat) {
            tracing::info!(server = seat.place + 1, timeline = seat.timeline, "this server is written to from now on");
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
            // What holds no journal that can be read is not known to be ours.
            (Some(_), None) => false,
            (None, _) => true,
        }
    }
}
