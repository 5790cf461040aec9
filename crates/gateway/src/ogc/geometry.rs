//! Shapes of the service: how they lie to what is asked, and how they are told.

use std::sync::Arc;

use geo::{Contains, Intersects};
use geo_types::{Coord, LineString, MultiPolygon, Point, Polygon};
use serde_json::{Value, json};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::{Crs, CrsError, Region, SpatialRelation, Transformation, contains_point};
use yulin_domain::journal::Refused;

use super::cql2::{Shape, Spatial};
use super::crs::ServiceCrs;

/// How far a box without width or height is widened on either side: a tenth of a millimetre in degrees, a millimetre in
/// metres.
const LEAST_DEGREES: f64 = 1e-9;
const LEAST_METRES: f64 = 1e-3;

/// The shape of a feature, in longitude and latitude or another system.
#[derive(Debug, Clone)]
pub enum Drawn {
    Polygons(MultiPolygon<f64>),
    /// Lines; those of one vertex are points.
    Lines(Vec<Vec<[f64; 2]>>),
}

impl Drawn {
    /// Whether it lies so to a shape in longitude and latitude.
    pub fn lies(&self, spatial: Spatial, shape: &Shape) -> bool {
        match (spatial, shape) {
            (Spatial::Disjoint, shape) => !self.lies(Spatial::Intersects, shape),
            (Spatial::Intersects, Shape::Point(at)) => self.meets_point(*at),
            (Spatial::Intersects, Shape::Prepared(region)) => match self {
                Self::Polygons(polygons) => region.matches(polygons, SpatialRelation::Intersects),
                Self::Lines(lines) => lines.iter().any(|line| line_of(line).intersects(region.polygons())),
            },
            (Spatial::Within, Shape::Prepared(region)) => match self {
                Self::Polygons(polygons) => region.matches(polygons, SpatialRelation::Covered),
                Self::Lines(lines) => lines.iter().all(|line| region.polygons().contains(&line_of(line))),
            },
            // Shapes are prepared before features are judged; a point holds nothing.
            (Spatial::Intersects | Spatial::Within, Shape::Polygons(_) | Shape::Box(_) | Shape::Point(_)) => false,
        }
    }

    fn meets_point(&self, at: Coord<f64>) -> bool {
        match self {
            Self::Polygons(polygons) => contains_point(polygons, at),
            Self::Lines(lines) => lines.iter().any(|line| line_of(line).intersects(&Point::from(at))),
        }
    }

    /// The same in another system.
    pub fn transformed(&self, from: Crs, to: Crs) -> Result<Self, CrsError> {
        let transformation = Transformation::between(from, to)?;
        let moved = |[x, y]: &[f64; 2]| transformation.apply_point(Coord { x: *x, y: *y }).map(|at| [at.x, at.y]);
        Ok(match self {
            Self::Polygons(polygons) => Self::Polygons(transformation.apply(polygons)?),
            Self::Lines(lines) => {
                let lines = lines.iter().map(|line| line.iter().map(moved).collect());
                Self::Lines(lines.collect::<Result<_, _>>()?)
            }
        })
    }

    /// The geometry as GeoJSON has it, in the order of the system's axes.
    pub fn told(&self, crs: ServiceCrs) -> Value {
        let at = |x: f64, y: f64| json!(crs.written(Coord { x, y }));
        let ring = |line: &LineString<f64>| line.0.iter().map(|c| at(c.x, c.y)).collect::<Vec<_>>();
        let rings = |one: &Polygon<f64>| -> Vec<_> {
            std::iter::once(one.exterior()).chain(one.interiors()).map(ring).collect()
        };
        match self {
            Self::Polygons(polygons) => match polygons.0.as_slice() {
                [single] => json!({ "type": "Polygon", "coordinates": rings(single) }),
                several => {
                    json!({ "type": "MultiPolygon", "coordinates": several.iter().map(rings).collect::<Vec<_>>() })
                }
            },
            Self::Lines(lines) => {
                let line = |line: &Vec<[f64; 2]>| match line.as_slice() {
                    [[x, y]] => json!({ "type": "Point", "coordinates": at(*x, *y) }),
                    several => {
                        let several: Vec<_> = several.iter().map(|[x, y]| at(*x, *y)).collect();
                        json!({ "type": "LineString", "coordinates": several })
                    }
                };
                match lines.as_slice() {
                    [single] => line(single),
                    several => {
                        let geometries: Vec<_> = several.iter().map(line).collect();
                        json!({ "type": "GeometryCollection", "geometries": geometries })
                    }
                }
            }
        }
    }
}

fn line_of(vertices: &[[f64; 2]]) -> LineString<f64> {
    let line = |vertices: &[[f64; 2]]| vertices.iter().map(|[x, y]| Coord { x: *x, y: *y }).collect();
    match vertices {
        // A line of one vertex is a point; twice the vertex is the same point.
        [single] => line(&[*single, *single]),
        several => line(several),
    }
}

/// Prepares a shape that was written in a system; refused where it is no valid shape.
pub fn prepared(shape: &Shape, crs: ServiceCrs, field: &str) -> Result<Shape, Refused> {
    let outside = |why: CrsError| why.refused(field);
    let region = |polygons: &MultiPolygon<f64>| {
        let lonlat = crs.polygons_to_lonlat(polygons).map_err(outside)?;
        Region::new(&lonlat).map_err(|why| why.refused(field))
    };
    Ok(match shape {
        Shape::Prepared(_) => shape.clone(),
        Shape::Point(at) => Shape::Point(crs.to_lonlat(*at).map_err(outside)?),
        Shape::Polygons(polygons) => Shape::Prepared(Arc::new(region(polygons)?)),
        Shape::Box(corners) => Shape::Prepared(Arc::new(region(&boxes(*corners, crs, field)?)?)),
    })
}

/// The box or, over the meridian of 180 degrees, the two.
fn boxes([a, b, c, d]: [f64; 4], crs: ServiceCrs, field: &str) -> Result<MultiPolygon<f64>, Refused> {
    let invalid = || Refused::new(ErrorCode::FilterInvalid).at(field).with("expected", "least before greatest");
    if [a, b, c, d].iter().any(|ordinate| !ordinate.is_finite()) || b > d {
        return Err(invalid());
    }
    let (width, edges) = match crs {
        ServiceCrs::DEFAULT => (LEAST_DEGREES, [180.0, 90.0]),
        _ if crs.crs.is_projected() => (LEAST_METRES, [f64::MAX; 2]),
        _ => (LEAST_DEGREES, [90.0, 180.0]),
    };
    // A box without width is a line or a point, at the edge of the world too.
    let wide = |least: f64, most: f64, edge: f64| {
        if least < most { [least, most] } else { [(least - width).max(-edge), (most + width).min(edge)] }
    };
    let polygon = |a: f64, c: f64| {
        let ([a, c], [b, d]) = (wide(a, c, edges[0]), wide(b, d, edges[1]));
        let corners = [(a, b), (c, b), (c, d), (a, d), (a, b)];
        Polygon::new(corners.into_iter().map(Coord::from).collect(), Vec::new())
    };
    match (a > c, crs == ServiceCrs::DEFAULT) {
        (false, _) => Ok(polygon(a, c).into()),
        (true, true) => Ok(MultiPolygon(vec![polygon(a, 180.0), polygon(-180.0, c)])),
        (true, false) => Err(invalid()),
    }
}
