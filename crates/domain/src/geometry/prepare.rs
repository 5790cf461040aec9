//! Making a footprint from what was submitted.
//!
//! Transform, snap, merge what fell together, turn rings the right way, and only then judge: a geometry that was
//! valid before snapping need not be after, and what is judged must be what is kept.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::area::geodesic_area;
use super::axis_order::{area_in_use, holds};
use super::crs::Crs;
use super::flaw::{Flaw, Subject};
use super::footprint::{Footprint, Outline};
use super::node::{Lattice, Node};
use super::outline::outline_of;
use super::refused::{GeometryRefused, GeometryWarning, Place};
use super::rings::{Ring, Rings};
use super::shape::Origin;
use super::spacing::closest_neighbours;
use super::submitted::SubmittedFootprint;
use super::transformation::Transformation;
use super::validity::first_flaw;
use crate::quantity::Area;

/// Farthest a vertex may move when projected back and forth, in metres; more, and the grid does not reach there.
const ROUND_TRIP_MAX_M: f64 = 0.001;

/// What a district does about spacing and least area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// Refuse; districts of the Chinese profile.
    Refuse,
    /// Warn and take it; OPEN districts.
    Warn,
}

/// A district's rules for footprints (`domain.md` 1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FootprintRules {
    /// Least distance of neighbouring vertices, in millimetres.
    pub spacing_min_mm: u32,
    /// Least area of a footprint.
    pub area_min: Area,
    /// What is done about either.
    pub strictness: Strictness,
}

impl FootprintRules {
    /// The rules of `domain.md` 1.4, 50 mm and 1 m², applied as strictly as told.
    pub const fn standard(strictness: Strictness) -> Self {
        Self { spacing_min_mm: 50, area_min: Area::from_units(10_000), strictness }
    }
}

/// A footprint that was made, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// The footprint.
    pub footprint: Footprint,
    /// The transformation from the submitted system to the grid, as text.
    pub transformation: String,
    /// Its stated accuracy in millimetres; none where none is stated.
    pub accuracy_mm: Option<u32>,
    /// What it was taken in spite of.
    pub warnings: Vec<GeometryWarning>,
}

impl Footprint {
    /// Makes a footprint in a district's grid; depends on its arguments alone, so it is done before the queue.
    pub fn prepare(
        submitted: &SubmittedFootprint,
        grid: Crs,
        rules: &FootprintRules,
    ) -> Result<Prepared, GeometryRefused> {
        if !grid.is_metric_grid() {
            return Err(GeometryRefused::NotAGrid { crs: grid });
        }
        let to_grid = between(submitted.crs(), grid)?;
        let rings = snapped(submitted, &to_grid)?;
        if let Some(flaw) = first_flaw(&rings) {
            return Err(told(flaw, &rings, submitted.crs(), grid));
        }
        let to_lonlat = between(grid, grid.geographic())?;
        let lonlat = lonlat_copy(&rings, submitted, grid, &to_lonlat)?;
        let area = geodesic_area(&lonlat);
        if area <= Area::from_units(0) {
            return Err(GeometryRefused::ZeroArea);
        }
        let warnings = judge(&rings, submitted, area, rules)?;
        let grid_copy = polygons(&rings, |_, node| Ok(Lattice::Grid.coord(node)))?;
        let outline = outline_of(&grid_copy).and_then(|rings| outline(&rings, &to_lonlat));
        Ok(Prepared {
            footprint: Self::new(grid_copy, lonlat, outline, area),
            transformation: to_grid.description(),
            accuracy_mm: to_grid.accuracy_mm(),
            warnings,
        })
    }
}

pub(super) fn between(from: Crs, to: Crs) -> Result<Transformation, GeometryRefused> {
    Transformation::between(from, to).map_err(|e| GeometryRefused::NoTransformation {
        from,
        to,
        problem: e.to_string(),
    })
}

