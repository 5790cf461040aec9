//! What many followers read at the same moment is read once.
//!
//! A moment begins when the journal has grown, and is over after a second at the latest: whatever is asked in it, of the
//! database or of a key, was asked after it began. So a follower who was told of growth reads nothing older than that,
//! and a key that was revoked opens nothing for longer than a second.
//!
//! What is shared is read by a task of its own for each who waits: a follower whose client stops reading holds up nobody.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_graphql::Error;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;
use tracing::Instrument as _;
use yulin_domain::codes::Role;
use yulin_domain::journal::PrincipalId;
use yulin_persistence::{AsOf, Feed, FeedBatch, FeedScope, Identity, Registry, Snapshot, SnapshotRefused};

use super::follower::granted;
use super::scope::scope_of;
use crate::errors::{beyond_head, fault, snapshot_error};
use crate::request::Viewer;

/// How long a moment may last.
const MOMENT_MAX: Duration = Duration::from_secs(1);
/// Answers of one kind that a moment holds; whoever asks for more asks for himself.
const HELD_MAX: usize = 20_000;

/// The moments of one gateway; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Moments(Arc<Mutex<Option<Arc<Moment>>>>);

/// What is read in one moment.
#[derive(Debug)]
pub struct Moment {
    growth: u64,
    begun: Instant,
    snapshot: Arc<OnceCell<Snapshot>>,
    scopes: Held<(Option<Identity>, Role), FeedScope>,
    keys: Held<[u8; 32], Option<Identity>>,
    grants: Held<(PrincipalId, Role), Option<Identity>>,
    batches: Held<(String, i64, i64, usize), Arc<FeedBatch>>,
}

/// Answers by what was asked, each asked for once.
type Held<K, V> = Mutex<HashMap<K, Arc<OnceCell<V>>>>;

impl Moments {
    /// The present moment, for whoever has been told of that much growth.
    pub fn present(&self, growth: u64) -> Arc<Moment> {
        let mut present = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let standing = present.as_ref().filter(|one| one.growth >= growth && one.begun.elapsed() < MOMENT_MAX);
        let moment = standing.cloned().unwrap_or_else(|| Arc::new(Moment::begin(growth)));
        *present = Some(Arc::clone(&moment));
        moment
    }
}

impl Moment {
    fn begin(growth: u64) -> Self {
        let (scopes, keys, grants, batches) = (Mutex::default(), Mutex::default(), Mutex::default(), Mutex::default());
        Self { growth, begun: Instant::now(), snapshot: Arc::default(), scopes, keys, grants, batches }
    }

    /// The newest entry; read anew for who has seen more than this moment holds.
    pub async fn snapshot(&self, registry: &Registry, (after, seen): (i64, i64)) -> Result<Snapshot, Error> {
        let at_least = after.max(seen);
        let newest = |at_least| {
            let registry = registry.clone();
            async move { registry.snapshot(AsOf::default(), at_least).await.map_err(|why| not_there(&why, after)) }
        };
        let snapshot = once(&self.snapshot, || newest(None)).await?;
        if snapshot.seq >= at_least { Ok(snapshot) } else { newest(Some(at_least)).await }
    }

    /// What a viewer may follow as of a snapshot.
    pub async fn scope(&self, registry: &Registry, snapshot: &Snapshot, viewer: &Viewer) -> Result<FeedScope, Error> {
        let read = || {
            let (registry, snapshot, viewer) = (registry.clone(), *snapshot, viewer.clone());
            async move { scope_of(&registry, &snapshot, &viewer).await }
        };
        // What is read as of another entry is not shared.
        let is_shared = self.snapshot.get() == Some(snapshot);
        let cell = is_shared.then(|| held(&self.scopes, (viewer.identity.clone(), viewer.role))).flatten();
        at_most_once(cell, read).await
    }

    /// Whom a key identifies.
    pub async fn identity(&self, registry: &Registry, token: &str) -> Result<Option<Identity>, Error> {
        let read = || {
            let (registry, key) = (registry.clone(), token.to_owned());
            async move { registry.authenticate(&key).await.map_err(|why| fault(&why)) }
        };
        at_most_once(held(&self.keys, Sha256::digest(token.as_bytes()).into()), read).await
    }

    /// Who a principal is in a role, as long as that is granted.
    pub async fn granted(
        &self,
        registry: &Registry,
        principal: PrincipalId,
        role: Role,
    ) -> Result<Option<Identity>, Error> {
        let read = || {
            let registry = registry.clone();
            async move { granted(&registry, principal, role).await }
        };
        at_most_once(held(&self.grants, (principal, role)), read).await
    }

    /// A piece of a feed, by the feed's name.
    pub async fn batch(
        &self,
        registry: &Registry,
        (name, feed): (&str, &Feed),
        snapshot: &Snapshot,
        (after, size): (i64, usize),
    ) -> Result<Arc<FeedBatch>, Error> {
        let cell = held(&self.batches, (name.to_owned(), after, snapshot.seq, size));
        let read = || {
            let (registry, snapshot, feed) = (registry.clone(), *snapshot, feed.clone());
            async move { registry.feed(&snapshot, &feed, after, size).await.map(Arc::new).map_err(|why| fault(&why)) }
        };
        at_most_once(cell, read).await
    }
}

/// `AS_OF_BEYOND_HEAD`, of where a follower is or of what he has seen elsewhere, or what else was in the way.
fn not_there(why: &SnapshotRefused, after: i64) -> Error {
    match why {
        SnapshotRefused::BeyondHead { asked, head } => {
            beyond_head(if after > *head { "after" } else { "Yulin-Seq" }, *asked, *head)
        }
        other => snapshot_error(other),
    }
}

async fn at_most_once<V: Clone + Send + Sync + 'static, R>(
    cell: Option<Arc<OnceCell<V>>>,
    read: impl FnOnce() -> R,
) -> Result<V, Error>
where
    R: Future<Output = Result<V, Error>> + Send + 'static,
{
    match cell {
        Some(cell) => once(&cell, read).await,
        None => read().await,
    }
}

/// An answer that is read once, whoever of those that wait for it goes away or stands still.
async fn once<V: Clone + Send + Sync + 'static, R>(
    cell: &Arc<OnceCell<V>>,
    read: impl FnOnce() -> R,
) -> Result<V, Error>
where
    R: Future<Output = Result<V, Error>> + Send + 'static,
{
    if let Some(known) = cell.get() {
        return Ok(known.clone());
    }
    let (cell, read) = (Arc::clone(cell), read());
    let waiting = async move { cell.get_or_try_init(|| read).await.cloned() };
    tokio::spawn(waiting.in_current_span()).await.map_err(|why| fault(&why))?
}

/// The place of an answer; none where a moment holds as many as it may.
fn held<K: Eq + Hash, V>(answers: &Held<K, V>, asked: K) -> Option<Arc<OnceCell<V>>> {
    let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
    if answers.len() >= HELD_MAX && !answers.contains_key(&asked) {
        return None;
    }
    Some(Arc::clone(answers.entry(asked).or_default()))
}
