//! The part of a question that the geometry engine answers.

use geo_types::{Coord, LineString, MultiPolygon};
use yulin_domain::geometry::{SpatialRelation, Transformation, distance_m, multipolygon_from_wkb};

use super::query::{Near, ParcelQuery, Sight};
use crate::error::PersistenceError;

/// How far, in degrees, an outline may reach beyond the footprint whose box is indexed: more than a metre.
const OUTLINE_MARGIN: f64 = 2e-5;
/// Land that a parcel must share with a zone, in millionths of its area, to lie in it at all.
const SHARED_LEAST_PPM: u32 = 1;

/// Whether rows must be looked at one by one.
pub fn needs_geometry(query: &ParcelQuery) -> bool {
    query.area.is_some() || query.near.is_some() || !query.inside.is_empty() || !query.outside.is_empty()
}

/// Boxes in degrees that every answer meets.
pub fn boxes(query: &ParcelQuery) -> Vec<[f64; 4]> {
    let margin = match query.sight {
        Sight::Full => 0.0,
        Sight::Outline => OUTLINE_MARGIN,
    };
    let near = query.near.as_ref().and_then(near_box);
    let area = query.area.as_ref().map(|(region, _)| region.bounds());
    let inside = union(query.inside.iter().map(yulin_domain::geometry::Region::bounds));
    let all = area.into_iter().chain(near).chain(inside);
    all.map(|[west, south, east, north]| [west - margin, south - margin, east + margin, north + margin]).collect()
}

fn union(boxes: impl Iterator<Item = [f64; 4]>) -> Option<[f64; 4]> {
    boxes.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])
}

/// The box around the places in degrees; none where it cannot be told, and nothing is narrowed.
fn near_box(near: &Near) -> Option<[f64; 4]> {
    let points = near.targets.iter().flatten().map(|[x, y]| [*x, *y, *x, *y]);
    let [west, south, east, north] = union(points)?;
    let to_degrees = Transformation::between(near.grid, near.grid.geographic()).ok()?;
    // Grid lines bend against meridians by far less than a hundredth of the reach.
    let reach = near.within_m * 1.01 + 10.0;
    let xs = [west - reach, east + reach];
    let ys = [south - reach, north + reach];
    let corners = xs.into_iter().flat_map(|x| ys.map(|y| Coord { x, y }));
    let degrees: Option<Vec<_>> = corners.map(|corner| to_degrees.apply_point(corner).ok()).collect();
    union(degrees?.into_iter().map(|at| [at.x, at.y, at.x, at.y]))
}

/// What of a question is decided shape by shape, prepared once.
pub struct Judge<'a> {
    query: &'a ParcelQuery,
    to_grid: Option<Transformation>,
}

impl<'a> Judge<'a> {
    /// Prepares for many shapes.
    pub fn of(query: &'a ParcelQuery) -> Self {
        let near = query.near.as_ref();
        let to_grid = near.and_then(|near| Transformation::between(near.grid.geographic(), near.grid).ok());
        Self { query, to_grid }
    }

    /// Whether a shape answers, and its distance where places are given.
    pub fn admits(&self, row: i64, wkb: Option<&[u8]>) -> Result<Option<Option<f64>>, PersistenceError> {
        let Some(wkb) = wkb else { return Ok(None) };
        let shape = multipolygon_from_wkb(wkb);
        let shape = shape.map_err(|why| PersistenceError::corrupt("parcel_index", row, why))?;
        let query = self.query;
        let in_area = query.area.as_ref().is_none_or(|(region, relation)| region.matches(&shape, *relation));
        let inside = || query.inside.iter().any(|region| region.matches(&shape, SpatialRelation::Covered));
        let shares = SpatialRelation::AreaShare { min_share_ppm: SHARED_LEAST_PPM };
        let outside = || !query.outside.iter().any(|region| region.matches(&shape, shares));
        if !in_area || !(query.inside.is_empty() || inside()) || !outside() {
            return Ok(None);
        }
        let Some(near) = &query.near else { return Ok(Some(None)) };
        let distance = self.distance(&shape, near);
        Ok(distance.filter(|metres| *metres <= near.within_m).map(Some))
    }

    fn distance(&self, shape: &MultiPolygon<f64>, near: &Near) -> Option<f64> {
        let in_grid = self.to_grid.as_ref()?.apply(shape).ok()?;
        near.targets.iter().map(|target| to_target(&in_grid, target)).reduce(f64::min)
    }
}

fn to_target(in_grid: &MultiPolygon<f64>, target: &[[f64; 2]]) -> f64 {
    use geo::{Distance, Euclidean};
    match target {
        [[x, y]] => distance_m(Coord { x: *x, y: *y }, in_grid),
        vertices => {
            let line: LineString<f64> = vertices.iter().map(|[x, y]| Coord { x: *x, y: *y }).collect();
            in_grid.iter().map(|part| Euclidean.distance(part, &line)).fold(f64::INFINITY, f64::min)
        }
    }
}
