//! Tests of reading and writing: `GeoJSON`, WKB, and what is said of bad input.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::float_cmp, clippy::panic)]

use geo_types::{Geometry, MultiPolygon, Point, polygon};
use proptest::prelude::*;

use super::{
    Crs, GeometryRefused, RINGS_MAX, SubmittedFootprint, VERTICES_MAX, multipolygon_from_wkb, to_geojson, wkb_of,
};

fn read(text: &str) -> Result<SubmittedFootprint, GeometryRefused> {
    SubmittedFootprint::from_geojson(text, Crs::WGS84)
}

fn pointer_of(text: &str) -> String {
    match read(text).unwrap_err() {
        GeometryRefused::Malformed { pointer, .. } => pointer,
        other => panic!("{other:?}"),
    }
}

fn two_parts() -> MultiPolygon<f64> {
    let with_hole = polygon!(exterior: [(x: 0.0, y: 0.0), (x: 4.0, y: 0.0), (x: 4.0, y: 4.0), (x: 0.0, y: 4.0)], interiors: [[(x: 1.0, y: 1.0), (x: 1.0, y: 2.0), (x: 2.0, y: 2.0)]]);
    MultiPolygon(vec![with_hole, polygon![(x: 10.0, y: 0.0), (x: 11.0, y: 0.0), (x: 11.0, y: 1.5)]])
}

