//! Whether a trade could be held and settled now, with every reason against it at once; nothing is asked for.

use jiff::civil::Date;

use super::book::Book;
use super::check::{Asked, agreed_for, hindrances, may_be_asked, tradable_on};
use super::pick::Selection;
use super::place_hold::{may_be_held, may_hold};
use super::{Account, Factor};
use crate::codes::MoveKind;
use crate::journal::{AccountId, Context, HoldId, Needs, PrincipalId, Refused};
use crate::quantity::Units;

/// Parts of one trade.
pub const TRADE_LEGS_MAX: usize = 100;

/// Units or money that would be set aside on one account and settled to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TradeLeg {
    pub from: AccountId,
    pub to: AccountId,
    pub amount: Units,
    pub selection: Selection,
}

/// What is looked at to tell whether a trade could be done.
pub fn needs_of_trade(legs: &[TradeLeg]) -> Needs {
    let mut needs = Needs::default();
    for TradeLeg { from, to, amount, selection } in legs {
        needs.ledger.accounts.extend([*from, *to]);
        needs.ledger.take(*from, *amount, selection);
    }
    needs
}

/// Every reason why the parts could not be set aside and settled now, each with its part; what earlier parts would take
/// is gone for later ones. Of accounts on which the asker may not deal nothing but that is told.
pub fn hindrances_of_trade(context: &Context<'_>, legs: &[TradeLeg]) -> Vec<Refused> {
    let mut book = Book::open(context);
    let mut told = Vec::new();
    for (place, leg) in legs.iter().enumerate() {
        let hold = HoldId::made_by(context.envelope.id, place, 0);
        told.extend(leg.hindrances(&mut book, hold).into_iter().map(|refused| refused.in_leg(place)));
    }
    told
}

impl TradeLeg {
    fn hindrances(&self, book: &mut Book<'_>, hold: HoldId) -> Vec<Refused> {
        let beyond = [(self.from, "from"), (self.to, "to")]
            .map(|(account, field)| book.context.within(account).map_err(|refused| refused.at(field)).err());
        if beyond.iter().any(Option::is_some) {
            return beyond.into_iter().flatten().collect();
        }
        let (from, to) = match (book.account(self.from, "from"), book.account(self.to, "to")) {
            (Ok(from), Ok(to)) => (from, to),
            (from, to) => return [from.err(), to.err()].into_iter().flatten().collect(),
        };
        let asked = Asked { kind: MoveKind::Settle, from: &from, to: &to, amount: self.amount };
        let ruled = match may_be_asked(book, &asked) {
            Ok(ruled) => ruled,
            Err(refused) => return vec![refused],
        };
        let mut found = hindrances(book.context, &asked, &ruled);
        // Setting aside asks more of an account than settling what was set aside while it was open.
        let held = may_be_held(book.context, &from, ruled.factor).map_err(|refused| refused.at("from"));
        let is_new =
            |refused: &Refused| found.iter().all(|told| (told.code, &told.field) != (refused.code, &refused.field));
        found.extend(held.err().filter(is_new));
        let taken = book.set_aside((&from, hold), self.amount, &self.selection);
        found.extend(taken.err().map(|refused| refused.at("amount")));
        found
    }
}

/// What stands in the way of selling from an account on a day by who asks, whoever buys.
pub fn hindrances_of_sale(
    account: &Account,
    factor: &Factor,
    (day, asks): (Date, Option<PrincipalId>),
) -> Vec<Refused> {
    let blocked = agreed_for(asks, account, "account").err();
    let found = [may_hold(account, factor).err(), blocked, tradable_on(factor, day).err()];
    found.into_iter().flatten().collect()
}
