//! Tests of footprints: areas, snapping, outlines, what survives serialisation, and arbitrary input.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::float_cmp, clippy::panic)]

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use proptest::prelude::*;

use super::validity_tests::shifted;
use super::{
    Crs, Footprint, FootprintRules, GeometryWarning, Prepared, Strictness, SubmittedFootprint, area_tolerance,
};
use crate::quantity::Area;

const EXAMPLE: &str = r#"{"type":"Polygon","coordinates":[[[119.9,29.46],[119.902,29.46],[119.902,29.4615],[119.9,29.4615],[119.9,29.46]]]}"#;

fn grid() -> Crs {
    Crs::epsg(4549).unwrap()
}

fn example() -> Prepared {
    let submitted = SubmittedFootprint::from_geojson(EXAMPLE, Crs::CGCS2000).unwrap();
    Footprint::prepare(&submitted, grid(), &FootprintRules::standard(Strictness::Refuse)).unwrap()
}

fn open(polygons: MultiPolygon<f64>) -> Prepared {
    Footprint::prepare(
        &SubmittedFootprint::new(grid(), polygons).unwrap(),
        grid(),
        &FootprintRules::standard(Strictness::Warn),
    )
    .unwrap()
}

#[test]
fn the_example_of_the_domain_reference_has_its_area_and_tolerance() {
    let prepared = example();
    let footprint = &prepared.footprint;
    // 32 256.65 m² on the ellipsoid.
    assert!((footprint.area_computed().units() - 322_566_500).abs() <= 50, "{:?}", footprint.area_computed());
    // m_A is 9.03 m², the tolerance twice that.
    let tolerance = area_tolerance(footprint.grid(), 50);
    assert!((tolerance.units() - 180_600).abs() <= 200, "{tolerance:?}");
    assert_eq!(prepared.accuracy_mm, Some(1));
    assert!(prepared.transformation.contains("EPSG:4490") && prepared.transformation.contains("same datum"));
    assert_eq!(area_tolerance(footprint.grid(), 0), Area::from_units(10_000), "never below 1 m²");
}

#[test]
fn ordinates_of_the_grid_are_tenths_of_a_millimetre_and_the_copy_has_nine_decimals() {
    let footprint = example().footprint;
    for at in &footprint.grid().0[0].exterior().0 {
        for v in [at.x, at.y] {
            assert!(((v * 1e4).round() / 1e4 - v).abs() < 1e-12, "{v}");
        }
    }
    assert_eq!(super::to_geojson(footprint.lonlat()), EXAMPLE);
    assert_eq!(footprint.bounds_lonlat(), [119.9, 29.46, 119.902, 29.4615]);
}

#[test]
fn a_footprint_survives_its_serialised_form() {
    let footprint = example().footprint;
    let text = serde_json::to_string(&footprint).unwrap();
    assert_eq!(serde_json::from_str::<Footprint>(&text).unwrap(), footprint);
    assert!(serde_json::from_str::<Footprint>(&text.replacen("AQYAAAAB", "AQYAAAAC", 1)).is_err());
}

#[test]
fn a_footprint_taken_again_from_its_grid_is_the_same() {
    let footprint = example().footprint;
    assert_eq!(open(footprint.grid().clone()).footprint, footprint);
}

#[test]
fn rings_are_turned_and_repeated_vertices_merged() {
    let prepared = open(shifted("POLYGON((0 0, 0 10, 0 10, 10 10, 10 0, 0 0), (2 2, 4 2, 4 4, 2 2))"));
    let polygon = &prepared.footprint.grid().0[0];
    let signed = |l: &LineString<f64>| l.lines().map(|e| e.determinant()).sum::<f64>();
    assert!(signed(polygon.exterior()) > 0.0 && signed(&polygon.interiors()[0]) < 0.0);
    assert_eq!(polygon.exterior().0.len(), 5);
    assert_eq!(polygon.exterior().0[0], Coord { x: 490_000.0, y: 3_260_000.0 }, "the first vertex stays first");
    assert_eq!(prepared.warnings, [GeometryWarning::VerticesDropped { count: 1 }]);
}

#[test]
fn the_outline_shows_whole_metres_and_no_more() {
    use super::Transformation;
    let footprint = open(shifted("POLYGON((0.4 0.3, 20.6 0.2, 20.7 10.4, 0.2 10.6, 0.4 0.3))")).footprint;
    let to_grid = Transformation::between(Crs::CGCS2000, grid()).unwrap();
    let outline = to_grid.apply(footprint.outline().unwrap()).unwrap();
    for at in &outline.0[0].exterior().0 {
        assert!((at.x - at.x.round()).abs() < 2e-4 && (at.y - at.y.round()).abs() < 2e-4, "{at:?}");
    }
    let area = footprint.outline_area().unwrap().units();
    assert!((area - 2_205_000).abs() < 200, "{area}");
    assert!(footprint.outline_bounds().is_some());
}

