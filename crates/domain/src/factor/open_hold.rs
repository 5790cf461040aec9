//! What every act on a hold asks: that it is open, that it may still be acted on, and by whom.

use super::Hold;
use super::book::Book;
use crate::codes::{HoldState, Role};
use crate::error_catalogue::ErrorCode;
use crate::journal::{HoldId, Refused};

/// A hold that is not yet resolved. What became of it is told alike to everyone who comes too late.
pub fn open_hold(book: &Book<'_>, id: HoldId, field: &str) -> Result<Hold, Refused> {
    let hold = book.hold(id, field)?;
    if hold.state != HoldState::Open {
        let refused = Refused::new(ErrorCode::HoldResolved).at(field).told("hold", id).told("state", hold.state);
        return Err(refused.with("settled", hold.settled.count()).with("placed", hold.placed.count()));
    }
    Ok(hold)
}

/// A hold that may be settled now.
pub fn usable(book: &Book<'_>, id: HoldId, field: &str) -> Result<Hold, Refused> {
    let hold = open_hold(book, id, field)?;
    if let Some(freeze) = hold.suspended_by {
        return Err(Refused::new(ErrorCode::Suspended).at(field).told("hold", id).told("freeze", freeze));
    }
    match hold.expires_at {
        Some(at) if at <= book.context.now => {
            Err(Refused::new(ErrorCode::HoldExpired).at(field).told("hold", id).told("expiresAt", at))
        }
        _ => Ok(hold),
    }
}

/// A venue acts on the holds that it placed itself.
pub fn own_hold(book: &Book<'_>, hold: &Hold, field: &str) -> Result<(), Refused> {
    let context = book.context;
    let is_strange = context.actor_role == Role::Venue && hold.placed_by != context.actor;
    if is_strange {
        return Err(Refused::new(ErrorCode::VenueNotAuthorised).at(field).told("hold", hold.id));
    }
    let account = book.account(hold.account, field)?;
    super::check::own_accounts(context, &account, book.factor(account.factor)?, field)
}
