//! Shapefiles: rings, rows, and records that are cut or marked.

use geo_types::Geometry;
use yulin_exchange::format::{AttributeValue, SourceFeature};

use super::build::{Scratch, dbf, features, open, outcomes, reversed, shp, shp_polygon, shx, square, text};

fn polygons(rings: &[geo_types::LineString<f64>]) -> Vec<(usize, usize)> {
    let scratch = Scratch::new();
    let source = open(&scratch.write("a.shp", shp(&[shp_polygon(rings)]))).unwrap();
    match features(source).remove(0).geometry {
        Ok(Some(Geometry::MultiPolygon(shape))) => {
            shape.iter().map(|part| (part.exterior().0.len(), part.interiors().len())).collect()
        }
        other => panic!("no multipolygon: {other:?}"),
    }
}

#[test]
fn holes_go_to_the_smallest_shell_around_them() {
    let island = reversed(&square(4.0, 4.0, 2.0));
    let rings = [
        reversed(&square(0.0, 0.0, 10.0)),
        square(3.0, 3.0, 4.0),
        island,
        square(4.5, 4.5, 1.0),
        reversed(&square(20.0, 0.0, 5.0)),
    ];
    assert_eq!(polygons(&rings), [(5, 1), (5, 1), (5, 0)]);
}

#[test]
fn a_hole_that_touches_its_shell_still_belongs_to_it() {
    assert_eq!(polygons(&[reversed(&square(0.0, 0.0, 10.0)), square(0.0, 0.0, 2.0)]), [(5, 1)]);
}

#[test]
fn rings_that_all_turn_the_wrong_way_are_sorted_by_what_lies_in_what() {
    assert_eq!(polygons(&[square(0.0, 0.0, 10.0), square(20.0, 0.0, 3.0)]), [(5, 0), (5, 0)]);
    assert_eq!(polygons(&[square(3.0, 3.0, 4.0), square(0.0, 0.0, 10.0)]), [(5, 1)]);
}

#[test]
fn a_hole_in_no_shell_is_not_dropped() {
    assert_eq!(polygons(&[reversed(&square(0.0, 0.0, 1.0)), square(5.0, 5.0, 1.0)]), [(5, 0), (5, 0)]);
}

#[test]
fn values_keep_their_text_and_empty_ones_are_null() {
    let scratch = Scratch::new();
    let fields: [(&[u8], u8, u8, u8); 7] = [
        (b"code", b'C', 8, 0),
        (b"area", b'N', 12, 4),
        (b"n", b'N', 6, 0),
        (b"ok", b'L', 1, 0),
        (b"day", b'D', 8, 0),
        (b"code", b'C', 4, 0),
        (b"big", b'F', 20, 0),
    ];
    let cells = |cells: [&str; 7]| (b' ', cells.iter().map(|cell| cell.as_bytes().to_vec()).collect::<Vec<_>>());
    let rows = [
        cells(["007", "  1234.5000", "   42", "T", "20260801", "x", "1.5e+10"]),
        cells(["", "", "***", "?", "00000000", "", ""]),
    ];
    scratch.write("a.dbf", dbf(0, &fields, &rows));
    let record = shp_polygon(&[square(0.0, 0.0, 1.0)]);
    let read = features(open(&scratch.write("a.shp", shp(&[record.clone(), record]))).unwrap());
    let decimal = |text: &str| AttributeValue::Decimal(text.to_owned());
    let first: Vec<_> = ["code", "area", "n", "ok", "day", "code_2", "big"]
        .iter()
        .map(|name| read[0].attributes[*name].clone())
        .collect();
    let day = AttributeValue::Date("2026-08-01".to_owned());
    assert_eq!(
        first,
        [
            text("007"),
            decimal("1234.5000"),
            AttributeValue::Integer(42),
            AttributeValue::Boolean(true),
            day,
            text("x"),
            decimal("1.5e+10")
        ]
    );
    assert_eq!(read[1].attributes["n"], text("***"));
    assert!(
        ["code", "area", "ok", "day", "code_2", "big"]
            .iter()
            .all(|name| read[1].attributes[*name] == AttributeValue::Null)
    );
}

