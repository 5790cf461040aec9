//! A footprint: the one valid geometry of a parcel, in its district's grid, with what is derived from it.
//!
//! What is derived (longitudes, outline, areas) is kept beside it and never computed again: a journal holds results,
//! and a fold that recomputed them would depend on the version of a library. Making one is in `prepare.rs`.

use geo::BoundingRect;
use geo_types::MultiPolygon;
use serde::{Deserialize, Serialize};

use super::wkb::base64_wkb;
use crate::quantity::Area;

/// The canonical footprint and its derivations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Footprint {
    #[serde(with = "base64_wkb")]
    grid: MultiPolygon<f64>,
    #[serde(with = "base64_wkb")]
    lonlat: MultiPolygon<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    outline: Option<Outline>,
    area_computed: Area,
}

/// The public's outline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Outline {
    #[serde(with = "base64_wkb")]
    pub lonlat: MultiPolygon<f64>,
    pub area: Area,
}

impl Footprint {
    pub(super) fn new(
        grid: MultiPolygon<f64>,
        lonlat: MultiPolygon<f64>,
        outline: Option<Outline>,
        area_computed: Area,
    ) -> Self {
        Self { grid, lonlat, outline, area_computed }
    }

    /// The polygons in the district's grid, metres, ordinates multiples of 0.1 mm.
    pub fn grid(&self) -> &MultiPolygon<f64> {
        &self.grid
    }

    /// The same vertices in longitude and latitude, nine decimals.
    pub fn lonlat(&self) -> &MultiPolygon<f64> {
        &self.lonlat
    }

    /// The outline generalised to whole metres, in longitude and latitude; none where the footprint collapses.
    pub fn outline(&self) -> Option<&MultiPolygon<f64>> {
        self.outline.as_ref().map(|outline| &outline.lonlat)
    }

    /// The geodesic area on the ellipsoid.
    pub fn area_computed(&self) -> Area {
        self.area_computed
    }

    /// The geodesic area of the outline.
    pub fn outline_area(&self) -> Option<Area> {
        self.outline.as_ref().map(|outline| outline.area)
    }

    /// `[west, south, east, north]` in degrees.
    pub fn bounds_lonlat(&self) -> [f64; 4] {
        bounds(&self.lonlat)
    }

    /// `[least x, least y, greatest x, greatest y]` in grid metres.
    pub fn bounds_grid(&self) -> [f64; 4] {
        bounds(&self.grid)
    }

    /// The box of the outline in degrees.
    pub fn outline_bounds(&self) -> Option<[f64; 4]> {
        self.outline().map(bounds)
    }
}

/// The box of polygons; zeros for none, which no footprint is.
pub(super) fn bounds(polygons: &MultiPolygon<f64>) -> [f64; 4] {
    polygons.bounding_rect().map_or([0.0; 4], |r| [r.min().x, r.min().y, r.max().x, r.max().y])
}
