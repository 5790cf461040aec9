//! What belongs to one request: who asks, and as of which entry everything is answered.
//!
//! The HTTP layer puts these values into the request; resolvers take them from here and nowhere else.

use async_graphql::{Context, Error};
use tokio::sync::OnceCell;
use yulin_domain::codes::Role;
use yulin_domain::journal::PartyId;
use yulin_persistence::{AsOf, Identity, RecordedAt, Registry, Snapshot};

use crate::errors::snapshot_error;
use crate::scalars::AsOfInput;

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

/// The least `seq` the answer must know of: what the client has read or written before.
#[derive(Debug, Clone, Copy, Default)]
pub struct PinnedAt {
    pub at_least: Option<i64>,
}

/// The snapshot of an operation: taken by whichever field reads first, used by all.
#[derive(Debug, Default)]
pub struct OperationSeq {
    present: OnceCell<Snapshot>,
    asked: OnceCell<i64>,
}

impl OperationSeq {
    /// The `seq` as of which the operation answered; none where nothing was read.
    pub fn seq(&self) -> Option<i64> {
        self.present.get().map(|snapshot| snapshot.seq).or_else(|| self.asked.get().copied())
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
    match as_of.recorded {
        Some(_) => snapshot_at(ctx, as_of).await,
        None => {
            let present = present(ctx).await?;
            match as_of.valid {
                None => Ok(present),
                Some(valid) => Ok(Snapshot { valid, ..present }),
            }
        }
    }
}

/// The snapshot at an entry that is named.
pub async fn snapshot_at(ctx: &Context<'_>, as_of: AsOf) -> Result<Snapshot, Error> {
    let snapshot = registry(ctx).snapshot(as_of, None).await.map_err(|refused| snapshot_error(&refused))?;
    if let Some(operation) = ctx.data_opt::<OperationSeq>() {
        // Another field may have named its own before; the first one stands.
        let _ = operation.asked.set(snapshot.seq);
    }
    Ok(snapshot)
}

/// As a cursor names it: the entry and the instant of valid time.
pub fn pinned(seq: i64, valid: yulin_domain::quantity::Instant) -> AsOf {
    AsOf { valid: Some(valid), recorded: Some(RecordedAt::Seq(seq)) }
}

async fn present(ctx: &Context<'_>) -> Result<Snapshot, Error> {
    let at_least = ctx.data_opt::<PinnedAt>().and_then(|pinned| pinned.at_least);
    let take = || async move {
        let taken = registry(ctx).snapshot(AsOf::default(), at_least).await;
        taken.map_err(|refused| snapshot_error(&refused))
    };
    match ctx.data_opt::<OperationSeq>() {
        Some(operation) => operation.present.get_or_try_init(take).await.copied(),
        None => take().await,
    }
}
