//! When a control takes effect that waits for working days of the district.

use super::{Account, Factor};
use crate::error_catalogue::ErrorCode;
use crate::journal::{Context, Refused};
use crate::quantity::Instant;

/// The instant at which what is decided now takes effect.
pub fn after(context: &Context<'_>, account: &Account, factor: &Factor) -> Result<Instant, Refused> {
    if factor.controls.delay_days == 0 {
        return Ok(context.now);
    }
    let district = context.district(account.district)?;
    Err(Refused::new(ErrorCode::NotFound).at("account").with("calendar", district.calendar.clone()))
}
