//! What belongs to one request: who asks, and as of which entry everything is answered.
//!
//! The HTTP layer puts these values into the request; resolvers take them from here and nowhere else.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use async_graphql::{Context, Error};
use futures_util::future::BoxFuture;
use tokio::sync::{OnceCell, OwnedSemaphorePermit};
use yulin_domain::codes::Role;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{PartyId, Refused};
use yulin_domain::quantity::Instant;
use yulin_persistence::{AsOf, Identity, RecordedAt, Registry, Snapshot, SnapshotRefused};

use crate::errors::{beyond_head, refused_error, snapshot_error};
use crate::scalars::{AsOfInput, GeoJson};

/// How often, and how far apart, it is looked whether an entry that the client has seen is known here, and how many entries
/// off it may be.
const CATCH_UP_LOOKS: u32 = 20;
const CATCH_UP_PAUSE: Duration = Duration::from_millis(50);
const SOON: i64 = 1_000;

/// The most bytes of an answer. Outlines are counted while they are written, the rest when it is sent.
pub const ANSWER_MAX: usize = 32 * 1024 * 1024;

/// Who asks.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// None for the anonymous public.
    pub identity: Option<Identity>,
    /// The role in which he asks; PUBLIC when anonymous.
    pub role: Role,
}

impl Viewer {
    /// The anonymous public.
    pub const fn public() -> Self {
        Self { identity: None, role: Role::Public }
    }

    /// The viewer whom a key identifies.
    pub fn of(identity: Identity) -> Self {
        Self { role: identity.role, identity: Some(identity) }
    }

    /// The party whose own data an ENTERPRISE reads.
    pub fn own_party(&self) -> Option<PartyId> {
        (self.role == Role::Enterprise).then(|| self.identity.as_ref()?.party).flatten()
    }
}

/// When the token of a provider ends, by which the viewer came.
#[derive(Debug, Clone, Copy)]
pub struct SessionUntil(pub Instant);

/// The secret of the key by which the viewer came; what goes on for long asks again whether it is still good.
#[derive(Clone)]
pub struct Bearer(pub String);

/// How the questions of one caller wait for each other, and for his allowance.
pub trait InTurn: Send + Sync {
    /// Waits for a place among his questions, which is held until it is dropped.
    fn turn(&self) -> BoxFuture<'_, Option<OwnedSemaphorePermit>>;

    /// How long he rests before he is told more, where his allowance is used up.
    fn rest(&self) -> Duration;
}

/// The turns of whoever asks for many answers.
#[derive(Clone)]
pub struct Turns(pub Arc<dyn InTurn>);

/// The least `seq` the answer must know of: what the client has read or written before.
#[derive(Debug, Clone, Copy, Default)]
pub struct PinnedAt {
    pub at_least: Option<i64>,
}

/// The snapshot of an operation: taken by whichever field reads first, used by all.
///
/// Clones share it: the HTTP layer keeps one to tell the `seq` once the operation is over.
#[derive(Debug, Clone, Default)]
pub struct OperationSeq(Arc<Taken>);

#[derive(Debug, Default)]
struct Taken {
    present: OnceCell<Snapshot>,
    asked: OnceCell<i64>,
    /// The greatest entry that the operation recorded; 0 where it recorded none.
    recorded: AtomicI64,
}

impl OperationSeq {
    /// The `seq` as of which the operation answered, or up to which it wrote; none where it did neither.
    pub fn seq(&self) -> Option<i64> {
        let read = self.0.present.get().map(|snapshot| snapshot.seq).or_else(|| self.0.asked.get().copied());
        let recorded = self.0.recorded.load(Ordering::Relaxed);
        read.max((recorded > 0).then_some(recorded))
    }

    /// Takes in that the operation recorded an entry.
    pub fn recorded(&self, seq: i64) {
        self.0.recorded.fetch_max(seq, Ordering::Relaxed);
    }
}

/// The bytes of the outlines of an answer, counted while it is made: what is too large is given up, not held whole.
#[derive(Debug, Default)]
pub struct AnswerSize(AtomicUsize);

