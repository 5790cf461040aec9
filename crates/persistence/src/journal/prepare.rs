//! What is done before the queue, since it depends on the request alone: hashing, sealing, projecting.

use hmac::{Hmac, Mac};
use rand::RngCore;
use sea_orm::{AccessMode, IsolationLevel, TransactionTrait};
use sha2::Sha256;
use tokio::sync::{mpsc::error::TrySendError, oneshot};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{
    Act, Change, Digest, EVIDENCE_MAX, LEGS_MAX, PreparedFootprints, Receipt, Refused, Unsealed, canonical_bytes,
    decide_entry,
};
use yulin_domain::quantity::Instant;

use crate::dialect::clock;
use crate::error::{PerformError, PersistenceError};
use crate::journal::grids::Grids;
use crate::journal::head::{head_of, row};
use crate::record::load;
use crate::registry::{Registry, Waiting};

/// An act ready for the queue.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// As it will stand in the journal, personal data sealed.
    pub act: Act,
    pub footprints: PreparedFootprints,
    pub request_hash: Digest,
    pub unsealed: Vec<Unsealed>,
}

/// What an act would do, as of an entry.
#[derive(Debug, Clone)]
pub struct Preview {
    pub seq: i64,
    pub changes: Vec<Change>,
}

impl Registry {
    /// Records an act; answers when it is durable.
    pub async fn perform(&self, act: Act) -> Result<Receipt, PerformError> {
        let mut answers = self.perform_all(vec![act]).await;
        answers.pop().unwrap_or(Err(PerformError::Busy))
    }

    /// Records a list of acts, each on its own; answers in the order of the list.
    pub async fn perform_all(&self, acts: Vec<Act>) -> Vec<Result<Receipt, PerformError>> {
        let grids = match Grids::of(self.reader(), &acts).await {
            Ok(grids) => grids,
            Err(fault) => {
                let told = fault.to_string();
                let failed = || PersistenceError::Database(sea_orm::DbErr::Custom(told.clone())).into();
                return acts.iter().map(|_| Err(failed())).collect();
            }
        };
        let key = self.server_key();
        let queued: Vec<_> = acts.into_iter().map(|act| self.queue_up(prepare(act, &grids, &key)?)).collect();
        let mut answers = Vec::with_capacity(queued.len());
        for queued in queued {
            answers.push(match queued {
                // An answer that never comes leaves the outcome to be asked for again.
                Ok(answer) => answer.await.unwrap_or(Err(PerformError::OutcomeUnknown)),
                Err(error) => Err(error),
            });
        }
        answers
    }

    /// Decides an act on a read snapshot; consumes no id, takes no lock, writes nothing.
    pub async fn preview(&self, act: Act) -> Result<Preview, PerformError> {
        let grids = Grids::of(self.reader(), [&act]).await?;
        let prepared = prepare(act, &grids, &self.server_key())?;
        let begun = self.reader().begin_with_config(Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly));
        let transaction = begun.await.map_err(PersistenceError::from)?;
        let head = head_of(&row(&transaction).await?)?;
        let now = clock(&transaction).await.map_err(PersistenceError::from)?;
        let now = Instant::from_micros(now.max(head.recorded_at.micros() + 1));
        let mut set = load(&transaction, &[(&prepared.act, &prepared.footprints)]).await?;
        let decided = decide_entry(&mut set, &prepared.act, &prepared.footprints, now, head.seq + 1);
        transaction.rollback().await.map_err(PersistenceError::from)?;
        let changes = decided.map_err(PerformError::Refused)?.changes;
        Ok(Preview { seq: head.seq, changes })
    }

    fn queue_up(&self, act: Prepared) -> Result<oneshot::Receiver<Result<Receipt, PerformError>>, PerformError> {
        let (answer, answered) = oneshot::channel();
        let queue = self.queue().ok_or(PersistenceError::Stopped)?;
        match queue.try_send(Waiting { act, answer }) {
            Ok(()) => Ok(answered),
            Err(TrySendError::Full(_)) => Err(PerformError::Busy),
            Err(TrySendError::Closed(_)) => Err(PersistenceError::Stopped.into()),
        }
    }
}

fn prepare(mut act: Act, grids: &Grids, key: &[u8; 32]) -> Result<Prepared, PerformError> {
    let malformed = |field: &str| PerformError::Malformed(Refused::new(ErrorCode::Validation).at(field));
    if act.legs.is_empty() || act.legs.len() > LEGS_MAX {
        return Err(malformed("legs"));
    }
    if act.envelope.evidence.len() > EVIDENCE_MAX {
        return Err(malformed("evidence"));
    }
    let canonical = canonical_bytes(&act).map_err(|_| malformed("act"))?;
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).map_err(|_| malformed("act"))?;
    mac.update(&canonical);
    let request_hash = Digest(mac.finalize().into_bytes().into());
    let footprints = grids.prepare(&act).map_err(PerformError::Malformed)?;
    let unsealed = act.seal_personal(|| {
        let mut salt = [0; 32];
        rand::rng().fill_bytes(&mut salt);
        salt
    });
    Ok(Prepared { act, footprints, request_hash, unsealed })
}
