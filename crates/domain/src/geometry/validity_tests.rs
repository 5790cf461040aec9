//! Tests of validity: each fault is found, named and placed, and what touches lawfully is let through.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::float_cmp, clippy::panic)]

use std::fmt::Write as _;

use geo_types::{Geometry, MultiPolygon};
use wkt::TryFromWkt;

use super::{Crs, Footprint, FootprintRules, GeometryRefused, Prepared, Strictness, SubmittedFootprint};

/// Moves small coordinates to where EPSG:4549 is used.
const EAST: f64 = 490_000.0;
const NORTH: f64 = 3_260_000.0;

pub(super) fn shifted(text: &str) -> MultiPolygon<f64> {
    use geo::MapCoords;
    let geometry = Geometry::<f64>::try_from_wkt_str(text).unwrap();
    let polygons = match geometry {
        Geometry::Polygon(p) => MultiPolygon(vec![p]),
        Geometry::MultiPolygon(p) => p,
        other => panic!("{other:?}"),
    };
    polygons.map_coords(|c| geo_types::Coord { x: c.x + EAST, y: c.y + NORTH })
}

pub(super) fn prepare(text: &str) -> Result<Prepared, GeometryRefused> {
    let grid = Crs::epsg(4549).unwrap();
    let submitted = SubmittedFootprint::new(grid, shifted(text)).unwrap();
    Footprint::prepare(&submitted, grid, &FootprintRules::standard(Strictness::Refuse))
}

fn refused(text: &str) -> GeometryRefused {
    prepare(text).unwrap_err()
}

fn at(refused: &GeometryRefused) -> [f64; 2] {
    let [x, y] = refused.place().unwrap().at.unwrap();
    [x - EAST, y - NORTH]
}

#[test]
fn a_bow_tie_is_refused_and_the_crossing_is_named() {
    let refused = refused("POLYGON((0 0, 10 10, 10 0, 0 10, 0 0))");
    assert_eq!(refused.code(), "RING_SELF_INTERSECTION");
    assert_eq!(at(&refused), [5.0, 5.0]);
    let place = refused.place().unwrap();
    assert_eq!((place.part, place.ring, place.vertex), (0, 0, 0));
    assert!(matches!(refused, GeometryRefused::RingSelfIntersection { other_vertex: 2, .. }));
}

#[test]
fn the_place_keeps_the_senders_numbering_when_the_ring_is_turned_round() {
    // Clockwise, with a repeated vertex before the crossing edges, which begin at vertices 4 and 6.
    let refused = refused("POLYGON((0 0, 0 0, 0 20, 20 20, 20 0, 5 -5, 12 -10, 0 0))");
    let GeometryRefused::RingSelfIntersection { place, other_vertex } = refused else { panic!("{refused:?}") };
    assert_eq!([place.vertex.min(other_vertex), place.vertex.max(other_vertex)], [4, 6]);
}

#[test]
fn a_spike_is_refused_at_its_tip() {
    let refused = refused("POLYGON((0 0, 10 0, 10 10, 20 20, 10 10, 0 10, 0 0))");
    assert_eq!(refused.code(), "RING_SPIKE");
    assert_eq!(at(&refused), [20.0, 20.0]);
}

#[test]
fn a_spike_at_the_first_vertex_is_refused_too() {
    assert_eq!(refused("POLYGON((0 0, 10 10, 20 20, 0 0))").code(), "RING_SPIKE");
    let refused = refused("POLYGON((20 20, 10 10, 0 10, 0 0, 10 0, 10 10, 20 20))");
    assert_eq!(refused.code(), "RING_SPIKE");
    assert_eq!(at(&refused), [20.0, 20.0]);
}

#[test]
fn a_ring_that_touches_itself_is_refused() {
    let refused = refused("POLYGON((0 0, 10 0, 5 5, 10 10, 0 10, 5 5, 0 0))");
    assert_eq!(refused.code(), "RING_SELF_TOUCH");
    assert_eq!(at(&refused), [5.0, 5.0]);
}

#[test]
fn a_ring_with_two_different_vertices_is_too_short() {
    assert_eq!(refused("POLYGON((0 0, 10 0, 0 0, 0 0))").code(), "RING_TOO_SHORT");
    assert_eq!(refused("POLYGON((0 0, 0.00001 0, 0 0.00001, 0 0))").code(), "RING_TOO_SHORT");
}

#[test]
fn a_hole_outside_its_shell_is_refused() {
    let refused = refused("POLYGON((0 0, 10 0, 10 10, 0 10, 0 0), (20 20, 20 22, 22 22, 20 20))");
    assert_eq!(refused.code(), "HOLE_OUTSIDE");
    assert_eq!(refused.place().unwrap().ring, 1);
}

