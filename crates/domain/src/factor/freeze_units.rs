//! Freezes ordered by an authority: what is available is set aside, the shortfall is named, orders go on unless a court
//! or a supervisory body says otherwise. Two persons release it.

use serde::{Deserialize, Serialize};

use super::Hold;
use super::account_status::known;
use super::book::Book;
use super::check::positive;
use super::open_hold::open_hold;
use super::pick::Selection;
use crate::codes::{AccountPurpose, HoldKind, HoldState};
use crate::district::{check_given, check_text};
use crate::error_catalogue::ErrorCode;
use crate::journal::{AccountId, Body, Context, Decision, HoldId, Needs, Refused};
use crate::quantity::{Instant, Units};

/// Holds that one freeze may suspend.
pub const SUSPENDED_MAX: usize = 200;

/// Freezes units or money of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreezeUnits {
    pub account: AccountId,
    /// How much is ordered; left out: all that lies there, set aside or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Units>,
    /// CLAWBACK, SUPERVISION or COURT.
    pub kind: HoldKind,
    pub authority: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Orders that must not be settled while it stands; a court or a supervisory body may say so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspends: Vec<HoldId>,
}

/// Proposes that a freeze be released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposeUnfreeze {
    pub hold: HoldId,
    /// The authority on whose word it is released.
    pub authority: String,
}

/// Approves a release that someone else proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApproveUnfreeze {
    pub hold: HoldId,
}

impl Body for FreezeUnits {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.accounts.push(self.account);
        needs.ledger.holds.extend(&self.suspends);
        needs.ledger.take(self.account, self.amount.unwrap_or(Units::of(i64::MAX)), &Selection::default());
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        self.check()?;
        let mut book = Book::open(context);
        let account = known(context, self.account)?;
        // What is out of use goes nowhere, and what was never issued is nobody's.
        if matches!(account.purpose, AccountPurpose::Issuance | AccountPurpose::Retirement) {
            return Err(Refused::new(ErrorCode::MoveNotAllowed).at("account").told("from", account.purpose));
        }
        let lying = book.balance(account.id);
        let ordered = self.amount.unwrap_or(lying.posted);
        let taken = ordered.min(lying.available());
        let id = HoldId::made_by(context.envelope.id, context.leg, 0);
        if taken.is_positive() {
            book.set_aside_first((account, id), taken)?;
        }
        for suspended in &self.suspends {
            suspend(&mut book, account.id, *suspended, id)?;
        }
        let hold = Hold {
            kind: self.kind,
            placed_in: Some(context.seq),
            shortfall: ordered.less(taken).unwrap_or_default(),
            authority: Some(self.authority.clone()),
            reference: self.document.clone(),
            suspends: self.suspends.clone(),
            ..Hold::placed(id, (account.id, account.factor), taken, context.principal())
        };
        book.put_hold(hold);
        Ok(book.close().into())
    }
}

impl FreezeUnits {
    fn check(&self) -> Result<(), Refused> {
        check_text(&self.authority, "authority")?;
        check_given(self.document.as_deref(), "document")?;
        self.amount.map_or(Ok(()), |amount| positive(amount, "amount"))?;
        if !self.kind.is_freeze() {
            return Err(Refused::new(ErrorCode::MoveNotAllowed).at("kind").told("kind", self.kind));
        }
        if self.suspends.len() > SUSPENDED_MAX {
            return Err(Refused::new(ErrorCode::ListTooLong).at("suspends").with("most", SUSPENDED_MAX));
        }
        if !self.suspends.is_empty() && !self.kind.may_suspend() {
            return Err(Refused::new(ErrorCode::LienPriority).at("suspends").told("kind", self.kind));
        }
        Ok(())
    }
}

/// Stops an order or a payout, and its clock.
fn suspend(book: &mut Book<'_>, account: AccountId, order: HoldId, freeze: HoldId) -> Result<(), Refused> {
    let hold = open_hold(book, order, "suspends")?;
    if hold.account != account || !matches!(hold.kind, HoldKind::Order | HoldKind::Payout) {
        return Err(Refused::new(ErrorCode::MoveNotAllowed).at("suspends").told("hold", order));
    }
    let now = book.context.now.micros();
    let left = hold.expires_at.map(|at| at.micros().saturating_sub(now).max(0));
    // Of what stands already the clock stands too.
    let left_micros = if hold.suspended_by.is_empty() { left } else { hold.left_micros };
    let suspended_by = hold.suspended_by.iter().copied().chain([freeze]).collect();
    book.put_hold(Hold { suspended_by, left_micros, ..hold });
    Ok(())
}

impl Body for ProposeUnfreeze {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.holds.push(self.hold);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let mut book = Book::open(context);
        let freeze = open_freeze(&book, self.hold)?;
        if freeze.authority.as_deref() != Some(self.authority.as_str()) {
            let refused = Refused::new(ErrorCode::LienPriority).at("authority");
            return Err(refused.with("authority", freeze.authority.clone()));
        }
        let release_proposed_by = Some(context.principal());
        if freeze.release_proposed_by == release_proposed_by {
            return Ok(Decision::default());
        }
        book.put_hold(Hold { release_proposed_by, ..freeze });
        Ok(book.close().into())
    }
}

impl Body for ApproveUnfreeze {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.holds.push(self.hold);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let mut book = Book::open(context);
        let freeze = open_freeze(&book, self.hold)?;
        let Some(proposer) = freeze.release_proposed_by else {
            return Err(Refused::new(ErrorCode::State).at("hold").with("state", "NOT_PROPOSED"));
        };
        if proposer == context.principal() {
            return Err(Refused::new(ErrorCode::FourEyes).at("hold").told("proposedBy", proposer));
        }
        // It lacks nothing any more: what it gives up may fall to a freeze that does.
        book.put_hold(Hold { open: Units::ZERO, state: HoldState::Released, ..freeze.clone() });
        if freeze.open.is_positive() {
            book.set_free(&freeze, freeze.open)?;
        }
        for order in &freeze.suspends {
            resume(&mut book, *order, freeze.id)?;
        }
        Ok(Decision { changes: book.close(), approved_by: Some(context.principal()) })
    }
}

fn open_freeze(book: &Book<'_>, id: HoldId) -> Result<Hold, Refused> {
    let hold = open_hold(book, id, "hold")?;
    let refused = || Refused::new(ErrorCode::MoveNotAllowed).at("hold").told("kind", hold.kind);
    if hold.kind.is_freeze() { Ok(hold) } else { Err(refused()) }
}

/// The order goes on with the time it had left.
fn resume(book: &mut Book<'_>, order: HoldId, freeze: HoldId) -> Result<(), Refused> {
    let hold = book.hold(order, "hold")?;
    let mut suspended_by = hold.suspended_by.clone();
    suspended_by.retain(|other| *other != freeze);
    if hold.state != HoldState::Open || suspended_by.len() == hold.suspended_by.len() {
        return Ok(());
    }
    if !suspended_by.is_empty() {
        book.put_hold(Hold { suspended_by, ..hold });
        return Ok(());
    }
    let now = book.context.now.micros();
    let expires_at = hold.left_micros.map(|left| Instant::from_micros(now.saturating_add(left)));
    book.put_hold(Hold { suspended_by, left_micros: None, expires_at, ..hold });
    Ok(())
}
