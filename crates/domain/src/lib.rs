//! The domain of Yulin: values, rules and decisions.
//!
//! No tokio, no database, no GraphQL: what lives here is pure, so that a decision made twice is the same decision.

pub mod calendar;
pub mod codes;
pub mod district;
pub mod error_catalogue;
pub mod factor;
pub mod geometry;
pub mod journal;
pub mod land;
pub mod log;
pub mod party;
pub mod quantity;
