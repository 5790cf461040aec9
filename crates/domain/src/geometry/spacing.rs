//! The distance of neighbouring vertices.
//!
//! Compared as integers; the square root is only for telling.

use super::rings::Rings;
use super::shape::Origin;

/// The closest neighbours nearer than `min_mm`, with their distance in micrometres.
pub(super) fn closest_neighbours(rings: &Rings, min_mm: u32) -> Option<(Origin, u64)> {
    // The lattice's unit is 0.1 mm.
    let limit = i128::from(min_mm) * 10;
    let edges = rings.numbered().flat_map(|(part, ring, of_ring)| {
        let nodes = of_ring.nodes();
        let next = nodes.iter().cycle().skip(1);
        (0_u32..).zip(nodes.iter().zip(next)).map(move |(vertex, (a, b))| {
            let (dx, dy) = (i128::from(b.x - a.x), i128::from(b.y - a.y));
            (Origin { part, ring, vertex }, dx * dx + dy * dy)
        })
    });
    let (origin, squared) =
        edges.filter(|(_, squared)| *squared < limit * limit).min_by_key(|(_, squared)| *squared)?;
    Some((origin, micrometres(squared)))
}

/// The root of a square of tenths of a millimetre, in micrometres.
fn micrometres(squared: i128) -> u64 {
    u64::try_from((squared * 10_000).isqrt()).unwrap_or(u64::MAX)
}
