//! From registered parcels to features of a file.
//!
//! Columns bear the names under which an import takes them, so that an exported file is imported again without a mapping.

mod parcel;

pub use parcel::{FootprintShown, ParcelColumn, footprint_geometry, parcel_columns, parcel_geometry};
