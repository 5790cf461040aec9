//! The writer: one task that takes what waits, decides it in one order, commits once and answers all.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sea_orm::{DatabaseConnection, DbErr};
use tokio::sync::mpsc::Receiver;
use tokio::sync::watch;
use tracing::{Instrument, Span};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_domain::quantity::Instant;

use super::batch::{Answer, Batch, BatchFailed, Outcome, WhatIsDue};
use super::due::{Deadline, Fallen, fallen};
use super::prepare::Prepared;
use crate::dialect::is_passing;
use crate::error::{PerformError, PersistenceError};
use crate::forget::Forgetting;
use crate::measured;
use crate::registry::Waiting;
use crate::servers::{Seat, Servers};

/// Acts that one transaction records.
const BATCH_MAX: usize = 500;
/// The longest the writer sleeps: another gateway may have recorded something that falls due sooner.
const SLEEP_MAX: Duration = Duration::from_secs(30);
/// The least it sleeps when something is due that it could not do.
const SLEEP_MIN: Duration = Duration::from_millis(200);
/// How soon it looks where it does not know what falls due.
const SLEEP_UNKNOWING: Duration = Duration::from_secs(1);

/// How often in a row what has fallen due may fail for a reason that seems to pass. An act that takes longer than the
/// database waits fails so every time, and all others come after it.
const DUE_TRIES_MAX: u32 = 3;

/// The one who writes.
#[derive(Debug)]
pub struct Writer {
    connection: DatabaseConnection,
    servers: Arc<Servers>,
    /// The server to which it is connected, and what tells of another.
    seat: Seat,
    seats: watch::Receiver<Seat>,
    /// Under which what falls due is named.
    key: [u8; 32],
    /// What is known of what falls due, so that the database is not asked after every batch.
    deadline: Option<Deadline>,
    /// How often in a row what has fallen due failed.
    due_failed: u32,
    forgetting: Forgetting,
    /// Told of every batch, so that those who follow need not look.
    grown: watch::Sender<u64>,
}

/// Whether an earlier attempt may have recorded the acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    NothingRecorded,
    Unknown,
}

impl Before {
    /// The answer where nobody can be asked.
    const fn unreachable(self) -> PerformError {
        match self {
            Self::NothingRecorded => PerformError::Fault(PersistenceError::Unreachable),
            Self::Unknown => PerformError::OutcomeUnknown,
        }
    }
}

impl Writer {
    /// A writer on its own connection.
    pub fn new(
        (connection, seat): (DatabaseConnection, Seat),
        servers: Arc<Servers>,
        key: [u8; 32],
        grown: watch::Sender<u64>,
    ) -> Self {
        let (seats, forgetting) = (servers.seats(), Forgetting::unknown());
        Self { connection, servers, seat, seats, key, deadline: None, due_failed: 0, forgetting, grown }
    }

    /// Works until the queue is closed and empty.
    pub async fn run(mut self, mut queue: Receiver<Waiting>) {
        let mut waiting = Vec::with_capacity(BATCH_MAX);
        // What fell due while nobody worked is done first.
        self.record(&[]).await;
        loop {
            self.forgetting.turn(&self.connection).await;
            let taken = tokio::select! {
                taken = queue.recv_many(&mut waiting, BATCH_MAX) => taken,
                () = tokio::time::sleep(self.until_due().min(self.forgetting.rests().unwrap_or(SLEEP_MAX))) => {
                    self.record(&[]).await;
                    self.grown.send_modify(|times| *times += 1);
                    continue;
                }
            };
            if taken == 0 {
                return;
            }
            let asked = waiting.drain(..).map(|Waiting { act, answer, span }| (act, (answer, span)));
            let (acts, asked): (Vec<_>, Vec<_>) = asked.unzip();
            let (mut rest, mut asked) = (acts.as_slice(), asked.into_iter());
            while !rest.is_empty() {
                let begun = std::time::Instant::now();
                let span = batch_span(asked.as_slice().iter().map(|(_, span)| span));
                let outcomes = self.record(rest).instrument(span).await;
                measured::batch(outcomes.len(), begun.elapsed());
                self.grown.send_modify(|times| *times += 1);
                rest = rest.get(outcomes.len()..).unwrap_or_default();
                for (outcome, (answer, _)) in outcomes.into_iter().zip(asked.by_ref()) {
                    if let Err(error @ (PerformError::Busy | PerformError::OutcomeUnknown | PerformError::Fault(_))) =
                        &outcome
                    {
                        measured::failed(error);
                    }
                    // Whoever asked may have gone; what is recorded stays recorded, and asking again tells.
                    drop(answer.send(outcome));
                }
            }
        }
    }

