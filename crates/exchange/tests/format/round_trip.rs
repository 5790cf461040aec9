//! What is written reads back the same, in every format that is written.

use std::borrow::Cow;
use std::collections::BTreeMap;

use geo_types::{Geometry, MultiPolygon, Polygon};
use proptest::prelude::*;
use yulin_exchange::format::{
    AttributeValue, FieldKind, FieldSpec, FileFormat, OpenOptions, Sink, SinkOptions, SinkTarget, Source,
};

use super::build::{Scratch, ring};

/// The values of a feature as text, by field.
type Texts = BTreeMap<String, Option<String>>;
type Row = (Vec<Option<AttributeValue>>, MultiPolygon<f64>);

fn fields() -> Vec<FieldSpec> {
    let field = |name: &str, kind| FieldSpec { name: name.to_owned(), kind };
    vec![
        field("名称", FieldKind::Text),
        field("count", FieldKind::Integer),
        field("area", FieldKind::Decimal),
        field("ready", FieldKind::Boolean),
        field("since", FieldKind::Date),
    ]
}

/// Ordinates of every magnitude, with all their bits in play.
fn ordinate() -> impl Strategy<Value = f64> {
    prop_oneof![-1e7..1e7_f64, -180.0..180.0_f64, any::<i32>().prop_map(f64::from), -1e-5..1e-5_f64]
}

/// A triangle that turns counter-clockwise, and a hole within it that turns clockwise.
fn part() -> impl Strategy<Value = Polygon<f64>> {
    (ordinate(), ordinate(), 1.0..1e5_f64, any::<bool>()).prop_map(|(x, y, size, holed)| {
        let outer = ring(&[(x, y), (x + size, y), (x, y + size), (x, y)]);
        let (inner, near, far) = (size / 8.0, size / 4.0, size / 3.0);
        let hole = ring(&[(x + inner, y + inner), (x + inner, y + far), (x + near, y + inner), (x + inner, y + inner)]);
        Polygon::new(outer, if holed { vec![hole] } else { vec![] })
    })
}

fn row() -> impl Strategy<Value = Row> {
    let words =
        "[ -~\u{4e00}-\u{4fff}\"',;\n]{1,12}".prop_filter("no word of blanks alone", |text| !text.trim().is_empty());
    let values = (
        proptest::option::of(words.prop_map(AttributeValue::Text)),
        proptest::option::of(any::<i64>().prop_map(AttributeValue::Integer)),
        proptest::option::of((0_i64..99_999_999_999, 1_i64..10_000).prop_map(|(whole, part)| {
            AttributeValue::Decimal(format!("{whole}.{part:04}").trim_end_matches('0').to_owned())
        })),
        proptest::option::of(any::<bool>().prop_map(AttributeValue::Boolean)),
        proptest::option::of(
            (1900..2100, 1..13, 1..29).prop_map(|(y, m, d)| AttributeValue::Date(format!("{y}-{m:02}-{d:02}"))),
        ),
    );
    let shape = proptest::collection::vec(part(), 1..3).prop_map(MultiPolygon);
    (values.prop_map(|(a, b, c, d, e)| vec![a, b, c, d, e]), shape)
}

/// Writes the rows and reads them back: text of the values by field, and the multipolygons.
fn back(format: FileFormat, name: &str, epsg: u32, rows: &[Row]) -> (Vec<Texts>, Vec<MultiPolygon<f64>>, Option<u32>) {
    let scratch = Scratch::new();
    let path = scratch.path(name);
    let options =
        SinkOptions { layer: "地块".to_owned(), crs_epsg: Some(epsg), fields: fields(), ..SinkOptions::default() };
    let mut sink = Sink::create(SinkTarget::File(path.clone()), format, &options).unwrap();
    for (values, shape) in rows {
        sink.write(values, Some(shape)).unwrap();
    }
    assert_eq!(sink.finish().unwrap().features, rows.len() as u64);
    let source = Source::open(&path, &OpenOptions::default()).unwrap();
    assert_eq!(source.total(), Some(rows.len() as u64));
    let crs = source.crs().epsg;
    let mut values = Vec::new();
    let mut shapes = Vec::new();
    for feature in source {
        let feature = feature.unwrap();
        let texts = feature.attributes.into_iter().filter(|(name, _)| name != "fid");
        values.push(texts.map(|(name, value)| (name, value.as_text().map(Cow::into_owned))).collect());
        match feature.geometry.unwrap() {
            Some(Geometry::MultiPolygon(shape)) => shapes.push(shape),
            other => panic!("not a multipolygon: {other:?}"),
        }
    }
    (values, shapes, crs)
}

