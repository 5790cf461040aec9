//! Vector tiles of the layers, with their TileJSON and a style, as each role may see them.

// TileJSON and MapLibre are names, not code.
#![allow(clippy::doc_markdown)]

mod attribute;
mod described;
mod drawn;
mod http;
mod style;

#[cfg(test)]
mod style_tests;

pub(crate) use http::{style, tile, tile_json};
