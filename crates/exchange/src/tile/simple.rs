//! Rings that touch themselves, taken apart.
//!
//! Rounded to units, an outline may meet itself in a vertex. The engine that cuts hands it over as one ring; readers want
//! rings that are simple, and the holes of each beside it.

use geo::Contains;
use geo_types::{LineString, Point, Polygon};
use i_overlay::i_float::int::point::IntPoint;
use i_overlay::i_shape::int::path::IntPath;
use i_overlay::i_shape::int::shape::IntShape;

/// The shapes of simple rings that a shape is made of. Outer rings have a positive area, holes a negative one.
pub(super) fn simple(shape: &IntShape) -> Vec<IntShape> {
    let rings = shape.iter().flat_map(|ring| loops(ring));
    let (outer, holes): (Vec<_>, Vec<_>) = rings.partition(|ring| doubled_area(ring) > 0);
    let mut shapes: Vec<IntShape> = outer.into_iter().map(|ring| vec![ring]).collect();
    for hole in holes {
        let around = match shapes.as_slice() {
            [_] => Some(0),
            several => several.iter().position(|shape| shape.first().is_some_and(|outer| holds(outer, &hole))),
        };
        if let Some(shape) = around.and_then(|place| shapes.get_mut(place)) {
            shape.push(hole);
        }
    }
    shapes
}

/// A ring cut wherever it comes back to a vertex.
fn loops(ring: &[IntPoint]) -> Vec<IntPath> {
    let mut found = Vec::new();
    let mut open: IntPath = Vec::new();
    for at in ring {
        if let Some(place) = open.iter().position(|before| before == at) {
            found.push(open.split_off(place));
        }
        open.push(*at);
    }
    found.push(open);
    found.retain(|one| one.len() > 2);
    found
}

fn edges(ring: &[IntPoint]) -> impl Iterator<Item = (&IntPoint, &IntPoint)> {
    ring.iter().zip(ring.iter().cycle().skip(1))
}

fn doubled_area(ring: &[IntPoint]) -> i64 {
    edges(ring).map(|(a, b)| i64::from(a.x) * i64::from(b.y) - i64::from(b.x) * i64::from(a.y)).sum()
}

/// Whether a hole lies in an outer ring; it may touch it in vertices, so the middles of its edges decide.
fn holds(outer: &[IntPoint], hole: &[IntPoint]) -> bool {
    let line: LineString<f64> = outer.iter().map(|at| (f64::from(at.x), f64::from(at.y))).collect();
    let outer = Polygon::new(line, Vec::new());
    let middle = |a: i32, b: i32| f64::midpoint(f64::from(a), f64::from(b));
    edges(hole).any(|(a, b)| outer.contains(&Point::new(middle(a.x, b.x), middle(a.y, b.y))))
}
