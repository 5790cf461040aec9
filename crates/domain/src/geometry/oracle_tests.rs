//! The exact engine against the relate engine of `geo`, a second implementation, on small random polygons.
//!
//! Coordinates are small integers, so that touches, shared edges and passages through vertices are common.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::float_cmp, clippy::panic)]

use geo::coordinate_position::CoordPos;
use geo::dimensions::Dimensions;
use geo::{Relate, Validation};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use proptest::prelude::*;

use super::node::{Lattice, Node};
use super::rings::{Ring, Rings};
use super::shape::Shape;
use super::survey::Survey;
use super::validity::first_flaw;
use super::{GeometryRefused, Region, SpatialRelation};

fn line(points: &[(i32, i32)]) -> LineString<f64> {
    let coords = points.iter().chain(points.first()).map(|&(x, y)| Coord { x: f64::from(x), y: f64::from(y) });
    LineString(coords.collect())
}

/// The same coordinates as nodes of a lattice of whole units.
fn rings_of(polygons: &MultiPolygon<f64>) -> Option<Rings> {
    let ring = |l: &LineString<f64>| Ring::of(l.0.iter().map(|&c| Lattice::Metre.node(c))).ok();
    let part =
        |p: &Polygon<f64>| std::iter::once(p.exterior()).chain(p.interiors()).map(ring).collect::<Option<Vec<_>>>();
    let mut rings = Rings(polygons.0.iter().map(part).collect::<Option<Vec<_>>>()?);
    rings.orient();
    Some(rings)
}