impl AnswerSize {
    /// Takes in an outline, where it still has room.
    pub fn with(&self, outline: GeoJson) -> Result<GeoJson, Refused> {
        let before = self.0.fetch_add(outline.0.len(), Ordering::Relaxed);
        if before.saturating_add(outline.0.len()) > ANSWER_MAX {
            return Err(Refused::new(ErrorCode::LimitExceeded).at("query").with("maxBytes", ANSWER_MAX));
        }
        Ok(outline)
    }
}

/// An outline as part of the answer.
pub fn outline(ctx: &Context<'_>, geojson: String) -> Result<GeoJson, Error> {
    match ctx.data_opt::<AnswerSize>() {
        Some(size) => size.with(GeoJson(geojson)).map_err(|refused| refused_error(&refused)),
        None => Ok(GeoJson(geojson)),
    }
}

/// The viewer of this request; the public where none was named.
pub fn viewer(ctx: &Context<'_>) -> Viewer {
    ctx.data_opt::<Viewer>().cloned().unwrap_or_else(Viewer::public)
}

/// The registry behind the schema.
pub fn registry<'a>(ctx: &Context<'a>) -> &'a Registry {
    ctx.data_unchecked::<Registry>()
}

/// The snapshot of a field: the operation's own, unless `asOf` names another.
pub async fn snapshot(ctx: &Context<'_>, as_of: Option<AsOfInput>) -> Result<Snapshot, Error> {
    let as_of = as_of.map(AsOfInput::read).transpose()?.unwrap_or_default();
    if as_of.recorded.is_some() {
        return snapshot_at(ctx, as_of).await;
    }
    let present = present(ctx).await?;
    Ok(Snapshot { valid: as_of.valid.unwrap_or(present.valid), ..present })
}

/// The snapshot at an entry that is named.
pub async fn snapshot_at(ctx: &Context<'_>, as_of: AsOf) -> Result<Snapshot, Error> {
    let snapshot = registry(ctx).snapshot(as_of, None).await.map_err(|refused| snapshot_error(&refused))?;
    if let Some(operation) = ctx.data_opt::<OperationSeq>() {
        // Another field may have named its own before; the first one stands.
        let _ = operation.0.asked.set(snapshot.seq);
    }
    Ok(snapshot)
}

/// As a cursor names it: the entry and the instant of valid time.
pub fn pinned(seq: i64, valid: yulin_domain::quantity::Instant) -> AsOf {
    AsOf { valid: Some(valid), recorded: Some(RecordedAt::Seq(seq)) }
}

async fn present(ctx: &Context<'_>) -> Result<Snapshot, Error> {
    let at_least = ctx.data_opt::<PinnedAt>().and_then(|pinned| pinned.at_least);
    let take = || async move { caught_up(registry(ctx), at_least).await };
    match ctx.data_opt::<OperationSeq>() {
        Some(operation) => operation.0.present.get_or_try_init(take).await.copied(),
        None => take().await,
    }
}

/// The present, which knows of what the client has seen, wherever it is read. What is about to be recorded is waited for;
/// what lies further off is refused at once.
pub async fn caught_up(registry: &Registry, at_least: Option<i64>) -> Result<Snapshot, Error> {
    let mut looks = 0;
    loop {
        looks += 1;
        match registry.snapshot(AsOf::default(), at_least).await {
            Ok(snapshot) => return Ok(snapshot),
            Err(SnapshotRefused::BeyondHead { asked, head }) => {
                if looks >= CATCH_UP_LOOKS || asked.saturating_sub(head) > SOON {
                    return Err(beyond_head("Yulin-Seq", asked, head));
                }
                tokio::time::sleep(CATCH_UP_PAUSE).await;
            }
            Err(
                refused @ (SnapshotRefused::BeforeBeginning(_)
                | SnapshotRefused::NotOver { .. }
                | SnapshotRefused::Fault(_)),
            ) => {
                return Err(snapshot_error(&refused));
            }
        }
    }
}
