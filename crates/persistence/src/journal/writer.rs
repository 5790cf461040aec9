//! The writer: one task that takes what waits, decides it in one order, commits once and answers all.

use std::time::Duration;

use sea_orm::DatabaseConnection;
use tokio::sync::mpsc::Receiver;
use yulin_domain::journal::Receipt;
use yulin_domain::quantity::Instant;

use super::batch::{Batch, BatchFailed};
use super::prepare::Prepared;
use crate::database;
use crate::dialect;
use crate::error::{PerformError, PersistenceError};
use crate::registry::Waiting;

/// Acts that one transaction records.
const BATCH_MAX: usize = 500;
/// The longest the writer sleeps: another gateway may have recorded something that falls due sooner.
const SLEEP_MAX: Duration = Duration::from_secs(30);
/// The least it sleeps when something is due that it could not do.
const SLEEP_MIN: Duration = Duration::from_secs(1);

type Answer = Result<Receipt, PerformError>;

/// The one who writes.
#[derive(Debug)]
pub struct Writer {
    connection: DatabaseConnection,
    url: String,
}

impl Writer {
    /// A writer on its own connection.
    pub const fn new(connection: DatabaseConnection, url: String) -> Self {
        Self { connection, url }
    }

    /// Works until the queue is closed and empty.
    pub async fn run(mut self, mut queue: Receiver<Waiting>) {
        let mut waiting = Vec::with_capacity(BATCH_MAX);
        loop {
            let sleep = self.until_due().await;
            let taken = tokio::select! {
                taken = queue.recv_many(&mut waiting, BATCH_MAX) => taken,
                () = tokio::time::sleep(sleep) => {
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
        let failed = match Batch::record(&self.connection, acts).await {
            Ok(answers) => return answers,
            Err(failed) => failed,
        };
        tracing::warn!(error = %failed, acts = acts.len(), "a batch failed; each act is tried alone");
        if let BatchFailed::AtCommit(_) = failed
            && let Err(error) = self.reconnect().await
        {
            tracing::error!(%error, "the database cannot be reached after a commit of unknown outcome");
            return acts.iter().map(|_| Err(PerformError::OutcomeUnknown)).collect();
        }
        let mut answers = Vec::with_capacity(acts.len());
        for act in acts {
            // An act that was recorded after all is found by its id and gets its receipt.
            let answer = Batch::record(&self.connection, std::slice::from_ref(act)).await;
            answers.push(match answer {
                Ok(mut one) => one.pop().unwrap_or(Err(PerformError::OutcomeUnknown)),
                Err(BatchFailed::AtCommit(_)) => Err(PerformError::OutcomeUnknown),
                Err(BatchFailed::Before(fault)) => Err(PerformError::Fault(fault)),
            });
        }
        answers
    }

    async fn reconnect(&mut self) -> Result<(), crate::OpenError> {
        self.connection = database::connect_writer(&self.url).await?;
        Ok(())
    }

    /// How long nothing falls due.
    async fn until_due(&self) -> Duration {
        match self.next_due().await {
            Ok(None) => SLEEP_MAX,
            Ok(Some(micros)) => Duration::from_micros(micros.unsigned_abs()).clamp(SLEEP_MIN, SLEEP_MAX),
            Err(error) => {
                tracing::warn!(%error, "what falls due is not known");
                SLEEP_MAX
            }
        }
    }

    async fn next_due(&self) -> Result<Option<i64>, PersistenceError> {
        let Some(due) = super::batch::next_due(&self.connection).await? else { return Ok(None) };
        let now = Instant::from_micros(dialect::clock(&self.connection).await?);
        Ok(Some((due.micros() - now.micros()).max(0)))
    }
}
