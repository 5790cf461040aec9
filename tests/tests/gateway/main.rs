//! The gateway as its clients meet it: what it answers, to whom, at what cost, and how it is followed.
//!
//! One program for all of them: each links the whole product, which takes longer than most of what they test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod api;
mod authority;
mod errors_told;
mod feed_followed;
mod input;
mod list_statements;
mod narrowed_acts;
mod narrowed_reading;
mod sandbox;
mod signing_in;
mod sockets;
mod statements;
mod webhooks;