#[test]
fn a_strip_narrower_than_the_outlines_lattice_has_none() {
    let footprint = open(shifted("POLYGON((0 0.1, 30 0.1, 30 0.4, 0 0.4, 0 0.1))")).footprint;
    assert!(footprint.outline().is_none() && footprint.outline_area().is_none());
}

#[test]
fn an_outline_that_folds_over_is_made_valid() {
    // The neck is 0.2 m wide: rounded, its sides fall together.
    let footprint = open(shifted(
        "POLYGON((0 0, 10 0, 10 4.6, 20 4.6, 20 0, 30 0, 30 10, 20 10, 20 4.8, 10 4.8, 10 10, 0 10, 0 0))",
    ))
    .footprint;
    let outline = footprint.outline().unwrap();
    assert_eq!(outline.0.len(), 2, "{outline:?}");
    assert!((footprint.outline_area().unwrap().units() - 2_000_000).abs() < 200);
}

fn rotated(polygon: &Polygon<f64>, by: usize, direction: Direction) -> Polygon<f64> {
    let mut open = polygon.exterior().0.clone();
    open.pop();
    let by = by % open.len();
    open.rotate_left(by);
    match direction {
        Direction::Kept => {}
        Direction::Reversed => open.reverse(),
    }
    Polygon::new(LineString(open), Vec::new())
}

#[derive(Debug, Clone, Copy)]
enum Direction {
    Kept,
    Reversed,
}

/// A star about a point, always a valid ring.
fn star() -> impl Strategy<Value = Polygon<f64>> {
    proptest::collection::vec(5.0..200.0_f64, 4..30).prop_map(|radii| {
        let count = f64::from(u32::try_from(radii.len()).unwrap());
        let at = |(i, r): (u32, &f64)| {
            let angle = f64::from(i) / count * std::f64::consts::TAU;
            Coord { x: 490_000.0 + r * angle.cos(), y: 3_260_000.0 + r * angle.sin() }
        };
        Polygon::new(LineString((0_u32..).zip(&radii).map(at).collect()), Vec::new())
    })
}

/// Ordinates that hurt: near each other, far away, not numbers, on one line.
fn nasty() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => (0_i32..12).prop_map(f64::from),
        2 => (0_i32..40).prop_map(|v| f64::from(v) * 5e-5),
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
        1 => Just(1e300),
        1 => Just(-1e15),
        2 => -1e5..1e5_f64,
        1 => any::<f64>(),
    ]
}

fn nasty_polygons() -> impl Strategy<Value = MultiPolygon<f64>> {
    let ring = || {
        proptest::collection::vec((nasty(), nasty()), 0..9).prop_map(|points| {
            LineString(points.into_iter().map(|(x, y)| Coord { x: x + 490_000.0, y: y + 3_260_000.0 }).collect())
        })
    };
    let polygon =
        (ring(), proptest::collection::vec(ring(), 0..3)).prop_map(|(shell, holes)| Polygon::new(shell, holes));
    proptest::collection::vec(polygon, 1..3).prop_map(MultiPolygon)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_submitted_is_stored_valid_or_refused_with_a_code(polygons in nasty_polygons()) {
        let rules = FootprintRules::standard(Strictness::Warn);
        let Ok(submitted) = SubmittedFootprint::new(grid(), polygons) else { return Ok(()) };
        match Footprint::prepare(&submitted, grid(), &rules) {
            Ok(prepared) => {
                use geo::Validation;
                prop_assert!(prepared.footprint.grid().is_valid(), "{:?}", prepared.footprint.grid());
                prop_assert!(prepared.footprint.area_computed().units() > 0);
            }
            Err(refused) => prop_assert!(!refused.code().is_empty()),
        }
    }
}

proptest! {
    #[test]
    fn the_area_does_not_hang_on_where_the_ring_begins_or_which_way_it_runs(
        polygon in star(), by in 0_usize..30, direction in prop_oneof![Just(Direction::Kept), Just(Direction::Reversed)],
    ) {
        let one = open(MultiPolygon(vec![polygon.clone()])).footprint;
        let other = open(MultiPolygon(vec![rotated(&polygon, by, direction)])).footprint;
        prop_assert_eq!(one.area_computed(), other.area_computed());
        prop_assert_eq!(one.outline_area(), other.outline_area());
    }

    #[test]
    fn outlines_are_valid_or_absent(polygon in star()) {
        use geo::Validation;
        let footprint = open(MultiPolygon(vec![polygon])).footprint;
        if let Some(outline) = footprint.outline() {
            prop_assert!(outline.is_valid());
        }
    }
}
