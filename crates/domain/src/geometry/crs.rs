//! Coordinate reference systems, named by their EPSG code.
//!
//! A system is known when its definition can be projected here; what a definition says is read in
//! `crs_definition.rs`. Everywhere in Yulin x is east or longitude and y is north or latitude, whatever the axis
//! order of the authority: one order inside, swapped once at the edge, is the only order nobody gets wrong.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::axis_order::AxisOrder;
use super::crs_definition::{Definition, Kind, Shift};

/// A known reference system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Crs(u32);

/// No definition of the code is available here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("EPSG:{code} is not a reference system known here")]
pub struct CrsUnknown {
    /// The EPSG code asked for.
    pub code: u32,
}

/// How the datum of a system relates to WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatumKind {
    /// Geocentric, within about a metre of WGS 84 (CGCS2000, ETRS89, RGF93, JGD2011…): no shift is applied.
    Geocentric,
    /// Shifted from WGS 84 by known parameters.
    Shifted,
    /// Shifted by parameters that are not known here.
    Unknown,
}

impl Crs {
    /// WGS 84 longitude and latitude: what `GeoJSON` means.
    pub const WGS84: Self = Self(4326);
    /// CGCS2000 longitude and latitude, the national system of China.
    pub const CGCS2000: Self = Self(4490);

    /// The system of an EPSG code.
    pub fn epsg(code: u32) -> Result<Self, CrsUnknown> {
        Definition::of(code).map(|_| Self(code)).ok_or(CrsUnknown { code })
    }

    /// The EPSG code.
    pub const fn code(self) -> u32 {
        self.0
    }

    /// Whether ordinates are lengths in a plane rather than degrees.
    pub fn is_projected(self) -> bool {
        self.definition().is_some_and(|d| d.kind == Kind::Projected)
    }

    /// Whether it is projected in metres, and so may be the grid of a district.
    pub fn is_metric_grid(self) -> bool {
        self.definition().is_some_and(|d| d.kind == Kind::Projected && d.metres)
    }

    /// How its datum relates to WGS 84.
    pub fn datum_kind(self) -> DatumKind {
        match self.definition().map(|d| d.shift) {
            Some(Shift::None) => DatumKind::Geocentric,
            Some(Shift::Parameters(_) | Shift::Named) => DatumKind::Shifted,
            Some(Shift::Unknown) | None => DatumKind::Unknown,
        }
    }

    /// The longitude and latitude system its lon/lat copy is kept in.
    ///
    /// That of its own datum where that is geocentric (EPSG:4490 for the Chinese grids, 4171 for 2154, 6668 for
    /// JGD2011). Longitudes on a shifted datum would lie a hundred metres off on any map, so those systems are
    /// kept in ETRS89 (EPSG:4258) for the Netherlands, whose datum is defined from it, and in WGS 84 otherwise.
    pub fn geographic(self) -> Self {
        let Some(definition) = self.definition() else { return Self::WGS84 };
        match (definition.shift, definition.base) {
            (Shift::None, Some(base)) => Self::epsg(base).unwrap_or(Self::WGS84),
            (Shift::Parameters(_) | Shift::Named | Shift::Unknown, Some(AMERSFOORT)) => Self(4258),
            (Shift::None | Shift::Parameters(_) | Shift::Named | Shift::Unknown, _) => Self::WGS84,
        }
    }

    /// Where the system is meant to be used, `[west, south, east, north]` in degrees, where that is known here.
    ///
    /// Source: the areas of use of the EPSG dataset; zones of grids by their central meridian.
    pub fn area_of_use(self) -> Option<[f64; 4]> {
        let meridian = || self.definition().and_then(|d| d.number("lon_0"));
        let china = |half: f64| meridian().map(|m| [m - half, 16.7, m + half, 53.56]);
        match self.0 {
            4490 => Some([73.62, 16.7, 134.77, 53.56]),
            4491..=4512 => china(3.0),
            4513..=4554 => china(1.5),
            2154 | 4171 => Some([-9.86, 41.15, 10.38, 51.56]),
            28991 | 28992 | 4289 => Some([3.2, 50.75, 7.22, 53.7]),
            6668..=6687 => Some([122.38, 17.09, 157.65, 46.05]),
            32601..=32660 => Some(utm(self.0 - 32600, 0.0, 84.0)),
            32701..=32760 => Some(utm(self.0 - 32700, -80.0, 0.0)),
            3857 => Some([-180.0, -85.06, 180.0, 85.06]),
            _ => None,
        }
    }

    /// Which ordinate its authority writes first: latitude of degrees, and the north of the Gauss-Kruger grids of China
    /// and the plane grids of Japan (EPSG dataset).
    pub fn authority_order(self) -> AxisOrder {
        match self.0 {
            4491..=4554 | 6669..=6687 => AxisOrder::NorthFirst,
            _ if self.is_projected() => AxisOrder::EastFirst,
            _ => AxisOrder::NorthFirst,
        }
    }

    pub(super) fn definition(self) -> Option<Definition> {
        Definition::of(self.0)
    }
}

/// The EPSG code of longitude and latitude on the Dutch datum.
pub(super) const AMERSFOORT: u32 = 4289;

fn utm(zone: u32, south: f64, north: f64) -> [f64; 4] {
    let west = f64::from(zone).mul_add(6.0, -186.0);
    [west, south, west + 6.0, north]
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EPSG:{}", self.0)
    }
}

impl TryFrom<u32> for Crs {
    type Error = CrsUnknown;
    fn try_from(code: u32) -> Result<Self, CrsUnknown> {
        Self::epsg(code)
    }
}

impl From<Crs> for u32 {
    fn from(crs: Crs) -> Self {
        crs.0
    }
}
