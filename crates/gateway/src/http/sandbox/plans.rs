//! The plans of a sandbox, by key. They live as long as the server does.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;

use super::fault::Faults;
use super::plan::Plan;

/// Keys that may have a plan at once.
const PLANS_MAX: usize = 1_000;

/// The faults that keys have asked for. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Sandbox(Arc<Mutex<HashMap<KeyHash, Planned>>>);

/// What stands for a key, so that no secret is kept.
type KeyHash = [u8; 32];

/// A plan, and how many requests have met it.
#[derive(Debug, Clone)]
pub struct Planned {
    pub plan: Plan,
    pub requests: u64,
}

impl Sandbox {
    /// Sets the plan of a key anew; its requests are counted from 0.
    pub fn set(&self, key: &str, plan: Plan) -> Result<(), Refused> {
        plan.check()?;
        let (mut plans, key) = (self.plans(), hash(key));
        if plans.len() >= PLANS_MAX && !plans.contains_key(&key) {
            return Err(Refused::new(ErrorCode::LimitExceeded).with("most", PLANS_MAX));
        }
        plans.insert(key, Planned { plan, requests: 0 });
        Ok(())
    }

    /// The plan of a key.
    pub fn told(&self, key: &str) -> Option<Planned> {
        self.plans().get(&hash(key)).cloned()
    }

    /// Takes the plan of a key away.
    pub fn clear(&self, key: &str) {
        self.plans().remove(&hash(key));
    }

    /// What happens to the next request of a key.
    pub fn next(&self, key: &str) -> Faults {
        let mut plans = self.plans();
        let Some(planned) = plans.get_mut(&hash(key)) else { return Faults::default() };
        let faults = planned.plan.drawn(planned.requests);
        planned.requests = planned.requests.saturating_add(1);
        faults
    }

    fn plans(&self) -> MutexGuard<'_, HashMap<KeyHash, Planned>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash(key: &str) -> KeyHash {
    Sha256::digest(key.as_bytes()).into()
}
