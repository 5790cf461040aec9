//! Amounts of a factor in its base unit: grams a year, kgce, kg, fen, 0.0001 m².

use serde::{Deserialize, Serialize};

/// A count of base units of one factor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Units(i64);

impl Units {
    /// None at all.
    pub const ZERO: Self = Self(0);

    /// So many base units.
    pub const fn of(count: i64) -> Self {
        Self(count)
    }

    /// The count of base units.
    pub const fn count(self) -> i64 {
        self.0
    }

    /// Whether there is at least one.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// The sum, or none when it leaves the range.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, or none where it would fall below zero.
    pub fn less(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).filter(|left| *left >= 0).map(Self)
    }
}

impl std::fmt::Display for Units {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
