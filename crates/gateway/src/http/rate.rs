//! A leaky bucket, and how large and fast it is. Whole numbers alone: thousandths of units, milliseconds.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use super::profile::Profile;
use crate::schema::COST_MAX;

/// The size of a bucket in units of cost, and how many of them drain in a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub most: u32,
    pub restored: u32,
}

/// The rates of those with a key and of those without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    pub key: Rate,
    pub address: Rate,
}

impl Rates {
    /// What is usual: open to others, whoever has no key gets little; on one's own machine nobody is held up.
    pub const fn usual(profile: Profile) -> Self {
        match profile {
            Profile::Production => {
                Self { key: Rate { most: 200_000, restored: 20_000 }, address: Rate { most: 20_000, restored: 1_000 } }
            }
            Profile::Development => {
                let rate = Rate { most: 2_000_000, restored: 1_000_000 };
                Self { key: rate, address: rate }
            }
        }
    }
}

/// Why a text is no rate.
#[derive(Debug, thiserror::Error)]
#[error("a rate is MOST/PER_SECOND in units of cost, MOST at least {COST_MAX}, PER_SECOND at least 1")]
pub struct RateInvalid;

impl FromStr for Rate {
    type Err = RateInvalid;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (most, restored) = text.split_once('/').ok_or(RateInvalid)?;
        let most: u32 = most.trim().parse().map_err(|_| RateInvalid)?;
        let restored: u32 = restored.trim().parse().map_err(|_| RateInvalid)?;
        // The dearest operation must fit into an empty bucket.
        let fits = usize::try_from(most).is_ok_and(|most| most >= COST_MAX) && restored > 0;
        fits.then_some(Self { most, restored }).ok_or(RateInvalid)
    }
}

impl Display for Rate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.most, self.restored)
    }
}

/// What was asked of late and has not drained yet.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bucket {
    /// In thousandths of a unit: a unit a second is one of them a millisecond.
    used: u64,
    at_ms: u64,
}

/// What was put into a bucket, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    cost: u32,
    at_ms: u64,
}

impl Bucket {
    /// How full it is.
    pub fn level(&self, now_ms: u64, rate: Rate) -> u64 {
        self.used.saturating_sub(drained(self.at_ms, now_ms, rate))
    }

    /// When something was put in last.
    #[cfg(test)]
    pub const fn at_ms(&self) -> u64 {
        self.at_ms
    }

    /// Puts a cost in, or tells after how many milliseconds it will have room.
    pub fn take(&mut self, now_ms: u64, rate: Rate, cost: u32) -> Result<Taken, u64> {
        let (level, most) = (self.level(now_ms, rate), u64::from(rate.most) * 1_000);
        let wanted = level.saturating_add(u64::from(cost) * 1_000);
        if wanted > most {
            return Err((wanted - most).div_ceil(u64::from(rate.restored).max(1)));
        }
        *self = Self { used: wanted, at_ms: now_ms };
        Ok(Taken { cost, at_ms: now_ms })
    }

    /// Puts what something cost in the place of what it was taken to cost. What has drained since may be another's: it is
    /// not given back a second time.
    pub fn correct(&mut self, now_ms: u64, rate: Rate, taken: Taken, actual: u32) {
        let gone = drained(taken.at_ms, now_ms, rate);
        let left = |cost: u32| (u64::from(cost) * 1_000).saturating_sub(gone);
        let level = self.level(now_ms, rate).saturating_sub(left(taken.cost)).saturating_add(left(actual));
        *self = Self { used: level.min(u64::from(rate.most) * 1_000), at_ms: now_ms };
    }

    /// Puts in what is already done; it is never fuller than full.
    pub fn add(&mut self, now_ms: u64, rate: Rate, cost: u32) {
        let level = self.level(now_ms, rate).saturating_add(u64::from(cost) * 1_000);
        *self = Self { used: level.min(u64::from(rate.most) * 1_000), at_ms: now_ms };
    }

    /// How long whoever has used it up rests before he goes on by himself, in milliseconds: until half of it has drained.
    pub fn rest(&self, now_ms: u64, rate: Rate) -> u64 {
        let (level, most) = (self.level(now_ms, rate), u64::from(rate.most) * 1_000);
        if level < most { 0 } else { (level - most / 2).div_ceil(u64::from(rate.restored).max(1)) }
    }
}

fn drained(from_ms: u64, to_ms: u64, rate: Rate) -> u64 {
    to_ms.saturating_sub(from_ms).saturating_mul(u64::from(rate.restored))
}
