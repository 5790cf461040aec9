//! Transformations between reference systems: which steps are taken, how accurate they are said to be, and doing it.
//!
//! x is east or longitude and y is north or latitude on both sides, in the unit of the system (degrees, never
//! radians). What cannot be computed is an error; no coordinate comes out that is not a finite number.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use proj4rs::Proj;
use proj4rs::transform::{Transform, TransformClosure, transform};

use super::crs::{Crs, CrsUnknown};
use super::crs_definition::{Definition, Kind, Shift};

/// A transformation could not be made or applied.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CrsError {
    /// A system has no definition here.
    #[error(transparent)]
    Unknown(#[from] CrsUnknown),
    /// The shift between the datums is not available.
    #[error("the datum shift between {from} and {to} is not available")]
    NoDatumShift { from: Crs, to: Crs },
    /// The projection's definition is not supported.
    #[error("{crs} cannot be projected: {reason}")]
    Unsupported { crs: Crs, reason: String },
    /// The coordinate lies outside what the transformation can compute.
    #[error("({x}, {y}) cannot be transformed from {from} to {to}")]
    OutOfRange { x: f64, y: f64, from: Crs, to: Crs },
}

/// A transformation from one system to another.
#[derive(Debug, Clone)]
pub struct Transformation {
    from: Crs,
    to: Crs,
    /// None when the systems are one and ordinates are kept as they are.
    steps: Option<Arc<Steps>>,
}

#[derive(Debug)]
struct Steps {
    from: Projected,
    to: Projected,
    datum: DatumStep,
}

#[derive(Debug)]
struct Projected {
    kind: Kind,
    text: String,
    proj: Proj,
}

/// What is done about the datum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DatumStep {
    /// Both systems have one datum.
    Same,
    /// Geocentric datums, taken as equal.
    TakenAsEqual,
    /// Seven parameters by way of WGS 84; the stated accuracy where one is known, in millimetres.
    Parameters(Option<u32>),
}

type Cache = RwLock<HashMap<(Crs, Crs), Arc<Steps>>>;

/// Definitions are parsed once a process: parsing costs more than projecting a parcel.
fn cache() -> &'static Cache {
    static CACHE: OnceLock<Cache> = OnceLock::new();
    CACHE.get_or_init(Cache::default)
}

impl Transformation {
    /// The transformation between two systems; cheap after the first time.
    pub fn between(from: Crs, to: Crs) -> Result<Self, CrsError> {
        if from == to {
            return Ok(Self { from, to, steps: None });
        }
        if let Some(steps) = cache().read().unwrap_or_else(PoisonError::into_inner).get(&(from, to)) {
            return Ok(Self { from, to, steps: Some(Arc::clone(steps)) });
        }
        let steps = Arc::new(Steps::between(from, to)?);
        cache().write().unwrap_or_else(PoisonError::into_inner).insert((from, to), Arc::clone(&steps));
        Ok(Self { from, to, steps: Some(steps) })
    }

    /// Transforms one coordinate.
    pub fn apply_point(&self, at: Coord<f64>) -> Result<Coord<f64>, CrsError> {
        let out_of_range = || CrsError::OutOfRange { x: at.x, y: at.y, from: self.from, to: self.to };
        if !(at.x.is_finite() && at.y.is_finite()) {
            return Err(out_of_range());
        }
        let Some(steps) = &self.steps else { return Ok(at) };
        steps.apply(at).filter(|out| out.x.is_finite() && out.y.is_finite()).ok_or_else(out_of_range)
    }

    /// Transforms every vertex.
    pub fn apply(&self, polygons: &MultiPolygon<f64>) -> Result<MultiPolygon<f64>, CrsError> {
        let ring = |line: &LineString<f64>| -> Result<LineString<f64>, CrsError> {
            line.0.iter().map(|&at| self.apply_point(at)).collect::<Result<_, _>>().map(LineString)
        };
        let part = |polygon: &Polygon<f64>| -> Result<Polygon<f64>, CrsError> {
            let holes = polygon.interiors().iter().map(ring).collect::<Result<_, _>>()?;
            Ok(Polygon::new(ring(polygon.exterior())?, holes))
        };
        polygons.0.iter().map(part).collect::<Result<_, _>>().map(MultiPolygon)
    }

