//! GeoJSON: the shapes a document can have, and the reference systems it can say.

use geo_types::Geometry;
use yulin_exchange::format::{AttributeValue, SourceFeature};

use super::build::{features, open_bytes, outcomes, text};

const SQUARE: &str = r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}"#;

fn one(geometry: &str) -> SourceFeature {
    let document = format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":null,"geometry":{geometry}}}]}}"#
    );
    features(open_bytes("a.geojson", document).unwrap()).remove(0)
}

fn code_of(geometry: &str) -> &'static str {
    one(geometry).geometry.unwrap_err().code()
}

#[test]
fn collection_feature_geometry_and_sequence_are_all_read() {
    let feature = format!(r#"{{"type":"Feature","properties":{{"a":1}},"geometry":{SQUARE}}}"#);
    assert_eq!(outcomes(open_bytes("a.json", &feature).unwrap()), ["OK"]);
    assert_eq!(outcomes(open_bytes("a.json", SQUARE).unwrap()), ["OK"]);
    let lines = format!("{feature}\n\nrubbish\n{feature}\n");
    assert_eq!(outcomes(open_bytes("a.geojsonl", lines).unwrap()), ["OK", "RECORD_CORRUPT", "OK"]);
    let records = format!("\u{1e}{}\n\u{1e}{SQUARE}\n", feature.replace(',', ",\n"));
    assert_eq!(outcomes(open_bytes("a.geojsons", records).unwrap()), ["OK", "OK"]);
    assert_eq!(open_bytes("a.json", "rubbish").unwrap_err().code(), "FILE_MALFORMED");
}

#[test]
fn numbers_keep_the_text_they_have_in_the_file() {
    let properties = r#"{"a":12.50,"b":9007199254740993,"c":1e2,"d":123456789012345678901234567890,"e":true,"f":null,"g":{"h":[1]},"i":"文"}"#;
    let document = format!(r#"{{"type":"Feature","id":7,"properties":{properties},"geometry":null}}"#);
    let source = open_bytes("a.geojson", document).unwrap();
    assert_eq!(source.fields(), ["a", "b", "c", "d", "e", "f", "g", "i", "id"]);
    let feature = features(source).remove(0);
    let decimal = |text: &str| AttributeValue::Decimal(text.to_owned());
    assert_eq!(feature.attributes["a"], decimal("12.50"));
    assert_eq!(feature.attributes["b"], AttributeValue::Integer(9_007_199_254_740_993));
    assert_eq!(feature.attributes["c"], decimal("1e2"));
    assert_eq!(feature.attributes["d"], decimal("123456789012345678901234567890"));
    assert_eq!(feature.attributes["e"], AttributeValue::Boolean(true));
    assert_eq!(feature.attributes["f"], AttributeValue::Null);
    assert_eq!(feature.attributes["g"], text(r#"{"h":[1]}"#));
    assert_eq!(feature.attributes["i"], text("文"));
    assert_eq!(feature.attributes["id"], AttributeValue::Integer(7));
    assert_eq!(feature.geometry, Ok(None));
}

#[test]
fn what_is_wrong_with_a_geometry_is_said_by_a_code() {
    assert_eq!(code_of(r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}"#), "RING_NOT_CLOSED");
    assert_eq!(code_of(r#"{"type":"Point","coordinates":[1e999,0]}"#), "GEOMETRY_NOT_FINITE");
    assert_eq!(code_of(r#"{"type":"Point","coordinates":["1",0]}"#), "GEOMETRY_MALFORMED");
    assert_eq!(code_of(r#"{"type":"Point","coordinates":[1]}"#), "GEOMETRY_MALFORMED");
    assert_eq!(code_of(r#"{"type":"Circle","coordinates":[1,2]}"#), "GEOMETRY_UNSUPPORTED");
    assert_eq!(code_of(r#""POINT (1 2)""#), "GEOMETRY_MALFORMED");
    let nested = format!("{}{SQUARE}{}", r#"{"type":"GeometryCollection","geometries":["#.repeat(60), "]}".repeat(60));
    assert_eq!(code_of(&nested), "GEOMETRY_MALFORMED");
}

#[test]
fn a_document_nested_beyond_reason_is_refused_without_a_fall() {
    let deep = format!(r#"{{"type":"Polygon","coordinates":{}{}}}"#, "[".repeat(200_000), "]".repeat(200_000));
    assert_eq!(outcomes(open_bytes("a.geojson", deep).unwrap()), ["GEOMETRY_MALFORMED"]);
}

#[test]
fn heights_are_left_out_and_ordinates_keep_every_bit() {
    let feature = one(r#"{"type":"Point","coordinates":[119.89123456789012,29.450000000000003,12.5]}"#);
    let Ok(Some(Geometry::Point(point))) = feature.geometry else { panic!("no point") };
    assert_eq!(point.x().to_bits(), 119.891_234_567_890_12_f64.to_bits());
    assert_eq!(point.y().to_bits(), 29.450_000_000_000_003_f64.to_bits());
}

#[test]
fn the_reference_system_is_that_of_the_rfc_unless_a_member_says_another() {
    let crs = |member: &str| {
        let document = format!(r#"{{"type":"FeatureCollection",{member}"features":[]}}"#);
        open_bytes("a.geojson", document).unwrap().crs().clone()
    };
    let named = |name: &str| crs(&format!(r#""crs":{{"type":"name","properties":{{"name":"{name}"}}}},"#));
    assert_eq!((crs("").epsg, crs("").from), (Some(4326), "RFC 7946"));
    assert_eq!(named("urn:ogc:def:crs:OGC:1.3:CRS84").epsg, Some(4326));
    assert_eq!(named("urn:ogc:def:crs:EPSG::4490").epsg, Some(4490));
    assert_eq!(named("EPSG:4549").epsg, Some(4549));
    assert_eq!(named("http://www.opengis.net/def/crs/EPSG/0/2154").epsg, Some(2154));
    assert_eq!(named("a grid of our own").epsg, None);
    assert_eq!(crs(r#""crs":null,"#).epsg, None);
    assert_eq!(
        crs(r#""crs":{"type":"link","properties":{"href":"x"}},"#).usable_epsg().unwrap_err().code(),
        "CRS_MISSING"
    );
    let offset = named("GCJ-02");
    assert!(offset.is_obfuscated());
    assert_eq!(offset.usable_epsg().unwrap_err().code(), "CRS_OBFUSCATED");
}

#[test]
fn a_file_named_after_an_offset_system_is_marked() {
    let document = r#"{"type":"FeatureCollection","features":[]}"#;
    assert!(open_bytes("parcels_gcj02.geojson", document).unwrap().crs().is_obfuscated());
    assert!(open_bytes("地块-百度坐标.geojson", document).unwrap().crs().is_obfuscated());
    assert!(!open_bytes("parcels.geojson", document).unwrap().crs().is_obfuscated());
}

#[test]
fn a_collection_may_be_entered_anywhere() {
    let feature = |n: u32| format!(r#"{{"type":"Feature","properties":{{"n":{n}}},"geometry":null}}"#);
    let document =
        format!(r#"{{"type":"FeatureCollection","features":[{},{},{}]}}"#, feature(1), feature(2), feature(3));
    let mut source = open_bytes("a.geojson", document).unwrap();
    source.skip_to(3).unwrap();
    let read = features(source);
    assert_eq!(read.len(), 1);
    assert_eq!((read[0].number, &read[0].attributes["n"]), (3, &AttributeValue::Integer(3)));
}
