//! Tests of reference systems and transformations, against the reference points of `domain.md` 1.3.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::float_cmp, clippy::panic)]

use geo_types::Coord;
use proptest::prelude::*;

use super::{
    AxisOrder, Crs, CrsError, DatumKind, Transformation, axis_order, gcj02_to_wgs84, looks_northing_first,
    wgs84_to_gcj02,
};

/// lat, lon (EPSG:4490), north, east (EPSG:4549).
const REFERENCE: [[f64; 4]; 5] = [
    [29.4525, 119.8925, 3_259_429.012_5, 489_571.260_3],
    [29.4600, 119.9000, 3_260_259.690_3, 490_299.560_7],
    [29.4600, 119.9020, 3_260_259.525_5, 490_493.569_6],
    [29.4615, 119.9020, 3_260_425.790_7, 490_493.709_4],
    [29.4615, 119.9000, 3_260_425.955_6, 490_299.703_4],
];

fn crs(code: u32) -> Crs {
    Crs::epsg(code).unwrap()
}

fn transform(from: u32, to: u32, x: f64, y: f64) -> Coord<f64> {
    Transformation::between(crs(from), crs(to)).unwrap().apply_point(Coord { x, y }).unwrap()
}

#[test]
fn the_reference_points_of_cgcs2000_come_out_to_a_tenth_of_a_millimetre() {
    for [lat, lon, north, east] in REFERENCE {
        let at = transform(4490, 4549, lon, lat);
        assert!((at.x - east).abs() < 6e-5 && (at.y - north).abs() < 6e-5, "{at:?}");
        let zoned = transform(4490, 4528, lon, lat);
        assert!((zoned.x - east - 40_000_000.0).abs() < 6e-5 && (zoned.y - north).abs() < 6e-5, "{zoned:?}");
    }
    let at = transform(4490, 4528, 120.159, 30.267);
    assert!((at.x - 40_515_300.094).abs() < 1e-3 && (at.y - 3_349_722.302).abs() < 1e-3, "{at:?}");
}

/// The origin of the Dutch grid in the web map's projection, as PROJ 9.4's `cs2cs` gives it.
#[test]
fn the_web_map_and_a_shifted_datum_meet_where_proj_says() {
    let at = transform(28992, 3857, 155_000.0, 463_000.0);
    assert!((at.x - 599_700.751).abs() < 0.01 && (at.y - 6_828_231.372).abs() < 0.01, "{at:?}");
    let back = transform(3857, 28992, 599_700.751_4, 6_828_231.372_4);
    assert!((back.x - 155_000.0).abs() < 0.01 && (back.y - 463_000.0).abs() < 0.01, "{back:?}");
    // By way of degrees it is the same place.
    let degrees = transform(3857, 4326, 1_602_818.5, 6_463_505.3);
    let (there, direct) =
        (transform(4326, 5514, degrees.x, degrees.y), transform(3857, 5514, 1_602_818.5, 6_463_505.3));
    assert!((there.x - direct.x).hypot(there.y - direct.y) < 0.001, "{there:?} and {direct:?}");
}

#[test]
fn the_lon_lat_copy_is_kept_on_the_datum_of_the_grid_where_that_is_geocentric() {
    let expected = [
        (4549, 4490),
        (4498, 4490),
        (4513, 4490),
        (4554, 4490),
        (2154, 4171),
        (6677, 6668),
        (28992, 4258),
        (3857, 4326),
        (32650, 4326),
        (4326, 4326),
        (4490, 4490),
    ];
    for (grid, geographic) in expected {
        assert_eq!(crs(grid).geographic().code(), geographic, "EPSG:{grid}");
    }
}

#[test]
fn systems_know_whether_they_are_grids_in_metres() {
    assert!(crs(4549).is_metric_grid() && crs(4549).is_projected());
    assert!(!crs(4490).is_projected());
    assert!(crs(2263).is_projected() && !crs(2263).is_metric_grid(), "New York is in feet");
    assert_eq!(Crs::epsg(999_999).unwrap_err().code, 999_999);
    assert!(Crs::epsg(4979).is_err() || !crs(4979).is_projected());
}

#[test]
fn a_datum_without_known_shift_is_refused_and_not_copied_in_silence() {
    assert_eq!(crs(4610).datum_kind(), DatumKind::Unknown, "Xian 1980");
    let refused = Transformation::between(crs(4610), crs(4490)).unwrap_err();
    assert_eq!(refused, CrsError::NoDatumShift { from: crs(4610), to: crs(4490) });
}

#[test]
fn stated_accuracy_grows_with_what_the_transformation_does() {
    let stated = |from, to| Transformation::between(crs(from), crs(to)).unwrap().accuracy_mm();
    assert_eq!(stated(4549, 4549), Some(0));
    assert_eq!(stated(4490, 4549), Some(1));
    assert_eq!(stated(4326, 2154), Some(1000));
    assert_eq!(stated(28992, 4326), Some(1000));
    assert_eq!(stated(27700, 4326), None, "by parameters whose accuracy is not known here");
}

