//! When a control takes effect that waits for working days of the district.

use super::{Account, Factor};
use crate::calendar::Delay;
use crate::journal::{Context, Refused};
use crate::quantity::Instant;

/// The instant at which what is decided now takes effect; whoever asks has the calendars loaded.
pub fn after(context: &Context<'_>, account: &Account, factor: &Factor) -> Result<Instant, Refused> {
    let days = factor.controls.delay_days;
    if days == 0 {
        return Ok(context.now);
    }
    Ok(context.working_clock(account.district)?.after(context.now, Delay { days, hours: 0 })?)
}
