//! Leases of rights: the units stand with the lessee, locked, until the registry returns them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::book::{Book, Carry, Source};
use super::check::today;
use super::complete::begun;
use super::issue::end_of;
use super::pick::Selection;
use super::{Hold, Transfer};
use crate::codes::{HoldKind, MoveKind};
use crate::district::check_given;
use crate::error_catalogue::ErrorCode;
use crate::journal::{AccountId, Body, Context, Decision, HoldId, Needs, Refused};
use crate::quantity::Units;

/// Leases units to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseUnits {
    pub from: AccountId,
    pub to: AccountId,
    pub amount: Units,
    #[serde(default)]
    pub selection: Selection,
    /// The last day of the lease: a year ahead at most (domain.md 5.4).
    pub until: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl Body for LeaseUnits {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.accounts.extend([self.from, self.to]);
        needs.ledger.take(self.from, self.amount, &self.selection);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        check_given(self.reference.as_deref(), "reference")?;
        let mut book = Book::open(context);
        let (from, to) = (book.account(self.from, "from")?, book.account(self.to, "to")?);
        let today = today(context, &from)?;
        let latest = today.checked_add(jiff::Span::new().years(1)).unwrap_or(Date::MAX);
        if self.until < today || self.until > latest {
            let refused = Refused::new(ErrorCode::RightTerm).at("until").told("today", today);
            return Err(refused.told("latest", latest));
        }
        let told = Transfer { reference: self.reference.clone(), ..begun(&book) };
        let (source, kind) = (Source::Free(&self.selection), MoveKind::Lease);
        let carry = Carry { kind, from: from.id, to: to.id, amount: self.amount, source, transfer: told.id };
        let movement = book.carry(&carry)?;
        let id = HoldId::made_by(context.envelope.id, context.leg, 0);
        book.set_aside((&to, id), self.amount, &Selection::Numbers { units: movement.units.clone() })?;
        let hold = Hold {
            kind: HoldKind::Lease,
            expires_at: Some(end_of(&book, self.until, &from)?),
            to: Some(from.id),
            reference: self.reference.clone(),
            ..Hold::placed(id, (to.id, to.factor), self.amount, context.actor)
        };
        book.put_hold(hold);
        book.put(told.id, told.id, Transfer { movements: vec![movement], ..told });
        Ok(book.close().into())
    }
}