/// Transforms and snaps every vertex, and turns the rings.
fn snapped(submitted: &SubmittedFootprint, to_grid: &Transformation) -> Result<Rings, GeometryRefused> {
    let crs = submitted.crs();
    let ring = |part: u32, number: u32, line: &LineString<f64>| {
        let mut nodes = Vec::with_capacity(line.0.len());
        for (vertex, &at) in (0_u32..).zip(&line.0) {
            nodes.push(grid_node(at, to_grid, crs, Origin { part, ring: number, vertex })?);
        }
        Ring::of(nodes.into_iter()).map_err(|short| GeometryRefused::RingTooShort {
            place: submitted_place(submitted, Origin { part, ring: number, vertex: 0 }),
            distinct: short.distinct,
        })
    };
    let part = |(part, polygon): (u32, &Polygon<f64>)| -> Result<Vec<Ring>, GeometryRefused> {
        let lines = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        (0_u32..).zip(lines).map(|(number, line)| ring(part, number, line)).collect()
    };
    let mut rings = Rings((0_u32..).zip(&submitted.geometry().0).map(part).collect::<Result<_, _>>()?);
    rings.orient();
    Ok(rings)
}

fn grid_node(at: Coord<f64>, to_grid: &Transformation, crs: Crs, origin: Origin) -> Result<Node, GeometryRefused> {
    /// Beyond this no projected system of the Earth has a point.
    const ORDINATE_MAX_M: f64 = 1e8;
    if !(at.x.is_finite() && at.y.is_finite()) {
        return Err(GeometryRefused::NotFinite { place: place(origin, None) });
    }
    let out_of_range = || GeometryRefused::OutOfRange { place: place(origin, Some([at.x, at.y])), crs };
    let on_grid = to_grid.apply_point(at).map_err(|_| out_of_range())?;
    if on_grid.x.abs() > ORDINATE_MAX_M || on_grid.y.abs() > ORDINATE_MAX_M {
        return Err(out_of_range());
    }
    Ok(Lattice::Grid.node(on_grid))
}

/// The vertices in longitude and latitude; refused where the grid is not used or does not reach.
fn lonlat_copy(
    rings: &Rings,
    submitted: &SubmittedFootprint,
    grid: Crs,
    to_lonlat: &Transformation,
) -> Result<MultiPolygon<f64>, GeometryRefused> {
    let reach = match area_in_use(grid) {
        Some(area) => Reach::Within(area),
        None => Reach::RoundTrip(between(grid.geographic(), grid)?),
    };
    polygons(rings, |origin, node| {
        let at = Lattice::Grid.coord(node);
        let place = || submitted_place(submitted, rings.submitted(Subject::Vertex, origin));
        let lonlat =
            to_lonlat.apply_point(at).map_err(|_| GeometryRefused::OutOfRange { place: place(), crs: grid })?;
        match &reach {
            Reach::Within(area) if holds(*area, lonlat) => Ok(nine_decimals(lonlat)),
            Reach::Within(_) => Err(GeometryRefused::CrsSuspect { place: place(), crs: grid }),
            Reach::RoundTrip(back) if returns(back, lonlat, at) => Ok(nine_decimals(lonlat)),
            Reach::RoundTrip(_) => Err(GeometryRefused::OutOfRange { place: place(), crs: grid }),
        }
    })
}

/// How far a grid is taken to reach.
enum Reach {
    /// Where it is known to be used.
    Within([f64; 4]),
    /// Elsewhere unknown: wherever its projection can be undone.
    RoundTrip(Transformation),
}

fn returns(back: &Transformation, lonlat: Coord<f64>, at: Coord<f64>) -> bool {
    back.apply_point(lonlat).is_ok_and(|again| (again - at).x.hypot((again - at).y) <= ROUND_TRIP_MAX_M)
}

fn nine_decimals(lonlat: Coord<f64>) -> Coord<f64> {
    Lattice::LonLat.coord(Lattice::LonLat.node(lonlat))
}

/// The outline in longitude and latitude; none in the odd case that its rounded vertices leave the grid's reach.
fn outline(rings: &Rings, to_lonlat: &Transformation) -> Option<Outline> {
    let lonlat = polygons(rings, |_, node| {
        let at = Lattice::Metre.coord(node);
        to_lonlat.apply_point(at).map(nine_decimals).map_err(|_| GeometryRefused::ZeroArea)
    });
    let lonlat = lonlat.ok()?;
    let area = geodesic_area(&lonlat);
    (area > Area::from_units(0)).then_some(Outline { lonlat, area })
}

