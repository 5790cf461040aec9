//! Exact amounts: areas, money, ratios, shares, instants. No float carries any of them.

mod area;
mod decimal;
mod instant;
mod money;
#[cfg(test)]
mod quantity_tests;
mod ratio;
mod share;
mod units;

pub use area::Area;
pub use decimal::{DecimalRefused, parse_scaled, write_scaled};
pub use instant::{Instant, InstantRefused};
pub use money::{Fen, FenPerSquareMetre};
pub use ratio::Ratio;
pub use share::{Share, ShareRefused, sum_is_one};
pub use units::Units;
