//! What a caller says of a file to be written.
//!
//! Kinds are declared before the first feature: a column that changes its type in the middle reads back as another one.

use crate::format::number::OrdinateText;

/// What kind of values a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldKind {
    /// Text.
    Text,
    /// Whole numbers within 64 bits.
    Integer,
    /// Decimal numbers, written without loss or refused.
    Decimal,
    /// Truth values.
    Boolean,
    /// ISO 8601 dates, with or without time.
    Date,
}

/// A field to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldSpec {
    /// The name of the column or property.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
}

/// Whether tables (CSV, XLSX) get a column of well-known text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GeometryColumn {
    /// A last column called `wkt`.
    #[default]
    Wkt,
    /// None: a sheet for reading.
    Absent,
}

/// How a CSV file begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CsvStart {
    /// With its header.
    #[default]
    Header,
    /// With a UTF-8 byte order mark, without which Excel misreads Chinese text.
    ByteOrderMark,
}

/// What is to be written.
#[derive(Debug, Clone, Default)]
pub struct SinkOptions {
    /// The name of the layer, table or sheet.
    pub layer: String,
    /// The EPSG code of the geometry's coordinates, `None` if unknown.
    pub crs_epsg: Option<u32>,
    /// The fields, in order.
    pub fields: Vec<FieldSpec>,
    /// Whether tables get the geometry.
    pub geometry_column: GeometryColumn,
    /// How a CSV file begins.
    pub csv_start: CsvStart,
}

impl SinkOptions {
    /// Degrees are written with 9 decimals, metres with all the digits they have.
    pub(super) fn ordinates(&self) -> OrdinateText {
        match self.crs_epsg {
            Some(4326 | 4490 | 4258 | 4171 | 4610 | 6668) => OrdinateText::Degrees,
            Some(_) | None => OrdinateText::Exact,
        }
    }
}
