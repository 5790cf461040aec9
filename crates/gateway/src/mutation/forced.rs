//! Acts under a fault that a sandbox was asked for; elsewhere, acts as they are.

use std::collections::HashSet;

use async_graphql::Context;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{Act, Receipt, Refused};
use yulin_persistence::{PerformError, Registry};

use crate::http::ActFault;
use crate::request::registry;

type Outcome = Result<Receipt, PerformError>;

/// Records acts, each on its own; the outcomes in their order.
pub(super) async fn performed(ctx: &Context<'_>, acts: Vec<Act>) -> Vec<Outcome> {
    let registry = registry(ctx);
    match ctx.data_opt::<ActFault>() {
        None => registry.perform_all(acts).await,
        Some(ActFault::Busy) => acts.iter().map(|_| Err(PerformError::Busy)).collect(),
        Some(ActFault::Refuse(code)) => refused(registry, acts, *code).await,
        Some(ActFault::OutcomeUnknown) => registry.perform_all(acts).await.into_iter().map(unknown).collect(),
    }
}

/// What was decided is not told; what was not decided is.
fn unknown(outcome: Outcome) -> Outcome {
    match outcome {
        Ok(_) | Err(PerformError::Refused(_)) => Err(PerformError::OutcomeUnknown),
        Err(
            error @ (PerformError::Malformed(_)
            | PerformError::Busy
            | PerformError::OutcomeUnknown
            | PerformError::Fault(_)),
        ) => Err(error),
    }
}

/// Refuses acts without deciding them. One that is recorded already keeps its receipt: no registry takes that back, and
/// a client that retries must be able to rely on it.
async fn refused(registry: &Registry, acts: Vec<Act>, code: ErrorCode) -> Vec<Outcome> {
    let ids: Vec<_> = acts.iter().map(|act| act.envelope.id).collect();
    let Ok(recorded) = registry.acts_by_ids(&ids).await else { return registry.perform_all(acts).await };
    let recorded: HashSet<_> = recorded.iter().map(|entry| entry.header.act_id).collect();
    let mut outcomes = Vec::with_capacity(acts.len());
    for act in acts {
        outcomes.push(if recorded.contains(&act.envelope.id) {
            registry.perform(act).await
        } else {
            Err(PerformError::Refused(Refused::new(code).with("sandbox", "asked for by Yulin-Fault or a plan")))
        });
    }
    outcomes
}
