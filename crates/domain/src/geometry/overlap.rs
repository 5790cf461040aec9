//! What two footprints share, and what two sets of footprints do not, measured in the grid.
//!
//! Whether anything is shared is decided exactly; only where it is, are boundaries cut and the cut measured. Both
//! sides were judged valid when they were made, so the boolean operations never see what they cannot bear.

use geo::{Area as _, BooleanOps, unary_union};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::area::{area_up, measured_up};
use super::footprint::Footprint;
use super::node::{Lattice, Node};
use super::shape::Shape;
use super::submitted::VERTICES_MAX;
use super::survey::Survey;
use crate::quantity::Area;

/// Most vertices of all footprints of one split or merge together.
pub const UNION_VERTICES_MAX: usize = 10 * VERTICES_MAX;

/// A measurement could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GeometryFault {
    /// The footprints have more vertices than are measured at once.
    #[error("{found} vertices; at most {max} are measured at once")]
    TooManyVertices { found: usize, max: usize },
}

/// A footprint against which many others of its grid are measured.
#[derive(Debug)]
pub struct Measured<'a> {
    footprint: &'a Footprint,
    shape: Shape,
}

impl<'a> Measured<'a> {
    /// Indexes the edges of a footprint once.
    pub fn of(footprint: &'a Footprint) -> Self {
        Self { footprint, shape: Shape::of(footprint.grid(), Lattice::Grid) }
    }

    /// The area shared with another, rounded up to 0.0001 m²; zero exactly when only boundaries meet.
    pub fn shared_with(&self, other: &Footprint) -> Result<Area, GeometryFault> {
        if !boxes_meet(self.footprint.bounds_grid(), other.bounds_grid()) {
            return Ok(Area::from_units(0));
        }
        let theirs = Shape::of(other.grid(), Lattice::Grid);
        let ours_is_larger = theirs.edges().len() <= self.shape.edges().len();
        let (smaller, larger) = if ours_is_larger { (&theirs, &self.shape) } else { (&self.shape, &theirs) };
        let survey = Survey::of(smaller, larger);
        if !survey.overlaps() {
            return Ok(Area::from_units(0));
        }
        if survey.first_is_covered() {
            return Ok(area_up(doubled_area(smaller)));
        }
        check_size([self.footprint, other].into_iter())?;
        let origin = origin_of(smaller);
        let shared = local(self.footprint.grid(), origin).intersection(&local(other.grid(), origin));
        Ok(measured_up(shared.unsigned_area()))
    }
}

/// The area two footprints of one grid share, as `Measured` tells it.
pub fn overlap_area(a: &Footprint, b: &Footprint) -> Result<Area, GeometryFault> {
    Measured::of(a).shared_with(b)
}

/// Whether the interiors of two footprints of one grid have a point in common.
pub fn interiors_overlap(a: &Footprint, b: &Footprint) -> bool {
    boxes_meet(a.bounds_grid(), b.bounds_grid())
        && Survey::of(&Shape::of(a.grid(), Lattice::Grid), &Shape::of(b.grid(), Lattice::Grid)).overlaps()
}

/// The area in the union of the parents or in that of the children but not in both, rounded up.
///
/// Overlaps among the children do not show here; they are found as overlaps.
pub fn union_mismatch(parents: &[&Footprint], children: &[&Footprint]) -> Result<Area, GeometryFault> {
    check_size(parents.iter().chain(children).copied())?;
    let Some(origin) = parents.iter().chain(children).next().map(|f| origin_of(&Shape::of(f.grid(), Lattice::Grid)))
    else {
        return Ok(Area::from_units(0));
    };
    let united = |footprints: &[&Footprint]| {
        let each: Vec<MultiPolygon<f64>> = footprints.iter().map(|f| local(f.grid(), origin)).collect();
        unary_union(&each)
    };
    let square_nodes = united(parents).xor(&united(children)).unsigned_area();
    Ok(if square_nodes <= 0.0 { Area::from_units(0) } else { measured_up(square_nodes) })
}

fn check_size<'a>(footprints: impl Iterator<Item = &'a Footprint>) -> Result<(), GeometryFault> {
    let lines =
        footprints.flat_map(|f| f.grid().0.iter()).flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    let found: usize = lines.map(|line| line.0.len()).sum();
    if found > UNION_VERTICES_MAX {
        Err(GeometryFault::TooManyVertices { found, max: UNION_VERTICES_MAX })
    } else {
        Ok(())
    }
}

fn boxes_meet(a: [f64; 4], b: [f64; 4]) -> bool {
    let ([ax0, ay0, ax1, ay1], [bx0, by0, bx1, by1]) = (a, b);
    ax0 <= bx1 && bx0 <= ax1 && ay0 <= by1 && by0 <= ay1
}

fn origin_of(shape: &Shape) -> Node {
    let [x, y] = shape.bounds().min;
    Node { x, y }
}

/// Twice the area of a shape whose interior lies left of its edges, in square lattice units.
fn doubled_area(shape: &Shape) -> i128 {
    let origin = origin_of(shape);
    shape.edges().iter().map(|e| super::node::cross(origin, e.a, e.b)).sum()
}

/// The polygons in lattice units about an origin nearby, where the boolean operations' arithmetic is exact or nearly.
#[allow(clippy::cast_precision_loss)] // differences within one footprint's reach stay far below 2^53
pub(super) fn local_on(polygons: &MultiPolygon<f64>, lattice: Lattice, origin: Node) -> MultiPolygon<f64> {
    let line = |line: &LineString<f64>| {
        let shift = |&at: &Coord<f64>| {
            let node = lattice.node(at);
            Coord { x: (node.x - origin.x) as f64, y: (node.y - origin.y) as f64 }
        };
        LineString(line.0.iter().map(shift).collect())
    };
    let part = |p: &Polygon<f64>| Polygon::new(line(p.exterior()), p.interiors().iter().map(line).collect());
    MultiPolygon(polygons.0.iter().map(part).collect())
}

fn local(polygons: &MultiPolygon<f64>, origin: Node) -> MultiPolygon<f64> {
    local_on(polygons, Lattice::Grid, origin)
}
