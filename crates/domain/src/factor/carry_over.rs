//! Units carried over into another year: their numbers stay, their issuance, vintage and last day change.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::book::Book;
use super::check::{kept_by_actor, positive};
use super::issue::{check_term, end_of};
use super::pick::Selection;
use super::place_hold::pays;
use super::{Account, Factor, Issuance, Lot, LotClass};
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
        kept_by_actor(context, factor)?;
        if !factor.is_numbered() || !matches!(account.purpose, AccountPurpose::Holding | AccountPurpose::Pool) {
            return Err(Refused::new(ErrorCode::MoveNotAllowed).at("account").told("from", account.purpose));
        }
        pays(context, &account)?;
        check_term(&book, &account, (self.vintage, self.expires_on), "expiresOn")?;
        let carried = self.within_limit(book.balance(account.id).posted, &account, factor)?;
        let lapses_at = self.expires_on.map(|last| end_of(&book, last, &account)).transpose()?;
        for lot in book.take_out(&account, self.amount, &self.selection)? {
            let Some(Record::Issuance(old)) = context.set.state(lot.issuance, context.now) else {
                return Err(Refused::new(ErrorCode::NotFound).at("account").told("issuance", lot.issuance));
            };
            if lot.class.expires_on.is_some() && self.expires_on.is_none() {
                return Err(Refused::new(ErrorCode::FieldRequired).at("expiresOn"));
            }
            // Units that lapse are taken out of use by the registry, which must know where to.
            if self.expires_on.is_some() && old.retirement.is_none() {
                let refused = Refused::new(ErrorCode::MoveNotAllowed).at("expiresOn");
                return Err(refused.with("reason", "NO_RETIREMENT").told("issuance", old.id));
            }
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
        book.put_account(carried);
        Ok(book.close().into())
    }
}

impl CarryOverLots {
    /// The account with what it has carried into that year; all of it together stays within the limit.
    fn within_limit(&self, lying: Units, account: &Account, factor: &Factor) -> Result<Account, Refused> {
        let allowed = factor.controls.carry_over_permille.unwrap_or(0);
        let most = i128::from(lying.count()) * i128::from(allowed) / 1_000;
        let before = account.carried.get(&self.vintage).copied().unwrap_or_default();
        let refused = || Refused::new(ErrorCode::CarryoverLimit).at("amount").with("permille", allowed);
        let refused = || refused().told("most", most).told("carried", before.count());
        let sum = before.plus(self.amount).filter(|sum| i128::from(sum.count()) <= most).ok_or_else(refused)?;
        let mut account = account.clone();
        account.carried.insert(self.vintage, sum);
        Ok(account)
    }
}

/// What of an account's units goes to another of the same holder's takes its share of what was carried over along, rounded up:
/// both together may carry over no more than the one might. Of units that change hands nothing is told.
pub(super) fn carried_along((from, to): (&mut Account, &mut Account), amount: Units, lying: Units) {
    let goes_on = matches!(to.purpose, AccountPurpose::Holding | AccountPurpose::Pool | AccountPurpose::Escrow);
    if from.holder != to.holder || !goes_on {
        return;
    }
    for (year, carried) in &mut from.carried {
        let exact = i128::from(carried.count()) * i128::from(amount.count());
        let whole = i128::from(lying.count()).max(1);
        let share = exact.div_euclid(whole) + i128::from(exact.rem_euclid(whole) != 0);
        let share = Units::of(i64::try_from(share).unwrap_or(i64::MAX)).min(*carried);
        let sum = to.carried.entry(*year).or_default();
        *sum = sum.plus(share).unwrap_or(share);
        *carried = carried.less(share).unwrap_or_default();
    }
    from.carried.retain(|_, carried| carried.is_positive());
}
