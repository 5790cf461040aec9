//! The factor ledger, and the interface a trading platform settles through.
//!
//! One program for all of them: each links the whole product, which takes longer than most of what they test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod cases;
mod end_to_end;
mod feasibility;
mod feed_venue;
mod four_eyes;
mod freezes;
mod limits;
mod mended;
mod model;
mod movements;
mod past;
mod race;
mod reconciliation;
mod states;
mod venue;
mod venue_client;
mod venue_sight;
