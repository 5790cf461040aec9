//! Tests of files in and out: round trips, encodings, archives, damage, and the files others made.
//!
//! They use the public face alone; small pieces are tested beside their code.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::doc_markdown)]

mod archives;
mod build;
mod damage;
mod encodings;
mod fixtures;
mod geojson;
mod round_trip;
mod shapefiles;
mod tables;
mod targets;
mod wkt_files;
