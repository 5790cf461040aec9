//! CQL2 text (OGC 21-065): which features are meant, as GIS desks write it.
//!
//! Read by the project's own hand: what comes from outside is read in one pass, without recursion beyond a stated depth,
//! and nothing is taken of which the meaning is not settled here.

mod expression;
mod judge;
mod kind;
mod parse;
mod token;

#[cfg(test)]
mod cql2_tests;

pub use expression::{Comparison, Expression, Literal, Shape, Spatial};
pub use judge::{Facts, judge};
pub use kind::{check_values, is_day};
pub use parse::parse;

/// Bytes that a filter may have.
pub const FILTER_MAX: usize = 4_000;
/// How deep parentheses and negations may be nested.
pub const DEPTH_MAX: usize = 32;
/// Comparisons in one filter.
pub const TERMS_MAX: usize = 200;
