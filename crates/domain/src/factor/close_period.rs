//! Closed periods: from then on nothing is booked with a value date that lies in them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::check::{kept_by_actor, known_factor, today_in};
use super::{Account, Factor};
use crate::error_catalogue::ErrorCode;
use crate::journal::{Body, Change, Context, Decision, DistrictId, FactorId, Needs, Refused, Seen, Span};

/// Closes the books of a district for a factor up to a day; never opens them again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosePeriod {
    pub factor: Seen<FactorId>,
    pub district: DistrictId,
    /// The last day of the period; it lies in the past.
    pub until: Date,
}

impl Body for ClosePeriod {
    fn needs(&self, needs: &mut Needs) {
        needs.records.push(self.factor.id.into());
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        context.unchanged(self.factor, "factor")?;
        let factor = known_factor(context, self.factor.id, "factor")?;
        kept_by_actor(context, factor)?;
        let today = today_in(context, self.district)?;
        if self.until >= today {
            return Err(Refused::new(ErrorCode::DateInvalid).at("until").told("today", today));
        }
        match factor.closed.get(&self.district) {
            Some(closed) if *closed == self.until => return Ok(Decision::default()),
            Some(closed) if *closed > self.until => return Err(is_closed("until", *closed)),
            Some(_) | None => {}
        }
        let mut factor = factor.clone();
        factor.closed.insert(self.district, self.until);
        Ok(vec![Change::put(factor.id.into(), factor.id.into(), Span::ALL, factor)].into())
    }
}

/// The day on which something counts on an account: not ahead, not in a closed period.
pub fn check_value_date(context: &Context<'_>, account: &Account, factor: &Factor, date: Date) -> Result<(), Refused> {
    let today = today_in(context, account.district)?;
    if date > today {
        return Err(Refused::new(ErrorCode::DateInvalid).at("valueDate").told("today", today));
    }
    match factor.closed.get(&account.district) {
        Some(closed) if date <= *closed => Err(is_closed("valueDate", *closed)),
        Some(_) | None => Ok(()),
    }
}

fn is_closed(field: &str, until: Date) -> Refused {
    Refused::new(ErrorCode::PeriodClosed).at(field).told("closedUntil", until)
}
