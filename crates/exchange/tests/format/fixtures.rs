//! The files others made: real parcels counted, and everything hard or broken opened.
//!
//! Found through `YULIN_TEST_DATA` alone; without it the tests say what they skip.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use geo_types::Geometry;
use yulin_exchange::format::{AttributeValue, Encoding, Explode, FileFormat, OpenOptions, Source};

use super::build::{features, open, outcomes, text};

/// The folder of the test data; `None`, loudly, where none is named.
fn data(what: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("YULIN_TEST_DATA") else {
        eprintln!("SKIPPED, YULIN_TEST_DATA is not set: {what}");
        return None;
    };
    let folder = PathBuf::from(folder);
    assert!(folder.join("parcels").is_dir(), "YULIN_TEST_DATA is set but holds no parcels");
    Some(folder)
}

fn layer(name: &str) -> OpenOptions {
    OpenOptions { layer: Some(name.to_owned()), ..OpenOptions::default() }
}

fn all_with_geometry(source: Source) -> usize {
    let outcomes = outcomes(source);
    assert!(outcomes.iter().all(|outcome| *outcome == "OK"), "{outcomes:?}");
    outcomes.len()
}

#[test]
fn the_french_package_has_two_layers_of_511_and_389() {
    let Some(data) = data("the French GeoPackage") else {
        return;
    };
    let path = data.join("parcels/fr_parcels_2154.gpkg");
    let refused = open(&path).unwrap_err();
    assert_eq!(refused.code(), "LAYER_AMBIGUOUS");
    assert!(refused.to_string().contains("parcels_25354, parcels_13029"), "{refused}");
    for (name, count) in [("parcels_25354", 511), ("parcels_13029", 389)] {
        let source = Source::open(&path, &layer(name)).unwrap();
        assert_eq!((source.crs().epsg, source.total()), (Some(2154), Some(count)));
        assert_eq!(
            source.fields(),
            ["fid", "idu", "supf", "tex", "indp", "coar", "creat_date", "update_date", "sheet"]
        );
        assert_eq!(all_with_geometry(source) as u64, count);
    }
}

#[test]
fn the_same_french_parcels_come_from_package_shapefile_and_geojson() {
    let Some(data) = data("the French parcels in three formats") else {
        return;
    };
    let package = features(Source::open(&data.join("parcels/fr_parcels_2154.gpkg"), &layer("parcels_25354")).unwrap());
    let zipped = open(&data.join("parcels/fr_parcels_25354_2154_shp.zip")).unwrap();
    assert_eq!((zipped.format(), zipped.crs().epsg, zipped.total()), (FileFormat::Shapefile, Some(2154), Some(511)));
    assert_eq!(zipped.encoding().unwrap().encoding, Encoding::Utf8);
    let zipped = features(zipped);
    let geojson = features(open(&data.join("parcels/fr_parcels_25354_4326.geojson")).unwrap());
    assert_eq!((package.len(), zipped.len(), geojson.len()), (511, 511, 511));
    let shape = |geometry: &Option<Geometry<f64>>| match geometry {
        Some(Geometry::Polygon(part)) => (part.exterior().0.len(), part.interiors().len()),
        Some(Geometry::MultiPolygon(parts)) if parts.0.len() == 1 => {
            (parts.0[0].exterior().0.len(), parts.0[0].interiors().len())
        }
        other => panic!("not one polygon: {other:?}"),
    };
    for ((a, b), c) in package.iter().zip(&zipped).zip(&geojson) {
        assert_eq!(a.attributes["idu"], b.attributes["idu"]);
        assert_eq!(a.attributes["idu"], c.attributes["idu"]);
        assert_eq!(
            shape(a.geometry.as_ref().unwrap()),
            shape(b.geometry.as_ref().unwrap()),
            "{:?}",
            a.attributes["idu"]
        );
        assert_eq!(shape(a.geometry.as_ref().unwrap()).1, shape(c.geometry.as_ref().unwrap()).1);
    }
    let holed = package.iter().filter(|feature| shape(feature.geometry.as_ref().unwrap()).1 > 0).count();
    assert!(holed > 0);
}

#[test]
fn reading_a_package_may_begin_anywhere() {
    let Some(data) = data("resuming in the French GeoPackage") else {
        return;
    };
    let path = data.join("parcels/fr_parcels_2154.gpkg");
    let all = features(Source::open(&path, &layer("parcels_25354")).unwrap());
    for from in [1_u64, 2, 500, 511, 512, 9_999] {
        let mut source = Source::open(&path, &layer("parcels_25354")).unwrap();
        source.next();
        source.skip_to(from).unwrap();
        let expected: Vec<_> = all.iter().filter(|feature| feature.number >= from).cloned().collect();
        assert_eq!(features(source), expected, "from {from}");
    }
}

