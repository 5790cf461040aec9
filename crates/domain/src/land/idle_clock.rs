//! The clocks of stock land: how long it has lain idle, and what is due when (Order 53 of 2012).
//!
//! The clock alone; the procedure of recognising idle land is another matter.

use jiff::{ToSpan, civil::Date};

use super::facts::{ContractFacts, Stock};
use crate::codes::StockStatus;

/// Days since approval at which unsupplied land is warned of, and at which the approval lapses.
const APPROVAL_WARN_DAYS: i32 = 365;
const APPROVAL_ALARM_DAYS: i32 = 730;

/// Where a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdlePhase {
    /// No clock runs.
    NotRunning,
    /// Due, but not yet a year late.
    Countdown,
    /// Idle for a year or more: the fee may be levied on a holder at fault.
    FeeDue,
    /// Idle for two years or more: the land may be reclaimed without compensation.
    ReclaimDue,
    /// Approved for a year or more and not supplied.
    ApprovalWarning,
    /// Approved for two years or more and not supplied: the approval lapses.
    ApprovalLapsing,
}

/// A clock read on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdleClock {
    pub phase: IdlePhase,
    /// The day from which it counts, moved by the days the government caused.
    pub since: Option<Date>,
    /// Days from `since` to the day it is read; negative before.
    pub days: i32,
    /// The day on which the next phase begins.
    pub next_on: Option<Date>,
}

const STOPPED: IdleClock = IdleClock { phase: IdlePhase::NotRunning, since: None, days: 0, next_on: None };

/// Reads the clock of a parcel's stock status on a local day.
pub fn idle_clock(stock: &Stock, today: Date) -> IdleClock {
    let Some(contract) = &stock.contract else { return STOPPED };
    match stock.status {
        StockStatus::ApprovedNotSupplied => approval_clock(contract, today),
        StockStatus::SuppliedNotUsed | StockStatus::Idle => start_clock(contract, today),
        StockStatus::InUse
        | StockStatus::UsedNotFull
        | StockStatus::BuiltNotUsed
        | StockStatus::Inefficient
        | StockStatus::Banked
        | StockStatus::Ready => STOPPED,
    }
}

fn approval_clock(contract: &ContractFacts, today: Date) -> IdleClock {
    let Some(approved) = contract.approved_on else { return STOPPED };
    let days = days_between(approved, today);
    let (phase, next) = match days {
        ..APPROVAL_WARN_DAYS => (IdlePhase::Countdown, Some(APPROVAL_WARN_DAYS)),
        APPROVAL_WARN_DAYS..APPROVAL_ALARM_DAYS => (IdlePhase::ApprovalWarning, Some(APPROVAL_ALARM_DAYS)),
        APPROVAL_ALARM_DAYS.. => (IdlePhase::ApprovalLapsing, None),
    };
    let next_on = next.and_then(|days| approved.checked_add(days.days()).ok());
    IdleClock { phase, since: Some(approved), days, next_on }
}

/// From the later of the agreed start and the actual handover, or from a standstill of works that had begun.
fn start_clock(contract: &ContractFacts, today: Date) -> IdleClock {
    let due = match (contract.started_on, contract.stopped_on) {
        (Some(_), Some(stopped)) if falls_short(contract) => Some(stopped),
        (Some(_), _) => None,
        (None, _) => contract.start_by.max(contract.handed_over_on),
    };
    let delay = i32::try_from(contract.suspended_days.unwrap_or(0)).unwrap_or(i32::MAX);
    let Some(since) = due.and_then(|day| day.checked_add(delay.days()).ok()) else { return STOPPED };
    let year_on = |years: i32| since.checked_add(years.years()).ok();
    let (phase, next_on) = match (year_on(1), year_on(2)) {
        (Some(first), _) if today < first => (IdlePhase::Countdown, Some(first)),
        (_, Some(second)) if today < second => (IdlePhase::FeeDue, Some(second)),
        _ => (IdlePhase::ReclaimDue, None),
    };
    IdleClock { phase, since: Some(since), days: days_between(since, today), next_on }
}

/// Less than a third of the area developed, or less than a quarter of the investment made.
fn falls_short(contract: &ContractFacts) -> bool {
    let area = contract.area_developed.zip(contract.area_to_develop);
    let money = contract.investment_made.zip(contract.investment_agreed);
    area.is_some_and(|(done, whole)| i128::from(done.units()) * 3 < i128::from(whole.units()))
        || money.is_some_and(|(made, agreed)| i128::from(made.fen()) * 4 < i128::from(agreed.fen()))
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}
