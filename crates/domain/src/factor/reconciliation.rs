//! Books compared: what another book says, where it differs from this one, and the block that a difference puts on an
//! account until the two agree.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Balance;
use crate::codes::{BankDirection, BookPart, BookSource};
use crate::journal::{AccountId, HoldId, PrincipalId, ReconciliationId};
use crate::quantity::Units;

/// What another book says of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub account: AccountId,
    /// All that lies there.
    pub posted: Units,
    /// What of it is set aside, by whomever; not compared where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Units>,
    /// The holds that the other side placed there for orders and that are open; not compared where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<Vec<HeldPosition>>,
}

/// What another book says of a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldPosition {
    pub hold: HoldId,
    /// What is still set aside under it.
    pub open: Units,
}

/// What is still set aside under holds.
pub type OpenHolds = BTreeMap<HoldId, Units>;

impl Position {
    /// In what this book says otherwise, if in anything.
    pub fn compare(&self, ours: Option<Balance>, our_holds: &OpenHolds) -> Option<Difference> {
        let differs = |ours: Balance| self.posted != ours.posted || self.held.is_some_and(|held| held != ours.held);
        let in_balance = ours.is_none_or(differs).then_some(BookPart::Balance);
        let holds = if ours.is_some() { self.holds_that_differ(our_holds) } else { Vec::new() };
        let in_holds = (!holds.is_empty()).then_some(BookPart::Holds);
        let found_in: Vec<_> = in_balance.into_iter().chain(in_holds).collect();
        (!found_in.is_empty()).then(|| Difference { theirs: self.clone(), ours, found_in, holds })
    }

    fn holds_that_differ(&self, ours: &OpenHolds) -> Vec<HoldDifference> {
        let Some(told) = &self.holds else { return Vec::new() };
        let theirs: OpenHolds = told.iter().map(|one| (one.hold, one.open)).collect();
        let all: BTreeSet<_> = theirs.keys().chain(ours.keys()).copied().collect();
        let compared = all.into_iter().map(|hold| {
            let (theirs, ours) = (theirs.get(&hold).copied(), ours.get(&hold).copied());
            HoldDifference { hold, theirs, ours }
        });
        compared.filter(|one| one.theirs != one.ours).collect()
    }
}

/// A hold of which two books differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldDifference {
    pub hold: HoldId,
    /// What the other book says is still set aside under it; none where it has no such hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theirs: Option<Units>,
    /// What is; none where no such hold of theirs is open on the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ours: Option<Units>,
}

/// An account of which two books differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub theirs: Position,
    /// What this book says; none where it knows no such account, or the other side may not see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ours: Option<Balance>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub found_in: Vec<BookPart>,
    /// The holds that differ, where holds were compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<HoldDifference>,
}

/// A line of a bank's statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankLine {
    pub bank_reference: String,
    /// Whose money it is.
    pub account: AccountId,
    pub direction: BankDirection,
    /// In fen.
    pub amount: Units,
}

/// What a bank calls a line: a reference is unique among what is received, and among what is paid.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LineName {
    pub direction: BankDirection,
    pub bank_reference: String,
}

impl BankLine {
    /// What the bank calls it.
    pub fn name(&self) -> LineName {
        LineName { direction: self.direction, bank_reference: self.bank_reference.clone() }
    }
}

/// A line of a bank's statement that is not booked here, or is booked otherwise; or what is booked here and on no line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineDifference {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theirs: Option<BankLine>,
    /// What is booked here under the bank's reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ours: Option<BankLine>,
}

/// One comparison of books, and everything in which they differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    pub id: ReconciliationId,
    pub source: BookSource,
    /// Whose books were compared, where they are a venue's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<PrincipalId>,
    /// The entry as of which both were compared.
    pub as_of: i64,
    /// How many accounts were compared.
    pub compared: usize,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<LineDifference>,
}

/// Keeps an account from being traded on: a book differs from this one. One from each book; it falls when nothing of it
/// is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    pub source: BookSource,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<PrincipalId>,
    /// The comparison that found a difference last, and as of which entry: an earlier state cannot settle it.
    pub found_by: ReconciliationId,
    pub as_of: i64,
    /// Whether what lies there differs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub position: bool,
    /// The lines that differ.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub lines: BTreeSet<LineName>,
}

impl Block {
    /// Whether two blocks are from the same book.
    pub fn is_of(&self, source: BookSource, venue: Option<PrincipalId>) -> bool {
        self.source == source && self.venue == venue
    }

    /// Takes in a block from the same book on an account that goes on as this one.
    pub fn join(&mut self, other: &Self) {
        if other.as_of > self.as_of {
            (self.found_by, self.as_of) = (other.found_by, other.as_of);
        }
        self.position |= other.position;
        self.lines.extend(other.lines.iter().cloned());
    }
}
