//! The named maxima of reading, so that no file can exhaust the process.
//!
//! Numbers only; each reader checks its own before it allocates.

/// Largest file held in memory, in bytes (GeoJSON, Shapefile parts, CSV, XLSX, WKT). A GeoPackage is paged and has no maximum.
pub const FILE_BYTES_MAX: u64 = 1 << 30;
/// Largest sum of the inflated members of an archive, in bytes; counted while inflating, never believed.
pub const ARCHIVE_BYTES_MAX: u64 = 1 << 30;
/// Most members of an archive.
pub const ARCHIVE_MEMBERS_MAX: usize = 4_096;
/// Largest encoded geometry of one feature, in bytes.
pub const GEOMETRY_BYTES_MAX: usize = 16 << 20;
/// Most rings of one Shapefile polygon; grouping holes into shells is quadratic in them.
pub const RINGS_MAX: usize = 4_096;
/// Deepest nesting of geometry collections.
pub const NESTING_MAX: usize = 8;
/// Most cells of a sheet, empty ones in front of a value included.
pub const CELLS_MAX: usize = 5_000_000;
/// Most columns of a sheet or table.
pub const SHEET_COLUMNS_MAX: usize = 2_048;
/// Features fetched from a GeoPackage in one statement.
pub(crate) const PAGE_FEATURES: i64 = 512;
/// Rows looked at to find the column that holds the geometry.
pub(crate) const PROBE_ROWS: usize = 100;
/// Bytes of text looked at to guess an encoding.
pub(crate) const PROBE_BYTES: usize = 1 << 20;
