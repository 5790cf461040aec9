//! Restriction zones: areas in which something about the land is settled.

use serde::{Deserialize, Serialize};

use crate::codes::ZoneKind;
use crate::district::{check_given, check_text};
use crate::error_catalogue::ErrorCode;
use crate::geometry::{Footprint, SubmittedFootprint};
use crate::journal::{
    Body, Change, Claim, Context, Decision, DistrictId, GridOf, Needs, Record, RecordKey, Refused, Seen, ZoneId,
};

/// A restriction zone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Zone {
    pub id: ZoneId,
    pub district: DistrictId,
    pub kind: ZoneKind,
    /// Unique in its district.
    pub code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Who settled it, and by what document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    pub footprint: Footprint,
}

/// Registers a zone, or replaces one from the act's effect on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegisterZone {
    pub district: DistrictId,
    pub kind: ZoneKind,
    pub code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    pub footprint: SubmittedFootprint,
    /// The zone that is replaced, as its author saw it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Seen<ZoneId>>,
}

/// Ends a zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetireZone {
    pub zone: Seen<ZoneId>,
}

impl Body for RegisterZone {
    fn needs(&self, needs: &mut Needs) {
        needs.records.push(self.district.into());
        needs.records.extend(self.replaces.map(|seen| RecordKey::from(seen.id)));
        needs.claims.push(Claim::ZoneCode(self.district, self.code.clone()));
    }

    fn footprints(&self) -> Vec<(GridOf, &SubmittedFootprint)> {
        vec![(GridOf::District(self.district), &self.footprint)]
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        context.district(self.district)?;
        check_text(&self.code, "code")?;
        check_given(self.name.as_deref(), "name")?;
        check_given(self.source.as_deref(), "source")?;
        let id = self.replaces.map_or_else(|| ZoneId::made_by(context.envelope.id, context.leg, 0), |seen| seen.id);
        if let Some(seen) = self.replaces {
            standing(context, seen)?;
        }
        let claim = Claim::ZoneCode(self.district, self.code.clone());
        if let Some(other) = context.set.claimants(&claim).find(|key| *key != id.into()) {
            let refused = Refused::new(ErrorCode::CodeDuplicate).at("code");
            return Err(refused.with("code", self.code.clone()).told("zone", other.id));
        }
        let zone = Zone {
            id,
            district: self.district,
            kind: self.kind,
            code: self.code.clone(),
            name: self.name.clone(),
            source: self.source.clone(),
            footprint: context.footprint(0)?.footprint.clone(),
        };
        if context.set.state(id, context.effective) == Some(&Record::from(zone.clone())) {
            return Ok(Decision::default());
        }
        Ok(vec![Change::put(id.into(), id.into(), context.span(), zone)].into())
    }
}

impl Body for RetireZone {
    fn needs(&self, needs: &mut Needs) {
        needs.records.push(self.zone.id.into());
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        standing(context, self.zone)?;
        Ok(vec![Change::void(self.zone.id.into(), self.zone.id.into(), context.span())].into())
    }
}

fn standing(context: &Context<'_>, seen: Seen<ZoneId>) -> Result<(), Refused> {
    context.unchanged(seen, "zone")?;
    context.nothing_later(seen.id, "zone")?;
    let there = context.set.state(seen.id, context.effective).is_some();
    there.then_some(()).ok_or_else(|| Refused::new(ErrorCode::NotFound).at("zone").told("zone", seen.id))
}
