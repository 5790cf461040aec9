//! Whether a file's first ordinate is east or north.
//!
//! Survey files of China and Japan call north X. Nothing in such a file says so; only where the points would lie
//! in either order tells, so this compares both with the district, or with where the system is used.

use geo_types::Coord;

use super::crs::Crs;
use super::refused::{GeometryRefused, Place};
use super::transformation::Transformation;

/// Degrees beyond the stated area of use that are still taken for it: zones overlap at their edges.
const MARGIN_DEG: f64 = 2.0;

/// Points looked at; more tell nothing new.
const POINTS_MAX: usize = 1000;

/// What the first ordinate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AxisOrder {
    /// East or longitude first.
    EastFirst,
    /// North or latitude first, as surveyors write X and Y.
    NorthFirst,
}

impl AxisOrder {
    /// Puts a coordinate of this order into x east, y north.
    pub fn east_north(self, at: Coord<f64>) -> Coord<f64> {
        match self {
            Self::EastFirst => at,
            Self::NorthFirst => Coord { x: at.y, y: at.x },
        }
    }
}

/// Detects the order of `points` in `crs`.
///
/// `expected` is the district's box `[west, south, east, north]` in degrees; without it the area of use of the
/// system decides, and where that is unknown too, east is first. Where both orders fall inside, east is first.
/// Refused `CRS_SUSPECT` where more than half of the points fall outside in either order.
pub fn axis_order(points: &[Coord<f64>], crs: Crs, expected: Option<[f64; 4]>) -> Result<AxisOrder, GeometryRefused> {
    let Some(bounds) = expected.or_else(|| area_in_use(crs)) else {
        return Ok(AxisOrder::EastFirst);
    };
    let sample = points.get(..POINTS_MAX).unwrap_or(points);
    let falls_inside = |order: AxisOrder| {
        let inside = sample.iter().filter(|&&at| lies_in(order.east_north(at), crs, bounds)).count();
        inside * 2 > sample.len()
    };
    if sample.is_empty() || falls_inside(AxisOrder::EastFirst) {
        Ok(AxisOrder::EastFirst)
    } else if falls_inside(AxisOrder::NorthFirst) {
        Ok(AxisOrder::NorthFirst)
    } else {
        let at = sample.first().map(|at| [at.x, at.y]).filter(|at| at.iter().all(|v| v.is_finite()));
        Err(GeometryRefused::CrsSuspect { place: Place { part: 0, ring: 0, vertex: 0, at }, crs })
    }
}

/// Whether the first ordinate of `points` is north, as far as can be told; see [`axis_order`].
pub fn looks_northing_first(points: &[Coord<f64>], crs: Crs, expected: Option<[f64; 4]>) -> bool {
    axis_order(points, crs, expected) == Ok(AxisOrder::NorthFirst)
}

/// Where a system is used, with a margin; none where that is not known.
pub(super) fn area_in_use(crs: Crs) -> Option<[f64; 4]> {
    crs.area_of_use().map(widened)
}

fn widened([west, south, east, north]: [f64; 4]) -> [f64; 4] {
    [west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, north + MARGIN_DEG]
}

fn lies_in(at: Coord<f64>, crs: Crs, bounds: [f64; 4]) -> bool {
    Transformation::between(crs, crs.geographic())
        .and_then(|to_lonlat| to_lonlat.apply_point(at))
        .is_ok_and(|lonlat| holds(bounds, lonlat))
}

/// Whether a box holds a coordinate.
pub(super) fn holds([west, south, east, north]: [f64; 4], at: Coord<f64>) -> bool {
    at.x >= west && at.x <= east && at.y >= south && at.y <= north
}
