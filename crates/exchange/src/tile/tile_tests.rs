//! Tiles are read by somebody else's reader: what lies where, cut at the margin, valid and wound as they must be.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]

use geo::{Area, BoundingRect, Validation};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon, Rect};
use mvt_reader::Reader;
use proptest::prelude::*;

use super::{EXTENT, TileFeature, TilePlace, TileShape, TileValue, ZOOM_MAX, encode};

/// Pujiang lies on it.
fn place(zoom: u8) -> TilePlace {
    let tiles = f64::from(1_u32 << zoom);
    let latitude = 29.45_f64.to_radians();
    let column = (119.89 + 180.0) / 360.0 * tiles;
    let row = (1.0 - latitude.tan().asinh() / std::f64::consts::PI) / 2.0 * tiles;
    TilePlace::new(zoom, column as u32, row as u32).unwrap()
}

fn drawn(place: &TilePlace, shape: TileShape) -> Vec<mvt_reader::feature::Feature<i32>> {
    let values = vec![("code", TileValue::Text("330726".to_owned())), ("area", TileValue::Integer(-7))];
    let bytes = encode(place, "parcels", [TileFeature { id: 1 << 52, shape, values }]).unwrap();
    if bytes.is_empty() {
        return Vec::new();
    }
    let reader = Reader::new(bytes).unwrap();
    assert_eq!(reader.get_layer_names().unwrap(), ["parcels"]);
    let features = reader.get_features_as::<i32>(0).unwrap();
    assert!(features.iter().all(|feature| feature.id == Some(1 << 52)));
    features
}

fn multi(feature: &mvt_reader::feature::Feature<i32>) -> MultiPolygon<f64> {
    let float = |line: &LineString<i32>| line.0.iter().map(|at| (f64::from(at.x), f64::from(at.y))).collect();
    let polygon = |one: &Polygon<i32>| Polygon::new(float(one.exterior()), one.interiors().iter().map(float).collect());
    match &feature.geometry {
        Geometry::MultiPolygon(several) => several.iter().map(polygon).collect(),
        Geometry::Polygon(one) => polygon(one).into(),
        other => panic!("{other:?}"),
    }
}

fn rectangle([west, south, east, north]: [f64; 4]) -> Polygon<f64> {
    Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north }).to_polygon()
}

#[test]
fn there_are_as_many_tiles_as_squares() {
    assert!(TilePlace::new(0, 0, 0).is_some());
    assert!(TilePlace::new(0, 1, 0).is_none());
    assert!(TilePlace::new(3, 7, 8).is_none());
    assert!(TilePlace::new(ZOOM_MAX + 1, 0, 0).is_none());
    let [west, south, east, north] = TilePlace::new(1, 1, 0).unwrap().bounds();
    assert!(west < 0.0 && west > -3.0 && east > 180.0 && south < 0.0 && north > 85.0, "{west} {south} {east} {north}");
}

#[test]
fn what_covers_a_tile_is_cut_at_its_margin() {
    let place = place(14);
    let features = drawn(&place, TileShape::Polygons(rectangle([119.0, 29.0, 121.0, 30.0]).into()));
    let bounds = multi(&features[0]).bounding_rect().unwrap();
    assert_eq!((bounds.min().x, bounds.max().y), (-64.0, f64::from(EXTENT) + 64.0));
    let told = features[0].properties.as_ref().unwrap();
    assert_eq!(told["code"], mvt_reader::feature::Value::String("330726".to_owned()));
    assert_eq!(told["area"], mvt_reader::feature::Value::SInt(-7));
}

#[test]
fn what_lies_elsewhere_or_is_nothing_here_makes_no_tile() {
    assert!(drawn(&place(14), TileShape::Polygons(rectangle([2.0, 48.0, 2.1, 48.1]).into())).is_empty());
    assert!(drawn(&place(4), TileShape::Polygons(rectangle([119.89, 29.45, 119.8901, 29.4501]).into())).is_empty());
    assert!(drawn(&place(14), TileShape::lines(&[vec![[2.0, 48.0]]])).is_empty());
}

#[test]
fn points_and_lines_of_one_feature_stand_side_by_side() {
    let place = place(14);
    let [west, south, east, north] = place.bounds();
    let (x, y) = (f64::midpoint(west, east), f64::midpoint(south, north));
    let road = vec![[west - 1.0, y], [x, y], [east + 1.0, y]];
    let on = vec![[east + 1.0, y], [x, south]];
    let features = drawn(&place, TileShape::lines(&[vec![[x, y]], road, on]));
    assert_eq!(features.len(), 2);
    assert!(matches!(&features[0].geometry, Geometry::Point(_) | Geometry::MultiPoint(_)));
    let Geometry::MultiLineString(lines) = &features[1].geometry else { panic!("{:?}", features[1].geometry) };
    let first = &lines.0[0].0;
    assert_eq!((first[0].x, first.last().unwrap().x), (-64, EXTENT + 64));
}

proptest! {
    /// A star of any form, with a hole, on any zoom: what is drawn is valid and about as large as what it shows.
    #[test]
    fn what_is_drawn_is_valid(zoom in 8_u8..=ZOOM_MAX, reaches in prop::collection::vec(0.05_f64..1.0, 5..60), size in 1e-5_f64..0.05) {
        let place = place(zoom);
        let ring = |scale: f64| -> LineString<f64> {
            let turn = std::f64::consts::TAU / reaches.len() as f64;
            let at = |(nth, reach): (usize, &f64)| {
                let angle = turn * nth as f64;
                Coord { x: 119.89 + scale * reach * angle.cos(), y: 29.45 + scale * reach * angle.sin() }
            };
            let mut ring: Vec<_> = reaches.iter().enumerate().map(at).collect();
            ring.push(ring[0]);
            LineString(ring)
        };
        let star = Polygon::new(ring(size), vec![ring(size / 2.0)]);
        for feature in drawn(&place, TileShape::Polygons(star.clone().into())) {
            let shown = multi(&feature);
            prop_assert!(shown.is_valid(), "{shown:?}");
            // Down is positive on a tile: what is outer there has a positive area in its own numbers.
            prop_assert!(shown.iter().all(|one| one.signed_area() > 0.0), "{shown:?}");
            let units = f64::from(EXTENT) * size / 360.0 * f64::from(1_u32 << zoom);
            if units > 500.0 && units < 2000.0 {
                let full = star.unsigned_area() / size.powi(2) * units.powi(2) / 29.45_f64.to_radians().cos();
                let inside = shown.bounding_rect().is_some_and(|r| r.min().x > 0.0 && r.min().y > 0.0 && r.max().x < 4096.0 && r.max().y < 4096.0);
                prop_assert!(!inside || (shown.unsigned_area() / full - 1.0).abs() < 0.05, "{} of {full}", shown.unsigned_area());
            }
        }
    }
}
