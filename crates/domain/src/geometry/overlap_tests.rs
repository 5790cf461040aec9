//! Tests of overlaps, splits, merges and distances.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::float_cmp, clippy::panic)]

use geo_types::Coord;
use proptest::prelude::*;

use super::validity_tests::prepare;
use super::{
    Crs, Footprint, contains_point, distance_m, interiors_overlap, overlap_area, overlap_limit, project_point,
    union_mismatch,
};
use crate::quantity::Area;

fn footprint(text: &str) -> Footprint {
    prepare(text).unwrap().footprint
}

fn overlap(a: &str, b: &str) -> i64 {
    let (a, b) = (footprint(a), footprint(b));
    let area = overlap_area(&a, &b).unwrap();
    assert_eq!(area, overlap_area(&b, &a).unwrap(), "the same both ways");
    assert_eq!(area.units() > 0, interiors_overlap(&a, &b));
    area.units()
}

const SQUARE: &str = "POLYGON((0 0, 10 0, 10 10, 0 10, 0 0))";

#[test]
fn neighbours_that_share_boundaries_do_not_overlap() {
    assert_eq!(overlap(SQUARE, "POLYGON((10 0, 20 0, 20 10, 10 10, 10 0))"), 0);
    assert_eq!(overlap(SQUARE, "POLYGON((10 2, 20 2, 20 8, 10 8, 10 2))"), 0, "part of an edge");
    assert_eq!(overlap(SQUARE, "POLYGON((10 10, 20 10, 20 20, 10 20, 10 10))"), 0, "a corner");
    assert_eq!(overlap(SQUARE, "POLYGON((30 0, 40 0, 40 10, 30 0))"), 0, "nothing");
    let holed = "POLYGON((-5 -5, 15 -5, 15 15, -5 15, -5 -5), (0 0, 0 10, 10 10, 10 0, 0 0))";
    assert_eq!(overlap(SQUARE, holed), 0, "fills the hole");
}

#[test]
fn overlaps_are_measured_and_never_rounded_down() {
    assert_eq!(overlap(SQUARE, "POLYGON((5 5, 15 5, 15 15, 5 15, 5 5))"), 250_000);
    assert_eq!(overlap(SQUARE, SQUARE), 1_000_000);
    assert_eq!(overlap(SQUARE, "POLYGON((2 2, 4 2, 4 4, 2 4, 2 2))"), 40_000, "inside");
    assert_eq!(overlap(SQUARE, "POLYGON((-5 0, 5 0, 5 10, -5 10, -5 0))"), 500_000, "along shared edges");
    assert_eq!(overlap(SQUARE, "POLYGON((5 -5, 10 0, 5 5, 0 0, 5 -5))"), 250_000, "through vertices");
    // A tenth of a millimetre over ten metres: 0.001 m².
    assert_eq!(overlap(SQUARE, "POLYGON((9.9999 0, 20 0, 20 10, 9.9999 10, 9.9999 0))"), 10);
    // A needle that reaches in by a tenth of a millimetre.
    assert_eq!(overlap(SQUARE, "POLYGON((9.9999 5, 20 0, 20 10, 9.9999 5))"), 1);
}

#[test]
fn the_overlap_let_through_is_half_a_square_metre_or_a_ten_thousandth_of_the_smaller() {
    let limit = |a, b| overlap_limit(Area::from_units(a), Area::from_units(b)).units();
    assert_eq!(limit(1_000_000, 90_000_000), 5_000);
    assert_eq!(limit(100_000_000, 90_000_000), 9_000);
}

#[test]
fn pieces_of_a_split_match_their_parent() {
    let parent = footprint(SQUARE);
    let (west, east) =
        (footprint("POLYGON((0 0, 4 0, 6 10, 0 10, 0 0))"), footprint("POLYGON((4 0, 10 0, 10 10, 6 10, 4 0))"));
    assert_eq!(union_mismatch(&[&parent], &[&west, &east]).unwrap(), Area::from_units(0));
    assert_eq!(union_mismatch(&[&west, &east], &[&parent]).unwrap(), Area::from_units(0));
    assert_eq!(union_mismatch(&[&parent], &[&west]).unwrap().units(), 500_000);
    let strayed = footprint("POLYGON((4 0, 11 0, 11 10, 6 10, 4 0))");
    assert_eq!(union_mismatch(&[&parent], &[&west, &strayed]).unwrap().units(), 100_000);
    assert_eq!(union_mismatch(&[], &[]).unwrap(), Area::from_units(0));
}

