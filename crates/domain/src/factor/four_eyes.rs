//! What one person may hand over alone: no more of a factor in one act than its limit says, in however many parts.

use std::collections::BTreeMap;

use super::Factor;
use crate::codes::{MoveKind, PostingKind, Role};
use crate::error_catalogue::ErrorCode;
use crate::journal::{AccountId, Change, FactorId, PartyId, Record, Refused, WorkingSet};
use crate::quantity::{Instant, Units};

/// Whether a movement hands units or money to another by its author's will alone. What a venue settles two sides agreed to.
pub const fn hands_over(kind: MoveKind, role: Role) -> bool {
    match kind {
        MoveKind::Transfer | MoveKind::Lease => true,
        MoveKind::Settle => !matches!(role, Role::Venue),
        MoveKind::Issue
        | MoveKind::Retire
        | MoveKind::Surrender
        | MoveKind::Offset
        | MoveKind::Cancel
        | MoveKind::Expire
        | MoveKind::Reverse
        | MoveKind::Reject
        | MoveKind::Deposit
        | MoveKind::Payout
        | MoveKind::LeaseReturn
        | MoveKind::Apportion => false,
    }
}

/// Refuses more than one person may hand over alone.
pub fn within_limit(factor: &Factor, amount: Units) -> Result<(), Refused> {
    match factor.controls.four_eyes_above {
        Some(limit) if amount.count() > limit => {
            Err(Refused::new(ErrorCode::FourEyes).at("amount").with("above", limit))
        }
        _ => Ok(()),
    }
}

/// Holds all that the legs of an act hand over, holder by holder, against the limit of its factor. Where accounts are the
/// zone's own, each counts by itself.
pub fn check_act(set: &WorkingSet, now: Instant, role: Role, changes: &[Change]) -> Result<(), Refused> {
    let holder = |id: AccountId| match set.state(id, now) {
        Some(Record::Account(account)) => account.holder,
        _ => None,
    };
    let mut handed: BTreeMap<(Giver, FactorId), Units> = BTreeMap::new();
    for state in changes.iter().flat_map(|change| &change.versions).map(|version| &*version.state) {
        let Record::Posting(posting) = state else { continue };
        let is_handed = posting.movement.is_some_and(|kind| hands_over(kind, role));
        if posting.kind != PostingKind::Debit || !is_handed {
            continue;
        }
        let from = holder(posting.account);
        // What moves between accounts of one holder is handed to nobody.
        if from.is_some() && posting.other.is_some_and(|other| holder(other) == from) {
            continue;
        }
        let giver = from.map_or(Giver::Zone(posting.account), Giver::Holder);
        let sum = handed.entry((giver, posting.factor)).or_default();
        *sum = sum.plus(posting.amount).unwrap_or(Units::of(i64::MAX));
    }
    for ((_, factor), sum) in handed {
        let Some(Record::Factor(factor)) = set.state(factor, now) else { continue };
        within_limit(factor, sum).map_err(|refused| refused.told("sum", sum.count()))?;
    }
    Ok(())
}

/// Whose units are handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Giver {
    Holder(PartyId),
    Zone(AccountId),
}
