//! One file a format; `sink` is their common face, `target` where bytes go, `options` what a caller says.

mod csv_sink;
mod geojson_sink;
mod gpkg_sink;
mod gpkg_srs;
mod options;
mod sink;
mod sink_error;
mod target;
mod xlsx_sink;

pub use options::{CsvStart, FieldKind, FieldSpec, GeometryColumn, SinkOptions};
pub use sink::{Sink, Written};
pub use sink_error::SinkError;
pub use target::SinkTarget;
