//! A hold: units or money of an account set aside for one purpose, resolved once.

use serde::{Deserialize, Serialize};

use crate::codes::{HoldKind, HoldState};
use crate::journal::{AccountId, FactorId, HoldId, PartyId, PrincipalId};
use crate::quantity::{Instant, Units};

/// What is set aside, for what, until when. `open` of `placed` is still set aside; the rest is settled or returned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    pub id: HoldId,
    pub account: AccountId,
    pub factor: FactorId,
    pub kind: HoldKind,
    pub state: HoldState,
    /// What was set aside at first.
    pub placed: Units,
    /// What is set aside now.
    pub open: Units,
    /// What went to where it was meant for.
    pub settled: Units,
    /// What a freeze was ordered for beyond what was there.
    #[serde(default, skip_serializing_if = "is_none_at_all")]
    pub shortfall: Units,
    /// Who placed it.
    pub placed_by: PrincipalId,
    /// The entry that placed it, of a freeze: among those alike the earlier is served first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placed_in: Option<i64>,
    /// It may be settled strictly before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
    /// The freezes that keep it from being settled, and what was then left of its time in microseconds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspended_by: Vec<HoldId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_micros: Option<i64>,
    /// The only account it may be settled to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<AccountId>,
    /// The order, loan or document it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Who ordered a freeze; on its word alone is it released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// To whom units are pledged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pledgee: Option<PartyId>,
    /// Who proposed the release of a freeze.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release_proposed_by: Option<PrincipalId>,
    /// Holds that this freeze suspends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspends: Vec<HoldId>,
}

impl Hold {
    /// When it expires by itself; none once resolved or while suspended.
    pub fn due_at(&self) -> Option<Instant> {
        let runs = self.state == HoldState::Open && self.suspended_by.is_empty();
        self.expires_at.filter(|_| runs)
    }
}

// Serde hands a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_none_at_all(units: &Units) -> bool {
    units.count() == 0
}