fn points(reach: i32, count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<(i32, i32)>> {
    proptest::collection::vec((0..=reach, 0..=reach), count)
}

fn polygons() -> impl Strategy<Value = MultiPolygon<f64>> {
    let polygon = (points(8, 3..7), proptest::collection::vec(points(8, 3..5), 0..3))
        .prop_map(|(shell, holes)| Polygon::new(line(&shell), holes.iter().map(|h| line(h)).collect()));
    proptest::collection::vec(polygon, 1..3).prop_map(MultiPolygon)
}

/// Triangles and quadrilaterals inside a large shell, to meet valid holes often.
fn holed() -> impl Strategy<Value = MultiPolygon<f64>> {
    proptest::collection::vec(points(6, 3..5), 1..4).prop_map(|holes| {
        let shell = line(&[(0, 0), (6, 0), (6, 6), (0, 6)]);
        MultiPolygon(vec![Polygon::new(shell, holes.iter().map(|h| line(h)).collect())])
    })
}

fn simple() -> impl Strategy<Value = MultiPolygon<f64>> {
    points(7, 3..6).prop_map(|shell| MultiPolygon(vec![Polygon::new(line(&shell), Vec::new())]))
}

fn verdicts_agree(polygons: &MultiPolygon<f64>) -> Result<(), TestCaseError> {
    let Some(rings) = rings_of(polygons) else { return Ok(()) };
    let ours = first_flaw(&rings);
    // Repeated neighbours are merged before we judge; compare on what is left.
    let merged = floats(&rings);
    // Built with its own assertions it gives up at some geometries, of which it says itself that they are not valid.
    let theirs = std::panic::catch_unwind(|| merged.is_valid());
    match (ours.map(|f| f.fault), theirs.unwrap_or(false)) {
        // Connectedness is the one rule of the standard that geo says it does not check.
        (None | Some(super::flaw::Fault::InteriorDisconnected), true) | (Some(_), false) => Ok(()),
        // A ring without area passes there; it is not simple by the standard.
        (Some(super::flaw::Fault::Spike), true) if rings.numbered().any(|(_, _, r)| r.doubled_area() == 0) => Ok(()),
        (ours, theirs) => Err(TestCaseError::fail(format!("we say {ours:?}, geo says valid = {theirs}: {merged:?}"))),
    }
}

fn floats(rings: &Rings) -> MultiPolygon<f64> {
    let line = |r: &Ring| {
        LineString(r.nodes().iter().chain(r.nodes().first()).map(|&n: &Node| Lattice::Metre.coord(n)).collect())
    };
    MultiPolygon(rings.0.iter().map(|p| Polygon::new(line(&p[0]), p[1..].iter().map(line).collect())).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, max_global_rejects: 100_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn simple_polygons_are_judged_alike(polygons in simple()) {
        verdicts_agree(&polygons)?;
    }

    #[test]
    fn polygons_with_holes_are_judged_alike(polygons in holed()) {
        verdicts_agree(&polygons)?;
    }

    #[test]
    fn multipolygons_are_judged_alike(polygons in polygons()) {
        verdicts_agree(&polygons)?;
    }

    #[test]
    fn relations_of_valid_polygons_agree(a in prop_oneof![simple(), holed(), polygons()], b in prop_oneof![simple(), holed(), polygons()]) {
        let (Some(ours_a), Some(ours_b)) = (rings_of(&a), rings_of(&b)) else { return Ok(()) };
        prop_assume!(first_flaw(&ours_a).is_none() && first_flaw(&ours_b).is_none());
        let (a, b) = (floats(&ours_a), floats(&ours_b));
        let survey = Survey::of(&ours_a.shape(), &ours_b.shape());
        let matrix = a.relate(&b);
        prop_assert_eq!(survey.meets(), matrix.is_intersects());
        prop_assert_eq!(survey.overlaps(), matrix.get(CoordPos::Inside, CoordPos::Inside) == Dimensions::TwoDimensional);
        prop_assert_eq!(survey.first_is_covered(), matrix.is_coveredby());
    }

    #[test]
    fn a_region_with_a_raster_answers_as_without(
        radii in proptest::collection::vec(3.0..30.0_f64, 12..60),
        corner in (-40.0..40.0_f64, -40.0..40.0_f64),
        size in (0.05..8.0_f64, 0.05..8.0_f64),
    ) {
        let count = u32::try_from(radii.len()).unwrap();
        let star = (0_u32..).zip(&radii).map(|(i, r)| {
            let angle = f64::from(i) / f64::from(count) * std::f64::consts::TAU;
            Coord { x: r * angle.cos(), y: r * angle.sin() }
        });
        let region = MultiPolygon(vec![Polygon::new(LineString(star.collect()), Vec::new())]);
        let (x, y) = corner;
        let (w, h) = size;
        let parcel = MultiPolygon(vec![Polygon::new(LineString(vec![(x, y).into(), (x + w, y).into(), (x + w, y + h).into(), (x, y).into()]), Vec::new())]);
        let prepared = Region::new(&region).unwrap();
        let plain = Survey::of(&Shape::of(&parcel, Lattice::LonLat), &Shape::of(prepared.polygons(), Lattice::LonLat));
        prop_assert_eq!(prepared.matches(&parcel, SpatialRelation::Intersects), plain.meets());
        prop_assert_eq!(prepared.matches(&parcel, SpatialRelation::Covered), plain.first_is_covered());
        let matrix = parcel.relate(prepared.polygons());
        prop_assert_eq!(plain.meets(), matrix.is_intersects());
        let whole = prepared.matches(&parcel, SpatialRelation::AreaShare { min_share_ppm: 1_000_000 });
        prop_assert!(!plain.first_is_covered() || whole);
        let some = prepared.matches(&parcel, SpatialRelation::AreaShare { min_share_ppm: 0 });
        prop_assert_eq!(some, plain.overlaps());
    }

    #[test]
    fn regions_of_any_numbers_are_taken_or_refused(numbers in proptest::collection::vec(prop_oneof![any::<f64>(), -200.0..200.0_f64, Just(f64::NAN), Just(1e300)], 6..40)) {
        let coords: Vec<Coord<f64>> = numbers.chunks_exact(2).map(|c| Coord { x: c[0], y: c[1] }).collect();
        let polygons = MultiPolygon(vec![Polygon::new(LineString(coords), Vec::new())]);
        let verdict: Result<Region, GeometryRefused> = Region::new(&polygons);
        if let Err(refused) = verdict {
            prop_assert!(!refused.code().is_empty() && !refused.to_string().is_empty());
        }
    }
}
