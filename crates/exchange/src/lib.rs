//! Reading and writing of the files that land data travel in.
//!
//! `format` turns files into neutral features and back; what a feature means to the registry is decided in `import`, how
//! a parcel becomes a feature in `export`: a new file format never touches an act and a new act never touches a parser.

// GeoJSON and GeoPackage are names, not code.
#![allow(clippy::doc_markdown)]

pub mod export;
pub mod format;
pub mod import;
pub mod tile;
