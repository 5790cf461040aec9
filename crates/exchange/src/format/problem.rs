//! What can be wrong with a file, with one feature of it, and with reading on.
//!
//! Three levels: a file is refused before any feature is read; a feature carries its problem and the next one follows; a
//! fault ends the reading. Each has a stable code; the message carries what the reader of a report needs, never a path.

use super::limits::{ARCHIVE_BYTES_MAX, ARCHIVE_MEMBERS_MAX, FILE_BYTES_MAX, GEOMETRY_BYTES_MAX};

/// Why a file was not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenRefused {
    #[error("{file} cannot be read: {reason}")]
    FileUnreadable { file: String, reason: String },
    #[error("{file} has {bytes} bytes; at most {FILE_BYTES_MAX} are read at once, a GeoPackage has no such limit")]
    FileTooLarge { file: String, bytes: u64 },
    #[error("the archive inflates to more than {ARCHIVE_BYTES_MAX} bytes")]
    ArchiveTooLarge,
    #[error("the archive has {members} members, at most {ARCHIVE_MEMBERS_MAX} are allowed")]
    ArchiveTooManyMembers { members: usize },
    #[error(
        "the format of {file} is not known; known are GeoJSON, GeoPackage, Shapefile (plain or zipped), CSV, XLSX and WKT"
    )]
    FormatUnknown { file: String },
    #[error("this is no readable {format}: {reason}")]
    FileMalformed { format: &'static str, reason: String },
    #[error("there is no layer {layer}; the layers are {}", layers.join(", "))]
    LayerUnknown { layer: String, layers: Vec<String> },
    #[error("the file has several layers, one is to be named: {}", layers.join(", "))]
    LayerAmbiguous { layers: Vec<String> },
    #[error("the file has no layer with features")]
    LayerMissing,
    #[error(
        "the file says its encoding is {label}; UTF-8, GBK and Latin-1 are read, another may be named by the caller"
    )]
    EncodingUnsupported { label: String },
    #[error("the text is not valid {encoding} at byte {offset}")]
    EncodingInvalid { encoding: &'static str, offset: usize },
    #[error("the Shapefile has no {part}")]
    PartMissing { part: &'static str },
    #[error("the sheet has no header row")]
    HeaderMissing,
    #[error("{what}: {found}, at most {max} are allowed")]
    LimitExceeded { what: &'static str, found: usize, max: usize },
    #[error("only a WKT file can be exploded into parts, this is {format}")]
    ExplodeUnsupported { format: &'static str },
}

impl OpenRefused {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FileUnreadable { .. } => "FILE_UNREADABLE",
            Self::FileTooLarge { .. } => "FILE_TOO_LARGE",
            Self::ArchiveTooLarge => "ARCHIVE_TOO_LARGE",
            Self::ArchiveTooManyMembers { .. } => "ARCHIVE_TOO_MANY_MEMBERS",
            Self::FormatUnknown { .. } => "FORMAT_UNKNOWN",
            Self::FileMalformed { .. } => "FILE_MALFORMED",
            Self::LayerUnknown { .. } => "LAYER_UNKNOWN",
            Self::LayerAmbiguous { .. } => "LAYER_AMBIGUOUS",
            Self::LayerMissing => "LAYER_MISSING",
            Self::EncodingUnsupported { .. } => "ENCODING_UNSUPPORTED",
            Self::EncodingInvalid { .. } => "ENCODING_INVALID",
            Self::PartMissing { .. } => "FILE_PART_MISSING",
            Self::HeaderMissing => "HEADER_MISSING",
            Self::LimitExceeded { .. } => "LIMIT_EXCEEDED",
            Self::ExplodeUnsupported { .. } => "EXPLODE_UNSUPPORTED",
        }
    }

    /// What the caller would have to say otherwise: the file, or how it is to be read.
    pub fn field(&self) -> &'static str {
        match self {
            Self::LayerUnknown { .. } | Self::LayerAmbiguous { .. } => "layer",
            Self::EncodingUnsupported { .. } | Self::EncodingInvalid { .. } => "encoding",
            Self::ExplodeUnsupported { .. } => "explode",
            Self::FileUnreadable { .. }
            | Self::FileTooLarge { .. }
            | Self::ArchiveTooLarge
            | Self::ArchiveTooManyMembers { .. }
            | Self::FormatUnknown { .. }
            | Self::FileMalformed { .. }
            | Self::LayerMissing
            | Self::PartMissing { .. }
            | Self::HeaderMissing
            | Self::LimitExceeded { .. } => "file",
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err as a function")]
    pub(crate) fn malformed(format: &'static str, reason: impl ToString) -> Self {
        Self::FileMalformed { format, reason: reason.to_string() }
    }
}

/// What is wrong with one feature. Parts, rings and vertices count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeatureProblem {
    #[error("geometry of kind {kind} is not supported")]
    GeometryUnsupported { kind: String },
    #[error("the geometry cannot be read: {reason}")]
    GeometryMalformed { reason: String },
    #[error("ring {ring} of part {part} is not closed")]
    RingNotClosed { part: usize, ring: usize },
    #[error("vertex {vertex} of ring {ring} of part {part} is not a finite number")]
    CoordinateNotFinite { part: usize, ring: usize, vertex: usize },
    #[error("the geometry has {bytes} bytes, at most {GEOMETRY_BYTES_MAX} are read")]
    GeometryTooLarge { bytes: usize },
    #[error("the geometry says EPSG:{feature}, the file {}", file.map_or_else(|| "says nothing".to_owned(), |epsg| format!("says EPSG:{epsg}")))]
    CrsMismatch { feature: u32, file: Option<u32> },
    #[error("the record cannot be read: {reason}")]
    RecordCorrupt { reason: String },
    #[error("the record is marked as deleted")]
    RecordDeleted,
    #[error("field {field} is not valid {encoding}")]
    EncodingInvalid { field: String, encoding: &'static str },
}

impl FeatureProblem {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::GeometryUnsupported { .. } => "GEOMETRY_UNSUPPORTED",
            Self::GeometryMalformed { .. } => "GEOMETRY_MALFORMED",
            Self::RingNotClosed { .. } => "RING_NOT_CLOSED",
            Self::CoordinateNotFinite { .. } => "GEOMETRY_NOT_FINITE",
            Self::GeometryTooLarge { .. } => "GEOMETRY_TOO_LARGE",
            Self::CrsMismatch { .. } => "CRS_MISMATCH",
            Self::RecordCorrupt { .. } => "RECORD_CORRUPT",
            Self::RecordDeleted => "RECORD_DELETED",
            Self::EncodingInvalid { .. } => "ENCODING_INVALID",
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err as a function")]
    pub(crate) fn malformed(reason: impl ToString) -> Self {
        Self::GeometryMalformed { reason: reason.to_string() }
    }

    #[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err as a function")]
    pub(crate) fn corrupt(reason: impl ToString) -> Self {
        Self::RecordCorrupt { reason: reason.to_string() }
    }
}

/// Why reading could not go on; no further feature follows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadFault {
    #[error("the file could not be read beyond feature {after}: {reason}")]
    FileUnreadable { after: u64, reason: String },
}

impl ReadFault {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FileUnreadable { .. } => "FILE_UNREADABLE",
        }
    }
}
