//! Files of well-known text.

use yulin_exchange::format::{Explode, OpenOptions, Source};

use super::build::{Scratch, open_bytes, outcomes};

#[test]
fn one_geometry_a_line_broken_ones_counted() {
    let text = "POLYGON((0 0,1 0,1 1,0 0))\n\nPOINT Z (1 2 3)\nPOLYGON((0 0,1 0\nmultipoint((1 2),(3 4))\nPOLYGON EMPTY\nLINESTRING(0 0,\n 1 1)\nPOINT EMPTY\n";
    let source = open_bytes("a.wkt", text).unwrap();
    assert_eq!(source.total(), Some(7));
    assert_eq!(outcomes(source), ["OK", "OK", "GEOMETRY_MALFORMED", "OK", "OK", "OK", "NONE"]);
}

#[test]
fn every_kind_of_curve_is_refused_by_name() {
    for kind in [
        "CIRCULARSTRING",
        "COMPOUNDCURVE",
        "CURVEPOLYGON",
        "MULTICURVE",
        "MULTISURFACE",
        "TIN",
        "TRIANGLE",
        "POLYHEDRALSURFACE",
    ] {
        let mut source = open_bytes("a.wkt", format!("{kind}((0 0,1 1,2 0))")).unwrap();
        let problem = source.next().unwrap().unwrap().geometry.unwrap_err();
        assert_eq!(problem.code(), "GEOMETRY_UNSUPPORTED");
        assert!(problem.to_string().contains(kind), "{problem}");
    }
}

#[test]
fn nesting_beyond_reason_is_refused_without_a_fall() {
    let deep = format!("{}POINT(1 1){}", "GEOMETRYCOLLECTION(".repeat(200_000), ")".repeat(200_000));
    assert_eq!(outcomes(open_bytes("a.wkt", deep).unwrap()), ["GEOMETRY_MALFORMED"]);
}

#[test]
fn parts_become_features_where_that_is_asked_for_and_only_there() {
    let scratch = Scratch::new();
    let explode = OpenOptions { explode: Explode::Parts, ..OpenOptions::default() };
    let path = scratch.write("a.wkt", "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((1 0,2 0,1 1,1 0)))");
    assert_eq!(outcomes(Source::open(&path, &explode).unwrap()), ["OK", "OK"]);
    assert_eq!(outcomes(Source::open(&path, &OpenOptions::default()).unwrap()), ["OK"]);
    let path = scratch.write("a.csv", "a\n1\n");
    assert_eq!(Source::open(&path, &explode).unwrap_err().code(), "EXPLODE_UNSUPPORTED");
}