    /// The steps taken, as text for the record.
    pub fn description(&self) -> String {
        let Some(Steps { from, to, datum }) = self.steps.as_deref() else {
            return format!("{}, ordinates kept", self.from);
        };
        let datum = match datum {
            DatumStep::Same => "same datum",
            DatumStep::TakenAsEqual => "datums taken as equal, which holds to about a metre",
            DatumStep::Parameters(_) => "datum shift by parameters by way of WGS 84, without a grid of corrections",
        };
        format!("{} [{}] to {} [{}]; {datum}", self.from, from.text, self.to, to.text)
    }

    /// The accuracy stated for the transformation in millimetres; none where none is stated.
    ///
    /// Sources: EPSG:1671 (RGF93), EPSG:1149 (ETRS89) and their like state 1 m for equal geocentric datums, and
    /// EPSG:4833 states 1 m for Amersfoort by parameters. Within one datum the projection is exact to a millimetre.
    pub fn accuracy_mm(&self) -> Option<u32> {
        match self.steps.as_deref().map(|steps| steps.datum) {
            None => Some(0),
            Some(DatumStep::Same) => Some(1),
            Some(DatumStep::TakenAsEqual) => Some(1000),
            Some(DatumStep::Parameters(stated)) => stated,
        }
    }
}

impl Steps {
    fn between(from: Crs, to: Crs) -> Result<Self, CrsError> {
        let (source, target) = (defined(from)?, defined(to)?);
        let datum = datum_step(&source, &target).ok_or(CrsError::NoDatumShift { from, to })?;
        let text = |d: &Definition| match datum {
            DatumStep::Same | DatumStep::TakenAsEqual => d.without_shift(),
            DatumStep::Parameters(_) => d.with_shift(),
        };
        Ok(Self {
            from: Projected::of(from, source.kind, text(&source))?,
            to: Projected::of(to, target.kind, text(&target))?,
            datum,
        })
    }

    fn apply(&self, at: Coord<f64>) -> Option<Coord<f64>> {
        let mut point = match self.from.kind {
            Kind::Geographic if at.x.abs() > 180.0 || at.y.abs() > 90.0 => return None,
            Kind::Geographic => Point { x: at.x.to_radians(), y: at.y.to_radians() },
            Kind::Projected => Point { x: at.x, y: at.y },
        };
        transform(&self.from.proj, &self.to.proj, &mut point).ok()?;
        Some(match self.to.kind {
            Kind::Geographic => Coord { x: point.x.to_degrees(), y: point.y.to_degrees() },
            Kind::Projected => Coord { x: point.x, y: point.y },
        })
    }
}

impl Projected {
    fn of(crs: Crs, kind: Kind, text: String) -> Result<Self, CrsError> {
        let proj = Proj::from_proj_string(&text).map_err(|e| CrsError::Unsupported { crs, reason: e.to_string() })?;
        Ok(Self { kind, text, proj })
    }
}

fn defined(crs: Crs) -> Result<Definition, CrsError> {
    crs.definition().ok_or(CrsError::Unknown(CrsUnknown { code: crs.code() }))
}

fn datum_step(from: &Definition, to: &Definition) -> Option<DatumStep> {
    if from.base.is_some() && from.base == to.base {
        return Some(DatumStep::Same);
    }
    let dutch = |d: &Definition| d.base == Some(super::crs::AMERSFOORT);
    match (from.shift, to.shift) {
        (Shift::None, Shift::None) => Some(DatumStep::TakenAsEqual),
        (Shift::Unknown, _) | (_, Shift::Unknown) => None,
        (Shift::None, _) | (_, Shift::None) if dutch(from) || dutch(to) => Some(DatumStep::Parameters(Some(1000))),
        _ => Some(DatumStep::Parameters(None)),
    }
}

/// A coordinate as the projection library wants it: radians or metres.
struct Point {
    x: f64,
    y: f64,
}

impl Transform for Point {
    fn transform_coordinates<F: TransformClosure>(&mut self, f: &mut F) -> proj4rs::errors::Result<()> {
        let (x, y, _height) = f(self.x, self.y, 0.0)?;
        (self.x, self.y) = (x, y);
        Ok(())
    }
}
