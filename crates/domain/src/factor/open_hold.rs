//! What every act on a hold asks: that it is open, that it may still be acted on, and by whom.

use super::Hold;
use super::book::Book;
use super::pick::Selection;
use crate::codes::{HoldState, Role};
use crate::error_catalogue::ErrorCode;
use crate::journal::{HoldId, Refused};
use crate::quantity::Units;

/// A hold that is not yet resolved. What became of it is told alike to everyone who comes too late.
pub fn open_hold(book: &Book<'_>, id: HoldId, field: &str) -> Result<Hold, Refused> {
    let hold = book.hold(id, field)?;
    if hold.state != HoldState::Open {
        let refused = Refused::new(ErrorCode::HoldResolved).at(field).told("hold", id).told("state", hold.state);
        return Err(refused.with("settled", hold.settled.count()).with("placed", hold.placed.count()));
    }
    Ok(hold)
}

/// A hold that no court or supervisory body has stopped.
pub fn running(hold: &Hold, field: &str) -> Result<(), Refused> {
    hold.suspended_by.first().map_or(Ok(()), |freeze| {
        Err(Refused::new(ErrorCode::Suspended).at(field).told("hold", hold.id).told("freeze", freeze))
    })
}

/// Sets free what a hold gives up. Of an order that a freeze has stopped, the freeze takes what it lacks.
pub fn give_back(book: &mut Book<'_>, hold: &Hold, amount: Units) -> Result<(), Refused> {
    book.set_free(hold, amount)?;
    let account = book.account(hold.account, "hold")?;
    let mut left = amount;
    for id in &hold.suspended_by {
        let freeze = book.hold(*id, "hold")?;
        let taken = left.min(freeze.shortfall);
        if freeze.state != HoldState::Open || !taken.is_positive() {
            continue;
        }
        let units = book.free_numbers(account.id, taken);
        book.set_aside((&account, freeze.id), taken, &Selection::Numbers { units })?;
        let sum = |units: Units| units.plus(taken).unwrap_or(units);
        let shortfall = freeze.shortfall.less(taken).unwrap_or_default();
        book.put_hold(Hold { open: sum(freeze.open), placed: sum(freeze.placed), shortfall, ..freeze });
        left = left.less(taken).unwrap_or_default();
    }
    Ok(())
}

/// A hold that may be settled now.
pub fn usable(book: &Book<'_>, id: HoldId, field: &str) -> Result<Hold, Refused> {
    let hold = open_hold(book, id, field)?;
    running(&hold, field)?;
    match hold.expires_at {
        Some(at) if at <= book.context.now => {
            Err(Refused::new(ErrorCode::HoldExpired).at(field).told("hold", id).told("expiresAt", at))
        }
        _ => Ok(hold),
    }
}

/// A venue acts on the holds that it placed itself, and so does a holder: what a venue set aside is not his to give up.
pub fn placed_by_actor(book: &Book<'_>, hold: &Hold, field: &str) -> Result<(), Refused> {
    let context = book.context;
    if hold.placed_by == context.actor {
        return Ok(());
    }
    match context.actor_role {
        Role::Venue => Err(Refused::new(ErrorCode::VenueNotAuthorised).at(field).told("hold", hold.id)),
        Role::Enterprise => Err(Refused::new(ErrorCode::Forbidden).at(field).told("hold", hold.id)),
        _ => Ok(()),
    }
}

/// Who placed a hold acts on it as long as he may deal on its account.
pub fn own_hold(book: &Book<'_>, hold: &Hold, field: &str) -> Result<(), Refused> {
    placed_by_actor(book, hold, field)?;
    let account = book.account(hold.account, field)?;
    super::check::own_accounts(book.context, &account, book.factor(account.factor)?, field)
}
