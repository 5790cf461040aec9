//! CSV and XLSX: headers, geometry columns, rows that do not fit, sheets.

use geo_types::Geometry;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use yulin_exchange::format::{AttributeValue, OpenOptions, Source};

use super::build::{Scratch, features, open_bytes, outcomes, text};

#[test]
fn the_geometry_column_is_found_by_what_is_in_it() {
    let table = "code;形状;price\nA;POLYGON((0 0,1 0,1 1,0 0));12,5\nB;;3\nC;POLYGON((0 0,1 0;4\nD;CURVEPOLYGON((0 0,1 0,1 1,0 0));4\n";
    let source = open_bytes("a.csv", table).unwrap();
    assert_eq!(source.fields(), ["code", "price"]);
    let read = features(source);
    assert!(matches!(read[0].geometry, Ok(Some(Geometry::Polygon(_)))));
    assert_eq!(read[0].attributes["price"], text("12,5"));
    assert_eq!(read[1].geometry, Ok(None));
    assert_eq!(read[2].geometry.as_ref().unwrap_err().code(), "GEOMETRY_MALFORMED");
    assert_eq!(read[3].geometry.as_ref().unwrap_err().code(), "GEOMETRY_UNSUPPORTED");
}

#[test]
fn rows_that_do_not_fit_the_header_are_counted_not_bent() {
    let source = open_bytes("a.csv", "a,b\n1,2\n1\n1,2,3\n\n3,4\n").unwrap();
    assert_eq!(source.total(), Some(4));
    assert_eq!(outcomes(source), ["NONE", "RECORD_CORRUPT", "RECORD_CORRUPT", "NONE"]);
}

#[test]
fn a_quotation_mark_left_open_does_not_swallow_rows_unseen() {
    for (table, expected) in [
        ("a,b\n1,2\n3,\"open\n5,6\n7,8\n", &["NONE", "RECORD_CORRUPT"][..]),
        ("a,b\n1,2\n3,\"open", &["NONE", "RECORD_CORRUPT"]),
        ("a,b\r\n1,\"open\r\n3,\"x\"\r\n\r\n5,6\r\n", &["RECORD_CORRUPT", "NONE"]),
        ("a,b\n1,\"open\n3, \"x\"\n5,6\n", &["RECORD_CORRUPT", "NONE"]),
        ("a,b\n1,3\" pipe\n\"say \"\"x\"\"\" ,\"two\nlines\"\n", &["NONE", "NONE"]),
    ] {
        assert_eq!(outcomes(open_bytes("a.csv", table).unwrap()), expected, "{table}");
    }
    assert_eq!(open_bytes("a.csv", "a,\"b\n1,2\n3,4\n").unwrap_err().code(), "FILE_MALFORMED");
}

#[test]
fn columns_of_one_name_are_both_kept_and_a_table_without_header_is_refused() {
    let source = open_bytes("a.csv", "a,a,\n1,2,3\n").unwrap();
    assert_eq!(source.fields(), ["a", "a_2", "column_3"]);
    assert_eq!(open_bytes("a.csv", "").unwrap_err().code(), "HEADER_MISSING");
}

#[test]
fn an_srid_before_the_text_tells_the_reference_system_and_another_one_is_refused() {
    let table = "wkt,a\nSRID=4549;POINT(1 2),1\nPOINT(1 2),1\nSRID=4490;POINT(1 2),1\n";
    let source = open_bytes("a.csv", table).unwrap();
    assert_eq!(source.crs().epsg, Some(4549));
    assert_eq!(outcomes(source), ["OK", "OK", "CRS_MISMATCH"]);
}

fn workbook(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book);
    book.save_to_buffer().unwrap()
}

#[test]
fn cells_come_as_what_they_are() {
    let bytes = workbook(|book| {
        let sheet = book.add_worksheet();
        let day = Format::new().set_num_format("yyyy-mm-dd");
        for (column, name) in ["code", "area", "n", "ok", "day", "moment"].iter().enumerate() {
            sheet.write(0, u16::try_from(column).unwrap(), *name).unwrap();
        }
        sheet.write(2, 0, "浦1").unwrap();
        sheet.write(2, 1, 1234.5).unwrap();
        sheet.write(2, 2, 42).unwrap();
        sheet.write(2, 3, true).unwrap();
        sheet.write_with_format(2, 4, ExcelDateTime::parse_from_str("2026-08-01").unwrap(), &day).unwrap();
        sheet.write_with_format(2, 5, ExcelDateTime::parse_from_str("2026-08-01T12:34:56").unwrap(), &day).unwrap();
    });
    let read = features(open_bytes("a.xlsx", bytes).unwrap());
    assert_eq!(read.len(), 1);
    let cells: Vec<_> =
        ["code", "area", "n", "ok", "day", "moment"].iter().map(|name| read[0].attributes[*name].clone()).collect();
    let date = |text: &str| AttributeValue::Date(text.to_owned());
    let area = AttributeValue::Decimal("1234.5".to_owned());
    assert_eq!(
        cells,
        [
            text("浦1"),
            area,
            AttributeValue::Integer(42),
            AttributeValue::Boolean(true),
            date("2026-08-01"),
            date("2026-08-01T12:34:56")
        ]
    );
}

#[test]
fn empty_sheets_are_passed_over_and_several_full_ones_are_to_be_named() {
    let bytes = workbook(|book| {
        for (name, cell) in [("说明", None), ("地块", Some("code")), ("权利", Some("party"))] {
            let sheet = book.add_worksheet().set_name(name).unwrap();
            if let Some(cell) = cell {
                sheet.write(0, 0, cell).unwrap();
            }
        }
    });
    let scratch = Scratch::new();
    let path = scratch.write("a.xlsx", &bytes);
    let refused = Source::open(&path, &OpenOptions::default()).unwrap_err();
    assert_eq!(refused.code(), "LAYER_AMBIGUOUS");
    assert!(refused.to_string().ends_with("地块, 权利"), "{refused}");
    let named = OpenOptions { layer: Some("权利".to_owned()), ..OpenOptions::default() };
    assert_eq!(Source::open(&path, &named).unwrap().fields(), ["party"]);
}

#[test]
fn a_sheet_that_fills_its_far_corners_is_refused_not_laid_out() {
    let bytes = workbook(|book| {
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "a").unwrap();
        sheet.write(1_048_575, 16_383, "b").unwrap();
    });
    assert_eq!(open_bytes("a.xlsx", bytes).unwrap_err().code(), "LIMIT_EXCEEDED");
}
