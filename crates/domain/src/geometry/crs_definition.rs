//! What the catalogue of definitions says of a reference system.
//!
//! The catalogue's strings mix projection and datum shift. They are taken apart here, because a missing shift makes
//! a projection library copy longitudes between datums in silence, and such a parcel lies a hundred metres off.

use std::collections::HashMap;
use std::sync::{OnceLock, PoisonError, RwLock};

use super::crs::AMERSFOORT;

/// Degrees or lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Geographic,
    Projected,
}

/// How the datum is shifted from WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shift {
    /// Not at all, to within a metre.
    None,
    /// By these seven (or three) parameters, as `+towgs84=` takes them.
    Parameters(&'static str),
    /// By the parameters the projection library knows under the datum's name.
    Named,
    /// By parameters or a grid that are not available.
    Unknown,
}

/// Amersfoort to WGS 84 (4), EPSG:4833, rotations turned from microradians into seconds of arc and the position
/// vector convention. It replaces the older set in the catalogue, which EPSG lists as superseded.
const AMERSFOORT_SHIFT: &str = "565.4171,50.3319,465.5524,-0.398957388,0.343987817,-1.877401640,4.0725";

/// A definition.
#[derive(Debug, Clone, Copy)]
pub(super) struct Definition {
    pub kind: Kind,
    pub metres: bool,
    pub shift: Shift,
    /// The EPSG code of the geographic system it is based on.
    pub base: Option<u32>,
    text: &'static str,
}

type Cache = RwLock<HashMap<u32, Definition>>;

/// Definitions are read once a process; reading one costs as much as projecting a parcel.
fn cache() -> &'static Cache {
    static CACHE: OnceLock<Cache> = OnceLock::new();
    CACHE.get_or_init(Cache::default)
}

impl Definition {
    /// The definition of a code; none where it is unknown, not of the surface, or not in east and north.
    pub(super) fn of(code: u32) -> Option<Self> {
        if let Some(known) = cache().read().unwrap_or_else(PoisonError::into_inner).get(&code) {
            return Some(*known);
        }
        let definition = Self::read(code)?;
        // Only what the catalogue holds is kept, so that asking for nonsense fills no memory.
        cache().write().unwrap_or_else(PoisonError::into_inner).insert(code, definition);
        Some(definition)
    }

    fn read(code: u32) -> Option<Self> {
        let known = crs_definitions::from_code(u16::try_from(code).ok()?)?;
        let text = known.proj4;
        let kind = match value(text, "proj")? {
            "longlat" => Kind::Geographic,
            // Not of the surface, or projections that are not available.
            "geocent" | "labrd" | "nzmg" => return None,
            _ => Kind::Projected,
        };
        // Westing and southing would break the promise that x is east and y is north.
        if value(text, "axis").is_some() {
            return None;
        }
        let metres = value(text, "units").unwrap_or("m") == "m" && value(text, "to_meter").is_none();
        let base = base_code(known.wkt);
        Some(Self { kind, metres, shift: shift(text, base), base, text })
    }

    /// The projection alone, on its own ellipsoid, so that no datum shift is applied.
    pub(super) fn without_shift(&self) -> String {
        match self.shift {
            Shift::Named => self.text.to_owned(),
            Shift::None | Shift::Parameters(_) | Shift::Unknown => self.stripped(),
        }
    }

    /// The projection with the shift to WGS 84.
    pub(super) fn with_shift(&self) -> String {
        match self.shift {
            Shift::Named => self.text.to_owned(),
            // The web map's projection is of a sphere, its latitudes are of WGS 84: told as a shift of nothing, those
            // latitudes would be taken for the sphere's and lie twenty kilometres off.
            Shift::None if value(self.text, "nadgrids") == Some("@null") => {
                format!("{} +nadgrids=@null", self.stripped())
            }
            Shift::None | Shift::Unknown => format!("{} +towgs84=0,0,0", self.stripped()),
            Shift::Parameters(parameters) => format!("{} +towgs84={parameters}", self.stripped()),
        }
    }

    /// A numeric parameter of the projection.
    pub(super) fn number(&self, name: &str) -> Option<f64> {
        value(self.text, name)?.parse().ok()
    }

    fn stripped(&self) -> String {
        let kept = self.text.split_whitespace().filter_map(|token| match token {
            "+datum=WGS84" => Some("+ellps=WGS84"),
            "+datum=NAD83" => Some("+ellps=GRS80"),
            "+wktext" | "+no_defs" => None,
            _ if token.starts_with("+towgs84=") || token.starts_with("+nadgrids=") => None,
            _ => Some(token),
        });
        kept.collect::<Vec<_>>().join(" ")
    }
}

fn shift(text: &'static str, base: Option<u32>) -> Shift {
    if base == Some(AMERSFOORT) {
        return Shift::Parameters(AMERSFOORT_SHIFT);
    }
    if let Some(parameters) = value(text, "towgs84") {
        let zero = parameters.split(',').all(|p| p.parse() == Ok(0.0));
        return if zero { Shift::None } else { Shift::Parameters(parameters) };
    }
    match value(text, "datum") {
        Some("WGS84" | "NAD83") => Shift::None,
        Some("NAD27") => Shift::Unknown,
        Some(_) => Shift::Named,
        None if value(text, "nadgrids") == Some("@null") => Shift::None,
        None if matches!(value(text, "ellps"), Some("GRS80" | "WGS84")) => Shift::None,
        None => Shift::Unknown,
    }
}

/// The value of a `+name=value` parameter.
fn value(text: &'static str, name: &str) -> Option<&'static str> {
    text.split_whitespace().find_map(|token| token.strip_prefix('+')?.strip_prefix(name)?.strip_prefix('='))
}

/// The EPSG code of the geographic system inside a WKT definition.
fn base_code(wkt: &str) -> Option<u32> {
    let inside = wkt.get(wkt.find("GEOGCS[")?..)?;
    let mut depth = 0_usize;
    let end = inside.char_indices().find_map(|(at, c)| {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        (c == ']' && depth == 0).then_some(at)
    })?;
    let authority = inside.get(..end)?.rsplit("AUTHORITY[\"EPSG\",\"").next()?;
    authority.split('"').next()?.parse().ok()
}
