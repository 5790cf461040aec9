//! The journal: its promises, what falls due, what is taken back, its log, and what finds that it was altered.
//!
//! One program for all of them: each links the whole product, which takes longer than most of what they test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod acts;
mod calendar;
mod due;
mod extract;
mod feed;
mod golden;
mod log;
mod log_forged;
mod outcome;
mod pinned;
mod promises;
mod rescission;
mod schema_sql;
mod tampering;