    /// Records the first of some acts, as many as there is time for, as one batch; on a fault each alone, so that only
    /// the one at fault fails.
    async fn record(&mut self, acts: &[Prepared]) -> Vec<Answer> {
        let failed = match self.attempt(acts).await {
            Ok(answers) => return answers,
            Err(BatchFailed::Locked(_)) => return acts.iter().map(|_| Err(PerformError::Busy)).collect(),
            Err(failed) => failed,
        };
        tracing::warn!(error = %failed, acts = acts.len(), "a batch failed; each act is tried alone");
        let (before, is_lost) = match &failed {
            BatchFailed::AtCommit(_) => (Before::Unknown, true),
            BatchFailed::Before(fault) => (Before::NothingRecorded, fault.is_out_of_reach()),
            BatchFailed::Locked(_) => (Before::NothingRecorded, false),
        };
        if is_lost && let Err(error) = self.reconnect().await {
            tracing::error!(%error, ?before, "the database cannot be reached");
            // A database that is away fails at anything; one that can be reached again failed at what fell due.
            self.due_failed = self.due_failed.saturating_sub(1);
            return acts.iter().map(|_| Err(before.unreachable())).collect();
        }
        let mut answers = Vec::with_capacity(acts.len());
        for act in acts {
            answers.push(self.record_alone(act, before).await);
        }
        answers
    }

    /// Records one act. One that was recorded after all is found by its id, under the lock, and gets its receipt.
    async fn record_alone(&mut self, act: &Prepared, before: Before) -> Answer {
        match self.attempt(std::slice::from_ref(act)).await {
            Ok(mut one) => one.pop().unwrap_or(Err(PerformError::OutcomeUnknown)),
            Err(BatchFailed::AtCommit(error)) => {
                tracing::error!(%error, act = %act.act.envelope.id, "the outcome of the commit is not known");
                if let Err(error) = self.reconnect().await {
                    tracing::error!(%error, "the database cannot be reached");
                }
                Err(PerformError::OutcomeUnknown)
            }
            // That this attempt recorded nothing says nothing of the one before it.
            Err(BatchFailed::Before(_) | BatchFailed::Locked(_)) if before == Before::Unknown => {
                Err(PerformError::OutcomeUnknown)
            }
            Err(BatchFailed::Locked(_)) => Err(PerformError::Busy),
            Err(BatchFailed::Before(fault)) => Err(PerformError::Fault(fault)),
        }
    }

    /// Records acts, unless another server is written to by now: what is on its way to the one before is given up, and
    /// whether it arrived is to be asked.
    async fn attempt(&mut self, acts: &[Prepared]) -> Result<Vec<Answer>, BatchFailed> {
        let (mut seats, seat) = (self.seats.clone(), self.seat);
        let moved = async { drop(seats.wait_for(|now| *now != seat).await) };
        tokio::select! {
            done = self.attempt_here(acts) => done,
            () = moved => Err(BatchFailed::AtCommit(DbErr::Custom("another server is written to".to_owned()))),
        }
    }

