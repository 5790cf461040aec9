//! A parcel as a record.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::facts::{Planning, Price, Stock, Tenure, UseShare};
use crate::codes::{Infrastructure, Ownership, ParcelLayer, ParcelState, SoilGate};
use crate::geometry::{Crs, Footprint};
use crate::journal::{Claim, DistrictId, ParcelId};
use crate::party::ExternalRef;
use crate::quantity::Area;

/// A piece of land that the registry knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parcel {
    pub id: ParcelId,
    pub district: DistrictId,
    pub root_district: DistrictId,
    pub state: ParcelState,
    /// The parcel code; a planned lot has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The code of the real-estate unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_code: Option<String>,
    /// The number of a lot in a plan or an announcement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    pub layer: ParcelLayer,
    /// The principal use first; shares sum to one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<UseShare>,
    pub ownership: Ownership,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenure: Option<Tenure>,
    /// The area of the certificate: authoritative, not derived from the footprint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered_area: Option<Area>,
    /// The area of the cadastral survey.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surveyed_area: Option<Area>,
    /// Mean error of a boundary point of the survey in millimetres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point_error_mm: Option<u32>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub planning: Planning,
    #[serde(default, skip_serializing_if = "is_default")]
    pub price: Price,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub infrastructure: BTreeSet<Infrastructure>,
    pub soil_gate: SoilGate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock: Option<Stock>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalRef>,
    /// The parcels it was made from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parents: Vec<ParcelId>,
    /// The parcels made from it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub successors: Vec<ParcelId>,
    /// What the rules let pass but a reader should know.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub warnings: BTreeSet<ParcelWarning>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footprint: Option<Footprint>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footprint_source: Option<FootprintSource>,
}

/// How the footprint came into the district's grid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FootprintSource {
    pub crs: Crs,
    pub transformation: String,
    /// The stated accuracy of the transformation in millimetres, where one is stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_mm: Option<u32>,
}

/// What a reader of a parcel should know although the rules let it pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ParcelWarning {
    /// Registered or surveyed area and computed area differ beyond the tolerance.
    AreaDiffers,
    /// Neighbouring vertices stand closer than the rule asks.
    VertexSpacing,
    /// The parcel is smaller than the rule asks.
    AreaSmall,
}

impl Parcel {
    /// Whether it takes part in the map of registered land.
    pub fn is_registered(&self) -> bool {
        self.state == ParcelState::Registered
    }

    /// Whether it is the same land in the same layer of the same owner.
    pub(super) fn is_same_land(&self, other: &Self) -> bool {
        self.footprint == other.footprint && self.layer == other.layer && self.ownership == other.ownership
    }

    /// The area by which parcels are filtered: registered, else surveyed, else computed.
    pub fn area(&self) -> Option<Area> {
        let computed = || self.footprint.as_ref().map(Footprint::area_computed);
        self.registered_area.or(self.surveyed_area).or_else(computed)
    }

    /// Codes that no other parcel under the root may ever bear.
    pub fn claims(&self) -> Vec<Claim> {
        let codes = self.code.iter().chain(&self.unit_code);
        codes.map(|code| Claim::ParcelCode(self.root_district, code.clone())).collect()
    }

    /// Whatever names it best: code, else lot number, else id.
    pub fn label(&self) -> String {
        self.code.clone().or_else(|| self.lot_number.clone()).unwrap_or_else(|| self.id.to_string())
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
