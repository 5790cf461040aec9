//! The program as its operators run it: keys, settings, figures, traces, backups, standbys, and its end.
//!
//! One program for all of them: each links the whole product, which takes longer than most of what they test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod backup;
mod cli;
mod ending;
mod keys;
mod served;
mod standby;
mod traces;
