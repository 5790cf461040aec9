//! Reference systems as the service names them: by address, with the axes in the order of their authority.

use geo_types::{Coord, MultiPolygon};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::{AxisOrder, Crs, CrsError, Transformation};
use yulin_domain::journal::Refused;

/// Longitude and latitude in that order: what GeoJSON means.
pub const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
const EPSG: &str = "http://www.opengis.net/def/crs/EPSG/0/";
/// What every collection is told in beside the grids of its districts: WGS 84, CGCS2000, the web map, and the grids of
/// three degrees of China.
const LISTED: [u32; 3] = [4326, 4490, 3857];
const CHINA: std::ops::RangeInclusive<u32> = 4513..=4554;

/// A system with the order in which its ordinates are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceCrs {
    pub crs: Crs,
    order: Option<AxisOrder>,
}

impl ServiceCrs {
    /// Longitude and latitude in that order.
    pub const DEFAULT: Self = Self { crs: Crs::WGS84, order: None };

    /// A system of the EPSG dataset.
    pub fn of(crs: Crs) -> Self {
        Self { crs, order: Some(crs.authority_order()) }
    }

    /// Reads the address of a system, or `[EPSG:n]`.
    pub fn read(text: &str, field: &str) -> Result<Self, Refused> {
        if text == CRS84 {
            return Ok(Self::DEFAULT);
        }
        let unknown = || Refused::new(ErrorCode::CrsUnknown).at(field).with("expected", format!("{CRS84} or {EPSG}n"));
        let curie = || text.strip_prefix("[EPSG:").and_then(|rest| rest.strip_suffix(']'));
        let code = text.strip_prefix(EPSG).or_else(curie).and_then(|code| code.parse().ok()).ok_or_else(unknown)?;
        Crs::epsg(code).map(Self::of).map_err(|_| unknown())
    }

    /// Its address.
    pub fn uri(self) -> String {
        match self.order {
            None => CRS84.to_owned(),
            Some(_) => format!("{EPSG}{}", self.crs.code()),
        }
    }

    /// The addresses of the systems in which features are told, where districts have these grids.
    pub fn listed(grids: impl IntoIterator<Item = Crs>) -> Vec<String> {
        std::iter::once(CRS84.to_owned()).chain(systems(grids).into_iter().map(|crs| Self::of(crs).uri())).collect()
    }

    /// Whether features are told in it, where districts have these grids.
    pub fn is_listed(self, grids: impl IntoIterator<Item = Crs>) -> bool {
        self.order.is_none() || systems(grids).contains(&self.crs)
    }

    /// Two ordinates in the order in which they are written, rounded to what is kept: 9 decimals of a degree, 0.1 mm.
    pub fn written(self, at: Coord<f64>) -> [f64; 2] {
        let parts = if self.crs.is_projected() { 1e4 } else { 1e9 };
        let [x, y] = [at.x, at.y].map(|ordinate| (ordinate * parts).round() / parts);
        match self.order {
            Some(AxisOrder::NorthFirst) => [y, x],
            Some(AxisOrder::EastFirst) | None => [x, y],
        }
    }

    /// Ordinates as they are written, put into x east, y north.
    fn east_north(self, at: Coord<f64>) -> Coord<f64> {
        self.order.map_or(at, |order| order.east_north(at))
    }

    /// A point that was written in this system, in longitude and latitude.
    pub fn to_lonlat(self, at: Coord<f64>) -> Result<Coord<f64>, CrsError> {
        Transformation::between(self.crs, Crs::WGS84)?.apply_point(self.east_north(at))
    }

    /// Polygons that were written in this system, in longitude and latitude.
    pub fn polygons_to_lonlat(self, polygons: &MultiPolygon<f64>) -> Result<MultiPolygon<f64>, CrsError> {
        use geo::MapCoords;
        Transformation::between(self.crs, Crs::WGS84)?.apply(&polygons.map_coords(|at| self.east_north(at)))
    }
}

/// The systems of the EPSG dataset in which features are told, the grids of districts first.
fn systems(grids: impl IntoIterator<Item = Crs>) -> Vec<Crs> {
    let listed = LISTED.into_iter().chain(CHINA).filter_map(|code| Crs::epsg(code).ok());
    let mut all: Vec<Crs> = grids.into_iter().collect();
    all.sort_unstable();
    all.dedup();
    for crs in listed {
        if !all.contains(&crs) {
            all.push(crs);
        }
    }
    all
}
