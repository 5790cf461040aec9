//! Units that go out of use: retired, surrendered for what was emitted or used, cancelled from a pool.

use serde::{Deserialize, Serialize};

use super::Transfer;
use super::book::{Book, Carry, Source};
use super::complete::{begun, complete};
use super::pick::Selection;
use crate::codes::MoveKind;
use crate::district::check_given;
use crate::error_catalogue::ErrorCode;
use crate::journal::{AccountId, Body, Context, Decision, Needs, Refused};
use crate::quantity::Units;

/// Takes units out of use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetireUnits {
    pub from: AccountId,
    /// A retirement account.
    pub to: AccountId,
    pub amount: Units,
    /// RETIRE, SURRENDER or CANCEL.
    pub kind: MoveKind,
    #[serde(default)]
    pub selection: Selection,
    /// What it is for: a year's compliance, a project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl Body for RetireUnits {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.accounts.extend([self.from, self.to]);
        needs.ledger.take(self.from, self.amount, &self.selection);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        if !matches!(self.kind, MoveKind::Retire | MoveKind::Surrender | MoveKind::Cancel) {
            return Err(Refused::new(ErrorCode::MoveNotAllowed).at("kind").told("movement", self.kind));
        }
        check_given(self.reference.as_deref(), "reference")?;
        let mut book = Book::open(context);
        let told = Transfer { reference: self.reference.clone(), ..begun(&book) };
        let (source, kind) = (Source::Free(&self.selection), self.kind);
        let carry = Carry { kind, from: self.from, to: self.to, amount: self.amount, source, transfer: told.id };
        let movement = book.carry(&carry)?;
        complete(&mut book, vec![movement], told)?;
        Ok(book.close().into())
    }
}
