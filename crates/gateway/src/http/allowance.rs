//! How much each caller may ask: a leaky bucket of query cost for every key, and one for every address without a key.
//!
//! An operation is taken to cost what its document says; once it is answered, the bucket holds what the answer cost. No
//! library of rate limits gives anything back. The buckets are those of one gateway, and begin empty with it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use async_graphql::Value;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::admission::Sender;
use super::metrics;
use super::rate::{Bucket, Rate, Rates};
use super::refused::HttpRefused;

/// Buckets that are kept before those that have drained are thrown away.
const BUCKETS_SWEPT: usize = 10_000;
/// Parts of a unit of cost, in which answers are weighed.
const PARTS: u64 = 1_000_000;
/// Items of a list that weigh as one: as many as the cost of a document takes for one.
const ITEMS_A_UNIT: u64 = 10;

/// Whose bucket it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Caller {
    /// The digest of a key.
    Key([u8; 32]),
    Address(IpAddr),
}

impl Caller {
    fn of(sender: &Sender) -> Self {
        match (&sender.token, sender.address) {
            (Some(token), _) => Self::Key(Sha256::digest(token.as_bytes()).into()),
            (None, Some(IpAddr::V6(address))) => Self::Address(IpAddr::V6(network(address))),
            (None, address) => Self::Address(address.unwrap_or(IpAddr::from([0, 0, 0, 0]))),
        }
    }

    const fn rate(self, rates: &Rates) -> Rate {
        match self {
            Self::Key(_) => rates.key,
            Self::Address(_) => rates.address,
        }
    }
}

/// Whoever has one address of version 6 has all of its network.
fn network(address: std::net::Ipv6Addr) -> std::net::Ipv6Addr {
    std::net::Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))
}

/// The buckets of a gateway; clones share them.
#[derive(Debug, Clone)]
pub struct Allowance {
    rates: Rates,
    begun: Instant,
    buckets: Arc<Mutex<HashMap<Caller, Bucket>>>,
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
    pub requested: usize,
}

impl Allowance {
    /// Empty buckets.
    pub fn of(rates: Rates) -> Self {
        Self { rates, begun: Instant::now(), buckets: Arc::default() }
    }

    /// Takes the cost of an operation from its sender's allowance; refused, with when it can be had, where it has not enough.
    pub fn charge(&self, sender: &Sender, cost: usize) -> Result<Charge, HttpRefused> {
        let caller = Caller::of(sender);
        let (rate, now) = (caller.rate(&self.rates), self.now());
        let mut buckets = self.buckets();
        if buckets.len() >= BUCKETS_SWEPT && !buckets.contains_key(&caller) {
            buckets.retain(|caller, bucket| bucket.level(now, caller.rate(&self.rates)) > 0);
        }
        let bucket = buckets.entry(caller).or_default();
        match bucket.take(now, rate, units(cost)) {
            Ok(()) => Ok(Charge { allowance: self.clone(), caller, requested: cost }),
            Err(wait) => {
                metrics::limited();
                let standing = standing(bucket, now, rate);
                Err(HttpRefused::TooMuchAsked { wait_s: wait.div_ceil(1_000), standing })
            }
        }
    }

    fn buckets(&self) -> MutexGuard<'_, HashMap<Caller, Bucket>> {
        // Nothing is done under the lock that could fail half way.
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Milliseconds since the gateway began.
    fn now(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl Charge {
    /// Puts what the answer cost in the place of what the operation was taken to cost; what is left then.
    pub fn settled(&self, actual: usize) -> Standing {
        let Self { allowance, caller, requested } = self;
        let (rate, now) = (caller.rate(&allowance.rates), allowance.now());
        let mut buckets = allowance.buckets();
        let bucket = buckets.entry(*caller).or_default();
        bucket.correct(now, rate, (units(*requested), units(actual)));
        standing(bucket, now, rate)
    }
}

fn standing(bucket: &Bucket, now: u64, rate: Rate) -> Standing {
    let used = u32::try_from(bucket.level(now, rate).div_ceil(1_000)).unwrap_or(u32::MAX);
    Standing { most: rate.most, left: rate.most.saturating_sub(used), restored_per_second: rate.restored }
}

fn units(cost: usize) -> u32 {
    u32::try_from(cost).unwrap_or(u32::MAX)
}

/// What an answer cost: a unit for every field in it, of the items of a list every tenth.
pub fn cost_of_answer(data: &Value) -> usize {
    let parts = weigh(data, PARTS).div_ceil(PARTS).max(1);
    usize::try_from(parts).unwrap_or(usize::MAX)
}

fn weigh(value: &Value, weight: u64) -> u64 {
    match value {
        Value::Object(fields) => {
            fields.values().fold(0, |sum: u64, field| sum.saturating_add(weight).saturating_add(weigh(field, weight)))
        }
        Value::List(items) => {
            let weight = (weight / ITEMS_A_UNIT).max(1);
            items.iter().fold(0, |sum: u64, item| sum.saturating_add(weigh(item, weight)))
        }
        Value::Null | Value::Number(_) | Value::String(_) | Value::Boolean(_) | Value::Binary(_) | Value::Enum(_) => 0,
    }
}
