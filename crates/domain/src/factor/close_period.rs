//! Closed periods: from then on nothing is booked with a value date that lies in them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::check::today_in;
use super::{Account, Factor, MoveRule, RULES};
use crate::codes::{MoveKind, Role};
use crate::error_catalogue::ErrorCode;
use crate::journal::{Body, Change, Context, Decision, DistrictId, FactorId, Needs, Record, Refused, Seen, Span};

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
        let Some(Record::Factor(factor)) = context.set.state(self.factor.id, context.now) else {
            return Err(Refused::new(ErrorCode::FactorUnknown).at("factor").told("factor", self.factor.id));
        };
        keeps(context, factor)?;
        let today = today_in(context, self.district)?;
        if self.until >= today {
            return Err(Refused::new(ErrorCode::DateInvalid).at("until").told("today", today));
        }
        match factor.closed.get(&self.district) {
            Some(closed) if *closed == self.until => return Ok(Decision::default()),
            Some(closed) if *closed > self.until => return Err(is_closed("until", *closed)),
            Some(_) | None => {}
        }
        let mut factor = (**factor).clone();
        factor.closed.insert(self.district, self.until);
        Ok(vec![Change::put(factor.id.into(), factor.id.into(), Span::ALL, factor)].into())
    }
}

/// Who brings units or money of a kind into the books closes them.
fn keeps(context: &Context<'_>, factor: &Factor) -> Result<(), Refused> {
    let role = context.actor_role;
    let brings = |rule: &&MoveRule| {
        matches!(rule.movement, MoveKind::Issue | MoveKind::Deposit) && rule.kinds.contains(&factor.kind)
    };
    let may = role == Role::Admin || RULES.iter().filter(brings).any(|rule| rule.roles.contains(&role));
    let refused = || Refused::new(ErrorCode::Forbidden).at("factor").told("role", role);
    may.then_some(()).ok_or_else(|| refused().with("factor", factor.code.clone()))
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
