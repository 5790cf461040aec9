//! Exact fractional shares, and the rule that shares of one whole sum to one.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::One;
use serde::{Deserialize, Serialize};

/// A share in lowest terms: `0 < numerator <= denominator`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Terms", into = "Terms")]
pub struct Share {
    numerator: u64,
    denominator: u64,
}

/// Why two numbers are no share.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{numerator}/{denominator} is not a share: 0 < numerator <= denominator <= {}", Share::DENOMINATOR_MAX)]
pub struct ShareRefused {
    pub numerator: u64,
    pub denominator: u64,
}

#[derive(Serialize, Deserialize)]
struct Terms(u64, u64);

impl Share {
    /// The whole.
    pub const WHOLE: Self = Self { numerator: 1, denominator: 1 };
    /// Greatest denominator taken; registers of heirs reach millions, not more.
    pub const DENOMINATOR_MAX: u64 = 1_000_000_000_000;

    /// Makes a share in lowest terms.
    pub fn new(numerator: u64, denominator: u64) -> Result<Self, ShareRefused> {
        if numerator == 0 || numerator > denominator || denominator > Self::DENOMINATOR_MAX {
            return Err(ShareRefused { numerator, denominator });
        }
        let divisor = greatest_common_divisor(numerator, denominator);
        Ok(Self { numerator: numerator / divisor, denominator: denominator / divisor })
    }

    /// The numerator in lowest terms.
    pub const fn numerator(self) -> u64 {
        self.numerator
    }

    /// The denominator in lowest terms.
    pub const fn denominator(self) -> u64 {
        self.denominator
    }

    /// The sum, or none when it exceeds one or its denominator the maximum.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Self::from_exact(&(self.exact() + other.exact()))
    }

    /// The difference, or none when nothing is left.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        Self::from_exact(&(self.exact() - other.exact()))
    }

    fn exact(self) -> BigRational {
        BigRational::new(self.numerator.into(), self.denominator.into())
    }

    fn from_exact(value: &BigRational) -> Option<Self> {
        Self::new(u64::try_from(value.numer()).ok()?, u64::try_from(value.denom()).ok()?).ok()
    }
}

/// Whether the shares sum to exactly one.
pub fn sum_is_one(shares: impl IntoIterator<Item = Share>) -> bool {
    let zero = BigRational::from_integer(BigInt::ZERO);
    shares.into_iter().fold(zero, |sum, share| sum + share.exact()).is_one()
}

impl TryFrom<Terms> for Share {
    type Error = ShareRefused;
    fn try_from(Terms(numerator, denominator): Terms) -> Result<Self, ShareRefused> {
        Self::new(numerator, denominator)
    }
}

impl From<Share> for Terms {
    fn from(share: Share) -> Self {
        Self(share.numerator, share.denominator)
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

const fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
