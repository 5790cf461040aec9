//! A footprint as it was submitted: its ordinates and the system they are in, untouched.
//!
//! The act keeps this, so that a better transformation found later can be applied to what the surveyor gave.

use geo_types::{Geometry, MultiPolygon};
use serde::{Deserialize, Serialize};

use super::crs::Crs;
use super::geojson_read::multipolygon_from_geojson;
use super::refused::GeometryRefused;
use super::wkb::{base64_wkb, multipolygon_from_wkb};

/// Most vertices of one geometry, closing ones included.
pub const VERTICES_MAX: usize = 20_000;

/// Most rings of one geometry, shells and holes together.
pub const RINGS_MAX: usize = 2_000;

/// Polygons in a stated reference system, x east and y north; not yet known to be valid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct SubmittedFootprint {
    crs: Crs,
    #[serde(with = "base64_wkb")]
    geometry: MultiPolygon<f64>,
}

#[derive(Deserialize)]
struct Stored {
    crs: Crs,
    #[serde(with = "base64_wkb")]
    geometry: MultiPolygon<f64>,
}

impl TryFrom<Stored> for SubmittedFootprint {
    type Error = GeometryRefused;
    fn try_from(Stored { crs, geometry }: Stored) -> Result<Self, GeometryRefused> {
        Self::new(crs, geometry)
    }
}

impl SubmittedFootprint {
    /// Takes polygons within the maxima; refused when empty or too large.
    pub fn new(crs: Crs, geometry: MultiPolygon<f64>) -> Result<Self, GeometryRefused> {
        check_size(&geometry)?;
        Ok(Self { crs, geometry })
    }

    /// Reads `GeoJSON` text whose ordinates are in `crs`, in x, y order (RFC 7946 itself means EPSG:4326).
    pub fn from_geojson(text: &str, crs: Crs) -> Result<Self, GeometryRefused> {
        Self::new(crs, multipolygon_from_geojson(text)?)
    }

    /// Reads WKB; heights and measures are dropped.
    pub fn from_wkb(bytes: &[u8], crs: Crs) -> Result<Self, GeometryRefused> {
        Self::new(crs, multipolygon_from_wkb(bytes)?)
    }

    /// Takes a polygon or multipolygon of another reader; other kinds are refused, also collections of one.
    pub fn from_geometry(geometry: Geometry<f64>, crs: Crs) -> Result<Self, GeometryRefused> {
        let wrong = |found: &str| Err(GeometryRefused::WrongType { found: found.to_owned() });
        match geometry {
            Geometry::Polygon(polygon) => Self::new(crs, MultiPolygon(vec![polygon])),
            Geometry::MultiPolygon(polygons) => Self::new(crs, polygons),
            Geometry::Rect(rect) => Self::new(crs, MultiPolygon(vec![rect.to_polygon()])),
            Geometry::Triangle(triangle) => Self::new(crs, MultiPolygon(vec![triangle.to_polygon()])),
            Geometry::Point(_) => wrong("Point"),
            Geometry::Line(_) | Geometry::LineString(_) => wrong("LineString"),
            Geometry::MultiPoint(_) => wrong("MultiPoint"),
            Geometry::MultiLineString(_) => wrong("MultiLineString"),
            Geometry::GeometryCollection(_) => wrong("GeometryCollection"),
        }
    }

    /// The system the ordinates are in.
    pub fn crs(&self) -> Crs {
        self.crs
    }

    /// The polygons with their ordinates as submitted.
    pub fn geometry(&self) -> &MultiPolygon<f64> {
        &self.geometry
    }
}

/// Refuses what is empty or larger than the maxima.
pub(super) fn check_size(polygons: &MultiPolygon<f64>) -> Result<(), GeometryRefused> {
    let rings: usize = polygons.0.iter().map(|p| 1 + p.interiors().len()).sum();
    let lines = polygons.0.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    let vertices: usize = lines.map(|line| line.0.len()).sum();
    if vertices == 0 {
        return Err(GeometryRefused::Empty);
    }
    if rings > RINGS_MAX {
        return Err(GeometryRefused::TooManyRings { found: rings, max: RINGS_MAX });
    }
    if vertices > VERTICES_MAX {
        return Err(GeometryRefused::TooManyVertices { found: vertices, max: VERTICES_MAX });
    }
    Ok(())
}
