//! An act from the wire to the writer and back: authority, reading, performing or trying, the answer.
//!
//! Refusals are answers and come back as data; what was not decided is an error of the request.

use std::sync::Arc;

use async_graphql::{Context, Result};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{Act, ActBody, LEGS_MAX, Receipt, Refused};
use yulin_persistence::{PerformError, Registry};

use super::authority::{Actor, actor, authorised};
use super::envelope::{ActEnvelopeInput, Effect};
use super::forced::performed;
use super::payload::{ActDone, ActPayload, ActPreview, ActRefused};
use super::place::start_of;
use super::read::Read;
use super::recorded::Recorded;
use super::{ActBodyInput, journal::ActInput};
use crate::errors::{fault, perform_error, refused_error};
use crate::request::{OperationSeq, registry, viewer};

/// Acts that one list may hold.
pub(super) const ACTS_MAX: usize = 1_000;

/// Whether an act is to be recorded or only tried.
enum Intent {
    Record(Act),
    Try(Act),
}

/// Performs, or tries, an act of one leg.
pub(super) async fn one(ctx: &Context<'_>, act: ActEnvelopeInput, body: ActBodyInput) -> Result<ActPayload> {
    let intent = intent_of_one(ctx, &actor(&viewer(ctx))?, act, body).await?;
    answered(ctx, intent).await
}

/// Performs, or tries, a bundle: one entry, all legs or none.
pub(super) async fn bundle(ctx: &Context<'_>, act: ActEnvelopeInput, legs: Vec<ActBodyInput>) -> Result<ActPayload> {
    let intent = intent_of_bundle(ctx, &actor(&viewer(ctx))?, act, legs).await?;
    answered(ctx, intent).await
}

async fn intent_of_bundle(
    ctx: &Context<'_>,
    actor: &Actor,
    act: ActEnvelopeInput,
    legs: Vec<ActBodyInput>,
) -> Result<Intent> {
    authorised(actor, legs.iter().map(ActBodyInput::kind)).map_err(|refused| refused_error(&refused))?;
    if legs.is_empty() || legs.len() > LEGS_MAX {
        let refused = Refused::new(ErrorCode::BundleInvalid).at("legs").with("length", legs.len());
        return Err(refused_error(&refused.with("most", LEGS_MAX)));
    }
    intent(registry(ctx), actor, act, legs).await
}

async fn intent_of_one(ctx: &Context<'_>, actor: &Actor, act: ActEnvelopeInput, body: ActBodyInput) -> Result<Intent> {
    let barred = |refused: Refused| refused_error(&Refused { leg: None, ..refused });
    authorised(actor, [body.kind()]).map_err(barred)?;
    intent(registry(ctx), actor, act, vec![body]).await
}

/// Performs, or tries, each act of a list on its own; one that was not decided is null with an error of its own.
pub(super) async fn all(ctx: &Context<'_>, acts: Vec<ActInput>) -> Result<Vec<Option<Result<ActPayload>>>> {
    let (registry, actor) = (registry(ctx), actor(&viewer(ctx))?);
    if acts.len() > ACTS_MAX {
        let refused = Refused::new(ErrorCode::ListTooLong).at("acts").with("length", acts.len());
        return Err(refused_error(&refused.with("most", ACTS_MAX)));
    }
    let mut answers = Vec::with_capacity(acts.len());
    let (mut places, mut records) = (Vec::new(), Vec::new());
    for (place, act) in acts.into_iter().enumerate() {
        answers.push(match element(ctx, &actor, act).await {
            Ok(Intent::Record(act)) => {
                places.push((place, act.envelope.id));
                records.push(act);
                None
            }
            Ok(Intent::Try(act)) => Some(tried(registry, act).await),
            Err(error) => Some(Err(error)),
        });
    }
    // Queued together, so that the whole list may share a commit.
    let receipts = Recorded::of(registry, places.iter().map(|(_, id)| *id).collect());
    for ((place, _), outcome) in places.into_iter().zip(performed(ctx, records).await) {
        if let Some(answer) = answers.get_mut(place) {
            *answer = Some(told(ctx, outcome, &receipts));
        }
    }
    Ok(answers)
}

