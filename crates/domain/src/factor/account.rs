//! An account: whose units of one factor, for what purpose, perhaps bound to a parcel or a permit.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Block;
use crate::codes::{AccountPurpose, AccountStatus};
use crate::journal::{AccountId, Claim, DistrictId, FactorId, ParcelId, PartyId, PrincipalId};
use crate::quantity::{Instant, Units};

/// A counterparty that the holder trusts, from an instant on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Trusted {
    pub account: AccountId,
    pub from: Instant,
}

/// An account of the ledger. What lies on it is told by its postings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub id: AccountId,
    /// Unique in the registry.
    pub code: String,
    pub factor: FactorId,
    pub purpose: AccountPurpose,
    /// In whose book it stands: time zone and calendar are this district's.
    pub district: DistrictId,
    /// Whose it is; issuance, pools and retirement are the zone's own and may name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<PartyId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parcel: Option<ParcelId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permit: Option<String>,
    pub status: AccountStatus,
    /// Books that differ from this one about it; it is not traded on until they agree.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<Block>,
    /// Venues that may place and settle holds on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub venues: Vec<PrincipalId>,
    /// Accounts of others to which its holder may transfer by himself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trusted: Vec<Trusted>,
    /// How much was carried over into each year.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub carried: BTreeMap<i16, Units>,
    /// On the issuance account of a numbered factor: the next number to be given out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub next_number: i64,
}

impl Account {
    /// The name that no other account may bear: its code.
    pub fn claims(&self) -> Vec<Claim> {
        vec![Claim::AccountCode(self.code.clone())]
    }

    /// Whether its balance counts debits; all others count credits.
    pub const fn is_debit_normal(&self) -> bool {
        matches!(self.purpose, AccountPurpose::Issuance)
    }
}

/// What lies on an account: `held` of it is set aside. Neither falls below zero, nor `posted` below `held`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    pub posted: Units,
    pub held: Units,
}

impl Balance {
    /// What may go out.
    pub fn available(self) -> Units {
        self.posted.less(self.held).unwrap_or_default()
    }
}

// Serde hands a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_zero(number: &i64) -> bool {
    *number == 0
}
