//! How a district's name, calendar or boundary changes.

use serde::{Deserialize, Serialize};

use super::register::check_text;
use crate::geometry::SubmittedFootprint;
use crate::journal::{Body, Change, Context, Decision, DistrictId, GridOf, Needs, Refused, Seen};

/// Changes what may change of a district; its code, profile and grid never do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AmendDistrict {
    pub district: Seen<DistrictId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boundary: Option<SubmittedFootprint>,
}

impl Body for AmendDistrict {
    fn needs(&self, needs: &mut Needs) {
        needs.records.push(self.district.id.into());
    }

    fn footprints(&self) -> Vec<(GridOf, &SubmittedFootprint)> {
        self.boundary.iter().map(|boundary| (GridOf::District(self.district.id), boundary)).collect()
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let id = self.district.id;
        let mut district = context.district(id)?.clone();
        context.unchanged(self.district, "district")?;
        context.nothing_later(id, "district")?;
        let before = district.clone();
        if let Some(name) = &self.name {
            check_text(name, "name")?;
            district.name.clone_from(name);
        }
        if let Some(calendar) = &self.calendar {
            check_text(calendar, "calendar")?;
            district.calendar.clone_from(calendar);
        }
        if self.boundary.is_some() {
            district.boundary = Some(context.footprint(0)?.footprint.clone());
        }
        if district == before {
            return Ok(Decision::default());
        }
        Ok(vec![Change::put(id.into(), id.into(), context.span(), district)].into())
    }
}