#[test]
fn the_other_parcels_are_all_there() {
    let Some(data) = data("the Provençal, Czech, Dutch and Japanese parcels, the counties of Jinhua") else {
        return;
    };
    let read = |path: &str| open(&data.join(path)).unwrap();
    let counted = |path: &str, epsg: u32| {
        let source = read(path);
        assert_eq!(source.crs().epsg, Some(epsg), "{path}");
        all_with_geometry(source)
    };
    assert_eq!(counted("parcels/fr_parcels_13029_4326.geojson", 4326), 389);
    assert_eq!(counted("parcels/cz_bubenec_plots_3857.gpkg", 3857), 407);
    assert_eq!(counted("parcels/jp_moj_12103-0400-76_4326.geojson", 4326), 1);
    assert_eq!(counted("boundaries/tianditu_epsg4490_jinhua_3307.geojson", 4490), 9);
}

#[test]
fn the_dutch_files_hold_316_plots_and_91_zones_when_taken_apart() {
    let Some(data) = data("the Dutch plots") else { return };
    let explode = OpenOptions { explode: Explode::Parts, ..OpenOptions::default() };
    for (name, parts) in [("nl_plots.wkt", 316), ("nl_plots_epsg_28992.wkt", 316), ("nl_zones.wkt", 91)] {
        let path = data.join("parcels").join(name);
        assert_eq!(all_with_geometry(open(&path).unwrap()), 1, "{name}");
        let source = Source::open(&path, &explode).unwrap();
        assert_eq!(source.total(), Some(parts), "{name}");
        assert_eq!(all_with_geometry(source) as u64, parts, "{name}");
    }
}

#[test]
fn the_land_grants_are_189_rows() {
    let Some(data) = data("the land grants") else { return };
    let source = open(&data.join("land_grants/landchina_beijing_189.csv")).unwrap();
    assert_eq!(source.fields().len(), 22);
    let read = features(source);
    assert_eq!(read.len(), 189);
    assert!(read.iter().all(|row| row.geometry == Ok(None)));
    assert_eq!(read[0].attributes["District"], text("北京市本级"));
    assert_eq!(read[0].attributes["Area (hectare)"], text("0.120605"));
}

#[test]
fn curves_are_refused_by_code_and_straight_surfaces_read() {
    let Some(data) = data("the packages with curves") else {
        return;
    };
    let read = |name: &str| outcomes(open(&data.join("geometry_tests/pyogrio_fixtures").join(name)).unwrap());
    assert_eq!(read("curve.gpkg"), ["GEOMETRY_UNSUPPORTED"]);
    assert_eq!(read("curvepolygon.gpkg"), ["GEOMETRY_UNSUPPORTED"]);
    assert_eq!(read("line_zm.gpkg"), ["OK"]);
    let nulls = features(open(&data.join("geometry_tests/pyogrio_fixtures/test_gpkg_nulls.gpkg")).unwrap());
    assert!(nulls.iter().any(|row| row.attributes.values().any(|value| *value == AttributeValue::Null)));
    assert!(nulls.iter().any(|row| row.attributes["col_bool"] == AttributeValue::Boolean(true)));
}

#[test]
fn shapefiles_of_every_kind_are_counted() {
    let Some(data) = data("the Shapefiles of pyshp") else {
        return;
    };
    let folder = data.join("geometry_tests/pyshp_shapefiles");
    let count = |name: &str| features(open(&folder.join(name)).unwrap()).len();
    assert_eq!(
        (count("blockgroups.shp"), count("blockgroups.zip"), count("edit.shp"), count("merge.shp")),
        (663, 663, 663, 6_630)
    );
    assert_eq!(count("corrupt_too_long.shp"), 10);
    assert_eq!(count("REL.zip"), 1);
    let latin = features(open(&folder.join("latin1.shp")).unwrap());
    assert!(latin[0].attributes.values().any(|value| *value == text("Ñandú")), "{:?}", latin[0].attributes);
    assert_eq!(open(&folder.join("empty_zipfile.zip")).unwrap_err().code(), "LAYER_MISSING");
    let both = folder.join("blockgroups_multishapefile.zip");
    assert_eq!(open(&both).unwrap_err().code(), "LAYER_AMBIGUOUS");
    assert_eq!(features(Source::open(&both, &layer("blockgroups2")).unwrap()).len(), 663);
}

fn files_under(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_under(&path, into);
        } else {
            into.push(path);
        }
    }
}

#[test]
fn every_file_of_the_geometry_tests_is_refused_with_a_code_or_read_whole() {
    let Some(data) = data("the geometry tests") else { return };
    let mut files = Vec::new();
    files_under(&data.join("geometry_tests"), &mut files);
    assert!(files.len() > 250, "{}", files.len());
    let mut tally: BTreeMap<String, usize> = BTreeMap::new();
    for path in files {
        match open(&path) {
            Err(refused) => *tally.entry(format!("file {}", refused.code())).or_default() += 1,
            Ok(source) => {
                let announced = source.total().unwrap();
                let outcomes = outcomes(source);
                assert_eq!(outcomes.len() as u64, announced, "{}", path.display());
                for outcome in outcomes {
                    *tally.entry(format!("feature {outcome}")).or_default() += 1;
                }
            }
        }
    }
    eprintln!("{tally:#?}");
    assert!(tally["feature RECORD_CORRUPT"] < 20, "{tally:?}");
    assert!(tally["feature OK"] > 8_000);
}
