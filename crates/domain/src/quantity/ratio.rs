//! Planning ratios (plot ratio, density, green rate) and lengths, as integers of four decimals.

use serde::{Deserialize, Serialize};

use super::decimal::{DecimalRefused, parse_scaled, write_scaled};

/// A dimensionless number or a length in metres, in units of 0.0001.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ratio(i64);

impl Ratio {
    /// One.
    pub const ONE: Self = Self(10_000);

    /// A ratio of so many 0.0001.
    pub const fn from_units(units: i64) -> Self {
        Self(units)
    }

    /// The count of 0.0001.
    pub const fn units(self) -> i64 {
        self.0
    }

    /// Parses decimal text with at most four decimals.
    pub fn parse(text: &str) -> Result<Self, DecimalRefused> {
        parse_scaled(text, 4).map(Self)
    }
}

impl std::fmt::Display for Ratio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&write_scaled(self.0, 4))
    }
}
