//! How a district is registered.

use serde::{Deserialize, Serialize};

use super::District;
use crate::codes::CodeProfile;
use crate::error_catalogue::ErrorCode;
use crate::geometry::{Crs, SubmittedFootprint};
use crate::journal::{Body, Change, Claim, Context, Decision, DistrictId, GridOf, Needs, RecordKey, Refused, Span};
use crate::quantity::Instant;

/// Greatest length of a code or name in characters.
pub(crate) const NAME_MAX: usize = 200;

/// Digits of an administrative division in GB/T 2260.
const DIVISION_DIGITS: usize = 6;

/// Registers a district.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegisterDistrict {
    pub code: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<DistrictId>,
    pub profile: CodeProfile,
    pub grid: Crs,
    pub time_zone: String,
    pub calendar: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boundary: Option<SubmittedFootprint>,
    #[serde(default)]
    pub generated: bool,
}

impl Body for RegisterDistrict {
    fn needs(&self, needs: &mut Needs) {
        needs.claims.push(Claim::DistrictCode(self.code.clone()));
        needs.records.extend(self.parent.map(RecordKey::from));
    }

    fn footprints(&self) -> Vec<(GridOf, &SubmittedFootprint)> {
        self.boundary.iter().map(|boundary| (GridOf::Crs(self.grid), boundary)).collect()
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        check_text(&self.code, "code")?;
        check_text(&self.name, "name")?;
        check_text(&self.calendar, "calendar")?;
        if context.set.claimants(&Claim::DistrictCode(self.code.clone())).next().is_some() {
            return Err(Refused::new(ErrorCode::CodeDuplicate).at("code").with("code", self.code.clone()));
        }
        if !self.grid.is_projected() {
            return Err(Refused::new(ErrorCode::CrsUnknown).at("grid").with("epsg", self.grid.code()));
        }
        if Instant::from_micros(0).date_in(&self.time_zone).is_err() {
            let refused = Refused::new(ErrorCode::Validation).at("timeZone");
            return Err(refused.with("timeZone", self.time_zone.clone()));
        }
        let id = DistrictId::made_by(context.envelope.id, context.leg, 0);
        let root = self.root_under(id, context)?;
        self.check_division(context)?;
        let boundary = self.boundary.as_ref().map(|_| context.footprint(0)).transpose()?;
        let district = District {
            id,
            code: self.code.clone(),
            name: self.name.clone(),
            parent: self.parent,
            root,
            profile: self.profile,
            grid: self.grid,
            time_zone: self.time_zone.clone(),
            calendar: self.calendar.clone(),
            boundary: boundary.map(|prepared| prepared.footprint.clone()),
            generated: self.generated,
        };
        // A district is a fact of the registry's own: known of it, it has always been so.
        Ok(vec![Change::put(id.into(), id.into(), Span::ALL, district)].into())
    }
}

impl RegisterDistrict {
    /// The root; a district keeps the grid of its root, since overlap is judged in one grid.
    fn root_under(&self, id: DistrictId, context: &Context<'_>) -> Result<DistrictId, Refused> {
        let Some(parent) = self.parent else { return Ok(id) };
        let parent = context.district(parent).map_err(|refused| refused.at("parent"))?;
        if parent.grid != self.grid {
            return Err(Refused::new(ErrorCode::Validation).at("grid").with("gridOfParent", parent.grid.code()));
        }
        Ok(parent.root)
    }

    /// National codes begin with the county: a district of them bears its code, or lies in one that does.
    fn check_division(&self, context: &Context<'_>) -> Result<(), Refused> {
        let found = match self.parent {
            _ if self.profile == CodeProfile::Open || is_division_code(&self.code) => return Ok(()),
            Some(parent) => division_over(context, context.district(parent)?)?,
            None => None,
        };
        let refused = || Refused::new(ErrorCode::DistrictCodeFormat).at("code").with("code", self.code.clone());
        found.map(|_| ()).ok_or_else(refused)
    }
}

/// The division of GB/T 2260 a district lies in: the nearest above it, itself included, that bears the code of one.
pub(crate) fn division_over<'a>(context: &Context<'a>, district: &'a District) -> Result<Option<&'a str>, Refused> {
    let mut at = district;
    while !is_division_code(&at.code) {
        let Some(parent) = at.parent else { return Ok(None) };
        at = context.district(parent)?;
    }
    Ok(Some(&at.code))
}

fn is_division_code(code: &str) -> bool {
    code.len() == DIVISION_DIGITS && code.bytes().all(|digit| digit.is_ascii_digit())
}

/// Whether a letter shows nothing, or turns the others round: two names that look alike would be two.
const fn is_hidden(letter: char) -> bool {
    matches!(letter, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Refuses an empty or overlong text and one with control characters or hidden ones.
pub(crate) fn check_text(text: &str, field: &str) -> Result<(), Refused> {
    let length = text.chars().count();
    if length > NAME_MAX {
        return Err(Refused::new(ErrorCode::TextTooLong).at(field).with("length", length).with("most", NAME_MAX));
    }
    if text.trim().is_empty() {
        return Err(Refused::new(ErrorCode::FieldRequired).at(field));
    }
    if text.chars().any(|letter| letter.is_control() || is_hidden(letter)) {
        return Err(Refused::new(ErrorCode::TextInvalid).at(field));
    }
    Ok(())
}

/// The same of a text that may be absent.
pub(crate) fn check_given(text: Option<&str>, field: &str) -> Result<(), Refused> {
    text.map_or(Ok(()), |text| check_text(text, field))
}
