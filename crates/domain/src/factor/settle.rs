//! Settlement of holds: what was set aside goes where it was meant for. Several in one act are delivery versus payment.

use serde::{Deserialize, Serialize};

use super::book::{Book, Carry, Source};
use super::complete::{begun, complete};
use super::open_hold::{own_hold, usable};
use super::{Hold, Movement, Transfer};
use crate::codes::{HoldKind, HoldState, MoveKind};
use crate::district::check_given;
use crate::error_catalogue::ErrorCode;
use crate::journal::{AccountId, Body, Context, Decision, HoldId, Needs, Refused, TransferId};
use crate::quantity::Units;

/// Parts of one settlement.
pub const SETTLED_MAX: usize = 100;

/// What becomes of what a part does not take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Remainder {
    /// It stays set aside until the hold expires.
    #[default]
    Keep,
    /// It is free again, and the hold is resolved.
    Release,
}

/// One part of a settlement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettleLeg {
    pub hold: HoldId,
    pub to: AccountId,
    pub amount: Units,
    #[serde(default)]
    pub remainder: Remainder,
}

/// Settles holds, all or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettleHolds {
    pub legs: Vec<SettleLeg>,
    /// What the venue calls the trade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl Body for SettleHolds {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.holds.extend(self.legs.iter().map(|leg| leg.hold));
        needs.ledger.accounts.extend(self.legs.iter().map(|leg| leg.to));
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        check_given(self.reference.as_deref(), "reference")?;
        if self.legs.is_empty() {
            return Err(Refused::new(ErrorCode::ListEmpty).at("legs"));
        }
        if self.legs.len() > SETTLED_MAX {
            return Err(Refused::new(ErrorCode::ListTooLong).at("legs").with("most", SETTLED_MAX));
        }
        let mut book = Book::open(context);
        let told = Transfer { reference: self.reference.clone(), ..begun(&book) };
        let mut movements = Vec::with_capacity(self.legs.len());
        for (place, leg) in self.legs.iter().enumerate() {
            let at = |refused: Refused| {
                let field = refused.field.clone().unwrap_or_default();
                refused.at(format!("legs[{place}].{field}").trim_end_matches('.').to_owned())
            };
            movements.push(leg.settle(&mut book, told.id).map_err(at)?);
        }
        complete(&mut book, movements, told)?;
        Ok(book.close().into())
    }
}

impl SettleLeg {
    fn settle(&self, book: &mut Book<'_>, transfer: TransferId) -> Result<Movement, Refused> {
        let hold = usable(book, self.hold, "hold")?;
        own_hold(book, &hold, "hold")?;
        if hold.kind != HoldKind::Order {
            return Err(Refused::new(ErrorCode::MoveNotAllowed).at("hold").told("kind", hold.kind));
        }
        if hold.to.is_some_and(|only| only != self.to) {
            return Err(Refused::new(ErrorCode::HoldTarget).at("to").told("account", self.to));
        }
        let Some(open) = hold.open.less(self.amount) else {
            let refused = Refused::new(ErrorCode::HoldExceeded).at("amount").told("asked", self.amount.count());
            return Err(refused.told("open", hold.open.count()));
        };
        let (source, kind) = (Source::Hold(hold.id), MoveKind::Settle);
        let carry = Carry { kind, from: hold.account, to: self.to, amount: self.amount, source, transfer };
        let movement = book.carry(&carry)?;
        settled(book, Hold { open, ..hold }, self.amount, self.remainder)?;
        Ok(movement)
    }
}

/// The hold after a part of it went where it was meant for.
pub fn settled(book: &mut Book<'_>, hold: Hold, amount: Units, remainder: Remainder) -> Result<(), Refused> {
    let settled = hold.settled.plus(amount).unwrap_or(hold.settled);
    let is_done = !hold.open.is_positive() || remainder == Remainder::Release;
    if is_done && hold.open.is_positive() {
        book.set_free(&hold, hold.open)?;
    }
    let (open, state) = if is_done { (Units::ZERO, HoldState::Settled) } else { (hold.open, hold.state) };
    book.put_hold(Hold { state, open, settled, ..hold });
    Ok(())
}
