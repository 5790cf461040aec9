//! Units carried over into another year: their numbers stay, their issuance, vintage and last day change.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::book::Book;
use super::check::{own_accounts, positive, today};
use super::issue::end_of;
use super::pick::Selection;
use super::{Issuance, Lot, LotClass};
use crate::codes::{AccountPurpose, LotOrigin};
use crate::error_catalogue::ErrorCode;
use crate::journal::{AccountId, Body, Context, Decision, IssuanceId, Needs, Record, Refused};
use crate::quantity::Units;

/// Carries units of an account over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarryOverLots {
    pub account: AccountId,
    pub amount: Units,
    #[serde(default)]
    pub selection: Selection,
    pub vintage: i16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<Date>,
}

impl Body for CarryOverLots {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.accounts.push(self.account);
        needs.ledger.take(self.account, self.amount, &self.selection);
        needs.ledger.issuances_of.push(self.account);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        positive(self.amount, "amount")?;
        let mut book = Book::open(context);
        let account = book.account(self.account, "account")?;
        let factor = book.factor(account.factor)?;
        own_accounts(context, &account, factor, "account")?;
        if !factor.is_numbered() || !matches!(account.purpose, AccountPurpose::Holding | AccountPurpose::Pool) {
            return Err(Refused::new(ErrorCode::MoveNotAllowed).at("account").told("from", account.purpose));
        }
        let lying = book.balance(account.id).posted.count();
        let allowed = factor.controls.carry_over_permille.unwrap_or(0);
        let most = i128::from(lying) * i128::from(allowed) / 1_000;
        if i128::from(self.amount.count()) > most {
            let refused = Refused::new(ErrorCode::CarryoverLimit).at("amount").with("permille", allowed);
            return Err(refused.told("most", most));
        }
        let today = today(context, &account)?;
        if self.expires_on.is_some_and(|date| date < today) {
            return Err(Refused::new(ErrorCode::RightTerm).at("expiresOn").told("today", today));
        }
        let lapses_at = self.expires_on.map(|last| end_of(&book, last, &account)).transpose()?;
        for lot in book.take_out(account.id, self.amount, &self.selection)? {
            let Some(Record::Issuance(old)) = context.set.state(lot.issuance, context.now) else {
                return Err(Refused::new(ErrorCode::NotFound).at("account").told("issuance", lot.issuance));
            };
            if self.vintage <= old.vintage {
                return Err(Refused::new(ErrorCode::DateInvalid).at("vintage").with("least", old.vintage + 1));
            }
            let nth = book.next();
            let id = IssuanceId::made_by(context.envelope.id, context.leg, nth);
            let class = LotClass { expires_on: self.expires_on, ..lot.class.clone() };
            let (origin, vintage) = (LotOrigin::CarriedOver, self.vintage);
            let issuance = Issuance {
                id,
                units: lot.units,
                origin,
                vintage,
                class: class.clone(),
                lapses_at,
                lapse_round: 0,
                lapsed: false,
                carried_from: Some(old.id),
                ..(**old).clone()
            };
            book.put(id, id, issuance);
            book.lay(Lot { issuance: id, origin, vintage, class, ..lot });
        }
        Ok(book.close().into())
    }
}