/// Builds closed rings of coordinates from nodes.
fn polygons(
    rings: &Rings,
    coord: impl Fn(Origin, Node) -> Result<Coord<f64>, GeometryRefused>,
) -> Result<MultiPolygon<f64>, GeometryRefused> {
    let line = |part: u32, number: u32, ring: &Ring| -> Result<LineString<f64>, GeometryRefused> {
        let numbered = (0_u32..).zip(ring.nodes());
        let coords = numbered.map(|(vertex, &node)| coord(Origin { part, ring: number, vertex }, node));
        let mut coords = coords.collect::<Result<Vec<_>, _>>()?;
        coords.extend(coords.first().copied());
        Ok(LineString(coords))
    };
    let part = |(part, of_part): (u32, &Vec<Ring>)| {
        let mut lines = (0_u32..).zip(of_part).map(|(number, ring)| line(part, number, ring));
        let shell = lines.next().unwrap_or(Err(GeometryRefused::Empty))?;
        Ok(Polygon::new(shell, lines.collect::<Result<_, _>>()?))
    };
    (0_u32..).zip(&rings.0).map(part).collect::<Result<_, _>>().map(MultiPolygon)
}

/// Spacing and least area: refused or warned of.
fn judge(
    rings: &Rings,
    submitted: &SubmittedFootprint,
    area: Area,
    rules: &FootprintRules,
) -> Result<Vec<GeometryWarning>, GeometryRefused> {
    let mut warnings = Vec::new();
    if let Some((origin, spacing_um)) = closest_neighbours(rings, rules.spacing_min_mm) {
        let (place, min_mm) =
            (submitted_place(submitted, rings.submitted(Subject::Edge, origin)), rules.spacing_min_mm);
        match rules.strictness {
            Strictness::Refuse => return Err(GeometryRefused::VertexSpacing { place, spacing_um, min_mm }),
            Strictness::Warn => warnings.push(GeometryWarning::VertexSpacing { place, spacing_um, min_mm }),
        }
    }
    if area < rules.area_min {
        let min = rules.area_min;
        match rules.strictness {
            Strictness::Refuse => return Err(GeometryRefused::AreaTooSmall { area, min }),
            Strictness::Warn => warnings.push(GeometryWarning::AreaTooSmall { area, min }),
        }
    }
    let count = dropped(rings, submitted);
    if count > 0 {
        warnings.push(GeometryWarning::VerticesDropped { count });
    }
    Ok(warnings)
}

/// How many submitted vertices fell on their neighbour.
fn dropped(rings: &Rings, submitted: &SubmittedFootprint) -> usize {
    let lines = submitted.geometry().0.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    let given: usize = lines.map(|line| line.0.len().saturating_sub(1)).sum();
    given.saturating_sub(rings.vertices())
}

fn place(origin: Origin, at: Option<[f64; 2]>) -> Place {
    Place { part: origin.part, ring: origin.ring, vertex: origin.vertex, at }
}

/// The place of a submitted vertex with its ordinates.
fn submitted_place(submitted: &SubmittedFootprint, origin: Origin) -> Place {
    let polygon = submitted.geometry().0.get(origin.part as usize);
    let line = polygon.and_then(|p| match (origin.ring as usize).checked_sub(1) {
        None => Some(p.exterior()),
        Some(hole) => p.interiors().get(hole),
    });
    let at = line.and_then(|line| line.0.get(origin.vertex as usize));
    place(origin, at.map(|at| [at.x, at.y]))
}

/// A flaw in the sender's numbering and ordinates.
fn told(flaw: Flaw, rings: &Rings, crs: Crs, grid: Crs) -> GeometryRefused {
    let flaw = rings.submitted_flaw(flaw);
    let on_grid = Lattice::Grid.scaled(flaw.at);
    let at = Transformation::between(grid, crs).and_then(|back| back.apply_point(on_grid)).ok();
    flaw.told(place(flaw.origin, at.map(|at| [at.x, at.y])))
}
