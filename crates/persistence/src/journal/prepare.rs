//! What is done before the queue, since it depends on the request alone: hashing, sealing, projecting.

use hmac::{Hmac, Mac};
use rand::RngCore;
use sha2::Sha256;
use tokio::sync::{mpsc::error::TrySendError, oneshot};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{
    Act, Digest, EVIDENCE_MAX, LEGS_MAX, PreparedFootprints, Receipt, Refused, Unsealed, canonical_bytes,
};

use crate::error::{PerformError, PersistenceError};
use crate::journal::grids::Grids;
use crate::measured;
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

impl Registry {
    /// Records an act; answers when it is durable.
    pub async fn perform(&self, act: Act) -> Result<Receipt, PerformError> {
        let mut answers = self.perform_all(vec![act]).await;
        answers.pop().unwrap_or(Err(PerformError::Busy))
    }

    /// Records a list of acts, each on its own; answers in the order of the list.
    pub async fn perform_all(&self, acts: Vec<Act>) -> Vec<Result<Receipt, PerformError>> {
        let count = acts.len();
        let prepared = match self.prepared(acts).await {
            Ok(prepared) => prepared,
            Err(fault) => {
                let (is_away, told) = (fault.is_out_of_reach(), fault.to_string());
                let failed = || {
                    let fault = PersistenceError::Database(sea_orm::DbErr::Custom(told.clone()));
                    if is_away { PersistenceError::Unreachable.into() } else { fault.into() }
                };
                return (0..count).map(|_| Err(failed())).collect();
            }
        };
        let queued: Vec<_> = prepared.into_iter().map(|act| self.queue_up(act?)).collect();
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

    /// Acts ready to be decided; each that cannot be understood has its refusal instead.
    pub(super) async fn prepared(
        &self,
        acts: Vec<Act>,
    ) -> Result<Vec<Result<Prepared, PerformError>>, PersistenceError> {
        let grids = Grids::of(self.primary(), &acts).await?;
        let key = self.server_key();
        Ok(acts.into_iter().map(|act| prepare(act, &grids, &key)).collect())
    }

    fn queue_up(&self, act: Prepared) -> Result<oneshot::Receiver<Result<Receipt, PerformError>>, PerformError> {
        let (answer, answered) = oneshot::channel();
        let queue = self.queue().ok_or(PersistenceError::Stopped)?;
        match queue.try_send(Waiting { act, answer, span: tracing::Span::current() }) {
            Ok(()) => Ok(answered),
            Err(TrySendError::Full(_)) => {
                measured::failed(&PerformError::Busy);
                Err(PerformError::Busy)
            }
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
    act.check_plain().map_err(PerformError::Malformed)?;
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
