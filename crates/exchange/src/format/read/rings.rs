//! The rings of a Shapefile polygon, which come in one flat list, grouped into shells and their holes.
//!
//! Clockwise is a shell, counter-clockwise a hole (ESRI Shapefile Technical Description, 1998). Writers that turn every ring
//! the wrong way are common: where no ring is clockwise, rings are sorted by how deep they lie in one another.

use geo::BoundingRect;
use geo::coordinate_position::{CoordPos, CoordinatePosition};
use geo_types::{Coord, LineString, MultiPolygon, Polygon, Rect};

use crate::format::geometry::signed_area_doubled;

struct Shell {
    outline: Polygon<f64>,
    bounds: Option<Rect<f64>>,
    size: f64,
    holes: Vec<LineString<f64>>,
}

impl Shell {
    fn new(ring: LineString<f64>) -> Self {
        let size = signed_area_doubled(&ring).abs();
        let bounds = ring.bounding_rect();
        Self { outline: Polygon::new(ring, Vec::new()), bounds, size, holes: Vec::new() }
    }

    fn contains(&self, ring: &LineString<f64>) -> bool {
        let within = match (self.bounds, ring.bounding_rect()) {
            (Some(outer), Some(inner)) => {
                outer.min().x <= inner.min().x
                    && outer.min().y <= inner.min().y
                    && inner.max().x <= outer.max().x
                    && inner.max().y <= outer.max().y
            }
            _ => false,
        };
        within && self.surrounds(&ring.0).unwrap_or(true)
    }

    /// Decided by the first vertex that is not on the outline; where all are on it, by the middle of the first side.
    fn surrounds(&self, vertices: &[Coord<f64>]) -> Option<bool> {
        let middle = match vertices {
            [a, b, ..] => Some(Coord { x: f64::midpoint(a.x, b.x), y: f64::midpoint(a.y, b.y) }),
            _ => None,
        };
        vertices.iter().copied().chain(middle).find_map(|vertex| match self.outline.coordinate_position(&vertex) {
            CoordPos::Inside => Some(true),
            CoordPos::Outside => Some(false),
            CoordPos::OnBoundary => None,
        })
    }
}

/// Groups closed rings into polygons. A hole that lies in no shell becomes a polygon of its own: nothing is dropped.
pub(super) fn group(rings: Vec<LineString<f64>>) -> MultiPolygon<f64> {
    let (clockwise, counter): (Vec<_>, Vec<_>) = rings.into_iter().partition(|ring| signed_area_doubled(ring) <= 0.0);
    if clockwise.is_empty() {
        return by_depth(counter);
    }
    assemble(clockwise, counter)
}

fn by_depth(rings: Vec<LineString<f64>>) -> MultiPolygon<f64> {
    let outlines: Vec<Shell> = rings.iter().cloned().map(Shell::new).collect();
    let depths: Vec<usize> = rings
        .iter()
        .zip(&outlines)
        .map(|(ring, own)| outlines.iter().filter(|other| other.size > own.size && other.contains(ring)).count())
        .collect();
    let (mut shells, mut holes) = (Vec::new(), Vec::new());
    for (ring, depth) in rings.into_iter().zip(depths) {
        if depth.is_multiple_of(2) {
            shells.push(ring);
        } else {
            holes.push(ring);
        }
    }
    assemble(shells, holes)
}

fn assemble(shells: Vec<LineString<f64>>, holes: Vec<LineString<f64>>) -> MultiPolygon<f64> {
    let mut shells: Vec<Shell> = shells.into_iter().map(Shell::new).collect();
    let mut orphans = Vec::new();
    for hole in holes {
        let around = shells.iter_mut().filter(|shell| shell.contains(&hole)).min_by(|a, b| a.size.total_cmp(&b.size));
        match around {
            Some(shell) => shell.holes.push(hole),
            None => orphans.push(Shell::new(hole)),
        }
    }
    shells.extend(orphans);
    MultiPolygon(shells.into_iter().map(|shell| Polygon::new(shell.outline.into_inner().0, shell.holes)).collect())
}