#[test]
fn polygons_multipolygons_and_features_are_read_and_heights_dropped() {
    let polygon = read(r#"{"type":"Polygon","coordinates":[[[0,0,5],[1,0,5],[1,1,5],[0,0,5]]]}"#).unwrap();
    let multi = read(r#"{"coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]],"type":"MultiPolygon"}"#).unwrap();
    let feature = read(r#"{"type":"Feature","properties":null,"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}"#).unwrap();
    assert_eq!(polygon, multi);
    assert_eq!(polygon, feature);
}

#[test]
fn a_malformed_geometry_is_told_by_its_pointer() {
    assert_eq!(pointer_of(r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,"x"]]]}"#), "coordinates[0][2][1]");
    assert_eq!(pointer_of(r#"{"type":"Polygon","coordinates":[[[0,0],[1],[1,1]]]}"#), "coordinates[0][1]");
    assert_eq!(
        pointer_of(r#"{"type":"MultiPolygon","coordinates":[[[[0,0],[1,null],[1,1]]]]}"#),
        "coordinates[0][0][1][1]"
    );
    assert_eq!(pointer_of(r#"{"type":"Polygon","coordinates":[[0,0]]}"#), "coordinates[0][0]");
    assert_eq!(pointer_of(r#"{"type":"Polygon","coordinates":7}"#), "coordinates");
    assert_eq!(pointer_of(r#"{"type":"Polygon"}"#), "coordinates");
    assert_eq!(
        pointer_of(r#"{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[["a",0]]]}}"#),
        "geometry.coordinates[0][0][0]"
    );
    assert_eq!(pointer_of("{}"), "type");
    assert_eq!(pointer_of("nonsense"), "$");
}

#[test]
fn other_kinds_are_refused_by_name() {
    let refused = read(r#"{"type":"Point","coordinates":[0,0]}"#).unwrap_err();
    assert_eq!(refused, GeometryRefused::WrongType { found: "Point".to_owned() });
    let refused = SubmittedFootprint::from_geometry(Geometry::Point(Point::new(0.0, 0.0)), Crs::WGS84).unwrap_err();
    assert_eq!(refused.code(), "GEOMETRY_TYPE");
    let mut point = vec![1, 1, 0, 0, 0];
    point.extend([0; 16]);
    assert_eq!(multipolygon_from_wkb(&point).unwrap_err(), GeometryRefused::WrongType { found: "Point".to_owned() });
}

#[test]
fn empty_geometries_are_refused() {
    for text in [
        r#"{"type":"Polygon","coordinates":[]}"#,
        r#"{"type":"MultiPolygon","coordinates":[]}"#,
        r#"{"type":"Polygon","coordinates":[[]]}"#,
    ] {
        assert_eq!(read(text).unwrap_err(), GeometryRefused::Empty, "{text}");
    }
}

#[test]
fn more_than_the_maxima_is_refused_with_the_number() {
    let ring = vec!["[0,0]"; VERTICES_MAX + 1].join(",");
    let refused = read(&format!(r#"{{"type":"Polygon","coordinates":[[{ring}]]}}"#)).unwrap_err();
    assert_eq!(refused, GeometryRefused::TooManyVertices { found: VERTICES_MAX + 1, max: VERTICES_MAX });
    let rings = vec!["[[0,0]]"; RINGS_MAX + 1].join(",");
    let refused = read(&format!(r#"{{"type":"Polygon","coordinates":[{rings}]}}"#)).unwrap_err();
    assert_eq!(refused, GeometryRefused::TooManyRings { found: RINGS_MAX + 1, max: RINGS_MAX });
}

#[test]
fn wkb_is_read_as_it_was_written() {
    assert_eq!(multipolygon_from_wkb(&wkb_of(&two_parts())).unwrap(), two_parts());
}

#[test]
fn big_endian_wkb_with_heights_and_an_srid_is_read() {
    let mut bytes = vec![0];
    bytes.extend((0xA000_0000_u32 | 3).to_be_bytes());
    bytes.extend(4326_u32.to_be_bytes());
    bytes.extend(1_u32.to_be_bytes());
    bytes.extend(4_u32.to_be_bytes());
    for value in [0.0_f64, 0.0, 9.0, 1.0, 0.0, 9.0, 1.0, 1.0, 9.0, 0.0, 0.0, 9.0] {
        bytes.extend(value.to_be_bytes());
    }
    let expected = polygon![(x: 0.0, y: 0.0), (x: 1.0, y: 0.0), (x: 1.0, y: 1.0)];
    assert_eq!(multipolygon_from_wkb(&bytes).unwrap(), MultiPolygon(vec![expected]));
}

#[test]
fn truncated_wkb_is_refused_at_every_length() {
    let bytes = wkb_of(&two_parts());
    for length in 0..bytes.len() {
        assert_eq!(multipolygon_from_wkb(&bytes[..length]).unwrap_err().code(), "GEOMETRY_MALFORMED", "{length}");
    }
}

#[test]
fn geojson_is_written_without_the_noise_of_binary_fractions() {
    let triangle =
        MultiPolygon(vec![polygon![(x: 0.1 + 0.2, y: -0.000_000_001), (x: 119.9, y: 29.46), (x: -7.0, y: 1e-12)]]);
    assert_eq!(
        to_geojson(&triangle),
        r#"{"type":"Polygon","coordinates":[[[0.3,-0.000000001],[119.9,29.46],[-7,0],[0.3,-0.000000001]]]}"#
    );
    assert!(to_geojson(&two_parts()).starts_with(r#"{"type":"MultiPolygon","coordinates":[[[[0,0],"#));
    assert_eq!(read(&to_geojson(&two_parts())).unwrap().geometry(), &two_parts());
}

#[test]
fn a_submitted_footprint_survives_its_serialised_form() {
    let submitted = SubmittedFootprint::new(Crs::WGS84, two_parts()).unwrap();
    let text = serde_json::to_string(&submitted).unwrap();
    assert_eq!(serde_json::from_str::<SubmittedFootprint>(&text).unwrap(), submitted);
    assert!(serde_json::from_str::<SubmittedFootprint>(r#"{"crs":4326,"geometry":"AQ=="}"#).is_err());
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_make_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = multipolygon_from_wkb(&bytes);
        let _ = read(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn a_flipped_byte_of_wkb_never_makes_a_panic(at in 0_usize..200, value in any::<u8>()) {
        let mut bytes = wkb_of(&two_parts());
        let at = at % bytes.len();
        bytes[at] = value;
        let _ = multipolygon_from_wkb(&bytes);
    }
}
