//! Straight distances in the grid, and whether a point lies in a footprint.

use geo_types::{Coord, LineString, MultiPolygon};

use super::crs::Crs;
use super::node::Lattice;
use super::prepare::between;
use super::refused::{GeometryRefused, Place};
use super::shape::{Locus, Shape};

/// Projects a point given in `crs` (longitude and latitude, say) to the grid distances are measured in.
pub fn project_point(point: Coord<f64>, crs: Crs, grid: Crs) -> Result<Coord<f64>, GeometryRefused> {
    let finite = point.x.is_finite() && point.y.is_finite();
    let place = Place { part: 0, ring: 0, vertex: 0, at: finite.then_some([point.x, point.y]) };
    if !finite {
        return Err(GeometryRefused::NotFinite { place });
    }
    between(crs, grid)?.apply_point(point).map_err(|_| GeometryRefused::OutOfRange { place, crs })
}

/// The straight distance in metres from a projected point to polygons of the same grid; zero inside and on the boundary.
pub fn distance_m(point: Coord<f64>, grid: &MultiPolygon<f64>) -> f64 {
    if Shape::of(grid, Lattice::Grid).locate(Lattice::Grid.node(point)) != Locus::Outside {
        return 0.0;
    }
    let rings = grid.0.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    rings.flat_map(LineString::lines).map(|line| to_segment(point, line.start, line.end)).fold(f64::INFINITY, f64::min)
}

fn to_segment(point: Coord<f64>, a: Coord<f64>, b: Coord<f64>) -> f64 {
    let (along, toward) = (b - a, point - a);
    let length_squared = along.x * along.x + along.y * along.y;
    // A segment of no length is its one point.
    let t = if length_squared > 0.0 {
        ((toward.x * along.x + toward.y * along.y) / length_squared).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (toward.x - t * along.x).hypot(toward.y - t * along.y)
}

/// Whether a longitude and latitude lies in polygons of longitude and latitude, their boundary included.
///
/// Both are taken at nine decimals, edges straight in longitude and latitude.
pub fn contains_point(lonlat: &MultiPolygon<f64>, point: Coord<f64>) -> bool {
    point.x.is_finite()
        && point.y.is_finite()
        && Shape::of(lonlat, Lattice::LonLat).locate(Lattice::LonLat.node(point)) != Locus::Outside
}
