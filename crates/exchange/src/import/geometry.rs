//! Geometry of a feature as acts carry it: east first, in a known system.

use geo::MapCoords;
use geo_types::{Coord, Geometry, LineString, MultiPolygon};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::{Crs, SubmittedFootprint};
use yulin_domain::journal::Refused;
use yulin_domain::land::FeatureGeometry;

use super::plan::Setting;
use crate::format::{FeatureProblem, SourceFeature};

/// How far a vertex may lie from the registered one and still be the same: a millimetre, what copies in degrees keep.
const SAME_M: f64 = 0.001;

/// The refusal of a feature whose geometry could not be read.
pub(super) fn problem(why: &FeatureProblem) -> Refused {
    let code = why.code().parse().unwrap_or(ErrorCode::RecordCorrupt);
    Refused::new(code).at("footprint").told("problem", why)
}

/// The polygons of a feature as they are submitted; none where it has no geometry.
pub(super) fn submitted(feature: &SourceFeature, setting: &Setting<'_>) -> Result<Option<SubmittedFootprint>, Refused> {
    let Some(geometry) = east_first(feature, setting)? else { return Ok(None) };
    let footprint = SubmittedFootprint::from_geometry(geometry, crs_of(setting)?);
    footprint.map(Some).map_err(|why| why.refused("footprint"))
}

/// The points or lines of a feature; none where it has no geometry.
pub(super) fn lines(feature: &SourceFeature, setting: &Setting<'_>) -> Result<Option<FeatureGeometry>, Refused> {
    let Some(geometry) = east_first(feature, setting)? else { return Ok(None) };
    let point = |at: Coord<f64>| vec![[at.x, at.y]];
    let line = |line: &LineString<f64>| match line.0.len() {
        0 | 1 => Err(Refused::new(ErrorCode::LineTooShort).at("geometry").with("positions", line.0.len())),
        _ => Ok(line.0.iter().map(|at| [at.x, at.y]).collect::<Vec<_>>()),
    };
    let lines = match &geometry {
        Geometry::Point(at) => vec![point(at.0)],
        Geometry::MultiPoint(points) => points.0.iter().map(|at| point(at.0)).collect(),
        Geometry::LineString(of_one) => vec![line(of_one)?],
        Geometry::Line(of_one) => vec![line(&LineString(vec![of_one.start, of_one.end]))?],
        Geometry::MultiLineString(several) => several.0.iter().map(line).collect::<Result<_, _>>()?,
        Geometry::Polygon(_)
        | Geometry::MultiPolygon(_)
        | Geometry::Rect(_)
        | Geometry::Triangle(_)
        | Geometry::GeometryCollection(_) => {
            let refused = Refused::new(ErrorCode::GeometryType).at("geometry");
            return Err(refused.with("allowed", vec!["Point", "MultiPoint", "LineString", "MultiLineString"]));
        }
    };
    Ok(Some(FeatureGeometry { crs: crs_of(setting)?, lines }))
}

fn east_first(feature: &SourceFeature, setting: &Setting<'_>) -> Result<Option<Geometry<f64>>, Refused> {
    match &feature.geometry {
        Err(why) => Err(problem(why)),
        Ok(None) => Ok(None),
        Ok(Some(geometry)) => Ok(Some(geometry.map_coords(|at| setting.axis.east_north(at)))),
    }
}

fn crs_of(setting: &Setting<'_>) -> Result<Crs, Refused> {
    setting.crs.ok_or_else(|| Refused::new(ErrorCode::CrsMissing).at("crs"))
}

/// Whether two footprints in one grid are the same, vertex by vertex, to the millimetre.
pub(super) fn same_on_grid(one: &MultiPolygon<f64>, other: &MultiPolygon<f64>) -> bool {
    let close = |a: &Coord<f64>, b: &Coord<f64>| (a.x - b.x).abs() <= SAME_M && (a.y - b.y).abs() <= SAME_M;
    let line = |a: &LineString<f64>, b: &LineString<f64>| {
        a.0.len() == b.0.len() && a.0.iter().zip(&b.0).all(|(a, b)| close(a, b))
    };
    one.0.len() == other.0.len()
        && one.0.iter().zip(&other.0).all(|(a, b)| {
            line(a.exterior(), b.exterior())
                && a.interiors().len() == b.interiors().len()
                && a.interiors().iter().zip(b.interiors()).all(|(a, b)| line(a, b))
        })
}

/// Whether two sets of grid lines are the same to the millimetre.
pub(super) fn same_lines(one: &FeatureGeometry, other: &FeatureGeometry) -> bool {
    let close = |a: &[f64; 2], b: &[f64; 2]| a.iter().zip(b).all(|(a, b)| (a - b).abs() <= SAME_M);
    let line = |a: &Vec<[f64; 2]>, b: &Vec<[f64; 2]>| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(a, b));
    one.crs == other.crs
        && one.lines.len() == other.lines.len()
        && one.lines.iter().zip(&other.lines).all(|(a, b)| line(a, b))
}
