//! Files of well-known text: one geometry a line.
//!
//! A geometry may go on over lines that do not begin with a keyword. A file whose one multi-geometry holds many features
//! (parts that share edges, invalid as one) can be taken apart.

use std::collections::BTreeMap;
use std::ops::Range;

use geo_types::Geometry;

use super::Body;
use super::body::{count_of, item_at};
use crate::format::encoding::decode_file;
use crate::format::source::Head;
use crate::format::wkt::{decode, split_srid};
use crate::format::{DetectedCrs, Explode, FeatureProblem, FileFormat, OpenOptions, OpenRefused, SourceFeature};

type Shape = Result<Option<Geometry<f64>>, FeatureProblem>;

/// The geometries still to be read.
#[derive(Debug)]
pub(in crate::format) struct WktBody {
    shapes: Vec<Shape>,
    /// Features already read.
    pub(super) done: u64,
}

/// Opens a file of well-known text.
pub(in crate::format) fn open(bytes: Vec<u8>, options: &OpenOptions) -> Result<(Head, Body), OpenRefused> {
    let (text, encoding) = decode_file(bytes, options.encoding)?;
    if let Some(layer) = &options.layer {
        return Err(OpenRefused::LayerUnknown { layer: layer.clone(), layers: Vec::new() });
    }
    let statements: Vec<&str> = statements(&text).into_iter().filter_map(|place| text.get(place)).collect();
    let srid = statements.iter().find_map(|statement| split_srid(statement).0);
    let mut shapes = Vec::with_capacity(statements.len());
    for statement in statements {
        let shape = decode_in(statement, srid);
        match options.explode {
            Explode::Whole => shapes.push(shape),
            Explode::Parts => explode(shape, &mut shapes),
        }
    }
    let head = Head {
        format: FileFormat::Wkt,
        layers: Vec::new(),
        layer: None,
        fields: Vec::new(),
        crs: srid.map_or_else(|| DetectedCrs::unknown("none"), |epsg| DetectedCrs::of_epsg(epsg, "SRID")),
        encoding: Some(encoding),
        total: Some(count_of(shapes.len())),
    };
    Ok((head, Body::Wkt(WktBody { shapes, done: 0 })))
}

/// Decodes a geometry of a file that says `srid`.
pub(super) fn decode_in(text: &str, srid: Option<u32>) -> Shape {
    match (split_srid(text.trim_start()).0, srid) {
        (Some(feature), file) if file != Some(feature) => Err(FeatureProblem::CrsMismatch { feature, file }),
        _ => decode(text),
    }
}

/// The places of the geometries: a new one begins at every line that begins with a letter.
fn statements(text: &str) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let trimmed = line.trim_start();
        let continues =
            trimmed.starts_with(['(', ')', ',', '-', '+', '.']) || trimmed.starts_with(|c: char| c.is_ascii_digit());
        match places.last_mut() {
            _ if trimmed.is_empty() => {}
            Some(last) if continues => last.end = end,
            _ => places.push(start..end),
        }
        start = end;
    }
    places
}

fn explode(shape: Shape, into: &mut Vec<Shape>) {
    match shape {
        Ok(Some(Geometry::MultiPolygon(parts))) => {
            into.extend(parts.0.into_iter().map(|part| Ok(Some(Geometry::Polygon(part)))));
        }
        Ok(Some(Geometry::MultiLineString(parts))) => {
            into.extend(parts.0.into_iter().map(|part| Ok(Some(Geometry::LineString(part)))));
        }
        Ok(Some(Geometry::MultiPoint(parts))) => {
            into.extend(parts.0.into_iter().map(|part| Ok(Some(Geometry::Point(part)))));
        }
        Ok(Some(Geometry::GeometryCollection(parts))) => into.extend(parts.0.into_iter().map(|part| Ok(Some(part)))),
        other => into.push(other),
    }
}

impl WktBody {
    pub(super) fn next_feature(&mut self) -> Option<SourceFeature> {
        let geometry = item_at(&self.shapes, self.done)?.clone();
        self.done += 1;
        Some(SourceFeature { number: self.done, geometry, attributes: BTreeMap::new() })
    }
}
