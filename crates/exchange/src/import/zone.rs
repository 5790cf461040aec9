//! What a feature says of a restriction zone.

use yulin_domain::codes::CodeProfile;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::{Footprint, FootprintRules, Strictness};
use yulin_domain::journal::{Refused, Seen};
use yulin_domain::land::{RegisterZone, Zone};

use super::geometry::{same_on_grid, submitted};
use super::plan::{Existing, Plan, Setting};
use super::row::Row;

/// The facts of a zone that a file may give.
pub const ZONE_KEYS: &[&str] = &["code", "kind", "name", "source"];

/// Plans what is to be done about a zone of a file; `existing` bears the row's code.
pub fn plan_zone(row: &Row<'_>, setting: &Setting<'_>, existing: Option<Existing<'_, Zone>>) -> Result<Plan, Refused> {
    let code = row.required("code")?;
    let required = |key: &str| Refused::new(ErrorCode::FieldRequired).at(key);
    let kind = row.listed("kind")?.or(existing.map(|zone| zone.state.kind)).ok_or_else(|| required("kind"))?;
    let footprint = submitted(row.feature, setting)?;
    let footprint = footprint.ok_or_else(|| Refused::new(ErrorCode::GeometryRequired).at("footprint"))?;
    let before = existing.map(|zone| zone.state);
    let act = RegisterZone {
        district: setting.district.id,
        kind,
        code,
        name: row.text("name").or_else(|| before.and_then(|zone| zone.name.clone())),
        source: row.text("source").or_else(|| before.and_then(|zone| zone.source.clone())),
        footprint,
        replaces: existing.map(|zone| Seen { id: zone.state.id, seq: zone.seq }),
    };
    match before {
        Some(zone) if says_the_same(setting, zone, &act)? => Ok(Plan::Unchanged),
        Some(_) | None => Ok(Plan::perform(act)),
    }
}

fn says_the_same(setting: &Setting<'_>, zone: &Zone, act: &RegisterZone) -> Result<bool, Refused> {
    if (zone.kind, &zone.name, &zone.source) != (act.kind, &act.name, &act.source) {
        return Ok(false);
    }
    let strictness = match setting.district.profile {
        CodeProfile::CnGbt37346 => Strictness::Refuse,
        CodeProfile::Open => Strictness::Warn,
    };
    let prepared = Footprint::prepare(&act.footprint, setting.district.grid, &FootprintRules::standard(strictness));
    let prepared = prepared.map_err(|why| why.refused("footprint"))?;
    Ok(same_on_grid(zone.footprint.grid(), prepared.footprint.grid()))
}
