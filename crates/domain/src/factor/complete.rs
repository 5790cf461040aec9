//! What follows on movements: the record of the transfer, locks until an outside register confirms, the window in which
//! it may be reversed.

use super::book::Book;
use super::pick::Selection;
use super::{Hold, Movement, Transfer};
use crate::codes::{AccountPurpose, HoldKind, HoldState, MoveKind, TransferState};
use crate::journal::{HoldId, Refused, TransferId};
use crate::quantity::{Instant, Units};

const DAY_MICROS: i64 = 24 * 3_600 * 1_000_000;

/// Records the movements of a leg as one transfer.
pub fn complete(book: &mut Book<'_>, movements: Vec<Movement>, told: Transfer) -> Result<TransferId, Refused> {
    let locks = if awaits_register(book, &movements)? { locked(book, &movements)? } else { Vec::new() };
    let state = if locks.is_empty() { told.state } else { TransferState::AwaitingRegistry };
    let reversible_until = if locks.is_empty() { window(book, &movements)? } else { None };
    let id = told.id;
    book.put(id, id, Transfer { state, movements, locks, reversible_until, ..told });
    Ok(id)
}

/// A transfer of this leg of which nothing else is said yet.
pub fn begun(book: &Book<'_>) -> Transfer {
    let id = TransferId::made_by(book.context.envelope.id, book.context.leg, 0);
    let told = Transfer::of(id, TransferState::Final, Vec::new(), book.context.now);
    Transfer { made_by: Some(book.context.actor), ..told }
}

/// Whether units change their holder of which an outside register keeps account.
fn awaits_register(book: &Book<'_>, movements: &[Movement]) -> Result<bool, Refused> {
    for movement in movements {
        let (from, to) = (book.account(movement.from, "from")?, book.account(movement.to, "to")?);
        // What the zone allots or takes back is its own decision.
        let is_dealing = match movement.kind {
            MoveKind::Settle => true,
            MoveKind::Transfer => from.purpose != AccountPurpose::Pool && to.purpose != AccountPurpose::Pool,
            MoveKind::Issue
            | MoveKind::Retire
            | MoveKind::Surrender
            | MoveKind::Offset
            | MoveKind::Cancel
            | MoveKind::Expire
            | MoveKind::Reverse
            | MoveKind::Reject
            | MoveKind::Deposit
            | MoveKind::Payout
            | MoveKind::Lease
            | MoveKind::LeaseReturn
            | MoveKind::Apportion => false,
        };
        let is_confirmed = book.factor(movement.factor)?.controls.confirmed_by.is_some();
        if is_dealing && from.holder != to.holder && is_confirmed {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Locks everything that was received, units and money: what an outside register rejects goes back, whatever happens.
fn locked(book: &mut Book<'_>, movements: &[Movement]) -> Result<Vec<HoldId>, Refused> {
    let mut locks = Vec::with_capacity(movements.len());
    for movement in movements {
        let nth = book.next();
        let id = HoldId::made_by(book.context.envelope.id, book.context.leg, nth);
        let account = book.account(movement.to, "to")?;
        let selection = Selection::Numbers { units: movement.units.clone() };
        book.set_aside((&account, id), movement.amount, &selection)?;
        let placed_by = book.context.actor;
        let lock = Hold {
            kind: HoldKind::Registry,
            ..Hold::placed(id, (account.id, account.factor), movement.amount, placed_by)
        };
        book.put_hold(lock);
        locks.push(id);
    }
    Ok(locks)
}

/// Until when the movements may be reversed: the shortest window of their factors.
pub fn window(book: &Book<'_>, movements: &[Movement]) -> Result<Option<Instant>, Refused> {
    let mut days = None;
    for movement in movements {
        let allowed = book.factor(movement.factor)?.controls.reversal_days;
        days = Some(days.map_or(allowed, |days: u16| days.min(allowed)));
    }
    let now = book.context.now.micros();
    let until = |days: u16| Instant::from_micros(now.saturating_add(i64::from(days) * DAY_MICROS));
    Ok(days.filter(|days| *days > 0).map(until))
}

impl Hold {
    /// A hold of which nothing else is said yet.
    pub(super) const fn placed(
        id: HoldId,
        (account, factor): (crate::journal::AccountId, crate::journal::FactorId),
        amount: Units,
        placed_by: crate::journal::PrincipalId,
    ) -> Self {
        Self {
            id,
            account,
            factor,
            kind: HoldKind::Order,
            state: HoldState::Open,
            placed: amount,
            open: amount,
            settled: Units::ZERO,
            shortfall: Units::ZERO,
            placed_by,
            placed_in: None,
            expires_at: None,
            suspended_by: Vec::new(),
            left_micros: None,
            to: None,
            reference: None,
            authority: None,
            pledgee: None,
            release_proposed_by: None,
            suspends: Vec::new(),
        }
    }
}