#[test]
fn a_hole_that_crosses_its_shell_at_a_vertex_is_refused() {
    // The hole leaves through the shell's edge at (10, 5), which is a vertex of the hole: no proper crossing.
    let refused = refused("POLYGON((0 0, 10 0, 10 10, 0 10, 0 0), (5 4, 10 5, 15 4, 15 8, 10 6, 5 8, 5 4))");
    assert_eq!(refused.code(), "HOLE_OUTSIDE");
}

#[test]
fn a_hole_that_encloses_its_shell_is_refused() {
    assert_eq!(
        refused("POLYGON((0 0, 10 0, 10 10, 0 10, 0 0), (-5 -5, -5 15, 15 15, 15 -5, -5 -5))").code(),
        "HOLE_OUTSIDE"
    );
}

#[test]
fn a_hole_that_crosses_its_shell_names_the_crossing() {
    let refused = refused("POLYGON((0 0, 10 0, 10 10, 0 10, 0 0), (5 2, 5 5, 15 5, 15 2, 5 2))");
    assert_eq!(refused.code(), "RINGS_CROSS");
    assert!([[10.0, 2.0], [10.0, 5.0]].contains(&at(&refused)));
}

#[test]
fn a_hole_may_touch_its_shell_in_a_point_but_not_along_an_edge() {
    assert!(prepare("POLYGON((0 0, 10 0, 10 10, 0 10, 0 0), (0 5, 3 7, 3 3, 0 5))").is_ok());
    assert_eq!(refused("POLYGON((0 0, 10 0, 10 10, 0 10, 0 0), (0 3, 0 7, 3 5, 0 3))").code(), "RINGS_SHARE_EDGE");
}

#[test]
fn a_hole_that_touches_its_shell_twice_cuts_the_interior() {
    let refused = refused("POLYGON((0 0, 10 0, 10 10, 0 10, 0 0), (0 5, 5 7, 10 5, 5 3, 0 5))");
    assert_eq!(refused.code(), "INTERIOR_DISCONNECTED");
}

#[test]
fn a_chain_of_holes_from_wall_to_wall_cuts_the_interior() {
    let chain = "POLYGON((0 0, 10 0, 10 10, 0 10, 0 0), (0 5, 2 7, 5 5, 2 3, 0 5), (5 5, 8 7, 10 5, 8 3, 5 5))";
    assert_eq!(refused(chain).code(), "INTERIOR_DISCONNECTED");
    assert!(
        prepare("POLYGON((0 0, 10 0, 10 10, 0 10, 0 0), (0 5, 2 7, 5 5, 2 3, 0 5), (5 5, 8 7, 9 5, 8 3, 5 5))").is_ok()
    );
}

#[test]
fn three_holes_may_meet_in_one_point() {
    let shell = "(0 0, 20 0, 20 20, 0 20, 0 0)";
    assert!(
        prepare(&format!(
            "POLYGON({shell}, (10 10, 12 15, 8 15, 10 10), (10 10, 5 8, 5 12, 10 10), (10 10, 15 12, 15 8, 10 10))"
        ))
        .is_ok()
    );
}

#[test]
fn nested_and_overlapping_holes_are_refused() {
    let shell = "(0 0, 20 0, 20 20, 0 20, 0 0)";
    let nested = refused(&format!("POLYGON({shell}, (2 2, 2 10, 10 10, 10 2, 2 2), (4 4, 4 6, 6 6, 4 4))"));
    assert_eq!(nested.code(), "HOLES_OVERLAP");
    assert_eq!(nested.place().unwrap().ring, 2);
    let crossing = refused(&format!("POLYGON({shell}, (2 2, 2 10, 10 10, 10 2, 2 2), (8 8, 8 15, 15 15, 15 8, 8 8))"));
    assert_eq!(crossing.code(), "RINGS_CROSS");
    let same = refused(&format!("POLYGON({shell}, (2 2, 2 10, 10 10, 2 2), (2 2, 2 10, 10 10, 2 2))"));
    assert_eq!(same.code(), "RINGS_SHARE_EDGE");
}

#[test]
fn parts_may_touch_in_points_lie_in_holes_but_not_overlap() {
    assert!(prepare("MULTIPOLYGON(((0 0, 10 0, 10 10, 0 10, 0 0)), ((10 10, 20 10, 20 20, 10 20, 10 10)))").is_ok());
    assert!(prepare("MULTIPOLYGON(((0 0, 20 0, 20 20, 0 20, 0 0), (5 5, 5 15, 15 15, 15 5, 5 5)), ((8 8, 12 8, 12 12, 8 12, 8 8)))").is_ok());
    let nested = refused("MULTIPOLYGON(((0 0, 20 0, 20 20, 0 20, 0 0)), ((8 8, 12 8, 12 12, 8 12, 8 8)))");
    assert_eq!(nested.code(), "PARTS_OVERLAP");
    let crossing = refused("MULTIPOLYGON(((0 0, 10 0, 10 10, 0 10, 0 0)), ((5 5, 15 5, 15 15, 5 15, 5 5)))");
    assert_eq!(crossing.code(), "PARTS_OVERLAP");
    let through_vertices = refused("MULTIPOLYGON(((0 0, 10 0, 10 10, 0 10, 0 0)), ((5 5, 10 2, 20 5, 10 8, 5 5)))");
    assert_eq!(through_vertices.code(), "PARTS_OVERLAP");
    let sharing = refused("MULTIPOLYGON(((0 0, 10 0, 10 10, 0 10, 0 0)), ((10 0, 20 0, 20 10, 10 10, 10 0)))");
    assert_eq!(sharing.code(), "PARTS_SHARE_EDGE");
}

