//! What a book sets aside and sets free, and what falls to a freeze that lacks it.

use super::book::{Book, chosen, insufficient, ranges};
use super::pick::{Piece, Selection, first};
use super::{Account, Balance, Hold, Lot, Movement, UnitRange};
use crate::codes::{HoldState, MoveKind, PostingKind};
use crate::journal::{AccountId, HoldId, Refused};
use crate::quantity::Units;

impl Book<'_> {
    /// Sets units or money aside under a hold, as their owner chose; the numbers of the units. What has lapsed is left.
    pub fn set_aside(
        &mut self,
        under: (&Account, HoldId),
        amount: Units,
        selection: &Selection,
    ) -> Result<Vec<UnitRange>, Refused> {
        let account = under.0;
        let held = self.more_held(account, amount)?;
        let pieces = if self.factor(account.factor)?.is_numbered() {
            chosen(self.usable_lots(account)?.into_iter(), amount, selection)?
        } else {
            Vec::new()
        };
        self.put_aside(under, amount, held, &pieces)
    }

    /// Sets the first units or money aside that are free, of whatever class.
    pub fn set_aside_first(&mut self, under: (&Account, HoldId), amount: Units) -> Result<Vec<UnitRange>, Refused> {
        let account = under.0;
        let held = self.more_held(account, amount)?;
        let pieces = if self.factor(account.factor)?.is_numbered() {
            first(self.lots_of(account.id).into_iter().filter(|lot| lot.is_free()), amount)?
        } else {
            Vec::new()
        };
        self.put_aside(under, amount, held, &pieces)
    }

    fn more_held(&self, account: &Account, amount: Units) -> Result<Units, Refused> {
        let before = self.balance(account.id);
        let held = before.held.plus(amount).filter(|held| *held <= before.posted);
        held.ok_or_else(|| insufficient(amount, before.available()).told("account", account.id))
    }

    fn put_aside(
        &mut self,
        (account, hold): (&Account, HoldId),
        amount: Units,
        held: Units,
        pieces: &[Piece],
    ) -> Result<Vec<UnitRange>, Refused> {
        let units = ranges(pieces);
        for piece in pieces {
            self.relocate(piece, |lot| Lot { held_by: Some(hold), ..lot })?;
        }
        let after = Balance { held, ..self.balance(account.id) };
        self.note(PostingKind::Reserve, account, hold, amount, after, units.clone());
        Ok(units)
    }

    /// Sets free what is still set aside under a hold. What a freeze of the account lacks falls to it.
    pub fn set_free(&mut self, hold: &Hold, amount: Units) -> Result<(), Refused> {
        let account = self.account(hold.account, "hold")?;
        let before = self.balance(account.id);
        let held = before.held.less(amount).ok_or_else(|| insufficient(amount, before.held))?;
        let pieces = if self.factor(account.factor)?.is_numbered() {
            first(self.lots_under(hold.id).into_iter(), amount)?
        } else {
            Vec::new()
        };
        let units = ranges(&pieces);
        for piece in &pieces {
            self.relocate(piece, |lot| Lot { held_by: None, ..lot })?;
        }
        self.note(PostingKind::Free, &account, hold.id, amount, Balance { held, ..before }, units);
        self.serve_freezes(account.id, amount)
    }

    /// Of what has come free on an account, freezes that lack something take it, the strongest first.
    pub fn serve_freezes(&mut self, account: AccountId, amount: Units) -> Result<(), Refused> {
        let account = self.account(account, "account")?;
        let mut left = amount.min(self.balance(account.id).available());
        for freeze in self.lacking(account.id) {
            let taken = left.min(freeze.shortfall);
            if !taken.is_positive() {
                break;
            }
            self.set_aside_first((&account, freeze.id), taken)?;
            let sum = |units: Units| units.plus(taken).unwrap_or(units);
            let shortfall = freeze.shortfall.less(taken).unwrap_or_default();
            self.put_hold(Hold { open: sum(freeze.open), placed: sum(freeze.placed), shortfall, ..freeze });
            left = left.less(taken).unwrap_or_default();
        }
        Ok(())
    }

    /// The freezes of an account that lack something, the strongest first.
    fn lacking(&self, account: AccountId) -> Vec<Hold> {
        let known = self.context.set.open_holds(account, self.context.now);
        let known = known.filter_map(|id| self.hold(id, "hold").ok());
        let lacks =
            |hold: &Hold| hold.state == HoldState::Open && hold.kind.is_freeze() && hold.shortfall.is_positive();
        let mut lacking: Vec<_> = known.filter(lacks).collect();
        lacking.sort_by_key(|hold| (std::cmp::Reverse(hold.kind), hold.id));
        lacking
    }

    fn note(
        &mut self,
        kind: PostingKind,
        account: &Account,
        hold: HoldId,
        amount: Units,
        after: Balance,
        units: Vec<UnitRange>,
    ) {
        // What is only set aside moves nowhere; the movement lends its factor, amount and numbers.
        let (from, to, kind_of_move) = (account.id, account.id, MoveKind::Transfer);
        let movement = Movement { kind: kind_of_move, factor: account.factor, from, to, amount, units };
        self.post((kind, account.id, None), after, (None, Some(hold)), &movement);
    }
}
