//! How long things take; run in release with `--run-ignored only --no-capture`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stderr)]

use std::time::{Duration, Instant};

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::{Crs, Footprint, FootprintRules, Region, SpatialRelation, Strictness, SubmittedFootprint, overlap_area};

const ROUNDS: u32 = 20_000;

/// The mean time of one call.
fn mean(name: &str, mut call: impl FnMut(u32)) -> Duration {
    let started = Instant::now();
    (0..ROUNDS).for_each(&mut call);
    let each = started.elapsed() / ROUNDS;
    eprintln!("{name}: {each:?}");
    each
}

/// Nine vertices about a point.
fn parcel(x: f64, y: f64) -> MultiPolygon<f64> {
    let shell = [
        (0.0, 0.0),
        (30.0, 1.0),
        (60.0, 0.0),
        (61.0, 20.0),
        (60.0, 40.0),
        (30.0, 41.0),
        (0.0, 40.0),
        (-1.0, 30.0),
        (-1.0, 10.0),
    ];
    let ring = shell.iter().map(|(dx, dy)| Coord { x: x + dx, y: y + dy });
    MultiPolygon(vec![Polygon::new(LineString(ring.collect()), Vec::new())])
}

fn footprint(x: f64, y: f64) -> Footprint {
    let grid = Crs::epsg(4549).unwrap();
    let submitted = SubmittedFootprint::new(grid, parcel(x, y)).unwrap();
    Footprint::prepare(&submitted, grid, &FootprintRules::standard(Strictness::Refuse)).unwrap().footprint
}

#[test]
#[ignore = "a measurement; run in release"]
fn a_parcel_is_prepared_and_compared_in_microseconds() {
    let grid = Crs::epsg(4549).unwrap();
    let rules = FootprintRules::standard(Strictness::Refuse);
    let submitted = SubmittedFootprint::new(grid, parcel(490_000.0, 3_260_000.0)).unwrap();
    let prepare = mean("prepare, nine vertices in the grid", |_| {
        std::hint::black_box(Footprint::prepare(&submitted, grid, &rules).unwrap());
    });
    let one = footprint(490_000.0, 3_260_000.0);
    let lonlat = SubmittedFootprint::new(Crs::CGCS2000, one.lonlat().clone()).unwrap();
    mean("prepare, nine vertices in longitude and latitude", |_| {
        std::hint::black_box(Footprint::prepare(&lonlat, grid, &rules).unwrap());
    });
    let beside = footprint(490_062.0, 3_260_000.0);
    let compare = mean("overlap of neighbours that touch", |_| {
        std::hint::black_box(overlap_area(&one, &beside).unwrap());
    });
    let over = footprint(490_050.0, 3_260_010.0);
    mean("overlap measured", |_| {
        std::hint::black_box(overlap_area(&one, &over).unwrap());
    });
    assert!(prepare < Duration::from_micros(100) && compare < Duration::from_micros(20));
}

#[test]
#[ignore = "a measurement; run in release"]
fn a_region_is_asked_in_fractions_of_a_microsecond() {
    let parcels: Vec<Footprint> = (0_u32..10_000)
        .map(|i| footprint(490_000.0 + f64::from(i % 100) * 70.0, 3_260_000.0 + f64::from(i / 100) * 50.0))
        .collect();
    let middle = parcels[5050].bounds_lonlat();
    let star = (0_u32..200).map(|i| {
        let (angle, r) = (f64::from(i) / 200.0 * std::f64::consts::TAU, 0.018 + 0.006 * f64::from(i % 7) / 7.0);
        Coord { x: middle[0] + r * angle.cos(), y: middle[1] + r * angle.sin() }
    });
    let polygons = MultiPolygon(vec![Polygon::new(LineString(star.collect()), Vec::new())]);
    let started = Instant::now();
    let region = Region::new(&polygons).unwrap();
    eprintln!("region of 200 vertices prepared: {:?}", started.elapsed());
    for relation in
        [SpatialRelation::Intersects, SpatialRelation::Covered, SpatialRelation::AreaShare { min_share_ppm: 500_000 }]
    {
        let started = Instant::now();
        let found = parcels.iter().filter(|p| region.matches(p.lonlat(), relation)).count();
        let elapsed = started.elapsed();
        eprintln!("{relation:?}: {found} of {} in {elapsed:?}", parcels.len());
        assert!(found > 0 && elapsed < Duration::from_secs(1));
    }
}

#[test]
#[ignore = "a measurement; run in release"]
fn the_largest_footprint_is_prepared_in_well_under_a_second() {
    let grid = Crs::epsg(4549).unwrap();
    let count = u32::try_from(super::VERTICES_MAX - 1).unwrap();
    let ring = (0..count).map(|i| {
        let (angle, r) = (f64::from(i) / f64::from(count) * std::f64::consts::TAU, 5_000.0 + f64::from(i % 11));
        Coord { x: 490_000.0 + r * angle.cos(), y: 3_260_000.0 + r * angle.sin() }
    });
    let polygons = MultiPolygon(vec![Polygon::new(LineString(ring.collect()), Vec::new())]);
    let submitted = SubmittedFootprint::new(grid, polygons).unwrap();
    let started = Instant::now();
    let prepared = Footprint::prepare(&submitted, grid, &FootprintRules::standard(Strictness::Refuse)).unwrap();
    let elapsed = started.elapsed();
    eprintln!("{count} vertices prepared in {elapsed:?}, outline: {}", prepared.footprint.outline().is_some());
    assert!(elapsed < Duration::from_millis(500));
}