fn texts(rows: &[Row]) -> Vec<Texts> {
    let of_row = |row: &Row| {
        let named = fields().into_iter().zip(&row.0);
        named
            .map(|(field, value)| (field.name, value.as_ref().and_then(|value| value.as_text().map(Cow::into_owned))))
            .collect()
    };
    rows.iter().map(of_row).collect()
}

fn shapes(rows: &[Row]) -> Vec<MultiPolygon<f64>> {
    rows.iter().map(|row| row.1.clone()).collect()
}

fn bits(shapes: &[MultiPolygon<f64>]) -> Vec<u64> {
    let rings = shapes.iter().flatten().flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()));
    rings.flat_map(|ring| &ring.0).flat_map(|coord| [(coord.x + 0.0).to_bits(), (coord.y + 0.0).to_bits()]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_geopackage_gives_back_every_bit_and_every_value(rows in proptest::collection::vec(row(), 0..8)) {
        let (values, read, crs) = back(FileFormat::GeoPackage, "a.gpkg", 4549, &rows);
        prop_assert_eq!(values, texts(&rows));
        prop_assert_eq!(bits(&read), bits(&shapes(&rows)));
        prop_assert_eq!(crs, Some(4549));
    }

    #[test]
    fn a_geojson_in_metres_gives_back_every_bit_and_every_value(rows in proptest::collection::vec(row(), 1..8)) {
        let (values, read, crs) = back(FileFormat::GeoJson, "a.geojson", 2154, &rows);
        prop_assert_eq!(values, texts(&rows));
        prop_assert_eq!(bits(&read), bits(&shapes(&rows)));
        prop_assert_eq!(crs, Some(2154));
    }

    #[test]
    fn a_csv_gives_back_every_bit_and_every_value(rows in proptest::collection::vec(row(), 1..8)) {
        let (values, read, _) = back(FileFormat::Csv, "a.csv", 4549, &rows);
        prop_assert_eq!(values, texts(&rows));
        prop_assert_eq!(bits(&read), bits(&shapes(&rows)));
    }

    #[test]
    fn a_workbook_gives_back_every_bit_and_every_value(rows in proptest::collection::vec(row(), 1..8)) {
        let (values, read, _) = back(FileFormat::Xlsx, "a.xlsx", 4549, &rows);
        prop_assert_eq!(values, texts(&rows));
        prop_assert_eq!(bits(&read), bits(&shapes(&rows)));
    }

    #[test]
    fn degrees_in_geojson_come_back_within_half_of_the_ninth_decimal(rows in proptest::collection::vec(row(), 1..4)) {
        let (_, read, crs) = back(FileFormat::GeoJson, "a.geojson", 4490, &rows);
        prop_assert_eq!(crs, Some(4490));
        for (was, is) in shapes(&rows).iter().flatten().zip(read.iter().flatten()) {
            for (a, b) in was.exterior().0.iter().zip(&is.exterior().0) {
                prop_assert!((a.x - b.x).abs() <= 0.6e-9 + a.x.abs() * f64::EPSILON && (a.y - b.y).abs() <= 0.6e-9 + a.y.abs() * f64::EPSILON);
            }
        }
    }
}

#[test]
fn a_decimal_that_a_geopackage_would_round_is_refused() {
    let options = SinkOptions { fields: fields(), ..SinkOptions::default() };
    let mut sink = Sink::create(SinkTarget::Unnamed, FileFormat::GeoPackage, &options).unwrap();
    let values = [None, None, Some(AttributeValue::Decimal("1234567890123.4567".to_owned())), None, None];
    assert_eq!(sink.write(&values, None).unwrap_err().code(), "DECIMAL_INEXACT");
}

#[test]
fn a_value_of_another_kind_is_refused_and_the_field_named() {
    let options = SinkOptions { fields: fields(), ..SinkOptions::default() };
    let mut sink = Sink::create(SinkTarget::Unnamed, FileFormat::Csv, &options).unwrap();
    let values = [None, Some(AttributeValue::Text("many".to_owned())), None, None, None];
    let error = sink.write(&values, None).unwrap_err();
    assert_eq!(error.code(), "VALUE_KIND");
    assert!(error.to_string().contains("many") && error.to_string().contains("count"), "{error}");
}
