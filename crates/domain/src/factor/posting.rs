//! Entries on accounts: what an act did to one account, and what lay on it afterwards.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::UnitRange;
use super::account::Balance;
use crate::codes::{MoveKind, PostingKind};
use crate::journal::{AccountId, FactorId, HoldId, PostingId, TransferId};
use crate::quantity::Units;

/// One entry on one account. A debit has its credit of the same amount under the same transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    pub id: PostingId,
    pub account: AccountId,
    pub factor: FactorId,
    pub kind: PostingKind,
    pub amount: Units,
    /// What lies on the account afterwards.
    pub after: Balance,
    /// The movement it belongs to; none where units were only set aside or free again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub movement: Option<MoveKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<TransferId>,
    /// The account on the other side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<AccountId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<HoldId>,
    /// The numbers of the units, where they have any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitRange>,
    /// The day on which it counts, where that is not the day it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_date: Option<Date>,
}
