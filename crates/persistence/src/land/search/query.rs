//! What is searched for, and what is found.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use yulin_domain::codes::{Infrastructure, LandUsePrefix, ParcelLayer, ParcelState, SoilGate, StockStatus};
use yulin_domain::geometry::{Crs, Region, SpatialRelation};
use yulin_domain::journal::{DistrictId, ParcelId, PartyId};
use yulin_domain::quantity::{Area, FenPerSquareMetre, Ratio};

/// Which geometry of a parcel the searcher may see; what he may not see, he does not search.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sight {
    Full,
    /// The outline generalised to a metre.
    #[default]
    Outline,
}

/// Places to be near to, in a grid.
#[derive(Debug, Clone)]
pub struct Near {
    /// Lines of metres east and north; a line of one vertex is a point.
    pub targets: Vec<Vec<[f64; 2]>>,
    pub grid: Crs,
    /// Metres, in a straight line from the parcel's edge.
    pub within_m: f64,
}

/// What to compute beside the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wants {
    pub total: bool,
    pub facets: bool,
}

/// By what parcels are ordered; nulls come last both ways, ties go by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OrderField {
    Code,
    Price,
    Area,
    Distance,
    /// Since when the stock status stands; ascending is oldest first.
    Age,
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Direction {
    Asc,
    Desc,
}

/// What is searched for; what is empty does not narrow.
#[derive(Debug, Clone, Default)]
pub struct ParcelQuery {
    pub sight: Sight,
    pub districts: Vec<DistrictId>,
    /// In these districts alone, whatever else is asked; none: anywhere.
    pub within: Option<BTreeSet<DistrictId>>,
    /// Empty: registered parcels and planned lots.
    pub states: Vec<ParcelState>,
    pub layer: Option<ParcelLayer>,
    pub area: Option<(Region, SpatialRelation)>,
    pub near: Option<Near>,
    /// Covered by one of these.
    pub inside: Vec<Region>,
    /// Sharing no land with any of these.
    pub outside: Vec<Region>,
    /// Only land that has a stock status.
    pub stock_only: bool,
    pub statuses: Vec<StockStatus>,
    pub use_prefixes: Vec<LandUsePrefix>,
    pub area_min: Option<Area>,
    pub area_max: Option<Area>,
    pub price_min: Option<FenPerSquareMetre>,
    pub price_max: Option<FenPerSquareMetre>,
    pub plot_ratio_min: Option<Ratio>,
    pub plot_ratio_max: Option<Ratio>,
    pub soil_gates: Vec<SoilGate>,
    pub infrastructure_all: Vec<Infrastructure>,
    /// The stock status stands since this date or earlier.
    pub since_before: Option<Date>,
    pub holder: Option<PartyId>,
    /// Any substring of name, location or a code, in whatever case.
    pub text: Option<String>,
    pub codes: Vec<String>,
    pub ids: Vec<ParcelId>,
    /// Empty: by code.
    pub order: Vec<(OrderField, Direction)>,
    pub after: Option<Cursor>,
    pub first: usize,
    pub wants: Wants,
}

/// A value by which an item was ordered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum CursorKey {
    Null,
    Int(i64),
    /// Bits of a finite number, so that it comes back as it was.
    Real(u64),
    Text(String),
}

/// Where a page ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    pub keys: Vec<CursorKey>,
    pub id: ParcelId,
}

/// One parcel found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub id: ParcelId,
    /// Metres to the nearest of the places, where places were given.
    pub distance_m: Option<f64>,
    pub cursor: Cursor,
}

/// A group of the parcels found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetRow {
    pub key: String,
    pub count: u64,
    pub area: Area,
}

/// The parcels found, in groups.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    pub by_status: Vec<FacetRow>,
    pub by_use: Vec<FacetRow>,
    pub by_street: Vec<FacetRow>,
}

/// A page of what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchPage {
    pub items: Vec<Found>,
    pub has_next: bool,
    pub total: Option<u64>,
    pub facets: Option<Facets>,
}
