//! Opening a file and walking through its features.
//!
//! One face for all formats; `read` holds the formats. Numbers count every feature of the file, readable or not, so that
//! what is read, stored and rejected can be made to add up.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::limits::FILE_BYTES_MAX;
use super::read::{Body, geojson, geopackage, shapefile, table, wkt_file};
use super::{DetectedCrs, DetectedEncoding, Encoding, FileFormat, OpenRefused, ReadFault, SourceFeature};

/// Whether a geometry of several parts stays one feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Explode {
    /// A geometry is a feature.
    #[default]
    Whole,
    /// Every part of a multi-geometry is a feature of its own (WKT files only).
    Parts,
}

/// What the caller says of a file; nothing said is read from the file.
#[derive(Debug, Clone, Default)]
pub struct OpenOptions {
    /// The format, else recognised by content and name.
    pub format: Option<FileFormat>,
    /// The layer (or sheet), needed where the file has several.
    pub layer: Option<String>,
    /// The encoding of text, else told by the file or guessed.
    pub encoding: Option<Encoding>,
    /// The EPSG code of the coordinates, else told by the file.
    pub crs_epsg: Option<u32>,
    /// Whether multi-geometries are taken apart.
    pub explode: Explode,
}

/// What is known of an opened file before its features are read.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    pub(crate) format: FileFormat,
    pub(crate) layers: Vec<String>,
    pub(crate) layer: Option<String>,
    pub(crate) fields: Vec<String>,
    pub(crate) crs: DetectedCrs,
    pub(crate) encoding: Option<DetectedEncoding>,
    pub(crate) total: Option<u64>,
}

/// An opened file: its head, and an iterator of its features in the order of the file.
#[derive(Debug)]
pub struct Source {
    head: Head,
    body: Body,
}

impl Source {
    /// Opens the file at `path` and reads its head.
    pub fn open(path: &Path, options: &OpenOptions) -> Result<Self, OpenRefused> {
        let name = file_name(path);
        let start = read_start(path)?;
        let format = options.format.or_else(|| FileFormat::recognise(path, &start));
        let format = format.ok_or_else(|| OpenRefused::FormatUnknown { file: name.clone() })?;
        if options.explode == Explode::Parts && format != FileFormat::Wkt {
            return Err(OpenRefused::ExplodeUnsupported { format: format.name() });
        }
        let (mut head, body) = match format {
            FileFormat::GeoJson => geojson::open(read_file(path)?, options)?,
            FileFormat::GeoPackage => geopackage::open(path, options)?,
            FileFormat::Shapefile => shapefile::open(path, options)?,
            FileFormat::Csv => table::open_csv(read_file(path)?, options)?,
            FileFormat::Xlsx => table::open_xlsx(read_file(path)?, options)?,
            FileFormat::Wkt => wkt_file::open(read_file(path)?, options)?,
        };
        if let Some(epsg) = options.crs_epsg {
            head.crs = DetectedCrs { epsg: Some(epsg), from: "caller", ..head.crs };
        }
        head.crs = head.crs.heeding_name(&name).heeding_name(head.layer.as_deref().unwrap_or(""));
        Ok(Self { head, body })
    }

    /// The format of the file.
    pub fn format(&self) -> FileFormat {
        self.head.format
    }

    /// The names of all layers (or sheets); empty where the format has none.
    pub fn layers(&self) -> &[String] {
        &self.head.layers
    }

    /// The layer that is read.
    pub fn layer(&self) -> Option<&str> {
        self.head.layer.as_deref()
    }

    /// The names of the attributes, without the geometry; in the order of the file, for GeoJSON by name.
    pub fn fields(&self) -> &[String] {
        &self.head.fields
    }

    /// The coordinate reference system and what told it.
    pub fn crs(&self) -> &DetectedCrs {
        &self.head.crs
    }

    /// The encoding of text and what told it; `None` where the format leaves no choice.
    pub fn encoding(&self) -> Option<DetectedEncoding> {
        self.head.encoding
    }

    /// How many features will come out in all.
    pub fn total(&self) -> Option<u64> {
        self.head.total
    }

    /// Goes on with feature `number` (from 1) instead of the next one; beyond the end nothing follows.
    pub fn skip_to(&mut self, number: u64) -> Result<(), ReadFault> {
        self.body.skip_to(number)
    }
}

impl Iterator for Source {
    type Item = Result<SourceFeature, ReadFault>;

    fn next(&mut self) -> Option<Self::Item> {
        self.body.next_feature()
    }
}

/// The name of the file without its folders: reports carry no paths.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The whole file, refused beyond the maximum; the size is counted, not believed.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, OpenRefused> {
    let file = open_file(path)?;
    let said = file.metadata().map_err(|error| unreadable(path, &error))?.len();
    if said > FILE_BYTES_MAX {
        return Err(OpenRefused::FileTooLarge { file: file_name(path), bytes: said });
    }
    let mut bytes = Vec::new();
    let read = file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    match u64::try_from(read) {
        Ok(read) if read <= FILE_BYTES_MAX => Ok(bytes),
        _ => Err(OpenRefused::FileTooLarge { file: file_name(path), bytes: FILE_BYTES_MAX + 1 }),
    }
}

fn read_start(path: &Path) -> Result<Vec<u8>, OpenRefused> {
    let mut start = Vec::new();
    open_file(path)?.take(512).read_to_end(&mut start).map_err(|error| unreadable(path, &error))?;
    Ok(start)
}

fn open_file(path: &Path) -> Result<File, OpenRefused> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let kind = file.metadata().map_err(|error| unreadable(path, &error))?;
    if kind.is_dir() {
        return Err(OpenRefused::FileUnreadable { file: file_name(path), reason: "it is a directory".to_owned() });
    }
    Ok(file)
}

fn unreadable(path: &Path, error: &std::io::Error) -> OpenRefused {
    OpenRefused::FileUnreadable { file: file_name(path), reason: error.to_string() }
}
