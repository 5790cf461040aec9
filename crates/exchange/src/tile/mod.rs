//! Vector tiles (Mapbox Vector Tile 2.1): what lies in a square of the web map, generalised to its grid.

mod cut;
mod encode;
mod place;
mod simple;

#[cfg(test)]
mod tile_tests;

pub use encode::{TileError, TileFeature, TileShape, TileValue, encode};
pub use place::{EXTENT, TilePlace, ZOOM_MAX};
