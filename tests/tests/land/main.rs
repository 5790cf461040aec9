//! Land: its rules, searching it, drawing it, and how it comes in and goes out as files.
//!
//! One program for all of them: each links the whole product, which takes longer than most of what they test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod export;
mod export_http;
mod import_data;
mod import_files;
mod import_kinds;
mod import_stopped;
mod lives;
mod maps;
mod overlap;
mod postgis;
mod rules;
mod rules_backdated;
mod rules_lasting;
mod search;
