//! The demo zone: a generated zone of the size asked for, and the questions to try on it.
//!
//! Everything here is made up by a seeded generator and labelled as generated; nothing is read from outside, because a
//! demo must start on a machine that has only the binary.

mod block;
mod chance;
mod contract;
mod credit;
#[cfg(test)]
mod demo_tests;
mod examples;
mod facts;
mod fill;
#[cfg(test)]
mod fill_tests;
mod history;
mod layout;
mod ledger;
mod lot;
mod names;
mod parcels;
mod parties;
mod pen;
mod restrictions;
mod surroundings;
mod uses;
mod warp;
mod zone;

pub use examples::examples;
pub use fill::fill;
pub use layout::DemoScale;
