//! What becomes of a hold whose time is over: what is still set aside is free again. The registry alone does this.

use serde::{Deserialize, Serialize};

use super::book::{Book, Carry, Source};
use super::complete::begun;
use super::open_hold::open_hold;
use super::{Hold, Transfer};
use crate::codes::{HoldKind, HoldState, MoveKind};
use crate::error_catalogue::ErrorCode;
use crate::journal::{AccountId, ActKind, Body, Context, Decision, HoldId, Needs, PrincipalId, Refused};
use crate::quantity::Units;

/// Ends a hold whose deadline has passed, whatever the status of its account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpireHold {
    pub hold: HoldId,
}

impl Body for ExpireHold {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.holds.push(self.hold);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        if context.principal() != PrincipalId::SYSTEM {
            return Err(Refused::new(ErrorCode::Forbidden).told("act", ActKind::ExpireHold));
        }
        let mut book = Book::open(context);
        let hold = open_hold(&book, self.hold, "hold")?;
        if hold.due_at().is_none_or(|at| at > context.now) {
            return Err(Refused::new(ErrorCode::State).at("hold").told("hold", hold.id).with("state", "NOT_DUE"));
        }
        match hold.to.filter(|_| hold.kind == HoldKind::Lease && hold.open.is_positive()) {
            Some(lessor) => returned(&mut book, &hold, lessor)?,
            None if hold.open.is_positive() => book.set_free(&hold, hold.open)?,
            None => {}
        }
        book.put_hold(Hold { open: Units::ZERO, state: HoldState::Expired, ..hold });
        Ok(book.close().into())
    }
}

/// What was leased goes back to whom it belongs.
fn returned(book: &mut Book<'_>, hold: &Hold, lessor: AccountId) -> Result<(), Refused> {
    let told = begun(book);
    let (kind, source) = (MoveKind::LeaseReturn, Source::Hold(hold.id));
    let carry = Carry { kind, from: hold.account, to: lessor, amount: hold.open, source, transfer: told.id };
    let movements = vec![book.carry(&carry)?];
    book.serve_returns(&movements)?;
    book.put(told.id, told.id, Transfer { movements, ..told });
    Ok(())
}
