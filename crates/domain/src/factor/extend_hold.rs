//! How a hold is given more time.

use serde::{Deserialize, Serialize};

use super::Hold;
use super::book::Book;
use super::open_hold::{own_hold, usable};
use super::place_hold::ahead;
use crate::codes::HoldKind;
use crate::error_catalogue::ErrorCode;
use crate::journal::{Body, Context, Decision, HoldId, Needs, Refused};
use crate::quantity::Instant;

/// Moves the deadline of an order; later, never sooner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtendHold {
    pub hold: HoldId,
    pub expires_at: Instant,
}

impl Body for ExtendHold {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.holds.push(self.hold);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let mut book = Book::open(context);
        let hold = usable(&book, self.hold, "hold")?;
        own_hold(&book, &hold, "hold")?;
        if hold.kind != HoldKind::Order {
            return Err(Refused::new(ErrorCode::MoveNotAllowed).at("hold").told("kind", hold.kind));
        }
        ahead(context, self.expires_at)?;
        match hold.expires_at {
            Some(at) if at == self.expires_at => return Ok(Decision::default()),
            Some(at) if at > self.expires_at => {
                return Err(Refused::new(ErrorCode::DeadlinePassed).at("expiresAt").told("expiresAt", at));
            }
            Some(_) | None => {}
        }
        book.put_hold(Hold { expires_at: Some(self.expires_at), ..hold });
        Ok(book.close().into())
    }
}
