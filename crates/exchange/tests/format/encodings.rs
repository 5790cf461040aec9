//! Encodings: told by the file, guessed, or named; strict in every case.

use yulin_exchange::format::{Encoding, OpenOptions, Source};

use super::build::{Scratch, dbf, features, open, open_bytes, outcomes, shp, shp_polygon, square, text};

fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

/// A Shapefile of one parcel called `name`, in the given bytes.
fn shapefile(scratch: &Scratch, language: u8, names: &[Vec<u8>]) -> std::path::PathBuf {
    let rows: Vec<_> = names.iter().map(|name| (b' ', vec![name.clone()])).collect();
    scratch.write("a.dbf", dbf(language, &[(&gbk("名称"), b'C', 40, 0)], &rows));
    let records: Vec<_> = names.iter().map(|_| shp_polygon(&[square(0.0, 0.0, 1.0)])).collect();
    scratch.write("a.shp", shp(&records))
}

#[test]
fn a_gbk_table_is_known_by_its_language_byte() {
    let scratch = Scratch::new();
    let source = open(&shapefile(&scratch, 0x4d, &[gbk("浦江经济开发区")])).unwrap();
    let encoding = source.encoding().unwrap();
    assert_eq!((encoding.encoding, encoding.from), (Encoding::Gbk, ".dbf language byte"));
    assert_eq!(source.fields(), ["名称"]);
    assert_eq!(features(source)[0].attributes["名称"], text("浦江经济开发区"));
}

#[test]
fn a_gbk_table_that_says_nothing_is_guessed_even_from_short_names() {
    for name in ["浦南", "黄宅镇", "仙华街道工业地块"] {
        let scratch = Scratch::new();
        let source = open(&shapefile(&scratch, 0x57, &[gbk(name)])).unwrap();
        let encoding = source.encoding().unwrap();
        assert_eq!((encoding.encoding, encoding.from), (Encoding::Gbk, "detected"), "{name}");
        assert_eq!(features(source)[0].attributes["名称"], text(name));
    }
}

#[test]
fn the_cpg_goes_before_the_language_byte_and_the_caller_before_both() {
    let scratch = Scratch::new();
    let path = shapefile(&scratch, 0x4d, &["浦江".as_bytes().to_vec()]);
    scratch.write("a.CPG", "UTF-8\n");
    let source = open(&path).unwrap();
    assert_eq!(source.encoding().unwrap().from, ".cpg");
    assert!(features(source)[0].attributes.values().any(|value| *value == text("浦江")));
    let options = OpenOptions { encoding: Some(Encoding::Latin1), ..OpenOptions::default() };
    assert_eq!(Source::open(&path, &options).unwrap().encoding().unwrap().from, "caller");
}

#[test]
fn an_encoding_that_is_not_read_is_refused_by_name_and_the_caller_may_name_another() {
    let scratch = Scratch::new();
    let path = shapefile(&scratch, 0, &[b"plain".to_vec()]);
    scratch.write("a.cpg", "Shift_JIS");
    let refused = open(&path).unwrap_err();
    assert_eq!(refused.code(), "ENCODING_UNSUPPORTED");
    assert!(refused.to_string().contains("Shift_JIS"));
    let options = OpenOptions { encoding: Some(Encoding::Utf8), ..OpenOptions::default() };
    assert!(Source::open(&path, &options).is_ok());
}

#[test]
fn a_row_that_does_not_fit_the_encoding_is_a_problem_of_that_feature_alone() {
    let scratch = Scratch::new();
    let path = shapefile(&scratch, 0, &["浦江".as_bytes().to_vec(), vec![0xff, 0xfe, b'x'], b"plain".to_vec()]);
    scratch.write("a.cpg", "UTF-8");
    assert_eq!(outcomes(open(&path).unwrap()), ["OK", "ENCODING_INVALID", "OK"]);
}

#[test]
fn csv_is_read_in_utf8_gbk_and_latin1() {
    for (bytes, encoding, street) in [
        ("编号,街道\n1,仙华街道\n".as_bytes().to_vec(), Encoding::Utf8, "仙华街道"),
        (gbk("编号,街道\n1,仙华街道\n"), Encoding::Gbk, "仙华街道"),
        (b"code,street\n1,Rue de la for\xeat \xe0 c\xf4t\xe9\n".to_vec(), Encoding::Latin1, "Rue de la forêt à côté"),
    ] {
        let source = open_bytes("a.csv", bytes).unwrap();
        assert_eq!(source.encoding().unwrap().encoding, encoding);
        assert!(features(source)[0].attributes.values().any(|value| *value == text(street)), "{street}");
    }
}

#[test]
fn a_named_encoding_that_does_not_fit_is_refused_with_the_place() {
    let scratch = Scratch::new();
    let path = scratch.write("a.csv", b"code\nab\xff\xff\n");
    let options = OpenOptions { encoding: Some(Encoding::Utf8), ..OpenOptions::default() };
    let refused = Source::open(&path, &options).unwrap_err();
    assert_eq!(refused.code(), "ENCODING_INVALID");
    assert!(refused.to_string().contains("byte 7"), "{refused}");
    let utf16 = open_bytes("b.csv", [0xff, 0xfe, b'a', 0]).unwrap_err();
    assert_eq!(utf16.code(), "ENCODING_UNSUPPORTED");
}
