//! From coordinate lists to geometry, the same checks for every format.
//!
//! Only what would be lost in translation is checked here (open rings, ordinates that are no numbers): `geo_types` closes
//! rings by itself, and the validity rules behind it would never see that one was open. Everything else is the domain's.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::FeatureProblem;

/// Where a list of coordinates stands in its geometry, both from 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) part: usize,
    pub(crate) ring: usize,
}

/// A line whose ordinates are all finite.
pub(crate) fn line(coords: Vec<Coord<f64>>, place: Place) -> Result<LineString<f64>, FeatureProblem> {
    let broken = coords.iter().position(|coord| !(coord.x.is_finite() && coord.y.is_finite()));
    match broken {
        Some(index) => {
            Err(FeatureProblem::CoordinateNotFinite { part: place.part, ring: place.ring, vertex: index + 1 })
        }
        None => Ok(LineString(coords)),
    }
}

/// A ring: finite and closed as written.
pub(crate) fn ring(coords: Vec<Coord<f64>>, place: Place) -> Result<LineString<f64>, FeatureProblem> {
    let line = line(coords, place)?;
    if line.0.first() == line.0.last() {
        Ok(line)
    } else {
        Err(FeatureProblem::RingNotClosed { part: place.part, ring: place.ring })
    }
}

/// A polygon of its rings, the outer one first; no ring at all is the empty polygon.
pub(crate) fn polygon(rings: Vec<Vec<Coord<f64>>>, part: usize) -> Result<Polygon<f64>, FeatureProblem> {
    let mut checked = Vec::with_capacity(rings.len());
    for (index, coords) in rings.into_iter().enumerate() {
        checked.push(ring(coords, Place { part, ring: index + 1 })?);
    }
    let mut checked = checked.into_iter();
    let shell = checked.next().unwrap_or_else(|| LineString(Vec::new()));
    Ok(Polygon::new(shell, checked.collect()))
}

/// A multipolygon of polygons given by their rings.
pub(crate) fn multi_polygon(parts: Vec<Vec<Vec<Coord<f64>>>>) -> Result<MultiPolygon<f64>, FeatureProblem> {
    parts
        .into_iter()
        .enumerate()
        .map(|(index, rings)| polygon(rings, index + 1))
        .collect::<Result<Vec<_>, _>>()
        .map(MultiPolygon)
}

/// Twice the signed area of a closed ring (counter-clockwise positive), reckoned from its first vertex to keep digits.
pub(crate) fn signed_area_doubled(ring: &LineString<f64>) -> f64 {
    let Some(origin) = ring.0.first().copied() else {
        return 0.0;
    };
    ring.lines()
        .map(|side| {
            let (a, b) = (side.start - origin, side.end - origin);
            a.x * b.y - b.x * a.y
        })
        .sum()
}
