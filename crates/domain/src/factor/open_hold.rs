//! What every act on a hold asks: that it is open, that it may still be acted on, and by whom.

use super::Hold;
use super::book::Book;
use super::check::party_of_actor;
use crate::codes::{HoldState, Role};
use crate::error_catalogue::ErrorCode;
use crate::journal::{HoldId, Refused};

/// A hold that is not yet resolved. What became of it is told alike to everyone who comes too late and may know of it.
pub fn open_hold(book: &Book<'_>, id: HoldId, field: &str) -> Result<Hold, Refused> {
    let hold = book.hold(id, field)?;
    if hold.state != HoldState::Open {
        if !concerns_actor(book, &hold)? {
            placed_by_actor(book, &hold, field)?;
        }
        let refused = Refused::new(ErrorCode::HoldResolved).at(field).told("hold", id).told("state", hold.state);
        return Err(refused.told("settled", hold.settled.count()).told("placed", hold.placed.count()));
    }
    Ok(hold)
}

/// Whether it lies on the account of a holder who asks, or is pledged to him.
fn concerns_actor(book: &Book<'_>, hold: &Hold) -> Result<bool, Refused> {
    let party = party_of_actor(book.context);
    let holder = book.account(hold.account, "hold")?.holder;
    Ok(book.context.actor_role == Role::Enterprise && party.is_some() && (party == holder || party == hold.pledgee))
}

/// A hold that no court or supervisory body has stopped.
pub fn running(hold: &Hold, field: &str) -> Result<(), Refused> {
    hold.suspended_by.first().map_or(Ok(()), |freeze| {
        Err(Refused::new(ErrorCode::Suspended).at(field).told("hold", hold.id).told("freeze", freeze))
    })
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
