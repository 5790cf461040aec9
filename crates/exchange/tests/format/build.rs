//! Files made by the tests themselves.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use yulin_exchange::format::{AttributeValue, OpenOptions, OpenRefused, Sink, Source, SourceFeature};

/// A file in a folder of its own that lives as long as the test.
pub struct Scratch(tempfile::TempDir);

impl Scratch {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// The bytes of a file that was written without a name.
pub fn bytes_of(sink: Sink) -> Vec<u8> {
    let mut bytes = Vec::new();
    sink.finish().unwrap().file.unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

pub fn open(path: &Path) -> Result<Source, OpenRefused> {
    Source::open(path, &OpenOptions::default())
}

pub fn open_bytes(name: &str, bytes: impl AsRef<[u8]>) -> Result<Source, OpenRefused> {
    let scratch = Scratch::new();
    open(&scratch.write(name, bytes))
}

pub fn features(source: Source) -> Vec<SourceFeature> {
    source.map(Result::unwrap).collect()
}

/// The codes of the features' problems, `OK` for those with geometry, `NONE` for those without.
pub fn outcomes(source: Source) -> Vec<&'static str> {
    let outcome = |feature: SourceFeature| match feature.geometry {
        Ok(Some(_)) => "OK",
        Ok(None) => "NONE",
        Err(problem) => problem.code(),
    };
    features(source).into_iter().map(outcome).collect()
}

pub fn text(value: &str) -> AttributeValue {
    AttributeValue::Text(value.to_owned())
}

pub fn ring(points: &[(f64, f64)]) -> LineString<f64> {
    LineString(points.iter().map(|&(x, y)| Coord { x, y }).collect())
}

/// A counter-clockwise square with its lower left corner at `(x, y)`.
pub fn square(x: f64, y: f64, side: f64) -> LineString<f64> {
    ring(&[(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)])
}

pub fn parcel(x: f64, y: f64, side: f64) -> MultiPolygon<f64> {
    MultiPolygon(vec![Polygon::new(square(x, y, side), vec![])])
}

pub fn reversed(ring: &LineString<f64>) -> LineString<f64> {
    LineString(ring.0.iter().rev().copied().collect())
}

/// The record content of a Shapefile polygon.
pub fn shp_polygon(rings: &[LineString<f64>]) -> Vec<u8> {
    let mut content = 5_i32.to_le_bytes().to_vec();
    content.extend([0_u8; 32]);
    let points: usize = rings.iter().map(|ring| ring.0.len()).sum();
    content.extend(u32::try_from(rings.len()).unwrap().to_le_bytes());
    content.extend(u32::try_from(points).unwrap().to_le_bytes());
    let mut start = 0_u32;
    for ring in rings {
        content.extend(start.to_le_bytes());
        start += u32::try_from(ring.0.len()).unwrap();
    }
    for coord in rings.iter().flat_map(|ring| &ring.0) {
        content.extend(coord.x.to_le_bytes());
        content.extend(coord.y.to_le_bytes());
    }
    content
}

/// A `.shp` of the given record contents.
pub fn shp(records: &[Vec<u8>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (index, content) in records.iter().enumerate() {
        body.extend(u32::try_from(index + 1).unwrap().to_be_bytes());
        body.extend(u32::try_from(content.len() / 2).unwrap().to_be_bytes());
        body.extend(content);
    }
    let mut file = vec![0_u8; 100];
    file[..4].copy_from_slice(&9994_u32.to_be_bytes());
    file[24..28].copy_from_slice(&u32::try_from(50 + body.len() / 2).unwrap().to_be_bytes());
    file[28..32].copy_from_slice(&1000_u32.to_le_bytes());
    file[32..36].copy_from_slice(&5_u32.to_le_bytes());
    file.extend(body);
    file
}

/// The index of a `.shp` made by [`shp`].
pub fn shx(records: &[Vec<u8>]) -> Vec<u8> {
    let mut file = vec![0_u8; 100];
    let mut at = 50;
    for content in records {
        let words = u32::try_from(content.len() / 2).unwrap();
        file.extend(u32::try_from(at).unwrap().to_be_bytes());
        file.extend(words.to_be_bytes());
        at += 4 + words as usize;
    }
    file
}

/// A `.dbf` with fields (name bytes, type, length, decimals) and rows of raw cells; a row begins with its deletion mark.
pub fn dbf(language: u8, fields: &[(&[u8], u8, u8, u8)], rows: &[(u8, Vec<Vec<u8>>)]) -> Vec<u8> {
    let row_bytes: usize = 1 + fields.iter().map(|field| usize::from(field.2)).sum::<usize>();
    let mut file = vec![3, 124, 1, 1];
    file.extend(u32::try_from(rows.len()).unwrap().to_le_bytes());
    file.extend(u16::try_from(33 + 32 * fields.len()).unwrap().to_le_bytes());
    file.extend(u16::try_from(row_bytes).unwrap().to_le_bytes());
    file.resize(32, 0);
    file[29] = language;
    for (name, kind, length, decimals) in fields {
        let mut entry = [0_u8; 32];
        entry[..name.len()].copy_from_slice(name);
        (entry[11], entry[16], entry[17]) = (*kind, *length, *decimals);
        file.extend(entry);
    }
    file.push(0x0d);
    for (mark, cells) in rows {
        file.push(*mark);
        for (cell, field) in cells.iter().zip(fields) {
            let mut padded = cell.clone();
            padded.resize(usize::from(field.2), b' ');
            file.extend(padded);
        }
    }
    file.push(0x1a);
    file
}

/// A zip archive of deflated members.
pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