#[test]
fn deleted_rows_missing_rows_and_missing_shapes_are_counted() {
    let scratch = Scratch::new();
    let record = shp_polygon(&[square(0.0, 0.0, 1.0)]);
    let row = |mark: u8| (mark, vec![b"A".to_vec()]);
    scratch.write("a.dbf", dbf(0, &[(b"code", b'C', 4, 0)], &[row(b' '), row(b'*'), row(b' ')]));
    let path = scratch.write("a.shp", shp(&vec![record.clone(); 4]));
    assert_eq!(outcomes(open(&path).unwrap()), ["OK", "RECORD_DELETED", "OK", "RECORD_CORRUPT"]);
    let path = scratch.write("a.shp", shp(&[record]));
    assert_eq!(outcomes(open(&path).unwrap()), ["OK", "RECORD_DELETED", "RECORD_CORRUPT"]);
}

#[test]
fn a_broken_record_length_costs_one_feature_with_an_index_and_the_rest_without() {
    let scratch = Scratch::new();
    let record = shp_polygon(&[square(0.0, 0.0, 1.0)]);
    let records = vec![record.clone(); 3];
    let mut bytes = shp(&records);
    let second_length = 100 + 8 + record.len() + 4;
    bytes[second_length..second_length + 4].copy_from_slice(&0x7fff_ffff_u32.to_be_bytes());
    let path = scratch.write("a.shp", &bytes);
    assert_eq!(outcomes(open(&path).unwrap()), ["OK", "RECORD_CORRUPT"]);
    scratch.write("a.shx", shx(&records));
    assert_eq!(outcomes(open(&path).unwrap()), ["OK", "OK", "OK"]);
}

#[test]
fn counts_that_the_bytes_cannot_hold_are_refused_before_anything_is_allocated() {
    let record = shp_polygon(&[square(0.0, 0.0, 1.0)]);
    for (at, value) in [(36, u32::MAX), (36, 4_000), (40, u32::MAX), (40, 0x1000_0000), (44, 77)] {
        let mut broken = record.clone();
        broken[at..at + 4].copy_from_slice(&value.to_le_bytes());
        let scratch = Scratch::new();
        let source = open(&scratch.write("a.shp", shp(&[broken, record.clone()]))).unwrap();
        assert_eq!(outcomes(source), ["RECORD_CORRUPT", "OK"], "{at} {value}");
    }
}

#[test]
fn open_rings_and_ordinates_that_are_no_numbers_are_told_with_their_place() {
    let mut open_ring = square(0.0, 0.0, 1.0);
    open_ring.0.pop();
    let mut broken = square(0.0, 0.0, 1.0);
    broken.0[2].y = f64::NAN;
    let scratch = Scratch::new();
    let path = scratch.write("a.shp", shp(&[shp_polygon(&[open_ring]), shp_polygon(&[square(0.0, 0.0, 2.0), broken])]));
    let problem = |feature: &SourceFeature| feature.geometry.clone().unwrap_err().to_string();
    let read = features(open(&path).unwrap());
    assert_eq!(problem(&read[0]), "ring 1 of part 1 is not closed");
    assert_eq!(problem(&read[1]), "vertex 3 of ring 2 of part 1 is not a finite number");
}

#[test]
fn the_prj_tells_the_grid_by_its_name_or_its_authority() {
    let epsg = |prj: &str| {
        let scratch = Scratch::new();
        scratch.write("a.prj", prj);
        open(&scratch.write("a.shp", shp(&[]))).unwrap().crs().epsg
    };
    assert_eq!(
        epsg(r#"PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000"]]"#),
        Some(4549)
    );
    assert_eq!(epsg(r#"PROJCS["CGCS2000_3_Degree_GK_Zone_40",GEOGCS["x"]]"#), Some(4528));
    assert_eq!(epsg(r#"PROJCS["any name",GEOGCS["x",AUTHORITY["EPSG","4490"]],AUTHORITY["EPSG","4549"]]"#), Some(4549));
    assert_eq!(epsg(r#"PROJCS["any name",GEOGCS["x",AUTHORITY["EPSG","4490"]],UNIT["m",1]]"#), None);
    assert_eq!(epsg(r#"PROJCRS["any name",BASEGEOGCRS["x"],ID["EPSG",2154]]"#), Some(2154));
    assert_eq!(epsg(r#"GEOGCS["GCS_GCJ02"]"#), None);
}

#[test]
fn the_index_beside_the_shapes_is_not_taken_for_them() {
    let scratch = Scratch::new();
    let path = scratch.write("a.shx", shx(&[shp_polygon(&[square(0.0, 0.0, 1.0)])]));
    assert_eq!(open(&path).unwrap_err().code(), "FORMAT_UNKNOWN");
}
