//! Files to features and back: one module a concern, `read` and `write` hold one file a format.

mod attribute;
mod crs;
mod crs_names;
mod encoding;
mod feature;
mod file_format;
mod geometry;
mod limits;
mod number;
mod problem;
mod read;
mod source;
mod wkb;
mod wkt;
mod wkt_scanner;
mod write;

pub use attribute::AttributeValue;
pub use crs::{CrsProblem, DetectedCrs};
pub use encoding::{DetectedEncoding, Encoding};
pub use feature::SourceFeature;
pub use file_format::FileFormat;
pub use limits::{
    ARCHIVE_BYTES_MAX, ARCHIVE_MEMBERS_MAX, CELLS_MAX, FILE_BYTES_MAX, GEOMETRY_BYTES_MAX, NESTING_MAX, RINGS_MAX,
    SHEET_COLUMNS_MAX,
};
pub use problem::{FeatureProblem, OpenRefused, ReadFault};
pub use source::{Explode, OpenOptions, Source};
pub use wkt::decode as geometry_from_wkt;
pub use write::{CsvStart, FieldKind, FieldSpec, GeometryColumn, Sink, SinkError, SinkOptions, SinkTarget, Written};