#[test]
fn no_coordinate_comes_out_that_is_not_a_number() {
    let to_grid = Transformation::between(crs(4490), crs(4549)).unwrap();
    for (x, y) in [(f64::NAN, 0.0), (0.0, f64::INFINITY), (500.0, 30.0), (120.0, 91.0), (1e300, 1e300)] {
        assert!(to_grid.apply_point(Coord { x, y }).is_err(), "({x}, {y})");
    }
    let from_grid = Transformation::between(crs(2154), crs(4171)).unwrap();
    for (x, y) in [(1e300, 1e300), (f64::MAX, -f64::MAX), (-1e18, 3.0)] {
        if let Ok(at) = from_grid.apply_point(Coord { x, y }) {
            assert!(at.x.is_finite() && at.y.is_finite());
        }
    }
}

#[test]
fn transformations_may_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Transformation>();
}

#[test]
fn codes_are_serialised_as_numbers_and_checked_when_read() {
    assert_eq!(serde_json::to_string(&crs(4549)).unwrap(), "4549");
    assert_eq!(serde_json::from_str::<Crs>("4549").unwrap(), crs(4549));
    assert!(serde_json::from_str::<Crs>("1").is_err());
}

#[test]
fn survey_coordinates_with_north_first_are_told_from_where_they_would_lie() {
    let north_first: Vec<_> = REFERENCE.iter().map(|r| Coord { x: r[2], y: r[3] }).collect();
    let east_first: Vec<_> = REFERENCE.iter().map(|r| Coord { x: r[3], y: r[2] }).collect();
    assert_eq!(axis_order(&north_first, crs(4549), None).unwrap(), AxisOrder::NorthFirst);
    assert_eq!(axis_order(&east_first, crs(4549), None).unwrap(), AxisOrder::EastFirst);
    assert!(looks_northing_first(&[Coord { x: 29.45, y: 119.9 }], crs(4490), None));
    let refused = axis_order(&[Coord { x: 1.0, y: 2.0 }], crs(4549), None).unwrap_err();
    assert_eq!(refused.code(), "CRS_SUSPECT");
}

#[test]
fn where_both_orders_are_possible_the_districts_box_decides() {
    // The real Japanese parcel: X is north. Swapped, it still lies in Japan.
    let points = [Coord { x: -42_247.011, y: 25_917.765 }, Coord { x: -42_270.571, y: 25_955.730 }];
    let chiba = [140.0, 35.5, 140.3, 35.7];
    assert_eq!(axis_order(&points, crs(6677), None).unwrap(), AxisOrder::EastFirst);
    assert_eq!(axis_order(&points, crs(6677), Some(chiba)).unwrap(), AxisOrder::NorthFirst);
}

#[test]
fn a_web_maps_offset_is_taken_off_to_a_billionth_of_a_degree() {
    let true_place = Coord { x: 119.9, y: 29.46 };
    let shifted = wgs84_to_gcj02(true_place);
    // The offset at Pujiang is some 500 m.
    assert!((shifted.x - true_place.x).abs() > 0.003 && (shifted.y - true_place.y).abs() > 0.001);
    let back = gcj02_to_wgs84(shifted);
    assert!((back.x - true_place.x).abs() < 1e-9 && (back.y - true_place.y).abs() < 1e-9);
    let paris = Coord { x: 2.35, y: 48.86 };
    assert_eq!(gcj02_to_wgs84(paris), paris);
}

/// Grids with a box in which they are used.
fn grid_and_place() -> impl Strategy<Value = (u32, f64, f64)> {
    prop_oneof![
        (Just(4549), 118.5..121.5, 17.0..53.0),
        (Just(4528), 118.5..121.5, 17.0..53.0),
        (Just(4498), 114.0..120.0, 17.0..53.0),
        (Just(2154), -5.0..9.5, 41.5..51.0),
        (Just(28992), 3.4..7.2, 50.8..53.6),
        (Just(6677), 138.5..141.0, 34.0..37.9),
        (Just(3857), -179.0..179.0, -84.0..84.0),
        (Just(32650), 114.0..120.0, 1.0..83.0),
    ]
}

proptest! {
    #[test]
    fn there_and_back_moves_no_vertex_by_a_millimetre((grid, x, y) in grid_and_place(), other in prop_oneof![Just(4326_u32), Just(4258), Just(4490)]) {
        let there = Transformation::between(crs(other), crs(grid)).unwrap();
        let back = Transformation::between(crs(grid), crs(other)).unwrap();
        let on_grid = there.apply_point(Coord { x, y }).unwrap();
        let again = there.apply_point(back.apply_point(on_grid).unwrap()).unwrap();
        prop_assert!((again - on_grid).x.hypot((again - on_grid).y) < 1e-3, "{on_grid:?} {again:?}");
    }
}
