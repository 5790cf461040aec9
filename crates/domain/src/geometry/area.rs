//! Areas: geodesic on the ellipsoid, planar on the lattice, the surveyor's tolerance, the overlap that is let through.

use geo::GeodesicArea;
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::node::{Lattice, Node};
use super::shape::open_nodes;
use crate::quantity::Area;

/// Area units in a square metre.
const UNITS_PER_M2: f64 = 1e4;

/// The tolerance below which a surveyed area is never questioned: 1 m².
const TOLERANCE_LEAST: i64 = 10_000;

/// The overlap that is let through however small the parcels: 0.5 m².
const OVERLAP_LEAST: i64 = 5_000;

/// The geodesic area of polygons in longitude and latitude, edges geodesic, rounded once to 0.0001 m².
///
/// The ellipsoid is that of WGS 84, which differs from GRS 80's by less than 1e-10 of the area. Each ring is
/// measured from its least vertex, so that the last digit does not hang on where the surveyor began.
pub(super) fn geodesic_area(lonlat: &MultiPolygon<f64>) -> Area {
    let square_metres: f64 = lonlat.0.iter().map(geodesic_part).sum();
    to_units(square_metres)
}

fn geodesic_part(polygon: &Polygon<f64>) -> f64 {
    let ring = |line: &LineString<f64>| Polygon::new(from_least_vertex(line), Vec::new()).geodesic_area_signed().abs();
    let holes: f64 = polygon.interiors().iter().map(ring).sum();
    ring(polygon.exterior()) - holes
}

/// The ring begun at its least vertex; direction is kept, its sign is dropped by the caller.
fn from_least_vertex(line: &LineString<f64>) -> LineString<f64> {
    let mut open = line.0.clone();
    if open.len() > 1 && open.first() == open.last() {
        open.pop();
    }
    let order =
        |(_, a): &(usize, &Coord<f64>), (_, b): &(usize, &Coord<f64>)| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y));
    let least = open.iter().enumerate().min_by(order).map_or(0, |(at, _)| at);
    open.rotate_left(least);
    // Both directions must take the same way round, or the sums differ in the last digit.
    if let [_, rest @ ..] = open.as_mut_slice()
        && let (Some(second), Some(last)) = (rest.first(), rest.last())
        && (last.x, last.y) < (second.x, second.y)
    {
        rest.reverse();
    }
    open.extend(open.first().copied());
    LineString(open)
}

/// Rounds square metres to units, half away from zero.
#[allow(clippy::cast_possible_truncation)] // saturates; the surface of the Earth is 5e18 units
fn to_units(square_metres: f64) -> Area {
    Area::from_units((square_metres * UNITS_PER_M2).round() as i64)
}

/// Square lattice units of the 0.1 mm grid to area units, rounded up; `doubled` is twice the area.
pub(super) fn area_up(doubled: i128) -> Area {
    // 0.1 mm squared is 1e-8 m², that is 1e-4 units; twice that is 20 000 a unit.
    Area::from_units(i64::try_from((doubled + 19_999) / 20_000).unwrap_or(i64::MAX))
}

/// A measured area in square lattice units of the 0.1 mm grid, rounded up and never zero.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn measured_up(square_nodes: f64) -> Area {
    Area::from_units(((square_nodes / 1e4).ceil() as i64).max(1))
}

/// The tolerance between a surveyed area and the computed one (`domain.md` 1.4).
///
/// `max(1 m², 2·m_p·sqrt(Σ D²/8))`, where D is the distance between the neighbours of each vertex of the footprint in
/// its grid and `point_error_mm` is `m_p`, the error of a boundary point: 50, 75 or 100 mm by grade.
pub fn area_tolerance(grid: &MultiPolygon<f64>, point_error_mm: u32) -> Area {
    let mut nodes = Vec::new();
    let mut sum = 0.0;
    for line in grid.0.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors())) {
        nodes.clear();
        open_nodes(line, Lattice::Grid, &mut nodes);
        sum += neighbour_distances_squared(&nodes);
    }
    let tolerance = 2.0 * f64::from(point_error_mm) / 1000.0 * (sum / 8.0).sqrt();
    to_units(tolerance).max(Area::from_units(TOLERANCE_LEAST))
}

/// The sum of D² over the vertices of a ring, in square metres.
fn neighbour_distances_squared(nodes: &[Node]) -> f64 {
    let after_next = nodes.iter().cycle().skip(2);
    let squared = nodes.iter().zip(after_next).map(|(&a, &b)| {
        let (a, b) = (Lattice::Grid.coord(a), Lattice::Grid.coord(b));
        (a.x - b.x).powi(2) + (a.y - b.y).powi(2)
    });
    squared.sum()
}

/// The overlap of two parcels that is let through: the greater of 0.5 m² and 0.01 % of the smaller.
pub fn overlap_limit(a: Area, b: Area) -> Area {
    Area::from_units((a.min(b).units() / 10_000).max(OVERLAP_LEAST))
}
