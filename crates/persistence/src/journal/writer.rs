//! The writer: one task that takes what waits, decides it in one order, commits once and answers all.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sea_orm::DatabaseConnection;
use tokio::sync::mpsc::Receiver;

use super::batch::{Answer, Batch, BatchFailed};
use super::due::Deadline;
use super::prepare::Prepared;
use crate::database;
use crate::error::PerformError;
use crate::forget::Forgetting;
use crate::registry::Waiting;

/// Acts that one transaction records.
const BATCH_MAX: usize = 500;
/// The longest the writer sleeps: another gateway may have recorded something that falls due sooner.
const SLEEP_MAX: Duration = Duration::from_secs(30);
/// The least it sleeps when something is due that it could not do.
const SLEEP_MIN: Duration = Duration::from_millis(200);
/// How soon it looks where it does not know what falls due.
const SLEEP_UNKNOWING: Duration = Duration::from_secs(1);

/// The one who writes.
#[derive(Debug)]
pub struct Writer {
    connection: DatabaseConnection,
    url: String,
    /// What is known of what falls due, so that the database is not asked after every batch.
    deadline: Option<Deadline>,
    forgetting: Forgetting,
}

/// Whether an earlier attempt may have recorded the acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    NothingRecorded,
    Unknown,
}

impl Writer {
    /// A writer on its own connection.
    pub const fn new(connection: DatabaseConnection, url: String) -> Self {
        Self { connection, url, deadline: None, forgetting: Forgetting::unknown() }
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
                    continue;
                }
            };
            if taken == 0 {
                return;
            }
            let (acts, answers): (Vec<_>, Vec<_>) = waiting.drain(..).map(|one| (one.act, one.answer)).unzip();
            for (outcome, answer) in self.record(&acts).await.into_iter().zip(answers) {
                // Whoever asked may have gone; what is recorded stays recorded, and asking again tells.
                drop(answer.send(outcome));
            }
        }
    }

    /// Records acts as one batch; on a fault once more, each alone, so that only the one at fault fails.
    async fn record(&mut self, acts: &[Prepared]) -> Vec<Answer> {
        let failed = match self.attempt(acts).await {
            Ok(answers) => return answers,
            Err(failed) => failed,
        };
        tracing::warn!(error = %failed, acts = acts.len(), "a batch failed; each act is tried alone");
        let mut before = Before::NothingRecorded;
        if let BatchFailed::AtCommit(_) = failed {
            before = Before::Unknown;
            if let Err(error) = self.reconnect().await {
                tracing::error!(%error, "the database cannot be reached after a commit of unknown outcome");
                return acts.iter().map(|_| Err(PerformError::OutcomeUnknown)).collect();
            }
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
            Err(BatchFailed::Before(_)) if before == Before::Unknown => Err(PerformError::OutcomeUnknown),
            Err(BatchFailed::Before(fault)) => Err(PerformError::Fault(fault)),
        }
    }

    async fn attempt(&mut self, acts: &[Prepared]) -> Result<Vec<Answer>, BatchFailed> {
        let known = self.deadline.take();
        let recorded = Batch::record(&self.connection, acts, known).await?;
        self.deadline = Some(recorded.deadline);
        if recorded.erased {
            self.forgetting = Forgetting::unknown();
        }
        Ok(recorded.answers)
    }

    async fn reconnect(&mut self) -> Result<(), crate::OpenError> {
        self.connection = database::connect_writer(&self.url).await?;
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
