//! Shapefiles, plain or zipped: shapes and rows put together, one feature a number.
//!
//! The parts are read by `shp` and `dbf`. A feature is a number for which there is a shape or a row; where one of the two is
//! missing the feature has a problem, since a shape without its row would be a parcel without its code.

use std::path::{Path, PathBuf};

use super::Body;
use super::archive::Archive;
use super::body::{choose_layer, count_of, item_at};
use super::dbf::{Dbf, Row};
use super::shp::{self, Records};
use crate::format::encoding::guess;
use crate::format::limits::PROBE_BYTES;
use crate::format::source::{Head, file_name, read_file};
use crate::format::{
    DetectedCrs, DetectedEncoding, Encoding, FeatureProblem, FileFormat, OpenOptions, OpenRefused, SourceFeature,
};

/// The parts of one Shapefile.
#[derive(Debug, Default)]
struct Parts {
    shp: Vec<u8>,
    shx: Option<Vec<u8>>,
    dbf: Option<Vec<u8>>,
    prj: Option<Vec<u8>>,
    cpg: Option<Vec<u8>>,
}

/// The features still to be read.
#[derive(Debug)]
pub(in crate::format) struct ShapefileBody {
    shp: Vec<u8>,
    records: Records,
    dbf: Option<Dbf>,
    total: u64,
    /// Features already read.
    pub(super) done: u64,
}

/// Opens a Shapefile by its `.shp`, or one in an archive.
pub(in crate::format) fn open(path: &Path, options: &OpenOptions) -> Result<(Head, Body), OpenRefused> {
    let bytes = read_file(path)?;
    let (layers, layer, parts) =
        if bytes.starts_with(b"PK") { zipped(bytes, options)? } else { plain(path, bytes, options)? };
    if !parts.shp.starts_with(&[0, 0, 0x27, 0x0a]) || parts.shp.len() < 100 {
        return Err(OpenRefused::malformed("Shapefile", "the .shp header is missing"));
    }
    let crs = parts
        .prj
        .as_deref()
        .map_or_else(|| DetectedCrs::unknown("none"), |prj| DetectedCrs::of_wkt(&String::from_utf8_lossy(prj), ".prj"));
    let (dbf, encoding) = table(parts.dbf, parts.cpg.as_deref(), options)?;
    let records = shp::records(&parts.shp, parts.shx.as_deref());
    let shapes = records.places.len() + usize::from(records.cut_off);
    let total = count_of(shapes.max(dbf.as_ref().map_or(0, |dbf| dbf.rows)));
    let head = Head {
        format: FileFormat::Shapefile,
        layers,
        layer: Some(layer),
        fields: dbf.as_ref().map(Dbf::field_names).unwrap_or_default(),
        crs,
        encoding,
        total: Some(total),
    };
    Ok((head, Body::Shapefile(Box::new(ShapefileBody { shp: parts.shp, records, dbf, total, done: 0 }))))
}

fn zipped(bytes: Vec<u8>, options: &OpenOptions) -> Result<(Vec<String>, String, Parts), OpenRefused> {
    let mut archive = Archive::open(bytes, "Shapefile")?;
    let names = archive.names.clone();
    let stems: Vec<&str> =
        names.iter().filter(|name| !name.starts_with("__MACOSX/")).filter_map(|name| stem_of(name, "shp")).collect();
    let layers: Vec<String> = stems.iter().map(|stem| layer_name(stem, &stems)).collect();
    let chosen = choose_layer(&layers, options.layer.as_deref())?;
    let stem = stems.get(chosen).copied().unwrap_or_default();
    let mut part = |extension: &str| -> Result<Option<Vec<u8>>, OpenRefused> {
        match names.iter().position(|name| stem_of(name, extension) == Some(stem)) {
            Some(index) => archive.read(index, "Shapefile").map(Some),
            None => Ok(None),
        }
    };
    let parts = Parts {
        shp: part("shp")?.unwrap_or_default(),
        shx: part("shx")?,
        dbf: part("dbf")?,
        prj: part("prj")?,
        cpg: part("cpg")?,
    };
    let layer = layers.get(chosen).cloned().unwrap_or_default();
    Ok((layers, layer, parts))
}

/// The name without `.extension`, in any case, if it has it.
fn stem_of<'a>(name: &'a str, extension: &str) -> Option<&'a str> {
    let (stem, found) = name.rsplit_once('.')?;
    found.eq_ignore_ascii_case(extension).then_some(stem)
}

