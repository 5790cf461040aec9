//! Acts that need a second pair of eyes: proposed by one, approved by another, begun after the delay of the factor.
//!
//! A proposal is a scheduled act that does not yet wait. Until it has begun it can be taken back.

use serde::{Deserialize, Serialize};

use super::schedule::{check_legs, open};
use super::{
    AccountId, ActBody, ApprovalDelay, Body, Change, Context, Decision, GridOf, Needs, Record, Refused, Schedule,
    ScheduleId, ScheduleOutcome, Seen,
};
use crate::calendar::Delay;
use crate::error_catalogue::ErrorCode;
use crate::geometry::SubmittedFootprint;

/// Proposes an act that another must approve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProposeAct {
    pub legs: Vec<ActBody>,
}

/// Approves an act that someone else proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApproveAct {
    pub schedule: Seen<ScheduleId>,
}

impl Body for ProposeAct {
    fn needs(&self, needs: &mut Needs) {
        // Whose delay counts is seen from the accounts of the legs.
        self.legs.iter().for_each(|leg| leg.needs(needs));
    }

    fn footprints(&self) -> Vec<(GridOf, &SubmittedFootprint)> {
        self.legs.iter().flat_map(ActBody::footprints).collect()
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        check_legs(context, &self.legs)?;
        let id = ScheduleId::made_by(context.envelope.id, context.leg, 0);
        let schedule = Schedule {
            id,
            author: context.principal(),
            role: context.role(),
            begins_at: context.now,
            legs: self.legs.clone(),
            within: context.envelope.narrowing.iter().cloned().collect(),
            reason: context.envelope.reason.clone(),
            legal_basis: context.envelope.legal_basis.clone(),
            evidence: context.envelope.evidence.clone(),
            approved_by: None,
            delay: self.legs.iter().flat_map(|leg| delays_of(context, leg)).max_by_key(|delay| delay.days),
            outcome: ScheduleOutcome::Proposed,
        };
        Ok(vec![Change::put(id.into(), id.into(), context.span(), schedule)].into())
    }
}

/// The delays of the factors that a leg hands over.
fn delays_of(context: &Context<'_>, leg: &ActBody) -> Vec<ApprovalDelay> {
    let from = match leg {
        ActBody::TransferUnits(transfer) => vec![transfer.from],
        ActBody::LeaseUnits(lease) => vec![lease.from],
        ActBody::SettleHolds(settle) => {
            let holds = settle.legs.iter().map(|leg| context.set.state(leg.hold, context.now));
            let accounts = holds.filter_map(|hold| match hold {
                Some(Record::Hold(hold)) => Some(hold.account),
                _ => None,
            });
            accounts.collect()
        }
        _ => Vec::new(),
    };
    from.into_iter().filter_map(|account| delay_of(context, account)).collect()
}

/// The delay of the factor of an account.
fn delay_of(context: &Context<'_>, account: AccountId) -> Option<ApprovalDelay> {
    let Some(Record::Account(account)) = context.set.state(account, context.now) else { return None };
    let Some(Record::Factor(factor)) = context.set.state(account.factor, context.now) else { return None };
    let days = factor.controls.delay_days;
    (days > 0).then_some(ApprovalDelay { days, district: account.district })
}

impl Body for ApproveAct {
    fn needs(&self, needs: &mut Needs) {
        needs.records.push(self.schedule.id.into());
        needs.calendars = true;
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let proposed = open(context, self.schedule.id, &[ScheduleOutcome::Proposed])?;
        context.unchanged(self.schedule, "schedule")?;
        if proposed.author == context.principal() {
            return Err(Refused::new(ErrorCode::FourEyes).at("schedule").told("proposedBy", proposed.author));
        }
        let begins_at = match proposed.delay {
            None => context.now,
            Some(ApprovalDelay { days, district }) => {
                context.working_clock(district)?.after(context.now, Delay { days, hours: 0 })?
            }
        };
        let approved_by = Some(context.principal());
        let within = proposed.within.iter().chain(&context.envelope.narrowing).cloned().collect();
        let outcome = ScheduleOutcome::Waiting;
        let waiting = Schedule { begins_at, within, approved_by, outcome, ..proposed.clone() };
        let changes = vec![Change::put(waiting.id.into(), waiting.id.into(), context.span(), waiting)];
        Ok(Decision { changes, approved_by })
    }
}
