//! Land as it is searched and drawn.

pub mod search;
mod tile;

pub use tile::{MapBox, MapParcel};
