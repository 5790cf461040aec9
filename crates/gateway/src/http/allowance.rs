//! How much each caller may ask: a leaky bucket of query cost for each.
//!
//! An operation is taken to cost what its document says; once it is answered, the bucket holds what the answer cost. No
//! library of rate limits gives anything back. The buckets are those of one gateway, and begin empty with it.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_graphql::Value;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use lru::LruCache;
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::caller::Caller;
use super::metrics;
use super::rate::{Bucket, Rate, Rates, Taken};
use super::refused::HttpRefused;
use crate::request::InTurn;
use crate::schema::{Price, cost_of_answer};

/// Buckets that are kept; the one that was asked of longest ago goes first.
const BUCKETS_MAX: NonZeroUsize = NonZeroUsize::MIN.saturating_add(99_999);

/// Questions of one key that are answered at once; others of that key wait for these, and nobody else does. Half of the
/// connections are left to others.
const AT_ONCE_MAX: usize = 3;

/// The buckets of a gateway; clones share them.
#[derive(Debug, Clone)]
pub struct Allowance {
    rates: Rates,
    begun: Instant,
    buckets: Arc<Mutex<LruCache<Caller, Bucket>>>,
    turns: Arc<Mutex<LruCache<Caller, Arc<Semaphore>>>>,
}

/// What a caller may still ask, in units of cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    pub most: u32,
    pub left: u32,
    pub restored_per_second: u32,
}

/// What an operation was taken to cost, and from whose bucket.
#[derive(Debug, Clone)]
pub struct Charge {
    allowance: Allowance,
    caller: Caller,
    taken: Taken,
    price: Price,
}

impl Allowance {
    /// Empty buckets.
    pub fn of(rates: Rates) -> Self {
        let buckets = Arc::new(Mutex::new(LruCache::new(BUCKETS_MAX)));
        Self { rates, begun: Instant::now(), buckets, turns: Arc::new(Mutex::new(LruCache::new(BUCKETS_MAX))) }
    }

    /// Takes a cost from a caller's allowance; refused, with when it can be had, where it has not enough.
    pub fn charge(&self, caller: Caller, price: Price) -> Result<Charge, HttpRefused> {
        let (rate, now) = (caller.rate(&self.rates), self.now());
        let mut buckets = self.buckets();
        let bucket = buckets.get_or_insert_mut(caller, Bucket::default);
        // Whoever asks for nothing asks all the same.
        match bucket.take(now, rate, units(price.requested.max(1))) {
            Ok(taken) => Ok(Charge { allowance: self.clone(), caller, taken, price }),
            Err(wait) => {
                let standing = standing(bucket, now, rate);
                metrics::limited(&caller);
                tracing::info!(%caller, cost = price.requested, "more was asked than is allowed");
                let wait_s = wait.div_ceil(1_000);
                Err(HttpRefused::TooMuchAsked { wait_s, cost: price.requested, standing })
            }
        }
    }

    fn buckets(&self) -> MutexGuard<'_, LruCache<Caller, Bucket>> {
        // Nothing is done under the lock that could fail half way.
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Milliseconds since the gateway began.
    fn now(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl Charge {
    /// Waits until it is this question's turn among those of its caller, which it keeps until what is given back is dropped.
    pub async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        let turns = {
            let mut turns = self.allowance.turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.get_or_insert_mut(self.caller, || Arc::new(Semaphore::new(AT_ONCE_MAX))))
        };
        // It is never closed: none is none to wait for.
        turns.acquire_owned().await.ok()
    }

    /// Whose it is.
    pub const fn caller(&self) -> Caller {
        self.caller
    }

    /// What it was taken to cost.
    pub const fn requested(&self) -> usize {
        self.price.requested
    }

    /// What an answer costs together with the acts that it answers, at most what was taken.
    pub fn actual(&self, answer: &Value) -> usize {
        cost_of_answer(answer).saturating_add(self.price.kept).min(self.price.requested.max(1))
    }

    /// Puts what the answer cost in the place of what was taken; what is left then.
    pub fn settled(&self, actual: usize) -> Standing {
        self.standing_after(|bucket, now, rate| bucket.correct(now, rate, self.taken, units(actual)))
    }

    /// Adds what a later answer of the same operation cost; what is left then.
    pub fn more(&self, actual: usize) -> Standing {
        self.standing_after(|bucket, now, rate| bucket.add(now, rate, units(actual)))
    }

    fn standing_after(&self, change: impl FnOnce(&mut Bucket, u64, Rate)) -> Standing {
        self.with_bucket(|bucket, now, rate| {
            change(bucket, now, rate);
            standing(bucket, now, rate)
        })
    }

    fn with_bucket<T>(&self, seen: impl FnOnce(&mut Bucket, u64, Rate) -> T) -> T {
        let (rate, now) = (self.caller.rate(&self.allowance.rates), self.allowance.now());
        let mut buckets = self.allowance.buckets();
        seen(buckets.get_or_insert_mut(self.caller, Bucket::default), now, rate)
    }
}

impl InTurn for Charge {
    fn turn(&self) -> BoxFuture<'_, Option<OwnedSemaphorePermit>> {
        Self::turn(self).boxed()
    }

    fn rest(&self) -> Duration {
        Duration::from_millis(self.with_bucket(|bucket, now, rate| bucket.rest(now, rate)))
    }
}

fn standing(bucket: &Bucket, now: u64, rate: Rate) -> Standing {
    let used = u32::try_from(bucket.level(now, rate).div_ceil(1_000)).unwrap_or(u32::MAX);
    Standing { most: rate.most, left: rate.most.saturating_sub(used), restored_per_second: rate.restored }
}

fn units(cost: usize) -> u32 {
    u32::try_from(cost).unwrap_or(u32::MAX)
}
