//! What many followers read at the same moment is read once.
//!
//! A moment begins when the journal has grown, and is over after a second at the latest: whatever is asked in it, of the
//! database or of a key, was asked after it began. So a follower who was told of growth reads nothing older than that,
//! and a key that was revoked opens nothing for longer than a second.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_graphql::Error;
use tokio::sync::OnceCell;
use yulin_domain::codes::Role;
use yulin_persistence::{AsOf, Feed, FeedBatch, FeedScope, Identity, Registry, Snapshot, SnapshotRefused};

use super::scope::scope_of;
use crate::errors::fault;
use crate::request::Viewer;

/// How long a moment may last.
const MOMENT_MAX: Duration = Duration::from_secs(1);
/// Answers of one kind that a moment holds; whoever asks for more asks for himself.
const HELD_MAX: usize = 512;

/// The moments of one gateway; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Moments(Arc<Mutex<Option<Arc<Moment>>>>);

/// What is read in one moment.
#[derive(Debug)]
pub struct Moment {
    growth: u64,
    begun: Instant,
    snapshot: OnceCell<Snapshot>,
    scopes: Held<(Option<Identity>, Role), Arc<FeedScope>>,
    keys: Held<String, Option<Identity>>,
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
        let (scopes, keys, batches) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { growth, begun: Instant::now(), snapshot: OnceCell::new(), scopes, keys, batches }
    }

    /// The newest entry; read anew for who has seen more than this moment holds.
    pub async fn snapshot(&self, registry: &Registry, at_least: i64) -> Result<Snapshot, SnapshotRefused> {
        let read = || registry.snapshot(AsOf::default(), None);
        let snapshot = *self.snapshot.get_or_try_init(read).await?;
        if snapshot.seq >= at_least { Ok(snapshot) } else { registry.snapshot(AsOf::default(), Some(at_least)).await }
    }

    /// What a viewer may follow as of a snapshot.
    pub async fn scope(
        &self,
        registry: &Registry,
        snapshot: &Snapshot,
        viewer: &Viewer,
    ) -> Result<Arc<FeedScope>, Error> {
        let read = || async { scope_of(registry, snapshot, viewer).await.map(Arc::new) };
        // What is read as of another entry is not shared.
        if self.snapshot.get() != Some(snapshot) {
            return read().await;
        }
        match held(&self.scopes, (viewer.identity, viewer.role)) {
            Some(cell) => cell.get_or_try_init(read).await.cloned(),
            None => read().await,
        }
    }

    /// Whom a key identifies.
    pub async fn identity(&self, registry: &Registry, token: &str) -> Result<Option<Identity>, Error> {
        let read = || async { registry.authenticate(token).await.map_err(|why| fault(&why)) };
        match held(&self.keys, token.to_owned()) {
            Some(cell) => cell.get_or_try_init(read).await.copied(),
            None => read().await,
        }
    }

    /// A piece of a feed, by the feed's name.
    pub async fn batch(
        &self,
        registry: &Registry,
        (name, feed): (&str, &Feed),
        snapshot: &Snapshot,
        (after, size): (i64, usize),
    ) -> Result<Arc<FeedBatch>, Error> {
        let read =
            || async { registry.feed(snapshot, feed, after, size).await.map(Arc::new).map_err(|why| fault(&why)) };
        match held(&self.batches, (name.to_owned(), after, snapshot.seq, size)) {
            Some(cell) => cell.get_or_try_init(read).await.cloned(),
            None => read().await,
        }
    }
}

/// The place of an answer; none where a moment holds as many as it may.
fn held<K: Eq + Hash, V>(answers: &Held<K, V>, asked: K) -> Option<Arc<OnceCell<V>>> {
    let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
    if answers.len() >= HELD_MAX && !answers.contains_key(&asked) {
        return None;
    }
    Some(Arc::clone(answers.entry(asked).or_default()))
}
