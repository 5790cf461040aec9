//! How a parcel is registered, or a lot planned.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::check::check_parcel;
use super::facts::{Planning, Price};
use super::parcel::{FootprintSource, Parcel, ParcelWarning};
use super::patch::ParcelPatch;
use crate::codes::{Ownership, ParcelLayer, ParcelState, SoilGate};
use crate::district::District;
use crate::error_catalogue::ErrorCode;
use crate::geometry::{GeometryWarning, Prepared, SubmittedFootprint};
use crate::journal::{Body, Change, Context, Decision, DistrictId, GridOf, Needs, ParcelId, Refused};

/// Registers a parcel, or plans a lot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegisterParcel {
    pub district: DistrictId,
    /// REGISTERED, or PLANNED for a lot without a code.
    pub state: ParcelState,
    pub facts: ParcelPatch,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footprint: Option<SubmittedFootprint>,
}

impl Body for RegisterParcel {
    fn needs(&self, needs: &mut Needs) {
        needs.records.push(self.district.into());
        needs.parcel_codes.extend(given_codes(&self.facts));
    }

    fn footprints(&self) -> Vec<(GridOf, &SubmittedFootprint)> {
        self.footprint.iter().map(|footprint| (GridOf::District(self.district), footprint)).collect()
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let district = context.district(self.district)?;
        if self.state == ParcelState::Retired {
            return Err(Refused::new(ErrorCode::State).at("state").with("state", "RETIRED"));
        }
        if self.state == ParcelState::Registered && self.footprint.is_none() {
            return Err(Refused::new(ErrorCode::GeometryRequired).at("footprint"));
        }
        let id = ParcelId::made_by(context.envelope.id, context.leg, 0);
        let mut parcel = blank(id, district, self.state);
        self.facts.apply(&mut parcel);
        if let Some(submitted) = &self.footprint {
            lay(&mut parcel, submitted, context.footprint(0)?);
        }
        check_parcel(context, &mut parcel, context.span(), &[])?;
        Ok(vec![Change::put(id.into(), id.into(), context.span(), parcel)].into())
    }
}

/// A parcel of which nothing is known yet.
pub(super) fn blank(id: ParcelId, district: &District, state: ParcelState) -> Parcel {
    Parcel {
        id,
        district: district.id,
        root_district: district.root,
        state,
        code: None,
        unit_code: None,
        lot_number: None,
        name: None,
        location: None,
        street: None,
        layer: ParcelLayer::Surface,
        uses: Vec::new(),
        ownership: Ownership::Undetermined,
        tenure: None,
        registered_area: None,
        surveyed_area: None,
        point_error_mm: None,
        planning: Planning::default(),
        price: Price::default(),
        infrastructure: BTreeSet::new(),
        soil_gate: SoilGate::Unknown,
        stock: None,
        external: None,
        parents: Vec::new(),
        successors: Vec::new(),
        warnings: BTreeSet::new(),
        footprint: None,
        footprint_source: None,
    }
}

/// Gives a parcel a footprint, with how it came into the grid and what was noticed on the way.
pub(super) fn lay(parcel: &mut Parcel, submitted: &SubmittedFootprint, prepared: &Prepared) {
    parcel.footprint = Some(prepared.footprint.clone());
    parcel.footprint_source = Some(FootprintSource {
        crs: submitted.crs(),
        transformation: prepared.transformation.clone(),
        accuracy_mm: prepared.accuracy_mm,
    });
    for warning in [ParcelWarning::VertexSpacing, ParcelWarning::AreaSmall] {
        parcel.warnings.remove(&warning);
    }
    parcel.warnings.extend(prepared.warnings.iter().filter_map(|warning| match warning {
        GeometryWarning::VertexSpacing { .. } => Some(ParcelWarning::VertexSpacing),
        GeometryWarning::AreaTooSmall { .. } => Some(ParcelWarning::AreaSmall),
        GeometryWarning::VerticesDropped { .. } => None,
    }));
}

/// The codes an act gives, for persistence to find who bears them, under whatever root.
pub(super) fn given_codes(facts: &ParcelPatch) -> impl Iterator<Item = String> + '_ {
    facts.code.iter().chain(&facts.unit_code).cloned()
}