#[test]
fn vertices_closer_than_the_least_spacing_are_refused_or_warned_of() {
    let text = "POLYGON((0 0, 10 0, 10 0.04, 10 10, 0 10, 0 0))";
    let refused = refused(text);
    assert!(matches!(refused, GeometryRefused::VertexSpacing { spacing_um: 40_000, min_mm: 50, .. }), "{refused:?}");
    assert_eq!(refused.place().unwrap().vertex, 1);
    let grid = Crs::epsg(4549).unwrap();
    let submitted = SubmittedFootprint::new(grid, shifted(text)).unwrap();
    let taken = Footprint::prepare(&submitted, grid, &FootprintRules::standard(Strictness::Warn)).unwrap();
    assert!(matches!(taken.warnings.as_slice(), [super::GeometryWarning::VertexSpacing { .. }]));
}

#[test]
fn less_than_a_square_metre_is_refused() {
    assert_eq!(refused("POLYGON((0 0, 0.9 0, 0.9 0.9, 0 0.9, 0 0))").code(), "AREA_TOO_SMALL");
}

#[test]
fn a_coordinate_that_is_no_number_is_named() {
    let grid = Crs::epsg(4549).unwrap();
    let mut polygons = shifted("POLYGON((0 0, 10 0, 10 10, 0 0))");
    polygons.0[0].exterior_mut(|ring| ring.0[2].y = f64::NAN);
    let refused = Footprint::prepare(
        &SubmittedFootprint::new(grid, polygons).unwrap(),
        grid,
        &FootprintRules::standard(Strictness::Refuse),
    )
    .unwrap_err();
    assert_eq!(refused.code(), "GEOMETRY_NOT_FINITE");
    assert_eq!(refused.place().unwrap().vertex, 2);
    assert_eq!(serde_json::from_str::<GeometryRefused>(&serde_json::to_string(&refused).unwrap()).unwrap(), refused);
}

#[test]
fn coordinates_of_another_grid_are_suspect() {
    let grid = Crs::epsg(4549).unwrap();
    let submitted =
        SubmittedFootprint::from_geojson(r#"{"type":"Polygon","coordinates":[[[1,1],[9,1],[9,9],[1,1]]]}"#, grid)
            .unwrap();
    let refused = Footprint::prepare(&submitted, grid, &FootprintRules::standard(Strictness::Refuse)).unwrap_err();
    assert_eq!(refused.code(), "CRS_SUSPECT");
    let refused =
        Footprint::prepare(&submitted, Crs::WGS84, &FootprintRules::standard(Strictness::Refuse)).unwrap_err();
    assert_eq!(refused.code(), "CRS_NOT_A_GRID");
}

#[test]
fn the_largest_geometry_is_judged_in_well_under_a_second() {
    // A comb: every tooth's box meets its neighbours', none cross.
    let teeth = (super::VERTICES_MAX - 4) / 2;
    let mut ring = String::from("0 -1");
    for tooth in 0..teeth {
        let x = f64::from(u32::try_from(tooth).unwrap());
        write!(ring, ",{} 500,{} 0", x + 0.25, x + 0.5).unwrap();
    }
    write!(ring, ",{teeth} -1,0 -1").unwrap();
    let started = std::time::Instant::now();
    assert!(prepare(&format!("POLYGON(({ring}))")).is_ok());
    assert!(started.elapsed().as_secs_f64() < 5.0, "{:?} in a debug build", started.elapsed());
}

#[test]
fn a_thicket_of_edges_is_refused_and_holds_nobody_up() {
    // Slanted teeth: every box meets every other.
    let teeth = (super::VERTICES_MAX - 4) / 2;
    let mut ring = String::from("0 -1");
    for tooth in 0..teeth {
        let x = f64::from(u32::try_from(tooth).unwrap()) * 0.01;
        write!(ring, ",{} 500,{} 0", x + 500.0, x + 0.005).unwrap();
    }
    write!(ring, ",{teeth} -1,0 -1").unwrap();
    let started = std::time::Instant::now();
    assert_eq!(refused(&format!("POLYGON(({ring}))")).code(), "GEOMETRY_TOO_COMPLEX");
    assert!(started.elapsed().as_secs_f64() < 10.0, "{:?} in a debug build", started.elapsed());
}
