//! Books compared: what another book says, where it differs from this one, and the block that a difference puts on an
//! account until the two agree.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Balance;
use crate::codes::{BankDirection, BookPart, BookSource};
use crate::journal::{AccountId, PrincipalId, ReconciliationId};
use crate::quantity::Units;

/// What another book says of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub account: AccountId,
    /// All that lies there.
    pub posted: Units,
    /// What of it is set aside; not compared where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Units>,
}

impl Position {
    /// In what this book says otherwise, if in anything.
    pub fn compare(self, ours: Option<Balance>) -> Option<Difference> {
        let differs = |ours: Balance| self.posted != ours.posted || self.held.is_some_and(|held| held != ours.held);
        let found_in = vec![BookPart::Balance];
        ours.is_none_or(differs).then_some(Difference { theirs: self, ours, found_in })
    }
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
    /// What the bank calls the lines that differ.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub lines: BTreeSet<String>,
}

impl Block {
    /// Whether two blocks are from the same book.
    pub fn is_of(&self, source: BookSource, venue: Option<PrincipalId>) -> bool {
        self.source == source && self.venue == venue
    }
}
