//! Transfers between accounts, by those who dispose of them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Transfer;
use super::book::{Book, Carry, Source};
use super::complete::{begun, complete};
pub use super::pick::Selection;
use crate::codes::MoveKind;
use crate::district::check_given;
use crate::journal::{AccountId, Body, Context, Decision, Needs, Refused};
use crate::quantity::Units;

/// Moves units or money from one account to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferUnits {
    pub from: AccountId,
    pub to: AccountId,
    pub amount: Units,
    #[serde(default)]
    pub selection: Selection,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The day on which it counts; not after the day it is recorded, nor in a closed period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_date: Option<Date>,
}

impl Body for TransferUnits {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.accounts.extend([self.from, self.to]);
        needs.ledger.take(self.from, self.amount, &self.selection);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        check_given(self.reference.as_deref(), "reference")?;
        let mut book = Book::open(context);
        book.value_date = self.value_date;
        let told = Transfer { reference: self.reference.clone(), value_date: self.value_date, ..begun(&book) };
        let (source, kind) = (Source::Free(&self.selection), MoveKind::Transfer);
        let carry = Carry { kind, from: self.from, to: self.to, amount: self.amount, source, transfer: told.id };
        let movement = book.carry(&carry)?;
        complete(&mut book, vec![movement], told)?;
        Ok(book.close().into())
    }
}