/// The last segment of the stem, or all of it where another folder has the same.
fn layer_name(stem: &str, stems: &[&str]) -> String {
    let last = |stem: &str| stem.rsplit('/').next().unwrap_or_default().to_owned();
    let short = last(stem);
    let shared = stems.iter().filter(|other| last(other) == short).count() > 1;
    if shared { stem.to_owned() } else { short }
}

fn plain(path: &Path, shp: Vec<u8>, options: &OpenOptions) -> Result<(Vec<String>, String, Parts), OpenRefused> {
    let layer = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let layers = vec![layer.clone()];
    choose_layer(&layers, options.layer.as_deref())?;
    let part = |extension: &str| sibling(path, extension).map(|path| read_file(&path)).transpose();
    let parts = Parts { shp, shx: part("shx")?, dbf: part("dbf")?, prj: part("prj")?, cpg: part("cpg")? };
    Ok((layers, layer, parts))
}

/// The file beside `path` with the same stem and `extension` in any case.
fn sibling(path: &Path, extension: &str) -> Option<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let stem = path.file_stem()?.to_string_lossy().into_owned();
    let entries = std::fs::read_dir(folder).ok()?.filter_map(Result::ok).map(|entry| entry.path());
    entries.into_iter().find(|entry| stem_of(&file_name(entry), extension) == Some(stem.as_str()))
}

/// The table in its encoding: the caller's word, the `.cpg`, the language byte, else what the text looks like.
fn table(
    dbf: Option<Vec<u8>>,
    cpg: Option<&[u8]>,
    options: &OpenOptions,
) -> Result<(Option<Dbf>, Option<DetectedEncoding>), OpenRefused> {
    let Some(bytes) = dbf else { return Ok((None, None)) };
    let mut table = Dbf::open(bytes)?;
    let label = cpg.map(|cpg| String::from_utf8_lossy(cpg).trim().to_owned()).filter(|label| !label.is_empty());
    let chosen = match (options.encoding, label, language(table.language)) {
        (Some(encoding), _, _) => DetectedEncoding { encoding, from: "caller" },
        (None, Some(label), _) => match Encoding::from_label(&label) {
            Some(encoding) => DetectedEncoding { encoding, from: ".cpg" },
            None => return Err(OpenRefused::EncodingUnsupported { label }),
        },
        (None, None, Some(encoding)) => DetectedEncoding { encoding, from: ".dbf language byte" },
        (None, None, None) => {
            DetectedEncoding { encoding: guess(whole_characters(table.text_sample(PROBE_BYTES))), from: "detected" }
        }
    };
    table.settle(chosen.encoding)?;
    Ok((Some(table), Some(chosen)))
}

/// The encoding a language byte stands for. 0x57 ("ANSI") says only "that of the writer's machine", and so nothing.
fn language(byte: u8) -> Option<Encoding> {
    match byte {
        0x4d | 0x7a => Some(Encoding::Gbk),
        0x03 | 0x58 | 0x59 => Some(Encoding::Latin1),
        _ => None,
    }
}

/// The sample without a character that its end cut in two.
fn whole_characters(sample: &[u8]) -> &[u8] {
    match std::str::from_utf8(sample) {
        Err(error) if error.error_len().is_none() => sample.get(..error.valid_up_to()).unwrap_or(sample),
        _ => sample,
    }
}

impl ShapefileBody {
    pub(super) fn next_feature(&mut self) -> Option<SourceFeature> {
        if self.done >= self.total {
            return None;
        }
        let place = self.done;
        self.done += 1;
        let row = match &self.dbf {
            Some(dbf) => dbf.row(usize::try_from(place).unwrap_or(usize::MAX)),
            None => Row::default(),
        };
        let geometry = match (row.problem, item_at(&self.records.places, place)) {
            (Some(problem), _) => Err(problem),
            (None, Some(range)) => self
                .shp
                .get(range.clone())
                .map_or_else(|| Err(FeatureProblem::corrupt("the shape is not in the file")), shp::decode),
            (None, None) => {
                Err(FeatureProblem::corrupt(format!("the .shp has {} whole shapes", self.records.places.len())))
            }
        };
        Some(SourceFeature { number: self.done, geometry, attributes: row.attributes })
    }
}
