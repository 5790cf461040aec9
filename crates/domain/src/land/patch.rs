//! What of a parcel's card an act gives or clears: one form for registering, changing and correcting.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::facts::{Planning, Price, Stock, Tenure, UseShare};
use super::parcel::Parcel;
use crate::codes::{Infrastructure, Ownership, ParcelLayer, SoilGate};
use crate::party::ExternalRef;
use crate::quantity::Area;

/// Facts given; what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ParcelPatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lot_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<ParcelLayer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uses: Option<Vec<UseShare>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ownership: Option<Ownership>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenure: Option<Tenure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registered_area: Option<Area>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surveyed_area: Option<Area>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub point_error_mm: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planning: Option<Planning>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub infrastructure: Option<BTreeSet<Infrastructure>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub soil_gate: Option<SoilGate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stock: Option<Stock>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalRef>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub clear: BTreeSet<Clearable>,
}

/// Facts that can be taken away again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Clearable {
    UnitCode,
    LotNumber,
    Name,
    Location,
    Street,
    Tenure,
    RegisteredArea,
    SurveyedArea,
    Stock,
    Contract,
    External,
}

impl Clearable {
    /// All that can be cleared.
    pub const ALL: &'static [Self] = &[
        Self::UnitCode,
        Self::LotNumber,
        Self::Name,
        Self::Location,
        Self::Street,
        Self::Tenure,
        Self::RegisteredArea,
        Self::SurveyedArea,
        Self::Stock,
        Self::Contract,
        Self::External,
    ];

    fn clear(self, parcel: &mut Parcel) {
        match self {
            Self::UnitCode => parcel.unit_code = None,
            Self::LotNumber => parcel.lot_number = None,
            Self::Name => parcel.name = None,
            Self::Location => parcel.location = None,
            Self::Street => parcel.street = None,
            Self::Tenure => parcel.tenure = None,
            Self::RegisteredArea => parcel.registered_area = None,
            Self::SurveyedArea => parcel.surveyed_area = None,
            Self::Stock => parcel.stock = None,
            Self::Contract => parcel.stock.iter_mut().for_each(|stock| stock.contract = None),
            Self::External => parcel.external = None,
        }
    }
}

impl ParcelPatch {
    /// What a parcel of these facts is called, where they say so.
    pub fn label(&self) -> Option<String> {
        self.code.clone().or_else(|| self.lot_number.clone())
    }

    /// The first fact given or cleared here that is not the same in two states.
    pub fn differing(&self, one: &Parcel, other: &Parcel) -> Option<&'static str> {
        use Clearable as C;
        let about = |is_given: bool, clear: C| is_given || self.clear.contains(&clear);
        let facts = [
            ("code", self.code.is_some(), one.code == other.code),
            ("unitCode", about(self.unit_code.is_some(), C::UnitCode), one.unit_code == other.unit_code),
            ("lotNumber", about(self.lot_number.is_some(), C::LotNumber), one.lot_number == other.lot_number),
            ("name", about(self.name.is_some(), C::Name), one.name == other.name),
            ("location", about(self.location.is_some(), C::Location), one.location == other.location),
            ("street", about(self.street.is_some(), C::Street), one.street == other.street),
            ("tenure", about(self.tenure.is_some(), C::Tenure), one.tenure == other.tenure),
            (
                "registeredArea",
                about(self.registered_area.is_some(), C::RegisteredArea),
                one.registered_area == other.registered_area,
            ),
            (
                "surveyedArea",
                about(self.surveyed_area.is_some(), C::SurveyedArea),
                one.surveyed_area == other.surveyed_area,
            ),
            ("pointErrorMm", self.point_error_mm.is_some(), one.point_error_mm == other.point_error_mm),
            (
                "stock",
                about(self.stock.is_some(), C::Stock) || self.clear.contains(&C::Contract),
                one.stock == other.stock,
            ),
            ("external", about(self.external.is_some(), C::External), one.external == other.external),
            ("layer", self.layer.is_some(), one.layer == other.layer),
            ("uses", self.uses.is_some(), one.uses == other.uses),
            ("ownership", self.ownership.is_some(), one.ownership == other.ownership),
            ("planning", self.planning.is_some(), one.planning == other.planning),
            ("price", self.price.is_some(), one.price == other.price),
            ("infrastructure", self.infrastructure.is_some(), one.infrastructure == other.infrastructure),
            ("soilGate", self.soil_gate.is_some(), one.soil_gate == other.soil_gate),
        ];
        facts.into_iter().find(|(_, is_given, is_same)| *is_given && !is_same).map(|(name, ..)| name)
    }

    /// Writes what is given onto a parcel, after clearing what is to be cleared.
    pub fn apply(&self, parcel: &mut Parcel) {
        self.clear.iter().for_each(|field| field.clear(parcel));
        let given = self.clone();
        set(&mut parcel.code, given.code);
        set(&mut parcel.unit_code, given.unit_code);
        set(&mut parcel.lot_number, given.lot_number);
        set(&mut parcel.name, given.name);
        set(&mut parcel.location, given.location);
        set(&mut parcel.street, given.street);
        set(&mut parcel.tenure, given.tenure);
        set(&mut parcel.registered_area, given.registered_area);
        set(&mut parcel.surveyed_area, given.surveyed_area);
        set(&mut parcel.point_error_mm, given.point_error_mm);
        let stock = given.stock.map(|stock| with_contract(stock, parcel.stock.as_ref()));
        set(&mut parcel.stock, stock);
        set(&mut parcel.external, given.external);
        put(&mut parcel.layer, given.layer);
        put(&mut parcel.uses, given.uses);
        put(&mut parcel.ownership, given.ownership);
        put(&mut parcel.planning, given.planning);
        put(&mut parcel.price, given.price);
        put(&mut parcel.infrastructure, given.infrastructure);
        put(&mut parcel.soil_gate, given.soil_gate);
    }
}

/// A status that says nothing of the contract changes nothing of it: its clocks go on.
fn with_contract(given: Stock, before: Option<&Stock>) -> Stock {
    let contract = given.contract.or_else(|| before.and_then(|before| before.contract.clone()));
    Stock { contract, ..given }
}

fn set<T>(field: &mut Option<T>, given: Option<T>) {
    if given.is_some() {
        *field = given;
    }
}

fn put<T>(field: &mut T, given: Option<T>) {
    if let Some(value) = given {
        *field = value;
    }
}
