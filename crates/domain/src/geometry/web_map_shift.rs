//! The offsets of Chinese web maps: GCJ-02 and BD-09, and whether data carries one.
//!
//! Such coordinates lie 300 to 700 m off and are never stored (`domain.md` 1.3). The inverse is here to tell data
//! that was taken from a web map, not to make it fit for a register. The polynomials are the publicly known ones.

use std::f64::consts::PI;

use geo_types::{Coord, MultiPolygon};

use super::node::Lattice;
use super::shape::{Locus, Shape};

/// The ellipsoid of Krasovsky, on which the offset is defined.
const AXIS_M: f64 = 6_378_245.0;
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;

/// Rounds of fixed-point iteration; each gains about two digits and five reach 1e-10 degree.
const ROUNDS_MAX: u32 = 30;
const PRECISE_DEG: f64 = 1e-11;

/// A web map's offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebMapShift {
    /// GCJ-02, used by the maps of China other than Baidu's.
    Gcj02,
    /// BD-09, Baidu's, on top of GCJ-02.
    Bd09,
}

/// The WGS 84 longitude and latitude of a GCJ-02 one, to better than 1e-9 degree; outside China unchanged.
pub fn gcj02_to_wgs84(at: Coord<f64>) -> Coord<f64> {
    if !in_china(at) {
        return at;
    }
    solve(at, wgs84_to_gcj02)
}

/// The WGS 84 longitude and latitude of a BD-09 one, to better than 1e-9 degree; outside China unchanged.
pub fn bd09_to_wgs84(at: Coord<f64>) -> Coord<f64> {
    if !in_china(at) {
        return at;
    }
    gcj02_to_wgs84(solve(at, gcj02_to_bd09))
}

/// Finds what `forward` takes to `target`; the offsets change slowly, so subtracting the miss converges.
fn solve(target: Coord<f64>, forward: impl Fn(Coord<f64>) -> Coord<f64>) -> Coord<f64> {
    let mut guess = target;
    for _ in 0..ROUNDS_MAX {
        let miss = forward(guess) - target;
        guess = guess - miss;
        if miss.x.abs() < PRECISE_DEG && miss.y.abs() < PRECISE_DEG {
            break;
        }
    }
    guess
}

fn in_china(at: Coord<f64>) -> bool {
    (72.004..=137.8347).contains(&at.x) && (0.8293..=55.8271).contains(&at.y)
}

/// The GCJ-02 coordinate of a WGS 84 one.
pub fn wgs84_to_gcj02(at: Coord<f64>) -> Coord<f64> {
    let (x, y) = (at.x - 105.0, at.y - 35.0);
    let ripple = 20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin();
    let waves = |v: f64, near: f64, far: f64| near * (v * PI).sin() + far * (v * PI / 3.0).sin();
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + (ripple + waves(y, 20.0, 40.0) + 160.0 * (y / 12.0 * PI).sin() + 320.0 * (y * PI / 30.0).sin()) * 2.0 / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + (ripple + waves(x, 20.0, 40.0) + 150.0 * (x / 12.0 * PI).sin() + 300.0 * (x / 30.0 * PI).sin()) * 2.0 / 3.0;
    let (sine, cosine) = at.y.to_radians().sin_cos();
    let squeeze = 1.0 - ECCENTRICITY_SQUARED * sine * sine;
    let meridian_m = AXIS_M * (1.0 - ECCENTRICITY_SQUARED) / (squeeze * squeeze.sqrt());
    let parallel_m = AXIS_M / squeeze.sqrt() * cosine;
    Coord { x: at.x + (east / parallel_m).to_degrees(), y: at.y + (north / meridian_m).to_degrees() }
}

fn gcj02_to_bd09(at: Coord<f64>) -> Coord<f64> {
    let wave = PI * 3000.0 / 180.0;
    let radius = at.x.hypot(at.y) + 0.000_02 * (at.y * wave).sin();
    let angle = at.y.atan2(at.x) + 0.000_003 * (at.x * wave).cos();
    Coord { x: radius * angle.cos() + 0.0065, y: radius * angle.sin() + 0.006 }
}

/// Tells data that fits a district far better once a web map's offset is taken off.
///
/// `boundary` is the district's, in longitude and latitude. Flagged when at least one point in fifty lies outside as
/// it is, and taking the offset off leaves at most a quarter of those outside. Data well inside a district cannot
/// be told this way: both readings lie inside.
pub fn fits_better_unshifted(points: &[Coord<f64>], boundary: &MultiPolygon<f64>) -> Option<WebMapShift> {
    let shape = Shape::of(boundary, Lattice::LonLat);
    let outside = |unshift: fn(Coord<f64>) -> Coord<f64>| {
        points.iter().filter(|&&at| shape.locate(Lattice::LonLat.node(unshift(at))) == Locus::Outside).count()
    };
    let as_is = outside(|at| at);
    if as_is == 0 || as_is * 50 < points.len() {
        return None;
    }
    let candidates = [(outside(gcj02_to_wgs84), WebMapShift::Gcj02), (outside(bd09_to_wgs84), WebMapShift::Bd09)];
    let best = candidates.into_iter().min_by_key(|(left, _)| *left)?;
    (best.0 * 4 <= as_is).then_some(best.1)
}
