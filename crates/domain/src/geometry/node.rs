//! Exact points and segments on an integer lattice.
//!
//! Every footprint is snapped before it is judged, so its vertices are integers and every question of side,
//! touch and crossing has an exact answer. Rounding a predicate would let two gateways disagree about one parcel.

use std::cmp::Ordering;

use geo_types::Coord;

use super::crs::Crs;

/// The farthest an ordinate may lie from zero, so that products of doubled differences fit an `i128`.
const ORDINATE_MAX: f64 = 1e15;

/// 1.5 times 2^52: doubles of this size have no fraction left.
const WHOLE_FROM: f64 = 6_755_399_441_055_744.0;

/// A coordinate as records keep it: to 0.1 mm in a grid, to 9 decimals in degrees; none beyond what a lattice holds.
///
/// Such a number is written in few digits and reads back as it was, whatever reads it.
pub fn snapped(at: Coord<f64>, crs: Crs) -> Option<Coord<f64>> {
    let lattice = if crs.is_projected() { Lattice::Grid } else { Lattice::LonLat };
    let near = lattice.coord(lattice.node(at));
    ((near.x - at.x).abs() < 1.0 && (near.y - at.y).abs() < 1.0).then_some(near)
}

/// A point of the lattice; its unit is that of the [`Lattice`] it was snapped to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Node {
    pub x: i64,
    pub y: i64,
}

/// The spacing ordinates are snapped to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lattice {
    /// 0.1 mm in a projected grid.
    Grid,
    /// 0.000000001 degree, about 0.1 mm on the ground.
    LonLat,
    /// Whole metres in a projected grid: the public's outline.
    Metre,
}

impl Lattice {
    const fn per_unit(self) -> f64 {
        match self {
            Self::Grid => 1e4,
            Self::LonLat => 1e9,
            Self::Metre => 1.0,
        }
    }

    /// The node nearest to a coordinate; not-a-number becomes zero, so callers check finiteness first.
    #[allow(clippy::cast_possible_truncation)] // clamped to the range of the lattice
    pub(super) fn node(self, at: Coord<f64>) -> Node {
        // Adding and taking away rounds to a whole number in the mode of the processor, to even at a tie; the
        // library's own rounding is a call, and every search snaps every candidate.
        let snap = |v: f64| ((v * self.per_unit()).clamp(-ORDINATE_MAX, ORDINATE_MAX) + WHOLE_FROM - WHOLE_FROM) as i64;
        Node { x: snap(at.x), y: snap(at.y) }
    }

    /// The coordinate of a node, the double nearest to its decimal value.
    #[allow(clippy::cast_precision_loss)] // nodes stay below 2^53
    pub(super) fn coord(self, node: Node) -> Coord<f64> {
        Coord { x: node.x as f64 / self.per_unit(), y: node.y as f64 / self.per_unit() }
    }

    /// A coordinate measured in lattice units (a crossing, which need not be a node).
    pub(super) fn scaled(self, at: [f64; 2]) -> Coord<f64> {
        Coord { x: at[0] / self.per_unit(), y: at[1] / self.per_unit() }
    }
}

impl Node {
    /// The node of the lattice of half the spacing; midpoints of nodes are nodes there.
    pub(super) const fn doubled(self) -> Self {
        Self { x: self.x * 2, y: self.y * 2 }
    }

    /// The doubled midpoint of two nodes.
    pub(super) const fn doubled_midpoint(self, other: Self) -> Self {
        Self { x: self.x + other.x, y: self.y + other.y }
    }

    #[allow(clippy::cast_precision_loss)]
    fn to_floats(self) -> [f64; 2] {
        [self.x as f64, self.y as f64]
    }
}

/// Twice the signed area of the triangle `a b c`: positive when `c` lies left of the line from `a` to `b`.
pub(super) fn cross(a: Node, b: Node, c: Node) -> i128 {
    i128::from(b.x - a.x) * i128::from(c.y - a.y) - i128::from(b.y - a.y) * i128::from(c.x - a.x)
}

/// The side of `c` seen from the line `a b`: `Greater` is left, `Equal` on the line.
pub(super) fn turn(a: Node, b: Node, c: Node) -> Ordering {
    cross(a, b, c).cmp(&0)
}

/// Whether `c`, known to lie on the line `a b`, lies on the closed segment.
pub(super) fn between(a: Node, b: Node, c: Node) -> bool {
    c.x >= a.x.min(b.x) && c.x <= a.x.max(b.x) && c.y >= a.y.min(b.y) && c.y <= a.y.max(b.y)
}

/// Whether the way from `a` to `b` goes on to `c` by turning straight back.
pub(super) fn turns_back(a: Node, b: Node, c: Node) -> bool {
    let ahead = i128::from(b.x - a.x) * i128::from(c.x - b.x) + i128::from(b.y - a.y) * i128::from(c.y - b.y);
    ahead < 0 && turn(a, b, c) == Ordering::Equal
}

/// How two segments meet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Meeting {
    Apart,
    /// In one node, which is an end of at least one of them.
    Touch(Node),
    /// In the interior of both, at this point in lattice units.
    Cross([f64; 2]),
    /// Along a stretch that begins at this node.
    Along(Node),
}

/// How the segments `p q` and `r s`, neither of length zero, meet.
pub(super) fn meeting(p: Node, q: Node, r: Node, s: Node) -> Meeting {
    let (side_r, side_s) = (turn(p, q, r), turn(p, q, s));
    if side_r == side_s {
        return if side_r == Ordering::Equal { along(p, q, r, s) } else { Meeting::Apart };
    }
    let (side_p, side_q) = (turn(r, s, p), turn(r, s, q));
    if side_p == side_q {
        return Meeting::Apart;
    }
    for (side, a, b, end) in [(side_r, p, q, r), (side_s, p, q, s), (side_p, r, s, p), (side_q, r, s, q)] {
        if side == Ordering::Equal {
            return if between(a, b, end) { Meeting::Touch(end) } else { Meeting::Apart };
        }
    }
    Meeting::Cross(crossing(p, q, r, s))
}

/// Two segments of one line.
fn along(p: Node, q: Node, r: Node, s: Node) -> Meeting {
    // On one line the order of (x, y) is the order along the line.
    let from = p.min(q).max(r.min(s));
    let to = p.max(q).min(r.max(s));
    match from.cmp(&to) {
        Ordering::Less => Meeting::Along(from),
        Ordering::Equal => Meeting::Touch(from),
        Ordering::Greater => Meeting::Apart,
    }
}

#[allow(clippy::cast_precision_loss)] // the point is told to people, not judged
fn crossing(p: Node, q: Node, r: Node, s: Node) -> [f64; 2] {
    let (left, right) = (cross(r, s, p) as f64, cross(r, s, q) as f64);
    let share = left / (left - right);
    let ([px, py], [qx, qy]) = (p.to_floats(), q.to_floats());
    [px + share * (qx - px), py + share * (qy - py)]
}
