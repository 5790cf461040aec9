//! Tests of search regions: touching, covering, shares, and bad regions.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::float_cmp, clippy::panic)]

use geo_types::{MultiPolygon, Polygon, Rect};

use super::{Region, SpatialRelation};

fn boxed(west: f64, south: f64, east: f64, north: f64) -> MultiPolygon<f64> {
    let rect: Polygon<f64> = Rect::new((west, south), (east, north)).to_polygon();
    MultiPolygon(vec![rect])
}

const SHARE: fn(u32) -> SpatialRelation = |min_share_ppm| SpatialRelation::AreaShare { min_share_ppm };

#[test]
fn touching_counts_as_intersecting_and_boundaries_may_touch_when_covered() {
    let region = Region::rectangle([119.0, 29.0, 120.0, 30.0]).unwrap();
    assert_eq!(region.bounds(), [119.0, 29.0, 120.0, 30.0]);
    let beside = boxed(120.0, 29.2, 120.1, 29.3);
    assert!(region.matches(&beside, SpatialRelation::Intersects));
    assert!(!region.matches(&beside, SpatialRelation::Covered));
    assert!(!region.matches(&beside, SHARE(0)), "nothing of it lies inside");
    let corner = boxed(120.0, 30.0, 120.1, 30.1);
    assert!(region.matches(&corner, SpatialRelation::Intersects));
    let inside_at_the_edge = boxed(119.9, 29.9, 120.0, 30.0);
    assert!(region.matches(&inside_at_the_edge, SpatialRelation::Covered));
    let a_billionth_out = boxed(119.9, 29.9, 120.000_000_001, 30.0);
    assert!(!region.matches(&a_billionth_out, SpatialRelation::Covered));
    let a_billionth_off = boxed(120.000_000_001, 29.2, 120.1, 29.3);
    assert!(!region.matches(&a_billionth_off, SpatialRelation::Intersects));
}

#[test]
fn shares_are_of_the_parcels_area() {
    let region = Region::rectangle([119.0, 29.0, 120.0, 30.0]).unwrap();
    let quarter = boxed(119.99, 29.99, 120.01, 30.01);
    assert!(region.matches(&quarter, SHARE(249_999)));
    assert!(!region.matches(&quarter, SHARE(250_001)));
    assert!(region.matches(&boxed(118.0, 28.0, 121.0, 31.0), SHARE(111_111)), "the parcel holds the region");
    assert!(!region.matches(&boxed(118.0, 28.0, 121.0, 31.0), SHARE(111_112)));
}

#[test]
fn a_parcel_in_a_hole_of_the_region_only_meets_it_at_the_rim() {
    let region = Region::from_geojson(
        r#"{"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]],[[4,4],[4,6],[6,6],[6,4],[4,4]]]}"#,
    )
    .unwrap();
    assert!(!region.matches(&boxed(4.5, 4.5, 5.5, 5.5), SpatialRelation::Intersects));
    assert!(region.matches(&boxed(4.0, 4.0, 6.0, 6.0), SpatialRelation::Intersects));
    assert!(!region.matches(&boxed(4.0, 4.0, 6.0, 6.0), SpatialRelation::Covered));
    assert!(!region.matches(&boxed(3.0, 3.0, 7.0, 7.0), SpatialRelation::Covered), "the hole lies in the parcel");
    assert!(region.matches(&boxed(3.0, 3.0, 7.0, 7.0), SHARE(750_000)));
    assert!(!region.matches(&boxed(3.0, 3.0, 7.0, 7.0), SHARE(750_001)));
}

#[test]
fn parcels_of_several_parts_are_covered_only_when_each_is() {
    let region = Region::rectangle([0.0, 0.0, 10.0, 10.0]).unwrap();
    let both = MultiPolygon(vec![boxed(1.0, 1.0, 2.0, 2.0).0[0].clone(), boxed(20.0, 1.0, 21.0, 2.0).0[0].clone()]);
    assert!(region.matches(&both, SpatialRelation::Intersects));
    assert!(!region.matches(&both, SpatialRelation::Covered));
    assert!(region.matches(&both, SHARE(500_000)));
    assert!(!region.matches(&both, SHARE(500_001)));
}

#[test]
fn bad_regions_are_refused_with_a_place() {
    let bow_tie =
        Region::from_geojson(r#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}"#).unwrap_err();
    assert_eq!(bow_tie.code(), "RING_SELF_INTERSECTION");
    assert_eq!(bow_tie.place().unwrap().at, Some([0.5, 0.5]));
    assert_eq!(Region::rectangle([1.0, 1.0, 1.0, 2.0]).unwrap_err().code(), "RING_TOO_SHORT");
    assert_eq!(Region::rectangle([0.0, 0.0, 181.0, 2.0]).unwrap_err().code(), "COORDINATE_OUT_OF_RANGE");
    assert_eq!(Region::rectangle([0.0, 0.0, f64::NAN, 2.0]).unwrap_err().code(), "GEOMETRY_NOT_FINITE");
}
