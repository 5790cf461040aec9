//! How units or money are set aside: for an order, or as a pledge.

use serde::{Deserialize, Serialize};

use super::book::Book;
use super::check::{agreed, own_accounts, positive};
use super::pick::Selection;
use super::{Account, Factor, Hold};
use crate::codes::{AccountPurpose, AccountStatus, FactorKind, HoldKind, Role};
use crate::district::check_given;
use crate::error_catalogue::ErrorCode;
use crate::journal::{AccountId, Body, Context, Decision, HoldId, Needs, PartyId, RecordKey, Refused};
use crate::quantity::{Instant, Units};

/// How far ahead a hold may expire: ten years.
const AHEAD_MAX_MICROS: i64 = 10 * 366 * 24 * 3_600 * 1_000_000;

/// Sets units or money of an account aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceHold {
    pub account: AccountId,
    pub amount: Units,
    /// ORDER or PLEDGE.
    pub kind: HoldKind,
    #[serde(default)]
    pub selection: Selection,
    /// Required of an order: it may be settled strictly before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
    /// The only account it may be settled to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<AccountId>,
    /// Required of a pledge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pledgee: Option<PartyId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl Body for PlaceHold {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.accounts.push(self.account);
        needs.ledger.accounts.extend(self.to);
        needs.records.extend(self.pledgee.map(RecordKey::from));
        needs.ledger.take(self.account, self.amount, &self.selection);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        positive(self.amount, "amount")?;
        check_given(self.reference.as_deref(), "reference")?;
        let mut book = Book::open(context);
        let account = book.account(self.account, "account")?;
        let factor = book.factor(account.factor)?;
        own_accounts(context, &account, factor, "account")?;
        self.check_kind(context)?;
        may_be_held(context, &account, factor)?;
        self.check_target(&book, &account)?;
        let id = HoldId::made_by(context.envelope.id, context.leg, 0);
        book.set_aside((&account, id), self.amount, &self.selection)?;
        let Self { kind, expires_at, to, pledgee, reference, .. } = self.clone();
        let hold = Hold::placed(id, (account.id, account.factor), self.amount, context.actor);
        book.put_hold(Hold { kind, expires_at, to, reference, pledgee, ..hold });
        Ok(book.close().into())
    }
}

impl PlaceHold {
    /// What is set aside for one account only is of its factor, and for one on which whoever asks may deal.
    fn check_target(&self, book: &Book<'_>, account: &Account) -> Result<(), Refused> {
        let Some(to) = self.to else { return Ok(()) };
        let target = book.account(to, "to")?;
        if book.context.actor_role == Role::Venue {
            own_accounts(book.context, &target, book.factor(target.factor)?, "to")?;
        }
        let refused = || Refused::new(ErrorCode::FactorMismatch).at("to").told("account", to);
        if target.factor == account.factor { Ok(()) } else { Err(refused()) }
    }

    /// An order expires, a pledge is somebody's.
    fn check_kind(&self, context: &Context<'_>) -> Result<(), Refused> {
        match (self.kind, self.expires_at, self.pledgee) {
            (HoldKind::Order, None, _) => return Err(Refused::new(ErrorCode::FieldRequired).at("expiresAt")),
            (HoldKind::Pledge, _, None) => return Err(Refused::new(ErrorCode::FieldRequired).at("pledgee")),
            (HoldKind::Pledge, ..) if context.actor_role == Role::Venue => {
                return Err(Refused::new(ErrorCode::Forbidden).at("kind").told("kind", self.kind));
            }
            (HoldKind::Order | HoldKind::Pledge, ..) => {}
            (other, ..) => return Err(Refused::new(ErrorCode::MoveNotAllowed).at("kind").told("kind", other)),
        }
        if let Some(party) = self.pledgee
            && context.set.timeline(party).is_none()
        {
            return Err(Refused::new(ErrorCode::PartyUnknown).at("pledgee").told("party", party));
        }
        self.expires_at.map_or(Ok(()), |at| ahead(context, at))
    }
}

/// Whether units or money of an account may be set aside at all, now and by who asks.
pub fn may_be_held(context: &Context<'_>, account: &Account, factor: &Factor) -> Result<(), Refused> {
    may_hold(account, factor)?;
    agreed(context, account, "account")
}

/// Whether units or money of an account may be set aside by its nature and status.
pub fn may_hold(account: &Account, factor: &Factor) -> Result<(), Refused> {
    if matches!(factor.kind, FactorKind::CarbonAllowance | FactorKind::Fund) {
        return Err(Refused::new(ErrorCode::NotTradable).at("account").with("factor", factor.code.clone()));
    }
    let is_held = matches!(account.purpose, AccountPurpose::Holding | AccountPurpose::Pool | AccountPurpose::Escrow);
    if !is_held {
        return Err(Refused::new(ErrorCode::MoveNotAllowed).at("account").told("from", account.purpose));
    }
    open_for_paying(account)
}

/// Only what may go out is set aside for going out.
pub fn pays(context: &Context<'_>, account: &Account) -> Result<(), Refused> {
    open_for_paying(account)?;
    agreed(context, account, "account")
}

fn open_for_paying(account: &Account) -> Result<(), Refused> {
    let pays = matches!(account.status, AccountStatus::Open | AccountStatus::FrozenIn);
    pays.then_some(())
        .ok_or_else(|| Refused::new(ErrorCode::AccountStatus).at("account").told("status", account.status))
}

/// A deadline lies ahead, and not too far.
pub fn ahead(context: &Context<'_>, at: Instant) -> Result<(), Refused> {
    let from_now = at.micros().saturating_sub(context.now.micros());
    if from_now <= 0 || from_now > AHEAD_MAX_MICROS {
        let refused = Refused::new(ErrorCode::DeadlinePassed).at("expiresAt");
        return Err(refused.told("expiresAt", at).told("now", context.now));
    }
    Ok(())
}
