//! How a hold is given up before it is settled: all of it or a part.

use serde::{Deserialize, Serialize};

use super::Hold;
use super::book::Book;
use super::check::positive;
use super::open_hold::{open_hold, placed_by_actor};
use crate::codes::{HoldKind, HoldState, Role};
use crate::error_catalogue::ErrorCode;
use crate::journal::{Body, Context, Decision, HoldId, Needs, Refused};
use crate::quantity::Units;

/// Sets free what is set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseHold {
    pub hold: HoldId,
    /// How much; left out: all that is still set aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Units>,
}

impl Body for ReleaseHold {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.holds.push(self.hold);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let mut book = Book::open(context);
        let hold = open_hold(&book, self.hold, "hold")?;
        may_release(context, &hold)?;
        // A pledge lies on the account of another than him who releases it; a venue gives up what it placed even when
        // the account is no longer open to it.
        if hold.kind != HoldKind::Pledge {
            placed_by_actor(&book, &hold, "hold")?;
        }
        let amount = self.amount.unwrap_or(hold.open);
        positive(amount, "amount")?;
        let Some(open) = hold.open.less(amount) else {
            let refused = Refused::new(ErrorCode::HoldExceeded).at("amount").told("asked", amount.count());
            return Err(refused.told("open", hold.open.count()));
        };
        book.set_free(&hold, amount)?;
        let state = if open.is_positive() { hold.state } else { HoldState::Released };
        book.put_hold(Hold { state, open, ..hold });
        Ok(book.close().into())
    }
}

/// An order is given up by who trades, a pledge by the pledgee or an officer; whatever else has acts of its own.
fn may_release(context: &Context<'_>, hold: &Hold) -> Result<(), Refused> {
    match hold.kind {
        HoldKind::Pledge if context.actor_role == Role::Enterprise => {
            let party = super::check::party_of_actor(context);
            let is_pledgee = party.is_some() && party == hold.pledgee;
            is_pledgee.then_some(()).ok_or_else(|| Refused::new(ErrorCode::Pledged).at("hold").told("hold", hold.id))
        }
        HoldKind::Pledge if context.actor_role == Role::Venue => {
            Err(Refused::new(ErrorCode::Pledged).at("hold").told("hold", hold.id))
        }
        HoldKind::Order | HoldKind::Pledge => Ok(()),
        HoldKind::Payout
        | HoldKind::Lease
        | HoldKind::Registry
        | HoldKind::Clawback
        | HoldKind::Supervision
        | HoldKind::Court => Err(Refused::new(ErrorCode::MoveNotAllowed).at("hold").told("kind", hold.kind)),
    }
}
