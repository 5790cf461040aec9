//! What the outside register says of a transfer: confirmed, and the locks fall; or rejected, and units and money go back.

use serde::{Deserialize, Serialize};

use super::book::{Book, Carry, Source};
use super::complete::{begun, window};
use super::reverse::transfer;
use super::{Hold, Transfer};
use crate::codes::{HoldState, MoveKind, TransferState};
use crate::district::check_text;
use crate::error_catalogue::ErrorCode;
use crate::journal::{Body, Context, Decision, Needs, Refused, TransferId};
use crate::quantity::Units;

/// Records that the outside register confirmed a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmTransfer {
    pub transfer: TransferId,
    /// The reference under which it stands there.
    pub register_reference: String,
}

/// Records that the outside register rejected a transfer, and takes it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectTransfer {
    pub transfer: TransferId,
    pub register_reference: String,
}

impl Body for ConfirmTransfer {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.transfers.push(self.transfer);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        check_text(&self.register_reference, "registerReference")?;
        let awaiting = awaiting(context, self.transfer)?;
        let mut book = Book::open(context);
        for lock in &awaiting.locks {
            let hold = book.hold(*lock, "transfer")?;
            book.set_free(&hold, hold.open)?;
            book.put_hold(Hold { open: Units::ZERO, state: HoldState::Released, ..hold });
        }
        let state = TransferState::Confirmed;
        let register_reference = Some(self.register_reference.clone());
        let reversible_until = window(&book, &awaiting.movements)?;
        let confirmed = Transfer { state, reversible_until, register_reference, ..awaiting.clone() };
        book.put(awaiting.id, awaiting.id, confirmed);
        Ok(book.close().into())
    }
}

impl Body for RejectTransfer {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.transfers.push(self.transfer);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        check_text(&self.register_reference, "registerReference")?;
        let awaiting = awaiting(context, self.transfer)?;
        let mut book = Book::open(context);
        let told = Transfer { reverses: Some(awaiting.id), ..begun(&book) };
        let mut movements = Vec::with_capacity(awaiting.movements.len());
        for (movement, lock) in awaiting.movements.iter().zip(&awaiting.locks).rev() {
            let (kind, source) = (MoveKind::Reject, Source::Hold(*lock));
            let (from, to, amount) = (movement.to, movement.from, movement.amount);
            movements.push(book.carry(&Carry { kind, from, to, amount, source, transfer: told.id })?);
            let hold = book.hold(*lock, "transfer")?;
            book.put_hold(Hold { open: Units::ZERO, settled: amount, state: HoldState::Settled, ..hold });
        }
        book.serve_returns(&movements)?;
        let (state, reversed_by) = (TransferState::Rejected, Some(told.id));
        let register_reference = Some(self.register_reference.clone());
        let rejected = Transfer { state, reversed_by, register_reference, ..awaiting.clone() };
        book.put(awaiting.id, awaiting.id, rejected);
        book.put(told.id, told.id, Transfer { movements, ..told });
        Ok(book.close().into())
    }
}

fn awaiting<'a>(context: &Context<'a>, id: TransferId) -> Result<&'a Transfer, Refused> {
    let found = transfer(context, id)?;
    if found.state == TransferState::AwaitingRegistry {
        return Ok(found);
    }
    Err(Refused::new(ErrorCode::State).at("transfer").told("transfer", id).told("state", found.state))
}
