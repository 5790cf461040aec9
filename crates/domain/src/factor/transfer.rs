//! Transfers: one or several movements that happened together, and how final they are.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::reference::offset_source;
use super::{BankLine, UnitRange};
use crate::codes::{BankDirection, MoveKind, TransferState};
use crate::journal::{AccountId, Claim, FactorId, HoldId, PrincipalId, TransferId};
use crate::quantity::{Instant, Units};

/// Units or money of one factor from one account to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    pub kind: MoveKind,
    pub factor: FactorId,
    pub from: AccountId,
    pub to: AccountId,
    pub amount: Units,
    /// The numbers of the units, where they have any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitRange>,
}

/// Movements that happened in one leg of an act: all or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    pub id: TransferId,
    pub state: TransferState,
    pub movements: Vec<Movement>,
    pub made_at: Instant,
    /// On whose authority; what he calls it is his alone among venues.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<PrincipalId>,
    /// Holds that lock what was received until the outside register confirms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locks: Vec<HoldId>,
    /// The last instant at which it may be reversed; none: it may not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reversible_until: Option<Instant>,
    /// The transfer that reversed it, or that it reverses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reversed_by: Option<TransferId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverses: Option<TransferId>,
    /// What the other party calls it: an order, a contract, the bank's reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The bank's reference of a deposit, which is booked once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_reference: Option<String>,
    /// The measure of reduction whose units it used up, once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset_source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_date: Option<Date>,
    /// Under what the outside register confirmed or rejected it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register_reference: Option<String>,
}

impl Transfer {
    /// A transfer of which nothing else is said.
    pub const fn of(id: TransferId, state: TransferState, movements: Vec<Movement>, made_at: Instant) -> Self {
        Self {
            id,
            state,
            movements,
            made_at,
            made_by: None,
            locks: Vec::new(),
            reversible_until: None,
            reversed_by: None,
            reverses: None,
            reference: None,
            bank_reference: None,
            offset_source: None,
            value_date: None,
            register_reference: None,
        }
    }

    /// The names no other transfer may bear.
    pub fn claims(&self) -> Vec<Claim> {
        let bank = self.booked().map(|(bank, line)| Claim::BankReference(bank, line.direction, line.bank_reference));
        bank.into_iter().chain(self.offset_source.iter().map(|source| offset_source(source))).collect()
    }

    /// A deposit or payout as the bank tells it, and the account that stands for the bank; none where it is none, or was
    /// taken back.
    pub fn booked(&self) -> Option<(AccountId, BankLine)> {
        self.line().filter(|_| self.state != TransferState::Reversed)
    }

    /// A deposit or payout as it was once booked, taken back since or not.
    pub fn line(&self) -> Option<(AccountId, BankLine)> {
        let bank_reference = self.bank_reference.clone()?;
        let movement = self.movements.first()?;
        let (bank, account, direction) = match movement.kind {
            MoveKind::Payout => (movement.to, movement.from, BankDirection::Out),
            _ => (movement.from, movement.to, BankDirection::In),
        };
        Some((bank, BankLine { bank_reference, account, direction, amount: movement.amount }))
    }
}
