//! A written file appears whole or not at all.

use yulin_exchange::format::{CsvStart, FieldKind, FieldSpec, FileFormat, Sink, SinkOptions, SinkTarget};

use super::build::{Scratch, bytes_of, features, open, open_bytes, parcel, text};

const WRITABLE: [(FileFormat, &str); 4] = [
    (FileFormat::GeoJson, "a.geojson"),
    (FileFormat::GeoPackage, "a.gpkg"),
    (FileFormat::Csv, "a.csv"),
    (FileFormat::Xlsx, "a.xlsx"),
];

fn options() -> SinkOptions {
    let fields = vec![FieldSpec { name: "code".to_owned(), kind: FieldKind::Text }];
    SinkOptions { layer: "parcels".to_owned(), crs_epsg: Some(4549), fields, ..SinkOptions::default() }
}

#[test]
fn a_file_dropped_before_its_end_leaves_nothing_and_keeps_the_old_one() {
    for (format, name) in WRITABLE {
        let scratch = Scratch::new();
        let path = scratch.write(name, "the old one");
        let mut sink = Sink::create(SinkTarget::File(path.clone()), format, &options()).unwrap();
        sink.write(&[Some(text("A1"))], Some(&parcel(0.0, 0.0, 10.0))).unwrap();
        drop(sink);
        assert_eq!(scratch.names(), [name]);
        assert_eq!(std::fs::read(&path).unwrap(), b"the old one");
    }
}

#[test]
fn a_finished_file_stands_alone_under_its_name() {
    for (format, name) in WRITABLE {
        let scratch = Scratch::new();
        let mut sink = Sink::create(SinkTarget::File(scratch.path(name)), format, &options()).unwrap();
        sink.write(&[Some(text("A1"))], Some(&parcel(0.0, 0.0, 10.0))).unwrap();
        sink.finish().unwrap();
        assert_eq!(scratch.names(), [name]);
        assert_eq!(open(&scratch.path(name)).unwrap().format(), format);
    }
}

#[test]
fn a_file_without_a_name_is_the_same_file() {
    for (format, name) in WRITABLE {
        let mut sink = Sink::create(SinkTarget::Unnamed, format, &options()).unwrap();
        sink.write(&[Some(text("A1"))], Some(&parcel(0.0, 0.0, 10.0))).unwrap();
        let bytes = bytes_of(sink);
        let read = features(open_bytes(name, bytes).unwrap());
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].attributes["code"], text("A1"));
    }
}

#[test]
fn a_csv_for_excel_begins_with_the_byte_order_mark_and_reads_the_same() {
    let options = SinkOptions { csv_start: CsvStart::ByteOrderMark, ..options() };
    let mut sink = Sink::create(SinkTarget::Unnamed, FileFormat::Csv, &options).unwrap();
    sink.write(&[Some(text("浦江"))], None).unwrap();
    let bytes = bytes_of(sink);
    assert_eq!(bytes[..3], [0xef, 0xbb, 0xbf]);
    let source = open_bytes("a.csv", &bytes).unwrap();
    assert_eq!(source.fields(), ["code"]);
    assert_eq!(source.encoding().unwrap().from, "byte order mark");
    assert_eq!(features(source)[0].attributes["code"], text("浦江"));
}

#[test]
fn a_format_that_is_only_read_and_a_folder_that_is_not_there_are_refused() {
    let error = Sink::create(SinkTarget::Unnamed, FileFormat::Shapefile, &options()).unwrap_err();
    assert_eq!(error.code(), "FORMAT_NOT_WRITABLE");
    let nowhere = Scratch::new().path("gone").join("a.csv");
    let error = Sink::create(SinkTarget::File(nowhere), FileFormat::Csv, &options()).unwrap_err();
    assert_eq!(error.code(), "FILE_UNWRITABLE");
}

#[test]
fn a_geopackage_declares_itself_and_its_reference_system() {
    let scratch = Scratch::new();
    let path = scratch.path("a.gpkg");
    let mut sink = Sink::create(SinkTarget::File(path.clone()), FileFormat::GeoPackage, &options()).unwrap();
    sink.write(&[None], Some(&parcel(500_000.0, 3_250_000.0, 10.0))).unwrap();
    sink.finish().unwrap();
    let package = rusqlite::Connection::open(&path).unwrap();
    let number = |sql: &str| package.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(number("PRAGMA application_id"), 0x4750_4b47);
    assert_eq!(number("PRAGMA user_version"), 10_300);
    assert_eq!(number("SELECT count(*) FROM gpkg_spatial_ref_sys WHERE srs_id IN (-1, 0, 4326, 4549)"), 4);
    assert_eq!(number("SELECT max_x FROM (SELECT CAST(max_x AS INTEGER) AS max_x FROM gpkg_contents)"), 500_010);
    let definition: String = package
        .query_row("SELECT definition FROM gpkg_spatial_ref_sys WHERE srs_id = 4549", [], |row| row.get(0))
        .unwrap();
    assert!(
        definition.contains("\"central_meridian\",120") && definition.contains("\"false_easting\",500000"),
        "{definition}"
    );
    assert_eq!(package.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)).unwrap(), "ok");
    assert!(package.prepare("PRAGMA foreign_key_check").unwrap().query([]).unwrap().next().unwrap().is_none());
}
