//! The `.shp` part of a Shapefile: where its records are, and what shape each holds.
//!
//! Own and strict (ESRI Shapefile Technical Description, 1998): a broken record is one feature with a problem, counts are
//! checked against the bytes there are, and a damaged record length is got over by the index where that is sound.

use std::ops::Range;

use geo_types::{Coord, Geometry, MultiLineString, MultiPoint, Point};

use super::rings::group;
use crate::format::FeatureProblem;
use crate::format::geometry::{Place, line, ring};
use crate::format::limits::{GEOMETRY_BYTES_MAX, RINGS_MAX};

const FILE_HEADER: usize = 100;
const RECORD_HEADER: usize = 8;

/// Where the records are; the last one may be cut off.
#[derive(Debug, Default)]
pub(super) struct Records {
    pub(super) places: Vec<Range<usize>>,
    /// Whether bytes remain behind the last place that are no whole record.
    pub(super) cut_off: bool,
}

/// Finds the records by their lengths, else by the index.
pub(super) fn records(shp: &[u8], shx: Option<&[u8]>) -> Records {
    let walked = walk(shp);
    if !walked.cut_off {
        return walked;
    }
    match shx.and_then(|shx| indexed(shp, shx)) {
        Some(places) if places.len() >= walked.places.len() => Records { places, cut_off: false },
        _ => walked,
    }
}

fn walk(shp: &[u8]) -> Records {
    let mut records = Records::default();
    let mut at = FILE_HEADER;
    // Fewer bytes than a record header are slack that some writers leave, not a record.
    while let Some(words) = be_u32(shp, at + 4) {
        let end = words.checked_mul(2).and_then(|bytes| bytes.checked_add(at + RECORD_HEADER));
        match end {
            Some(end) if end <= shp.len() && words >= 2 => {
                records.places.push(at + RECORD_HEADER..end);
                at = end;
            }
            _ => {
                records.cut_off = true;
                break;
            }
        }
    }
    records
}

/// The records of the index, if they lie in the file one after another.
fn indexed(shp: &[u8], shx: &[u8]) -> Option<Vec<Range<usize>>> {
    let entries = shx.get(FILE_HEADER..)?.chunks_exact(8);
    let mut free_from = FILE_HEADER;
    let mut places = Vec::with_capacity(entries.len());
    for entry in entries {
        let start = be_u32(entry, 0)?.checked_mul(2)?;
        let end = be_u32(entry, 4)?.checked_mul(2)?.checked_add(start)?.checked_add(RECORD_HEADER)?;
        if start < free_from || end > shp.len() {
            return None;
        }
        places.push(start + RECORD_HEADER..end);
        free_from = end;
    }
    Some(places)
}

fn be_u32(bytes: &[u8], at: usize) -> Option<usize> {
    let array: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(array)).ok()
}

fn le_u32(bytes: &[u8], at: usize) -> Result<usize, FeatureProblem> {
    let array: Option<[u8; 4]> = bytes.get(at..at.saturating_add(4)).and_then(|slice| slice.try_into().ok());
    array.and_then(|array| usize::try_from(u32::from_le_bytes(array)).ok()).ok_or_else(too_short)
}

fn too_short() -> FeatureProblem {
    FeatureProblem::corrupt("the shape ends too early")
}

/// Decodes the content of a record; heights and measures are left out.
pub(super) fn decode(content: &[u8]) -> Result<Option<Geometry<f64>>, FeatureProblem> {
    if content.len() > GEOMETRY_BYTES_MAX {
        return Err(FeatureProblem::GeometryTooLarge { bytes: content.len() });
    }
    Ok(match le_u32(content, 0)? {
        0 => None,
        1 | 11 | 21 => {
            let coords = line(coords(content, 4, 1)?, Place { part: 1, ring: 1 })?;
            coords.0.first().copied().map(|coord| Geometry::Point(Point(coord)))
        }
        8 | 18 | 28 => {
            let coords = line(coords(content, 40, le_u32(content, 36)?)?, Place { part: 1, ring: 1 })?;
            Some(Geometry::MultiPoint(MultiPoint(coords.0.into_iter().map(Point).collect())))
        }
        3 | 13 | 23 => {
            let lines = parts(content)?
                .into_iter()
                .enumerate()
                .map(|(index, coords)| line(coords, Place { part: index + 1, ring: 1 }));
            Some(Geometry::MultiLineString(MultiLineString(lines.collect::<Result<_, _>>()?)))
        }
        5 | 15 | 25 => {
            let rings = parts(content)?
                .into_iter()
                .enumerate()
                .map(|(index, coords)| ring(coords, Place { part: 1, ring: index + 1 }));
            Some(Geometry::MultiPolygon(group(rings.collect::<Result<_, _>>()?)))
        }
        31 => {
            return Err(FeatureProblem::GeometryUnsupported { kind: "MULTIPATCH".to_owned() });
        }
        other => return Err(FeatureProblem::corrupt(format!("shape type {other} is unknown"))),
    })
}

/// The parts of a polyline or polygon.
fn parts(content: &[u8]) -> Result<Vec<Vec<Coord<f64>>>, FeatureProblem> {
    let (part_count, point_count) = (le_u32(content, 36)?, le_u32(content, 40)?);
    if part_count > RINGS_MAX {
        return Err(FeatureProblem::corrupt(format!("it has {part_count} parts, at most {RINGS_MAX} are read")));
    }
    let points = coords(content, 44 + part_count * 4, point_count)?;
    let mut starts = (0..part_count).map(|part| le_u32(content, 44 + part * 4)).collect::<Result<Vec<_>, _>>()?;
    if starts.first().is_some_and(|first| *first != 0) || (starts.is_empty() && !points.is_empty()) {
        return Err(FeatureProblem::corrupt("points before the first part"));
    }
    starts.push(points.len());
    let ranges = starts.iter().zip(starts.iter().skip(1));
    ranges
        .map(|(start, end)| points.get(*start..*end).filter(|part| !part.is_empty()).map(<[_]>::to_vec))
        .map(|part| part.ok_or_else(|| FeatureProblem::corrupt("the parts overlap or are empty")))
        .collect()
}

fn coords(content: &[u8], at: usize, count: usize) -> Result<Vec<Coord<f64>>, FeatureProblem> {
    let end = count.checked_mul(16).and_then(|bytes| bytes.checked_add(at)).ok_or_else(too_short)?;
    let bytes = content.get(at..end).ok_or_else(too_short)?;
    Ok(bytes.as_chunks::<16>().0.iter().map(coord).collect())
}

fn coord(bytes: &[u8; 16]) -> Coord<f64> {
    let [x0, x1, x2, x3, x4, x5, x6, x7, y0, y1, y2, y3, y4, y5, y6, y7] = *bytes;
    Coord {
        x: f64::from_le_bytes([x0, x1, x2, x3, x4, x5, x6, x7]),
        y: f64::from_le_bytes([y0, y1, y2, y3, y4, y5, y6, y7]),
    }
}
