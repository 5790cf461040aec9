//! Reversal of a transfer: new entries the other way, once, within its window.

use serde::{Deserialize, Serialize};

use super::book::{Book, Carry, Source};
use super::complete::begun;
use super::pick::Selection;
use super::{Movement, Transfer};
use crate::codes::{AccountPurpose, MoveKind, TransferState};
use crate::error_catalogue::ErrorCode;
use crate::journal::{Body, Context, Decision, Needs, Record, Refused, TransferId};

/// Reverses a transfer whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReverseTransfer {
    pub transfer: TransferId,
}

impl Body for ReverseTransfer {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.transfers.push(self.transfer);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        context.reasoned()?;
        let original = transfer(context, self.transfer)?;
        may_be_reversed(context, original)?;
        let mut book = Book::open(context);
        let told = Transfer { reverses: Some(original.id), ..begun(&book) };
        let mut movements = Vec::with_capacity(original.movements.len());
        for movement in original.movements.iter().rev() {
            movements.push(back(&mut book, movement, told.id)?);
        }
        book.serve_returns(&movements)?;
        let (state, reversed_by) = (TransferState::Reversed, Some(told.id));
        book.put(original.id, original.id, Transfer { state, reversed_by, ..original.clone() });
        book.put(told.id, told.id, Transfer { movements, ..told });
        Ok(book.close().into())
    }
}

/// The very units go back, or the amount.
fn back(book: &mut Book<'_>, movement: &Movement, transfer: TransferId) -> Result<Movement, Refused> {
    let Movement { from: to, to: from, amount, ref units, .. } = *movement;
    let is_retired = book.account(from, "transfer")?.purpose == AccountPurpose::Retirement;
    let selection = Selection::Numbers { units: units.clone() };
    let source = if is_retired { Source::Retired(units) } else { Source::Free(&selection) };
    book.carry(&Carry { kind: MoveKind::Reverse, from, to, amount, source, transfer })
}

fn may_be_reversed(context: &Context<'_>, original: &Transfer) -> Result<(), Refused> {
    let refused = |code| Refused::new(code).at("transfer").told("transfer", original.id);
    if let Some(by) = original.reversed_by {
        return Err(refused(ErrorCode::ReversedAlready).told("by", by));
    }
    let is_final = matches!(original.state, TransferState::Final | TransferState::Confirmed);
    if !is_final || original.reverses.is_some() || !original.movements.iter().all(|one| is_reversible(one.kind)) {
        return Err(refused(ErrorCode::State).told("state", original.state));
    }
    match original.reversible_until {
        Some(until) if context.now <= until => Ok(()),
        Some(until) => Err(refused(ErrorCode::ReversalClosed).told("until", until)),
        None => Err(refused(ErrorCode::ReversalClosed)),
    }
}

/// What was issued is cancelled, what lapsed stays lapsed, an offset's source is used up.
const fn is_reversible(kind: MoveKind) -> bool {
    match kind {
        MoveKind::Transfer
        | MoveKind::Settle
        | MoveKind::Retire
        | MoveKind::Surrender
        | MoveKind::Cancel
        | MoveKind::Deposit => true,
        MoveKind::Issue
        | MoveKind::Offset
        | MoveKind::Expire
        | MoveKind::Reverse
        | MoveKind::Reject
        | MoveKind::Payout
        | MoveKind::Lease
        | MoveKind::LeaseReturn
        | MoveKind::Apportion => false,
    }
}

/// A transfer as it stands.
pub fn transfer<'a>(context: &Context<'a>, id: TransferId) -> Result<&'a Transfer, Refused> {
    match context.set.state(id, context.now) {
        Some(Record::Transfer(transfer)) => Ok(transfer),
        _ => Err(Refused::new(ErrorCode::NotFound).at("transfer").told("transfer", id)),
    }
}
