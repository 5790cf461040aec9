//! What a book sets aside and sets free, and what falls to a freeze that lacks it.

use super::book::{Book, chosen, insufficient, ranges};
use super::pick::{Piece, Selection, first, within};
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
        self.put_aside(under, amount, |book| chosen(book.usable_lots(under.0)?.into_iter(), amount, selection))
    }

    /// Sets the first units or money aside that are free, of whatever class.
    pub fn set_aside_first(&mut self, under: (&Account, HoldId), amount: Units) -> Result<Vec<UnitRange>, Refused> {
        self.put_aside(under, amount, |book| first(book.free_lots(under.0.id).into_iter(), amount))
    }

    /// Sets an amount aside; of units those that are picked.
    fn put_aside(
        &mut self,
        (account, hold): (&Account, HoldId),
        amount: Units,
        picked: impl FnOnce(&Self) -> Result<Vec<Piece>, Refused>,
    ) -> Result<Vec<UnitRange>, Refused> {
        let before = self.balance(account.id);
        let held = before.held.plus(amount).filter(|held| *held <= before.posted);
        let held = held.ok_or_else(|| insufficient(amount, before.available()).told("account", account.id))?;
        let pieces = if self.factor(account.factor)?.is_numbered() { picked(self)? } else { Vec::new() };
        let units = ranges(&pieces);
        for piece in &pieces {
            self.relocate(piece, |lot| Lot { held_by: Some(hold), ..lot })?;
        }
        self.note(PostingKind::Reserve, account, hold, amount, Balance { held, ..before }, units.clone());
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
        self.note(PostingKind::Free, &account, hold.id, amount, Balance { held, ..before }, units.clone());
        self.serve_freezes(account.id, amount, &units)
    }

    /// What has come back by movements falls to the freezes that lack it: once all of them are made.
    pub fn serve_returns(&mut self, movements: &[Movement]) -> Result<(), Refused> {
        movements.iter().try_for_each(|one| self.serve_freezes(one.to, one.amount, &one.units))
    }

    /// Of what has come free on an account, these very units where they have numbers, freezes that lack something take it,
    /// the strongest first.
    pub fn serve_freezes(&mut self, account: AccountId, amount: Units, units: &[UnitRange]) -> Result<(), Refused> {
        let account = self.account(account, "account")?;
        let mut left = amount.min(self.balance(account.id).available());
        let mut free = units.to_vec();
        for freeze in self.lacking(account.id) {
            let taken = left.min(freeze.shortfall);
            if !taken.is_positive() {
                break;
            }
            let numbers = first_of(&mut free, taken);
            self.put_aside((&account, freeze.id), taken, |book| within(&book.free_lots(account.id), &numbers, taken))?;
            self.put_hold(freeze.serve(taken));
            left = left.less(taken).unwrap_or_default();
        }
        Ok(())
    }

    /// What freezes of an account lack they take of what is free, whatever it is, the strongest first.
    pub fn serve_from_free(&mut self, account: AccountId) -> Result<(), Refused> {
        let account = self.account(account, "account")?;
        for freeze in self.lacking(account.id) {
            let taken = freeze.shortfall.min(self.balance(account.id).available());
            if !taken.is_positive() {
                break;
            }
            self.set_aside_first((&account, freeze.id), taken)?;
            self.put_hold(freeze.serve(taken));
        }
        Ok(())
    }

    /// The freezes of an account that lack something, the strongest first, of those alike the earliest.
    fn lacking(&self, account: AccountId) -> Vec<Hold> {
        let known = self.context.set.open_holds(account, self.context.now);
        let known = known.filter_map(|id| self.hold(id, "hold").ok());
        let lacks =
            |hold: &Hold| hold.state == HoldState::Open && hold.kind.is_freeze() && hold.shortfall.is_positive();
        let mut lacking: Vec<_> = known.filter(lacks).collect();
        lacking.sort_by_key(|hold| (std::cmp::Reverse(hold.kind), hold.placed_in, hold.id));
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

impl Hold {
    /// A freeze that has taken some of what it lacked.
    fn serve(self, taken: Units) -> Self {
        let sum = |units: Units| units.plus(taken).unwrap_or(units);
        let shortfall = self.shortfall.less(taken).unwrap_or_default();
        Self { open: sum(self.open), placed: sum(self.placed), shortfall, ..self }
    }
}

/// The first so many numbers of ranges, which are taken out of them.
fn first_of(ranges: &mut Vec<UnitRange>, amount: Units) -> Vec<UnitRange> {
    let (mut taken, mut left) = (Vec::new(), amount.count());
    let rest = ranges.drain(..).filter_map(|UnitRange { from, to }| {
        let cut = from + left.min(to - from);
        left -= cut - from;
        if from < cut {
            taken.push(UnitRange { from, to: cut });
        }
        (cut < to).then_some(UnitRange { from: cut, to })
    });
    let rest: Vec<_> = rest.collect();
    *ranges = rest;
    taken
}