    /// Records acts after all that has fallen due.
    async fn attempt_here(&mut self, acts: &[Prepared]) -> Result<Vec<Answer>, BatchFailed> {
        let mut due = WhatIsDue::ComesFirst;
        loop {
            let known = self.deadline.take();
            match Batch::record(&self.connection, acts, known, due).await? {
                Outcome::Recorded(recorded) => {
                    self.deadline = Some(recorded.deadline);
                    measured::newest(recorded.deadline.head);
                    recorded.answers.iter().for_each(|answer| measured::decided(answer, recorded.after));
                    if recorded.erased {
                        self.forgetting = Forgetting::unknown();
                    }
                    return Ok(recorded.answers);
                }
                Outcome::DueFirst(now) if self.do_due(now).await? => {}
                Outcome::DueFirst(_) => due = WhatIsDue::MayWait,
            }
        }
    }

    /// Does what has fallen due by an instant, as much as one batch holds; whether there was any. What the database
    /// fails at is found by trying each alone.
    async fn do_due(&mut self, now: Instant) -> Result<bool, BatchFailed> {
        let fallen = fallen(&self.connection, now, &self.key).await?;
        if fallen.is_empty() {
            return Ok(false);
        }
        match Batch::record_due(&self.connection, &fallen).await {
            Ok(deadline) => (self.deadline, self.due_failed) = (Some(deadline), 0),
            Err(BatchFailed::Before(fault)) if is_lasting(&fault) || self.due_failed >= DUE_TRIES_MAX => {
                tracing::warn!(error = %fault, due = fallen.len(), "what has fallen due failed; each is tried alone");
                for one in &fallen {
                    self.do_alone(one).await?;
                }
                self.due_failed = 0;
            }
            Err(failed) => {
                self.due_failed += u32::from(matches!(failed, BatchFailed::Before(_)));
                return Err(failed);
            }
        }
        Ok(true)
    }

    /// Does one thing that has fallen due. Where the database fails at it, it is refused: nobody waits for it for ever.
    async fn do_alone(&self, one: &Fallen) -> Result<(), BatchFailed> {
        let fault = match Batch::record_due(&self.connection, std::slice::from_ref(one)).await {
            Err(BatchFailed::Before(fault)) if is_lasting(&fault) || self.due_failed >= DUE_TRIES_MAX => fault,
            other => return other.map(drop),
        };
        tracing::error!(error = %fault, act = %one.due.act.envelope.id, "the database fails at what has fallen due");
        let refused = Refused::new(ErrorCode::Internal);
        match Batch::record_due(&self.connection, &[one.refused(refused.clone())]).await {
            Err(BatchFailed::Before(_)) => Batch::give_up(&self.connection, one, &refused).await,
            other => other.map(drop),
        }
    }

    async fn reconnect(&mut self) -> Result<(), crate::OpenError> {
        (self.connection, self.seat) = self.servers.writer().await?;
        self.forgetting = Forgetting::unknown();
        Ok(())
    }

    /// How long nothing falls due, by this host's clock; that of the database is seconds from it at most.
    fn until_due(&self) -> Duration {
        let Some(deadline) = self.deadline else { return SLEEP_UNKNOWING };
        let Some(at) = deadline.at else { return SLEEP_MAX };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let at = Duration::from_micros(at.micros().max(0).unsigned_abs());
        at.saturating_sub(now).clamp(SLEEP_MIN, SLEEP_MAX)
    }
}

/// A batch is traced with the first of its acts; the others are named by it.
fn batch_span<'a>(mut asked: impl ExactSizeIterator<Item = &'a Span>) -> Span {
    let acts = asked.len();
    let span = tracing::info_span!(parent: asked.next().and_then(Span::id), "batch", acts);
    for other in asked {
        span.follows_from(other);
    }
    span
}

/// Whether a fault lies in what was to be done, so that trying again would end alike.
fn is_lasting(fault: &PersistenceError) -> bool {
    match fault {
        PersistenceError::Corrupt { .. } => true,
        PersistenceError::Database(error) => !is_passing(error),
        PersistenceError::Stopped
        | PersistenceError::Unreachable
        | PersistenceError::Format { .. }
        | PersistenceError::NotMigrated
        | PersistenceError::Clocks { .. } => false,
    }
}
