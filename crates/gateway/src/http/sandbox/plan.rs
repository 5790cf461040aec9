//! A plan of faults for the requests of a key: how often each is to happen, drawn from a seed.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;

use super::fault::{ActFault, Fault, Faults, LATE_MAX_MS, refuses_acts};

/// Chances are counted out of so many.
const OUT_OF: u16 = 1_000;
/// How late an answer is where the plan does not say.
const LATE_DEFAULT_MS: u32 = 1_000;

/// How often what goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Plan {
    /// The same seed gives the same faults in the same order of requests.
    #[serde(default)]
    pub seed: u64,
    pub per_mille: Chances,
    /// How late a slow answer is.
    #[serde(default = "late_default")]
    pub slow_millis: u32,
    /// The code under which acts are refused.
    #[serde(default = "code_default")]
    pub refuse_code: ErrorCode,
}

/// The chance of each fault out of a thousand requests. A request is late on a draw of its own; of the others it meets
/// one at most, so together they are a thousand at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Chances {
    pub slow: u16,
    pub busy: u16,
    pub refuse: u16,
    pub drop_reply: u16,
    pub drop_request: u16,
    pub outcome_unknown: u16,
}

const fn late_default() -> u32 {
    LATE_DEFAULT_MS
}

const fn code_default() -> ErrorCode {
    ErrorCode::State
}

impl Plan {
    /// Refuses chances that are more than certain, an answer that is too late and a code that refuses nothing.
    pub fn check(&self) -> Result<(), Refused> {
        let refused = |field: &str| Refused::new(ErrorCode::Validation).at(field);
        let sum: u32 = self.shares().iter().map(|(chance, _)| u32::from(*chance)).sum();
        if sum > u32::from(OUT_OF) || self.per_mille.slow > OUT_OF {
            return Err(refused("perMille").with("sum", sum).with("most", OUT_OF));
        }
        if self.slow_millis > LATE_MAX_MS {
            return Err(refused("slowMillis").with("given", self.slow_millis).with("most", LATE_MAX_MS));
        }
        if !refuses_acts(self.refuse_code) {
            return Err(refused("refuseCode").told("given", self.refuse_code));
        }
        Ok(())
    }

    /// What happens to the nth request, counted from 0: of SHA-256 over seed and number (eight bytes each, the highest
    /// first) the first eight bytes choose the fault and the next eight whether the answer is late.
    pub fn drawn(&self, nth: u64) -> Faults {
        let hash = Sha256::new().chain_update(self.seed.to_be_bytes()).chain_update(nth.to_be_bytes()).finalize();
        let mut draws = hash.chunks_exact(8).map(|eight| {
            let number = eight.iter().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
            u16::try_from(number % u64::from(OUT_OF)).unwrap_or(OUT_OF)
        });
        let (fault, late) = (draws.next().unwrap_or(OUT_OF), draws.next().unwrap_or(OUT_OF));
        let late =
            if late < self.per_mille.slow { Duration::from_millis(self.slow_millis.into()) } else { Duration::ZERO };
        Faults { late, fault: self.chosen(fault) }
    }

    /// The fault on which a draw falls.
    fn chosen(&self, draw: u16) -> Option<Fault> {
        let mut end = 0_u16;
        self.shares().into_iter().find_map(|(chance, fault)| {
            end = end.saturating_add(chance);
            (draw < end).then_some(fault)
        })
    }

    /// The faults in the order in which their chances lie beside each other.
    const fn shares(&self) -> [(u16, Fault); 5] {
        let chances = self.per_mille;
        [
            (chances.busy, Fault::Act(ActFault::Busy)),
            (chances.refuse, Fault::Act(ActFault::Refuse(self.refuse_code))),
            (chances.drop_reply, Fault::DropReply),
            (chances.drop_request, Fault::DropRequest),
            (chances.outcome_unknown, Fault::Act(ActFault::OutcomeUnknown)),
        ]
    }
}
