//! The area a search asks about, and how parcels lie to it.
//!
//! In longitude and latitude at nine decimals, edges straight there, exact: the same predicate answers on every
//! database, whatever narrowed the candidates. Made once a query, then asked thousands of times.

use geo::{Area as _, BooleanOps};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::clip::clipped_to;
use super::footprint::bounds;
use super::geojson_read::multipolygon_from_geojson;
use super::node::{Lattice, Node};
use super::overlap::local_on;
use super::raster::{Cells, Raster};
use super::refused::{GeometryRefused, Place};
use super::rings::{Ring, Rings};
use super::shape::{Bounds, Origin, Shape};
use super::submitted::check_size;
use super::survey::Survey;
use super::validity::first_flaw;

/// Parts in a million that make the whole.
const WHOLE_PPM: f64 = 1_000_000.0;

/// How a parcel must lie to a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpatialRelation {
    /// The parcel lies in the region; boundaries may touch.
    Covered,
    /// The parcel and the region have a point in common, be it of their boundaries.
    Intersects,
    /// At least this share of the parcel's area, in parts per million, lies in the region, and some of it does.
    ///
    /// Shares are taken of areas in longitude and latitude, whose scale is even within a parcel.
    AreaShare {
        /// Parts per million of the parcel's area.
        min_share_ppm: u32,
    },
}

/// A valid region in longitude and latitude, prepared for many tests.
#[derive(Debug, Clone)]
pub struct Region {
    polygons: MultiPolygon<f64>,
    shape: Shape,
    raster: Option<Raster>,
}

impl Region {
    /// Reads a Polygon, `MultiPolygon` or Feature of `GeoJSON`; refused where it is not valid.
    pub fn from_geojson(text: &str) -> Result<Self, GeometryRefused> {
        Self::new(&multipolygon_from_geojson(text)?)
    }

    /// A box `[west, south, east, north]` in degrees; refused where it has no area.
    pub fn rectangle([west, south, east, north]: [f64; 4]) -> Result<Self, GeometryRefused> {
        let corners = [(west, south), (east, south), (east, north), (west, north), (west, south)];
        let shell = LineString(corners.map(|(x, y)| Coord { x, y }).to_vec());
        Self::new(&MultiPolygon(vec![Polygon::new(shell, Vec::new())]))
    }

    /// Prepares polygons in longitude and latitude; refused where they are not valid at nine decimals.
    pub fn new(polygons: &MultiPolygon<f64>) -> Result<Self, GeometryRefused> {
        check_size(polygons)?;
        let rings = snapped(polygons)?;
        if let Some(flaw) = first_flaw(&rings) {
            let flaw = rings.submitted_flaw(flaw);
            let at = Lattice::LonLat.scaled(flaw.at);
            return Err(flaw.told(place(flaw.origin, Some([at.x, at.y]))));
        }
        let shape = rings.shape();
        let raster = Raster::of(&shape);
        Ok(Self { polygons: coordinates(&rings), shape, raster })
    }

    /// `[west, south, east, north]` in degrees.
    pub fn bounds(&self) -> [f64; 4] {
        bounds(&self.polygons)
    }

    /// The polygons at nine decimals, shells counter-clockwise.
    pub fn polygons(&self) -> &MultiPolygon<f64> {
        &self.polygons
    }

    /// Whether a parcel's longitudes and latitudes lie to the region as asked.
    pub fn matches(&self, lonlat: &MultiPolygon<f64>, relation: SpatialRelation) -> bool {
        let bounds = Bounds::of(lonlat, Lattice::LonLat);
        if bounds.is_nothing() || !bounds.meets(&self.shape.bounds()) {
            return false;
        }
        match self.raster.as_ref().map(|raster| raster.cells_under(&bounds)) {
            // Inside, the parcel meets the region, is covered by it, and all of its area is in it.
            Some(Cells::Inside) => return true,
            Some(Cells::Outside) => return false,
            Some(Cells::Mixed) | None => {}
        }
        let parcel = Shape::of(lonlat, Lattice::LonLat);
        let survey = Survey::of(&parcel, &self.shape);
        match relation {
            SpatialRelation::Covered => survey.first_is_covered(),
            SpatialRelation::Intersects => survey.meets(),
            SpatialRelation::AreaShare { min_share_ppm } => {
                survey.first_is_covered()
                    || (survey.overlaps() && self.share(lonlat, &parcel) >= f64::from(min_share_ppm) / WHOLE_PPM)
            }
        }
    }

    /// The share of the parcel's area that lies in the region.
    fn share(&self, lonlat: &MultiPolygon<f64>, parcel: &Shape) -> f64 {
        let bounds = parcel.bounds();
        let origin = Node { x: bounds.min[0], y: bounds.min[1] };
        let parcel = local_on(lonlat, Lattice::LonLat, origin);
        let region = clipped_to(&self.polygons, bounds, origin);
        let whole = parcel.unsigned_area();
        if whole > 0.0 { parcel.intersection(&region).unsigned_area() / whole } else { 0.0 }
    }
}

fn place(origin: Origin, at: Option<[f64; 2]>) -> Place {
    Place { part: origin.part, ring: origin.ring, vertex: origin.vertex, at }
}

/// Checks the range of every vertex, snaps, merges and turns.
fn snapped(polygons: &MultiPolygon<f64>) -> Result<Rings, GeometryRefused> {
    let ring = |part: u32, number: u32, line: &LineString<f64>| {
        let origin = |vertex| Origin { part, ring: number, vertex };
        for (vertex, at) in (0_u32..).zip(&line.0) {
            check_range(*at, origin(vertex))?;
        }
        Ring::of(line.0.iter().map(|&at| Lattice::LonLat.node(at))).map_err(|short| GeometryRefused::RingTooShort {
            place: place(origin(0), line.0.first().map(|at| [at.x, at.y])),
            distinct: short.distinct,
        })
    };
    let part = |(part, polygon): (u32, &Polygon<f64>)| -> Result<Vec<Ring>, GeometryRefused> {
        let lines = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        (0_u32..).zip(lines).map(|(number, line)| ring(part, number, line)).collect()
    };
    let mut rings = Rings((0_u32..).zip(&polygons.0).map(part).collect::<Result<_, _>>()?);
    rings.orient();
    Ok(rings)
}

fn check_range(at: Coord<f64>, origin: Origin) -> Result<(), GeometryRefused> {
    if !(at.x.is_finite() && at.y.is_finite()) {
        return Err(GeometryRefused::NotFinite { place: place(origin, None) });
    }
    if at.x.abs() > 180.0 || at.y.abs() > 90.0 {
        return Err(GeometryRefused::OutOfRange {
            place: place(origin, Some([at.x, at.y])),
            crs: super::crs::Crs::WGS84,
        });
    }
    Ok(())
}

fn coordinates(rings: &Rings) -> MultiPolygon<f64> {
    let line = |ring: &Ring| {
        LineString(ring.nodes().iter().chain(ring.nodes().first()).map(|&n| Lattice::LonLat.coord(n)).collect())
    };
    let part = |rings: &Vec<Ring>| {
        let mut lines = rings.iter().map(line);
        Some(Polygon::new(lines.next()?, lines.collect()))
    };
    MultiPolygon(rings.0.iter().filter_map(part).collect())
}
