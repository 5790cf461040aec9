//! The outline the public sees: the footprint generalised to whole metres.
//!
//! Generalised once, when the footprint is made, so that what is returned, searched and measured for the public is
//! one thing. Rounding may fold thin corners over; then, and only then, the pieces are united again.

use geo::BooleanOps;
use geo_types::{LineString, MultiPolygon, Polygon};

use super::node::{Lattice, Node};
use super::rings::{Ring, Rings};
use super::validity::first_flaw;

/// The rings on the metre lattice; none where the footprint collapses.
pub(super) fn outline_of(grid: &MultiPolygon<f64>) -> Option<Rings> {
    let snapped = snapped(grid);
    match first_flaw(&snapped) {
        _ if snapped.0.is_empty() => None,
        None => Some(snapped),
        Some(_) => united(&snapped),
    }
}

/// Snaps every ring and leaves out those that collapse; a part goes with its shell.
fn snapped(grid: &MultiPolygon<f64>) -> Rings {
    let ring = |line: &LineString<f64>| {
        Ring::of(line.0.iter().map(|&at| Lattice::Metre.node(at))).ok().filter(|r| r.doubled_area() != 0)
    };
    let part = |polygon: &Polygon<f64>| {
        let shell = ring(polygon.exterior())?;
        Some(std::iter::once(shell).chain(polygon.interiors().iter().filter_map(ring)).collect())
    };
    let mut rings = Rings(grid.0.iter().filter_map(part).collect());
    rings.orient();
    rings
}

/// Unites folded rings into valid ones, if that can be had on the lattice.
fn united(folded: &Rings) -> Option<Rings> {
    let origin = folded.0.first()?.first()?.nodes().first().copied()?;
    let mut shape = local(folded, origin);
    // A union may meet between the lattice's nodes; snapping that again settles after a round or two, or never.
    for _ in 0..3 {
        shape = shape.union(&MultiPolygon::<f64>(Vec::new()));
        let rings = snapped(&shape);
        if rings.0.is_empty() {
            return None;
        }
        if first_flaw(&rings).is_none() {
            return Some(moved(&rings, origin));
        }
        shape = local(&rings, Node { x: 0, y: 0 });
    }
    None
}

/// The rings as floats about a nearby origin, where the union's arithmetic is finest.
fn local(rings: &Rings, origin: Node) -> MultiPolygon<f64> {
    let line = |ring: &Ring| {
        let shift = |n: &Node| Lattice::Metre.coord(Node { x: n.x - origin.x, y: n.y - origin.y });
        LineString(ring.nodes().iter().chain(ring.nodes().first()).map(shift).collect())
    };
    let part = |rings: &Vec<Ring>| {
        let mut lines = rings.iter().map(line);
        Some(Polygon::new(lines.next()?, lines.collect()))
    };
    MultiPolygon(rings.0.iter().filter_map(part).collect())
}

fn moved(rings: &Rings, origin: Node) -> Rings {
    let ring = |r: &Ring| Ring::of(r.nodes().iter().map(|n| Node { x: n.x + origin.x, y: n.y + origin.y })).ok();
    Rings(rings.0.iter().map(|part| part.iter().filter_map(ring).collect()).collect())
}
