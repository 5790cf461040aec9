//! What a feature says of a parcel: that it is to be registered, changed, corrected, or is so already.

use yulin_domain::codes::{CodeProfile, ParcelState};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::{Footprint, FootprintRules, Strictness, SubmittedFootprint};
use yulin_domain::journal::{Refused, Seen, Span};
use yulin_domain::land::{ChangeParcel, CorrectParcel, Parcel, ParcelPatch, RegisterParcel};

use super::facts::patch_of;
use super::geometry::{same_on_grid, submitted};
use super::plan::{Existing, Manner, Plan, Setting};
use super::row::Row;

/// Plans what is to be done about a parcel of a file; `existing` bears the row's code.
pub fn plan_parcel(
    row: &Row<'_>,
    setting: &Setting<'_>,
    existing: Option<Existing<'_, Parcel>>,
) -> Result<Plan, Refused> {
    row.required("code")?;
    let footprint = submitted(row.feature, setting)?;
    let facts = patch_of(row, existing.map(|existing| existing.state))?;
    match existing {
        Some(existing) => revise(setting, existing, facts, footprint),
        None if footprint.is_none() => Err(Refused::new(ErrorCode::GeometryRequired).at("footprint")),
        None => {
            let district = setting.district.id;
            Ok(Plan::perform(RegisterParcel { district, state: ParcelState::Registered, facts, footprint }))
        }
    }
}

/// Changes or corrects a parcel where the file says something else.
pub(super) fn revise(
    setting: &Setting<'_>,
    existing: Existing<'_, Parcel>,
    facts: ParcelPatch,
    footprint: Option<SubmittedFootprint>,
) -> Result<Plan, Refused> {
    let before = existing.state;
    let footprint = match footprint {
        Some(submitted) if lies_there(setting, before, &submitted)? => None,
        other => other,
    };
    let mut after = before.clone();
    facts.apply(&mut after);
    if after == *before && footprint.is_none() {
        return Ok(Plan::Unchanged);
    }
    let parcel = Seen { id: before.id, seq: existing.seq };
    Ok(match setting.manner {
        Manner::Change => Plan::perform(ChangeParcel { parcel, facts, footprint, state: None }),
        Manner::Correction => {
            let valid = setting.effective.map_or(Span::ALL, Span::since);
            Plan::perform(CorrectParcel { parcel, valid, facts, footprint })
        }
    })
}

/// Whether the parcel lies already where the file says.
fn lies_there(setting: &Setting<'_>, parcel: &Parcel, submitted: &SubmittedFootprint) -> Result<bool, Refused> {
    let Some(registered) = &parcel.footprint else { return Ok(false) };
    let strictness = match setting.district.profile {
        CodeProfile::CnGbt37346 => Strictness::Refuse,
        CodeProfile::Open => Strictness::Warn,
    };
    let rules = FootprintRules::standard(strictness);
    let prepared = Footprint::prepare(submitted, setting.district.grid, &rules);
    let prepared = prepared.map_err(|why| why.refused("footprint"))?;
    Ok(same_on_grid(registered.grid(), prepared.footprint.grid()))
}
