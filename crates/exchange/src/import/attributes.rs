//! What a sheet says of parcels that are registered: prices, statuses, planning limits. No geometry is read.

use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_domain::land::Parcel;

use super::facts::patch_of;
use super::parcel::revise;
use super::plan::{Existing, Plan, Setting};
use super::row::Row;

/// Plans what is to be done about a row of attributes; `existing` bears its code.
pub fn plan_attributes(
    row: &Row<'_>,
    setting: &Setting<'_>,
    existing: Option<Existing<'_, Parcel>>,
) -> Result<Plan, Refused> {
    let code = row.required("code")?;
    let existing = existing.ok_or_else(|| Refused::new(ErrorCode::NotFound).at("code").with("code", code))?;
    let facts = patch_of(row, Some(existing.state))?;
    revise(setting, existing, facts, None)
}
