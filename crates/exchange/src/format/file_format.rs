//! The file formats, and how one is recognised.
//!
//! By content first, by name only where the content is plain text: files are renamed more often than rewritten.

use std::path::Path;

use super::wkt::starts_like_wkt;

/// A file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileFormat {
    /// GeoJSON (RFC 7946), also a sequence of features, one a line or record.
    GeoJson,
    /// OGC GeoPackage.
    GeoPackage,
    /// ESRI Shapefile, plain or zipped.
    Shapefile,
    /// Delimited text, with or without a WKT column.
    Csv,
    /// Office Open XML workbook, with or without a WKT column.
    Xlsx,
    /// Well-known text, one geometry a line.
    Wkt,
}

impl FileFormat {
    /// The name as reports print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::GeoJson => "GeoJSON",
            Self::GeoPackage => "GeoPackage",
            Self::Shapefile => "Shapefile",
            Self::Csv => "CSV",
            Self::Xlsx => "XLSX",
            Self::Wkt => "WKT",
        }
    }

    /// The format that `path` and the first bytes of the file tell, `None` when neither does.
    pub fn recognise(path: &Path, start: &[u8]) -> Option<Self> {
        let extension = path.extension().and_then(|ext| ext.to_str()).unwrap_or("").to_ascii_lowercase();
        by_signature(start, &extension).or_else(|| by_text(start, &extension))
    }
}

fn by_signature(start: &[u8], extension: &str) -> Option<FileFormat> {
    if start.starts_with(b"SQLite format 3\0") {
        return Some(FileFormat::GeoPackage);
    }
    // The index files of a Shapefile begin like its shapes but hold none.
    if start.starts_with(&[0, 0, 0x27, 0x0a]) && !matches!(extension, "shx" | "sbn" | "sbx") {
        return Some(FileFormat::Shapefile);
    }
    let zipped = start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06");
    match extension {
        "xlsx" | "xlsm" if zipped => Some(FileFormat::Xlsx),
        _ if zipped => Some(FileFormat::Shapefile),
        _ => None,
    }
}

fn by_text(start: &[u8], extension: &str) -> Option<FileFormat> {
    let text = String::from_utf8_lossy(start.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(start));
    let text = text.trim_start();
    match extension {
        "csv" | "tsv" => Some(FileFormat::Csv),
        "wkt" => Some(FileFormat::Wkt),
        "geojson" | "json" | "geojsonl" | "geojsons" | "ndjson" | "jsonl" => Some(FileFormat::GeoJson),
        "gpkg" => Some(FileFormat::GeoPackage),
        "shp" | "zip" => Some(FileFormat::Shapefile),
        "xlsx" | "xlsm" => Some(FileFormat::Xlsx),
        _ if text.starts_with(['{', '\u{1e}']) => Some(FileFormat::GeoJson),
        _ if starts_like_wkt(text) => Some(FileFormat::Wkt),
        _ => None,
    }
}
