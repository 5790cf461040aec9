//! Archives: one or several layers, and those made to hurt.

use yulin_exchange::format::{OpenOptions, Source};

use super::build::{Scratch, dbf, features, open_bytes, shp, shp_polygon, square, text, zip};

fn one_shape() -> Vec<u8> {
    shp(&[shp_polygon(&[square(0.0, 0.0, 1.0)])])
}

fn table(code: &str) -> Vec<u8> {
    dbf(0, &[(b"code", b'C', 10, 0)], &[(b' ', vec![code.as_bytes().to_vec()])])
}

#[test]
fn several_layers_are_listed_and_one_is_to_be_named() {
    let bytes = zip(&[
        ("d/a.shp", &one_shape()),
        ("d/a.dbf", &table("A")),
        ("d/b.SHP", &one_shape()),
        ("d/b.DBF", &table("B")),
        ("__MACOSX/a.shp", b"x"),
    ]);
    let scratch = Scratch::new();
    let path = scratch.write("two.zip", bytes);
    let refused = Source::open(&path, &OpenOptions::default()).unwrap_err();
    assert_eq!(refused.code(), "LAYER_AMBIGUOUS");
    assert!(refused.to_string().ends_with("a, b"), "{refused}");
    let layer = |name: &str| OpenOptions { layer: Some(name.to_owned()), ..OpenOptions::default() };
    let source = Source::open(&path, &layer("b")).unwrap();
    assert_eq!(features(source)[0].attributes["code"], text("B"));
    let refused = Source::open(&path, &layer("c")).unwrap_err();
    assert_eq!(refused.code(), "LAYER_UNKNOWN");
    assert!(refused.to_string().contains("a, b"), "{refused}");
}

#[test]
fn an_archive_without_a_layer_or_of_rubbish_is_refused() {
    assert_eq!(open_bytes("a.zip", zip(&[("readme.txt", b"hello")])).unwrap_err().code(), "LAYER_MISSING");
    assert_eq!(open_bytes("a.zip", b"PK\x03\x04 and no more").unwrap_err().code(), "FILE_MALFORMED");
}

#[test]
fn an_archive_of_very_many_members_is_refused() {
    let names: Vec<String> = (0..5_000).map(|index| format!("{index}.txt")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
    assert_eq!(open_bytes("many.zip", zip(&members)).unwrap_err().code(), "ARCHIVE_TOO_MANY_MEMBERS");
}