#[test]
fn distance_is_straight_in_the_grid_and_zero_inside() {
    let square = footprint("POLYGON((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 2 8, 8 8, 8 2, 2 2))");
    let from = |x: f64, y: f64| distance_m(Coord { x: 490_000.0 + x, y: 3_260_000.0 + y }, square.grid());
    assert!(from(1.0, 1.0).abs() < 1e-12 && from(0.0, 5.0).abs() < 1e-12);
    assert!((from(13.0, 14.0) - 5.0).abs() < 1e-9);
    assert!((from(5.0, 5.0) - 3.0).abs() < 1e-9, "in the hole");
    let grid = Crs::epsg(4549).unwrap();
    let projected = project_point(Coord { x: 119.9, y: 29.46 }, Crs::CGCS2000, grid).unwrap();
    assert!((projected.x - 490_299.560_7).abs() < 1e-3);
    assert_eq!(
        project_point(Coord { x: f64::NAN, y: 1.0 }, Crs::CGCS2000, grid).unwrap_err().code(),
        "GEOMETRY_NOT_FINITE"
    );
    assert_eq!(
        project_point(Coord { x: 500.0, y: 1.0 }, Crs::CGCS2000, grid).unwrap_err().code(),
        "COORDINATE_OUT_OF_RANGE"
    );
}

#[test]
fn a_point_on_the_boundary_is_contained() {
    let square = footprint(SQUARE);
    let corner = square.lonlat().0[0].exterior().0[0];
    assert!(contains_point(square.lonlat(), corner));
    assert!(!contains_point(square.lonlat(), Coord { x: corner.x - 1e-6, y: corner.y }));
    assert!(!contains_point(square.lonlat(), Coord { x: f64::NAN, y: 0.0 }));
}

/// A convex quadrilateral about a point, in whole centimetres.
fn quadrilateral() -> impl Strategy<Value = String> {
    let reach = 300..2000_i32;
    (0..3000_i32, 0..3000_i32, reach.clone(), reach.clone(), reach.clone(), reach).prop_map(|(x, y, e, n, w, s)| {
        let cm = |v: i32| f64::from(v) / 100.0;
        let (e, n, w, s) = ((x + e, y), (x, y + n), (x - w, y), (x, y - s));
        let ring = [e, n, w, s, e].map(|(x, y)| format!("{} {}", cm(x), cm(y))).join(",");
        format!("POLYGON(({ring}))")
    })
}

proptest! {
    #[test]
    fn splitting_by_any_line_keeps_the_total(x in 1_u32..99_999, top in 1_u32..99_999) {
        let (x, top) = (f64::from(x) / 1e4, f64::from(top) / 1e4);
        let parent = footprint(SQUARE);
        let rules = super::FootprintRules { spacing_min_mm: 0, ..super::FootprintRules::standard(super::Strictness::Warn) };
        let grid = Crs::epsg(4549).unwrap();
        let piece = |text: &str| {
            let submitted = super::SubmittedFootprint::new(grid, super::validity_tests::shifted(text)).unwrap();
            Footprint::prepare(&submitted, grid, &rules).unwrap().footprint
        };
        let west = piece(&format!("POLYGON((0 0, {x} 0, {top} 10, 0 10, 0 0))"));
        let east = piece(&format!("POLYGON(({x} 0, 10 0, 10 10, {top} 10, {x} 0))"));
        prop_assert_eq!(overlap_area(&west, &east).unwrap(), Area::from_units(0));
        prop_assert!(union_mismatch(&[&parent], &[&west, &east]).unwrap().units() <= 1);
        let total = west.area_computed().units() + east.area_computed().units();
        // The lon/lat copies are rounded to 0.1 mm: ten metres of cut, 0.001 m².
        prop_assert!((total - parent.area_computed().units()).abs() <= 20, "{}", total - parent.area_computed().units());
    }

    #[test]
    fn what_two_share_and_what_they_do_not_make_up_both(a in quadrilateral(), b in quadrilateral()) {
        let (a, b) = (footprint(&a), footprint(&b));
        let shared = overlap_area(&a, &b).unwrap().units();
        let apart = union_mismatch(&[&a], &[&b]).unwrap().units();
        let planar = |f: &Footprint| { use geo::Area as _; f.grid().unsigned_area() * 1e4 };
        #[allow(clippy::cast_precision_loss)]
        let sum = (2 * shared + apart) as f64;
        prop_assert!((sum - planar(&a) - planar(&b)).abs() < 6.0, "{sum}");
        prop_assert_eq!(shared > 0, interiors_overlap(&a, &b));
    }
}
