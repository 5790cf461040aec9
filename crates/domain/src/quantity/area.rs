//! Areas in 0.0001 m² (1 cm²), with the mu (亩) of 2000/3 m² compared exactly.

use serde::{Deserialize, Serialize};

use super::decimal::{DecimalRefused, parse_scaled, write_scaled};

/// Decimals of a square metre that an area carries.
const SCALE: u32 = 4;

/// An area in units of 0.0001 m².
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Area(i64);

impl Area {
    /// An area of so many 0.0001 m².
    pub const fn from_units(units: i64) -> Self {
        Self(units)
    }

    /// The count of 0.0001 m².
    pub const fn units(self) -> i64 {
        self.0
    }

    /// Parses square metres written as decimal text with at most four decimals.
    pub fn parse_square_metres(text: &str) -> Result<Self, DecimalRefused> {
        parse_scaled(text, SCALE).map(Self)
    }

    /// Square metres as decimal text, exact.
    pub fn square_metres(self) -> String {
        write_scaled(self.0, SCALE)
    }

    /// Mu rounded half away from zero to four decimals, for display only.
    pub fn mu(self) -> String {
        // 1 mu = 20_000_000/3 units, so mu·10^4 = units·3·10^4 / 20_000_000 = units·3/2000.
        let numerator = i128::from(self.0) * 3;
        let half = if numerator < 0 { -1000 } else { 1000 };
        let rounded = (numerator + half) / 2000;
        write_scaled(i64::try_from(rounded).unwrap_or(i64::MAX), SCALE)
    }

    /// The least area that is at least so many mu, given as decimal text with at most four decimals.
    ///
    /// `area >= Area::at_least_mu(t)` holds exactly when 3·area ≥ 2000·t in real numbers.
    pub fn at_least_mu(text: &str) -> Result<Self, DecimalRefused> {
        let scaled = i128::from(parse_scaled(text, SCALE)?) * 2000;
        Self::narrow(scaled.div_euclid(3) + i128::from(scaled.rem_euclid(3) != 0), text)
    }

    /// The greatest area that is at most so many mu, given as decimal text with at most four decimals.
    pub fn at_most_mu(text: &str) -> Result<Self, DecimalRefused> {
        Self::narrow((i128::from(parse_scaled(text, SCALE)?) * 2000).div_euclid(3), text)
    }

    /// The sum, or none when it leaves the range.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The distance between two areas.
    pub fn abs_diff(self, other: Self) -> Self {
        Self(i64::try_from(self.0.abs_diff(other.0)).unwrap_or(i64::MAX))
    }

    fn narrow(units: i128, text: &str) -> Result<Self, DecimalRefused> {
        i64::try_from(units).map(Self).map_err(|_| DecimalRefused::OutOfRange(text.to_owned()))
    }
}

impl std::fmt::Display for Area {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} m²", self.square_metres())
    }
}
