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

/// Whether a row speaks of a lot that is planned: it is known by its lot number, having no code yet.
pub fn is_planned(row: &Row<'_>) -> bool {
    row.listed("parcelState").is_ok_and(|state| state == Some(ParcelState::Planned))
}

/// Plans what is to be done about a parcel of a file; `existing` bears the row's code, or is its planned lot.
pub fn plan_parcel(
    row: &Row<'_>,
    setting: &Setting<'_>,
    existing: Option<Existing<'_, Parcel>>,
) -> Result<Plan, Refused> {
    let stated = row.listed("parcelState")?;
    let state = stated.unwrap_or(ParcelState::Registered);
    row.required(if state == ParcelState::Planned { "lotNumber" } else { "code" })?;
    let footprint = submitted(row.feature, setting)?;
    let facts = patch_of(row, existing.map(|existing| existing.state))?;
    match existing {
        Some(lot) if lot.state.state == ParcelState::Planned && state == ParcelState::Registered => {
            let parcel = Seen { id: lot.state.id, seq: lot.seq };
            Ok(Plan::perform(ChangeParcel { parcel, facts, footprint, state: Some(state) }))
        }
        Some(existing) if stated.is_some_and(|stated| stated != existing.state.state) => {
            let refused = Refused::new(ErrorCode::State).at("parcelState");
            Err(refused.told("registered", existing.state.state).told("given", state))
        }
        Some(existing) => revise(setting, existing, facts, footprint),
        None if footprint.is_none() && state != ParcelState::Planned => {
            Err(Refused::new(ErrorCode::GeometryRequired).at("footprint"))
        }
        None => Ok(Plan::perform(RegisterParcel { district: setting.district.id, state, facts, footprint })),
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
    // The code found the parcel: said again it changes nothing, and would be refused of the time it was a planned lot.
    let facts = ParcelPatch { code: facts.code.filter(|code| before.code.as_ref() != Some(code)), ..facts };
    let mut after = before.clone();
    facts.apply(&mut after);
    // What holds since another day than today may differ there although it is so now: the registry looks.
    let of_now = setting.effective.is_none() && setting.manner == Manner::Change;
    if of_now && after == *before && footprint.is_none() {
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