async fn element(ctx: &Context<'_>, actor: &Actor, ActInput { act, r#do, legs }: ActInput) -> Result<Intent> {
    match (r#do, legs) {
        (Some(body), None) => intent_of_one(ctx, actor, act, body).await,
        (None, Some(legs)) => intent_of_bundle(ctx, actor, act, legs).await,
        (None, None) => Err(refused_error(&Refused::new(ErrorCode::FieldRequired).at("do").with("either", "legs"))),
        (Some(_), Some(_)) => {
            Err(refused_error(&Refused::new(ErrorCode::Validation).at("legs").with("excludes", "do")))
        }
    }
}

/// Reads envelope and legs into an act of the domain.
async fn intent(
    registry: &Registry,
    actor: &Actor,
    envelope: ActEnvelopeInput,
    legs: Vec<ActBodyInput>,
) -> Result<Intent> {
    let refused = |refused: Refused| refused_error(&refused);
    let legs = read_legs(legs).map_err(refused)?;
    let effective_at = match envelope.effect().map_err(refused)? {
        Effect::Recorded => None,
        Effect::At(instant) => Some(instant),
        Effect::On(date) => Some(start_of(registry, date, &legs).await?),
    };
    let dry_run = envelope.dry_run;
    let act = Act { envelope: envelope.read(actor, effective_at).map_err(refused)?, legs };
    Ok(if dry_run { Intent::Try(act) } else { Intent::Record(act) })
}

/// Reads the legs; a fault in one of several names the leg.
fn read_legs(legs: Vec<ActBodyInput>) -> Read<Vec<ActBody>> {
    let several = legs.len() > 1;
    let read = |(leg, body): (usize, ActBodyInput)| {
        body.read().map_err(|refused| if several { refused.in_leg(leg) } else { refused })
    };
    legs.into_iter().enumerate().map(read).collect()
}

async fn answered(ctx: &Context<'_>, intent: Intent) -> Result<ActPayload> {
    let registry = registry(ctx);
    match intent {
        Intent::Record(act) => {
            let recorded = Recorded::of(registry, vec![act.envelope.id]);
            let outcome = performed(ctx, vec![act]).await.pop().unwrap_or(Err(PerformError::Busy));
            told(ctx, outcome, &recorded)
        }
        Intent::Try(act) => tried(registry, act).await,
    }
}

/// What became of an act: a receipt or a refusal; whatever was not decided is an error.
fn told(ctx: &Context<'_>, outcome: Result<Receipt, PerformError>, among: &Arc<Recorded>) -> Result<ActPayload> {
    match outcome {
        Ok(receipt) => {
            // The client presents it to read what it wrote, on whatever gateway.
            if let Some(operation) = ctx.data_opt::<OperationSeq>() {
                operation.recorded(receipt.seq);
            }
            Ok(ActDone::of(receipt, Arc::clone(among)).into())
        }
        Err(PerformError::Refused(refused)) => Ok(ActRefused(refused).into()),
        // It was decided once, for another; a conflict is data.
        Err(PerformError::Malformed(refused)) if refused.code == ErrorCode::IdReused => Ok(ActRefused(refused).into()),
        Err(
            error @ (PerformError::Malformed(_)
            | PerformError::Busy
            | PerformError::OutcomeUnknown
            | PerformError::Fault(_)),
        ) => Err(perform_error(&error)),
    }
}

/// What an act would do.
async fn tried(registry: &Registry, act: Act) -> Result<ActPayload> {
    let before = registry.head().await.map_err(|why| fault(&why))?.seq;
    match registry.preview(act).await {
        Ok(preview) => Ok(ActPreview::changing(preview).into()),
        Err(PerformError::Refused(refused)) => {
            let after = registry.head().await.map_err(|why| fault(&why))?.seq;
            // A refusal does not say what it was decided against; only an unmoved head does.
            Ok(ActPreview::refused(refused, (before == after).then_some(after)).into())
        }
        Err(
            error @ (PerformError::Malformed(_)
            | PerformError::Busy
            | PerformError::OutcomeUnknown
            | PerformError::Fault(_)),
        ) => Err(perform_error(&error)),
    }
}
