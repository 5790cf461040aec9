//! Tests on real parcels and on hard geometries others collected, found through `YULIN_TEST_DATA`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::float_cmp, clippy::panic, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use geo_types::{Coord, Geometry, MultiPolygon, Polygon};
use serde_json::Value;
use wkt::TryFromWkt;

use super::node::Lattice;
use super::rings::{Ring, Rings};
use super::validity::first_flaw;
use super::{
    Crs, Footprint, FootprintRules, GeometryRefused, Prepared, Region, Strictness, SubmittedFootprint, Transformation,
    WebMapShift, contains_point, fits_better_unshifted, overlap_area, overlap_limit, wgs84_to_gcj02,
};

/// The folder of test data; none, said loudly, when the variable is unset.
fn data(below: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("YULIN_TEST_DATA") else {
        eprintln!("SKIPPED: YULIN_TEST_DATA is unset; {below} was not tested");
        return None;
    };
    let path = Path::new(&root).join(below);
    assert!(path.exists(), "YULIN_TEST_DATA is set, but {} is missing", path.display());
    Some(path)
}

fn crs(code: u32) -> Crs {
    Crs::epsg(code).unwrap()
}

fn files(below: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extensions));
        } else if path.extension().is_some_and(|e| extensions.iter().any(|x| e == *x)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn take(submitted: &SubmittedFootprint, grid: u32) -> Result<Prepared, GeometryRefused> {
    Footprint::prepare(submitted, crs(grid), &FootprintRules::standard(Strictness::Warn))
}

/// The text of every geometry in a `GeoJSON` document.
fn geometries(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(members) if members.contains_key("coordinates") => into.push(value.to_string()),
        Value::Object(members) => members.values().for_each(|v| geometries(v, into)),
        Value::Array(items) => items.iter().for_each(|v| geometries(v, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn parcels(name: &str) -> Option<Vec<Prepared>> {
    let text = std::fs::read_to_string(data("parcels")?.join(name)).unwrap();
    let mut found = Vec::new();
    geometries(&serde_json::from_str(&text).unwrap(), &mut found);
    Some(
        found
            .iter()
            .map(|text| take(&SubmittedFootprint::from_geojson(text, Crs::WGS84).unwrap(), 2154).unwrap())
            .collect(),
    )
}

#[test]
fn every_french_parcel_is_stored_and_none_overlaps_another() {
    for (name, count) in [("fr_parcels_25354_4326.geojson", 511), ("fr_parcels_13029_4326.geojson", 389)] {
        let Some(prepared) = parcels(name) else { return };
        assert_eq!(prepared.len(), count, "{name}");
        let mut touching = 0;
        for (i, a) in prepared.iter().enumerate() {
            assert_eq!(a.accuracy_mm, Some(1000));
            for b in &prepared[i + 1..] {
                let area = overlap_area(&a.footprint, &b.footprint).unwrap();
                assert!(area <= overlap_limit(a.footprint.area_computed(), b.footprint.area_computed()), "{area:?}");
                touching += usize::from(area.units() > 0);
            }
        }
        let outlines = prepared.iter().filter(|p| p.footprint.outline().is_some()).count();
        eprintln!(
            "{name}: {count} stored, {touching} pairs share less than is let through, {outlines} have an outline"
        );
    }
}

#[test]
fn the_dutch_plots_in_two_systems_agree_within_the_stated_accuracy() {
    let Some(folder) = data("parcels") else { return };
    let read =
        |name: &str| match Geometry::<f64>::try_from_wkt_str(&std::fs::read_to_string(folder.join(name)).unwrap())
            .unwrap()
        {
            Geometry::MultiPolygon(polygons) => polygons.0,
            other => panic!("{other:?}"),
        };
    let (lonlat, projected) = (read("nl_plots.wkt"), read("nl_plots_epsg_28992.wkt"));
    assert_eq!((lonlat.len(), projected.len()), (316, 316));
    let to_grid = Transformation::between(Crs::WGS84, crs(28992)).unwrap();
    let vertices =
        |plots: &[Polygon<f64>]| plots.iter().flat_map(|p| p.exterior().0.clone()).collect::<Vec<Coord<f64>>>();
    let pairs = vertices(&lonlat).into_iter().zip(vertices(&projected));
    let mut misses: Vec<f64> = pairs
        .map(|(lonlat, there)| {
            let miss = to_grid.apply_point(lonlat).unwrap() - there;
            miss.x.hypot(miss.y)
        })
        .collect();
    misses.sort_by(f64::total_cmp);
    let (greatest, p95) = (misses[misses.len() - 1], misses[misses.len() * 95 / 100]);
    eprintln!("{} vertices: greatest {greatest:.4} m, p95 {p95:.4} m; {}", misses.len(), to_grid.description());
    assert!(greatest * 1000.0 < f64::from(to_grid.accuracy_mm().unwrap()));
    for (plots, from) in [(lonlat, 4326), (projected, 28992)] {
        for plot in plots {
            take(&SubmittedFootprint::new(crs(from), MultiPolygon(vec![plot])).unwrap(), 28992).unwrap();
        }
    }
}

#[test]
fn the_parts_of_the_dutch_plots_are_no_multipolygon_and_the_shared_edge_is_named() {
    let Some(folder) = data("parcels") else { return };
    let text = std::fs::read_to_string(folder.join("nl_plots_epsg_28992.wkt")).unwrap();
    let submitted = SubmittedFootprint::from_geometry(Geometry::try_from_wkt_str(&text).unwrap(), crs(28992)).unwrap();
    assert_eq!(take(&submitted, 28992).unwrap_err().code(), "PARTS_SHARE_EDGE");
}

#[test]
fn the_japanese_parcel_lies_in_chiba_and_is_not_mirrored() {
    let Some(folder) = data("parcels") else { return };
    let text = std::fs::read_to_string(folder.join("jp_moj_12103-0400-76_4326.geojson")).unwrap();
    let mut found = Vec::new();
    geometries(&serde_json::from_str(&text).unwrap(), &mut found);
    let prepared = take(&SubmittedFootprint::from_geojson(&found[0], Crs::WGS84).unwrap(), 6677).unwrap();
    // The survey's boundary points: X is north, Y is east, in millimetres.
    let survey = std::fs::read_to_string(folder.join("jp_moj_12103-0400-76.xml")).unwrap();
    let ordinates = |name: &str| {
        survey
            .split(&format!("<zmn:{name}>"))
            .skip(1)
            .map(|t| t[..t.find('<').unwrap()].parse::<f64>().unwrap())
            .collect::<Vec<_>>()
    };
    let points: Vec<(f64, f64)> = ordinates("Y").into_iter().zip(ordinates("X")).collect();
    for at in &prepared.footprint.grid().0[0].exterior().0 {
        let nearest =
            points.iter().map(|(east, north)| (at.x - east).hypot(at.y - north)).fold(f64::INFINITY, f64::min);
        assert!(nearest < 0.001, "{at:?} is {nearest} m from any point of the survey");
    }
}

#[test]
fn points_from_a_web_map_are_told_by_the_countys_boundary() {
    let Some(folder) = data("boundaries") else { return };
    let text = std::fs::read_to_string(folder.join("tianditu_epsg4490_jinhua_3307.geojson")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let pujiang =
        document["features"].as_array().unwrap().iter().find(|f| f["properties"]["gb"] == "156330726").unwrap();
    let region = Region::from_geojson(&pujiang["geometry"].to_string()).unwrap();
    let [west, south, east, north] = region.bounds();
    let middle = Coord { x: f64::midpoint(west, east), y: f64::midpoint(south, north) };
    // A little inside of each boundary point, where an offset of 500 m shows.
    let steps = |edge: geo_types::Line<f64>| (0..10).map(move |i| edge.start + edge.delta() * (f64::from(i) / 10.0));
    let near = region.polygons().0[0].exterior().lines().flat_map(steps).map(|at| at + (middle - at) * 0.01);
    let inside: Vec<Coord<f64>> = near.filter(|&at| contains_point(region.polygons(), at)).collect();
    assert!(inside.len() > 100);
    let shifted: Vec<Coord<f64>> = inside.iter().map(|&at| wgs84_to_gcj02(at)).collect();
    assert_eq!(fits_better_unshifted(&inside, region.polygons()), None);
    assert_eq!(fits_better_unshifted(&shifted, region.polygons()), Some(WebMapShift::Gcj02));
}

/// Geometry of a JTS test: WKT or hexadecimal WKB.
fn jts_geometry(text: &str) -> Option<MultiPolygon<f64>> {
    let text = text.trim();
    let polygons = if text.starts_with("00") || text.starts_with("01") {
        super::multipolygon_from_wkb(&hex::decode(text.split_whitespace().collect::<String>()).ok()?).ok()?
    } else {
        match Geometry::<f64>::try_from_wkt_str(text).ok()? {
            Geometry::Polygon(p) => MultiPolygon(vec![p]),
            Geometry::MultiPolygon(p) => p,
            _ => return None,
        }
    };
    Some(polygons)
}

fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let from = text.find(&format!("<{name}>"))? + name.len() + 2;
    let to = from + text[from..].find(&format!("</{name}>"))?;
    Some(&text[from..to])
}

/// What JTS says about the validity of a case's geometry `A` or `B`.
fn jts_verdict(case: &str, argument: &str) -> Option<bool> {
    let ops = case
        .split("<op")
        .skip(1)
        .filter(|op| op.contains("\"isValid\"") && op.to_uppercase().contains(&format!("ARG1=\"{argument}\"")));
    ops.map(|op| op[op.find('>').unwrap()..].contains("true")).next()
}

#[test]
fn every_polygon_of_the_jts_cases_is_stored_or_refused_and_judged_as_jts_does() {
    let Some(folder) = data("geometry_tests/jts_xml/testxml") else { return };
    let (mut stored, mut refused) = (0, BTreeMap::<&str, usize>::new());
    let (mut judged, mut differing) = (0, Vec::new());
    for file in files(&folder, &["xml"]) {
        let text = String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into_owned();
        for case in text.split("<case>").skip(1) {
            for (name, argument) in [("a", "A"), ("b", "B")] {
                let Some(polygons) = element(case, name).and_then(jts_geometry) else { continue };
                match into_france(&polygons).and_then(|submitted| take(&submitted, 2154)) {
                    Ok(_) => stored += 1,
                    Err(e) => *refused.entry(e.code()).or_default() += 1,
                }
                if let (Some(theirs), Some(rings)) = (jts_verdict(case, argument), on_the_lattice(&polygons)) {
                    let ours = first_flaw(&rings);
                    judged += 1;
                    // Snapping may fold what is thinner than the lattice; geo must then see it folded too.
                    if theirs != ours.is_none() && (ours.is_none() || snapped_is_valid(&polygons)) {
                        differing.push(format!(
                            "{} {argument}: JTS {theirs}, we {ours:?}: {}",
                            file.display(),
                            element(case, name).unwrap().trim()
                        ));
                    }
                }
            }
        }
    }
    eprintln!(
        "JTS: {stored} stored, {} refused {refused:?}; {judged} judged by JTS, {} differ",
        refused.values().sum::<usize>(),
        differing.len()
    );
    for case in &differing {
        eprintln!("{}", case.chars().take(400).collect::<String>());
    }
    assert!(stored + refused.values().sum::<usize>() > 1500 && judged > 300);
    assert!(differing.is_empty());
}

/// The cases have coordinates of no place; they are moved to where the grid is used.
fn into_france(polygons: &MultiPolygon<f64>) -> Result<SubmittedFootprint, GeometryRefused> {
    use geo::{BoundingRect, MapCoords};
    let corner = polygons.bounding_rect().map_or(Coord { x: 0.0, y: 0.0 }, geo_types::Rect::min);
    let moved = polygons.map_coords(|c| Coord { x: c.x - corner.x + 700_000.0, y: c.y - corner.y + 6_600_000.0 });
    SubmittedFootprint::new(crs(2154), moved)
}

/// The coordinates as they stand, snapped; none where a ring is too short to be judged.
fn on_the_lattice(polygons: &MultiPolygon<f64>) -> Option<Rings> {
    let ring = |l: &geo_types::LineString<f64>| Ring::of(l.0.iter().map(|&c| Lattice::Grid.node(c))).ok();
    let part =
        |p: &Polygon<f64>| std::iter::once(p.exterior()).chain(p.interiors()).map(ring).collect::<Option<Vec<_>>>();
    let mut rings = Rings(polygons.0.iter().map(part).collect::<Option<Vec<_>>>()?);
    rings.orient();
    Some(rings)
}

fn snapped_is_valid(polygons: &MultiPolygon<f64>) -> bool {
    use geo::{MapCoords, Validation};
    polygons.map_coords(|c| Lattice::Grid.coord(Lattice::Grid.node(c))).is_valid()
}

#[test]
fn broken_and_hard_geojson_is_taken_or_refused_with_a_code() {
    for below in [
        "geometry_tests/booleanop",
        "geometry_tests/geojson_invalid/examples",
        "geometry_tests/antimeridian",
        "geometry_tests/geojson_fixtures_npm",
    ] {
        let Some(folder) = data(below) else { return };
        let (mut regions, mut footprints, mut refused) = (0, 0, BTreeMap::<&str, usize>::new());
        for file in files(&folder, &["geojson", "json"]) {
            let Ok(document) = serde_json::from_slice::<Value>(&std::fs::read(&file).unwrap()) else { continue };
            let mut found = Vec::new();
            geometries(&document, &mut found);
            for text in found {
                match Region::from_geojson(&text) {
                    Ok(_) => regions += 1,
                    Err(e) => *refused.entry(e.code()).or_default() += 1,
                }
                match SubmittedFootprint::from_geojson(&text, Crs::WGS84).and_then(|s| take(&s, 3857)) {
                    Ok(_) => footprints += 1,
                    Err(e) => assert!(!e.code().is_empty()),
                }
            }
        }
        eprintln!("{below}: {regions} regions and {footprints} footprints taken; regions refused {refused:?}");
        assert!(regions > 0);
    }
}
