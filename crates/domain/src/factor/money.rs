//! Money on settlement accounts: deposits as the bank reports them, payouts requested, confirmed or returned.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::book::{Book, Carry, Source};
use super::check::{own_accounts, positive};
use super::complete::{begun, complete};
use super::open_hold::{open_hold, running};
use super::pick::Selection;
use super::reference::check_reference;
use super::settle::{Remainder, settled};
use super::{Hold, Transfer};
use crate::codes::{AccountPurpose, BankDirection, FactorKind, HoldKind, HoldState, MoveKind};
use crate::district::check_given;
use crate::error_catalogue::ErrorCode;
use crate::journal::{AccountId, Body, Claim, Context, Decision, HoldId, Needs, Refused};
use crate::quantity::Units;

/// Records money that arrived at the bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordDeposit {
    /// The account that stands for the bank.
    pub bank: AccountId,
    pub account: AccountId,
    /// In fen.
    pub amount: Units,
    /// What the bank calls it; a deposit is booked once.
    pub bank_reference: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_date: Option<Date>,
}

/// Asks that money be paid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestPayout {
    pub account: AccountId,
    pub amount: Units,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// Records that the bank has paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmPayout {
    pub hold: HoldId,
    pub bank: AccountId,
    pub bank_reference: String,
}

/// Gives back what was to be paid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnPayout {
    pub hold: HoldId,
}

impl RecordDeposit {
    fn claim(&self) -> Claim {
        Claim::BankReference(self.bank, BankDirection::In, self.bank_reference.clone())
    }
}

impl ConfirmPayout {
    fn claim(&self) -> Claim {
        Claim::BankReference(self.bank, BankDirection::Out, self.bank_reference.clone())
    }
}

impl Body for RecordDeposit {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.accounts.extend([self.bank, self.account]);
        needs.claims.push(self.claim());
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        once(context, &self.claim())?;
        let mut book = Book::open(context);
        let bank = book.account(self.bank, "bank")?;
        book.value_date = self.value_date;
        let bank_reference = Some(self.bank_reference.clone());
        let told = Transfer { bank_reference, value_date: self.value_date, ..begun(&book) };
        let selection = Selection::default();
        let (source, kind) = (Source::Free(&selection), MoveKind::Deposit);
        let carry = Carry { kind, from: bank.id, to: self.account, amount: self.amount, source, transfer: told.id };
        let movement = book.carry(&carry)?;
        complete(&mut book, vec![movement], told)?;
        Ok(book.close().into())
    }
}

impl Body for RequestPayout {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.accounts.push(self.account);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        positive(self.amount, "amount")?;
        check_given(self.reference.as_deref(), "reference")?;
        let mut book = Book::open(context);
        let account = book.account(self.account, "account")?;
        let factor = book.factor(account.factor)?;
        own_accounts(context, &account, factor, "account")?;
        if factor.kind != FactorKind::Money || account.purpose != AccountPurpose::Holding {
            return Err(Refused::new(ErrorCode::MoveNotAllowed).at("account").with("factor", factor.code.clone()));
        }
        super::place_hold::pays(context, &account)?;
        let id = HoldId::made_by(context.envelope.id, context.leg, 0);
        book.set_aside((&account, id), self.amount, &Selection::default())?;
        let reference = self.reference.clone();
        let hold = Hold::placed(id, (account.id, account.factor), self.amount, context.actor);
        book.put_hold(Hold { kind: HoldKind::Payout, reference, ..hold });
        Ok(book.close().into())
    }
}

impl Body for ConfirmPayout {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.holds.push(self.hold);
        needs.ledger.accounts.push(self.bank);
        needs.claims.push(self.claim());
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        once(context, &self.claim())?;
        let mut book = Book::open(context);
        let hold = requested(&book, self.hold)?;
        running(&hold, "hold")?;
        if hold.placed_by == context.actor {
            return Err(Refused::new(ErrorCode::FourEyes).at("hold").told("requestedBy", hold.placed_by));
        }
        let told = Transfer { bank_reference: Some(self.bank_reference.clone()), ..begun(&book) };
        let (source, kind, amount) = (Source::Hold(hold.id), MoveKind::Payout, hold.open);
        let carry = Carry { kind, from: hold.account, to: self.bank, amount, source, transfer: told.id };
        let movement = book.carry(&carry)?;
        settled(&mut book, Hold { open: Units::ZERO, ..hold }, amount, Remainder::Release)?;
        complete(&mut book, vec![movement], told)?;
        Ok(Decision { changes: book.close(), approved_by: Some(context.principal()) })
    }
}

impl Body for ReturnPayout {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.holds.push(self.hold);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let mut book = Book::open(context);
        let hold = requested(&book, self.hold)?;
        let account = book.account(hold.account, "hold")?;
        own_accounts(context, &account, book.factor(account.factor)?, "hold")?;
        book.set_free(&hold, hold.open)?;
        book.put_hold(Hold { open: Units::ZERO, state: HoldState::Released, ..hold });
        Ok(book.close().into())
    }
}

fn requested(book: &Book<'_>, id: HoldId) -> Result<Hold, Refused> {
    let hold = open_hold(book, id, "hold")?;
    let refused = || Refused::new(ErrorCode::MoveNotAllowed).at("hold").told("kind", hold.kind);
    if hold.kind == HoldKind::Payout { Ok(hold) } else { Err(refused()) }
}

/// What the bank reports is booked once.
fn once(context: &Context<'_>, claim: &Claim) -> Result<(), Refused> {
    check_reference(claim.name(), "bankReference")?;
    let booked = context.set.claimants(claim).next();
    booked.map_or(Ok(()), |by| Err(Refused::new(ErrorCode::BankReferenceBooked).at("bankReference").told("record", by)))
}
