//! A tile as bytes.

use geo_types::{Coord, LineString, MultiPolygon};
use i_overlay::i_float::int::point::IntPoint;
use mvt::{GeomData, GeomEncoder, GeomType, Layer, Tile};

use super::cut;
use super::place::{EXTENT, TilePlace};

/// What is drawn, in longitude and latitude.
#[derive(Debug, Clone)]
pub enum TileShape {
    Polygons(MultiPolygon<f64>),
    /// Lines; those of one vertex are points.
    Lines(Vec<LineString<f64>>),
}

/// What is told of it.
#[derive(Debug, Clone, PartialEq)]
pub enum TileValue {
    Text(String),
    Integer(i64),
}

/// One thing on a tile.
#[derive(Debug, Clone)]
pub struct TileFeature {
    /// The same on every tile; below 2^53, which is what browsers count to.
    pub id: u64,
    pub shape: TileShape,
    pub values: Vec<(&'static str, TileValue)>,
}

/// A tile could not be written.
#[derive(Debug, thiserror::Error)]
#[error("a vector tile could not be written: {0}")]
pub struct TileError(#[from] mvt::Error);

/// The bytes of a tile of one layer; a tile on which nothing lies has no bytes.
pub fn encode(
    place: &TilePlace,
    name: &str,
    features: impl IntoIterator<Item = TileFeature>,
) -> Result<Vec<u8>, TileError> {
    let mut tile = Tile::new(EXTENT.unsigned_abs());
    let mut layer = tile.create_layer(name);
    for feature in features {
        for shape in drawn(place, &feature.shape)? {
            layer = with(layer, shape, &feature);
        }
    }
    if layer.num_features() > 0 {
        tile.add_layer(layer)?;
    }
    Ok(tile.to_bytes()?)
}

fn with(layer: Layer, shape: GeomData, feature: &TileFeature) -> Layer {
    let mut drawn = layer.into_feature(shape);
    drawn.set_id(feature.id);
    for (name, value) in &feature.values {
        match value {
            TileValue::Text(text) => drawn.add_tag_string(name, text),
            TileValue::Integer(number) => drawn.add_tag_sint(name, *number),
        }
    }
    drawn.into_layer()
}

/// A shape as the tile holds it: one geometry of each kind that is left of it, which is mostly one and often none.
fn drawn(place: &TilePlace, shape: &TileShape) -> Result<Vec<GeomData>, mvt::Error> {
    let mut kinds = Vec::new();
    match shape {
        TileShape::Polygons(polygons) => {
            let rings: Vec<_> = cut::polygons(place, polygons).into_iter().flatten().collect();
            kinds.push((GeomType::Polygon, rings));
        }
        TileShape::Lines(several) => {
            let (points, lines): (Vec<_>, Vec<_>) = several.iter().partition(|line| line.0.len() == 1);
            let points = points.iter().flat_map(|line| &line.0).filter_map(|at| cut::point(place, *at));
            kinds.push((GeomType::Point, points.map(|at| vec![at]).collect()));
            kinds.push((GeomType::Linestring, cut::joined(lines.iter().flat_map(|line| cut::lines(place, line)))));
        }
    }
    kinds.retain(|(_, paths)| !paths.is_empty());
    kinds.into_iter().map(|(kind, paths)| encoded(kind, &paths)).collect()
}

fn encoded(kind: GeomType, paths: &[Vec<IntPoint>]) -> Result<GeomData, mvt::Error> {
    let mut encoder = GeomEncoder::<i32>::new(kind);
    let mut ended = None;
    for path in paths {
        // The encoder takes a path that begins where the last one ended for its continuation.
        let begins = path.iter().position(|at| Some(at) != ended).unwrap_or_default();
        let (before, from) = path.split_at(if kind == GeomType::Polygon { begins } else { 0 });
        for at in from.iter().chain(before) {
            encoder.add_point(at.x, at.y)?;
            ended = Some(at);
        }
        // Points of one feature are one geometry.
        if kind != GeomType::Point {
            encoder.complete_geom()?;
        }
    }
    encoder.encode()
}

impl TileShape {
    /// Lines of vertices; those of one vertex are points.
    pub fn lines(lines: &[Vec<[f64; 2]>]) -> Self {
        let line = |line: &Vec<[f64; 2]>| line.iter().map(|[x, y]| Coord { x: *x, y: *y }).collect();
        Self::Lines(lines.iter().map(line).collect())
    }
}
