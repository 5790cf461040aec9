//! Shapes on the grid of a tile: rounded to whole units, cut at its margin, and still valid.
//!
//! Rounding may fold an outline over itself. The engine that cuts works on whole units too, so that what it hands over
//! needs no rounding any more; its own mode for simple rings loses holes (4.5.2), so `simple` makes them.

use geo_types::{Coord, LineString, MultiPolygon};
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{IntOverlayOptions, Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::core::solver::Solver;
use i_overlay::i_float::int::point::IntPoint;
use i_overlay::i_shape::int::path::IntPath;
use i_overlay::i_shape::int::shape::IntShapes;
use i_overlay::string::clip::{ClipRule, IntClip};

use super::place::{EXTENT, MARGIN, TilePlace};
use super::simple::simple;

/// Units beyond the tile at which a vertex is taken to lie when it lies still farther: the engine's room.
const FAR: f64 = 268_435_456.0;

/// The polygons of a footprint, outer rings first in each, wound as tiles want them.
pub(super) fn polygons(place: &TilePlace, lonlat: &MultiPolygon<f64>) -> IntShapes {
    // A vertex in which a ring touches the middle of its own edge is kept, so that it can be taken apart there.
    let options = IntOverlayOptions { preserve_output_collinear: true, ..IntOverlayOptions::default() };
    let mut overlay = Overlay::new_custom(0, options, Solver::default());
    for polygon in lonlat {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            overlay.add_contour(&path(place, ring), ShapeType::Subject);
        }
    }
    overlay.add_contour(&frame(), ShapeType::Clip);
    overlay.overlay(OverlayRule::Intersect, FillRule::EvenOdd).iter().flat_map(simple).collect()
}

/// The parts of a line within the margin.
pub(super) fn lines(place: &TilePlace, line: &LineString<f64>) -> Vec<IntPath> {
    let rule = ClipRule { invert: false, boundary_included: true };
    let mut path = path(place, line);
    path.dedup();
    if path.len() < 2 { Vec::new() } else { vec![frame()].clip_path(&path, FillRule::NonZero, rule) }
}

/// Lines of which none begins where the one before it ended.
pub(super) fn joined(lines: impl Iterator<Item = IntPath>) -> Vec<IntPath> {
    let mut joined: Vec<IntPath> = Vec::new();
    for line in lines {
        match joined.last_mut() {
            Some(last) if last.last() == line.first() => last.extend(line.into_iter().skip(1)),
            Some(_) | None => joined.push(line),
        }
    }
    joined
}

/// A point, where it lies within the margin.
pub(super) fn point(place: &TilePlace, at: Coord<f64>) -> Option<IntPoint> {
    let at = rounded(place, at);
    let within = |ordinate: i32| (-MARGIN..=EXTENT + MARGIN).contains(&ordinate);
    (within(at.x) && within(at.y)).then_some(at)
}

fn path(place: &TilePlace, line: &LineString<f64>) -> IntPath {
    line.0.iter().map(|at| rounded(place, *at)).collect()
}

// What is far beyond the frame is cut off; what is not a number was refused when it came in.
#[allow(clippy::cast_possible_truncation)]
fn rounded(place: &TilePlace, at: Coord<f64>) -> IntPoint {
    let Coord { x, y } = place.in_tile(at);
    IntPoint::new(x.clamp(-FAR, FAR).round() as i32, y.clamp(-FAR, FAR).round() as i32)
}

fn frame() -> IntPath {
    let (least, most) = (-MARGIN, EXTENT + MARGIN);
    vec![IntPoint::new(least, least), IntPoint::new(most, least), IntPoint::new(most, most), IntPoint::new(least, most)]
}
