//! Money in fen (0.01 CNY) and prices in fen per square metre.

use serde::{Deserialize, Serialize};

use super::decimal::{DecimalRefused, parse_scaled, write_scaled};

/// An amount of money in fen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(i64);

/// A price in fen per square metre.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FenPerSquareMetre(i64);

macro_rules! money {
    ($name:ident, $what:literal) => {
        impl $name {
            #[doc = concat!($what, " of so many fen.")]
            pub const fn from_fen(fen: i64) -> Self {
                Self(fen)
            }

            /// The count of fen.
            pub const fn fen(self) -> i64 {
                self.0
            }

            /// Parses yuan written as decimal text with at most two decimals.
            pub fn parse_yuan(text: &str) -> Result<Self, DecimalRefused> {
                parse_scaled(text, 2).map(Self)
            }

            /// Yuan as decimal text, exact.
            pub fn yuan(self) -> String {
                write_scaled(self.0, 2)
            }
        }
    };
}
money!(Fen, "An amount");
money!(FenPerSquareMetre, "A price");
