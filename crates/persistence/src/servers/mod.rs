//! The servers of one registry: which of them is written to, and which follows it and may be read from.

mod addresses;
mod look;
mod reach;
mod server;
mod servers;

pub use look::primary_of;
pub use servers::{ReadFrom, Seat, Servers};
