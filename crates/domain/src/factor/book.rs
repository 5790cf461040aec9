//! The book of one leg: movements applied to accounts one after another, as changes.
//!
//! A leg may touch an account several times; each touch sees the ones before. Whether a movement is allowed is asked of
//! `check`, which units move of `pick`.

use std::collections::BTreeMap;

use super::carry_over::carried_along;
use super::check::{Asked, check, known_factor, today};
use super::close_period::check_value_date;
use super::leg_lots::LegLots;
use super::pick::{Piece, Selection, first, in_order, within};
use super::{Account, Balance, Factor, Hold, Lot, Movement, Posting, UnitRange};
use crate::codes::{AccountStatus, MoveKind, PostingKind};
use crate::error_catalogue::ErrorCode;
use crate::journal::{
    AccountId, Change, Context, FactorId, HoldId, IssuanceId, LotId, PostingId, Record, Refused, Span, Subject,
    TransferId,
};
use crate::quantity::Units;

/// Lots of which an owner may choose units in one movement. What an authority freezes, or comes back, is not counted.
pub const LOTS_MAX: usize = 10_000;

/// Which units move.
#[derive(Debug, Clone)]
pub enum Source<'s> {
    /// What is free, as its owner chose.
    Free(&'s Selection),
    /// The first that is free, of whatever class.
    First,
    /// What is set aside under a hold.
    Hold(HoldId),
    /// What is set aside under a hold, these numbers only.
    HeldNumbers(HoldId, &'s [UnitRange]),
    /// Retired units of these numbers.
    Retired(&'s [UnitRange]),
}

/// A movement to be made.
#[derive(Debug, Clone)]
pub struct Carry<'s> {
    pub kind: MoveKind,
    pub from: AccountId,
    pub to: AccountId,
    pub amount: Units,
    pub source: Source<'s>,
    pub transfer: TransferId,
}

/// The accounts and lots of a leg while it is decided.
#[derive(Debug)]
pub struct Book<'a> {
    pub context: &'a Context<'a>,
    changes: Vec<Change>,
    balances: BTreeMap<AccountId, Balance>,
    pub(super) lots: LegLots,
    holds: BTreeMap<HoldId, Hold>,
    accounts: BTreeMap<AccountId, Account>,
    pub value_date: Option<jiff::civil::Date>,
    made: usize,
}

impl<'a> Book<'a> {
    /// A book in which nothing has moved yet.
    pub fn open(context: &'a Context<'a>) -> Self {
        Self {
            context,
            changes: Vec::new(),
            balances: BTreeMap::new(),
            lots: LegLots::default(),
            holds: BTreeMap::new(),
            accounts: BTreeMap::new(),
            value_date: None,
            made: 0,
        }
    }

    /// What is to be recorded.
    pub fn close(mut self) -> Vec<Change> {
        let accounts = std::mem::take(&mut self.accounts);
        for (id, account) in accounts {
            self.put(id, id, account);
        }
        let holds = std::mem::take(&mut self.holds);
        for (id, hold) in holds {
            self.put(hold.account, id, hold);
        }
        let lots = std::mem::take(&mut self.lots);
        for (id, lot) in lots.into_all() {
            match lot {
                Some(lot) => self.put(id, id, lot),
                None if self.context.set.timeline(id).is_some() => {
                    self.changes.push(Change::void(id.into(), id.into(), Span::ALL));
                }
                None => {}
            }
        }
        self.changes
    }

    /// Records a state: of the ledger, the present one is all there is in valid time.
    pub fn put(
        &mut self,
        subject: impl Into<Subject>,
        key: impl Into<crate::journal::RecordKey>,
        state: impl Into<Record>,
    ) {
        self.changes.push(Change::put(subject.into(), key.into(), Span::ALL, state));
    }

    /// The number of the next thing this leg makes.
    pub const fn next(&mut self) -> usize {
        self.made += 1;
        self.made
    }

    /// An account after what this leg has done so far.
    pub fn account(&self, id: AccountId, field: &str) -> Result<Account, Refused> {
        match (self.accounts.get(&id), self.context.set.state(id, self.context.now)) {
            (Some(account), _) => Ok(account.clone()),
            (None, Some(Record::Account(account))) => Ok((**account).clone()),
            (None, _) => Err(Refused::new(ErrorCode::AccountUnknown).at(field).told("account", id)),
        }
    }

    /// What has become of an account.
    pub fn put_account(&mut self, account: Account) {
        self.accounts.insert(account.id, account);
    }

    /// The factor an account is of.
    pub fn factor(&self, id: FactorId) -> Result<&'a Factor, Refused> {
        known_factor(self.context, id, "factor")
    }

    /// A hold after what this leg has done so far.
    pub fn hold(&self, id: HoldId, field: &str) -> Result<Hold, Refused> {
        match (self.holds.get(&id), self.context.set.state(id, self.context.now)) {
            (Some(hold), _) => Ok(hold.clone()),
            (None, Some(Record::Hold(hold))) => Ok((**hold).clone()),
            (None, _) => Err(Refused::new(ErrorCode::NotFound).at(field).told("hold", id)),
        }
    }

    /// What has become of a hold.
    pub fn put_hold(&mut self, hold: Hold) {
        self.holds.insert(hold.id, hold);
    }

    /// What lies on an account after what this leg has done so far.
    pub fn balance(&self, account: AccountId) -> Balance {
        self.balances.get(&account).copied().unwrap_or_else(|| self.context.set.balance(account))
    }

    /// A lot after what this leg has done so far.
    pub(super) fn lot(&self, id: LotId) -> Option<&Lot> {
        if self.lots.has(id) { self.lots.get(id) } else { self.context.set.lot(id, self.context.now) }
    }

    /// The lots that meet a condition, of those the working set lists and those this leg made.
    pub(super) fn lots_where(&self, listed: impl Iterator<Item = LotId>, wanted: impl Fn(&Lot) -> bool) -> Vec<&Lot> {
        let listed = listed.filter(|id| !self.lots.has(*id));
        let listed = listed.filter_map(|id| self.context.set.lot(id, self.context.now));
        let mut found: Vec<_> = listed.chain(self.lots.laid()).filter(|lot| wanted(lot)).collect();
        found.sort_by_key(|lot| lot.order());
        found
    }

    /// The lots of an account, in the order in which they are taken.
    pub fn lots_of(&self, account: AccountId) -> Vec<&Lot> {
        self.lots_where(self.context.set.lots_of(account), |lot| lot.account == account)
    }

    /// The lots of an issuance that are not out of use.
    pub fn lots_in_use(&self, issuance: IssuanceId) -> Vec<&Lot> {
        let listed = self.context.set.lots_of_issuance(issuance);
        self.lots_where(listed, |lot| lot.issuance == issuance && lot.retired_as.is_none())
    }

    pub(super) fn lots_under(&self, hold: HoldId) -> Vec<&Lot> {
        self.lots_where(self.context.set.lots_under(hold), |lot| lot.held_by == Some(hold))
    }

    /// Moves units or money, after every check; what moved.
    pub fn carry(&mut self, carry: &Carry<'_>) -> Result<Movement, Refused> {
        let (from, to) = (self.account(carry.from, "from")?, self.account(carry.to, "to")?);
        check(self, &Asked { kind: carry.kind, from: &from, to: &to, amount: carry.amount })?;
        let factor = self.factor(from.factor)?;
        if let Some(date) = self.value_date {
            check_value_date(self.context, &from, factor, date)?;
            check_value_date(self.context, &to, factor, date)?;
        }
        let pieces = if factor.is_numbered() { self.pieces(carry, &from)? } else { Vec::new() };
        self.still_valid(carry.kind, &pieces, &from)?;
        self.reopen(&to);
        let hold = match carry.source {
            Source::Hold(hold) | Source::HeldNumbers(hold, _) => Some(hold),
            Source::Free(_) | Source::First | Source::Retired(_) => None,
        };
        self.taken(carry, &from, hold)?;
        let units = ranges(&pieces);
        let retired_as = retired_as(carry.kind);
        for piece in &pieces {
            self.relocate(piece, |lot| Lot { account: carry.to, held_by: None, retired_as, ..lot })?;
        }
        let movement =
            Movement { kind: carry.kind, factor: from.factor, from: from.id, to: to.id, amount: carry.amount, units };
        let lying = self.balance(from.id).posted;
        self.post_movement(carry, &movement, hold)?;
        if !from.carried.is_empty() {
            self.with_its_share(&movement, lying)?;
        }
        Ok(movement)
    }

    /// What was carried over of an account is known of its parts too.
    fn with_its_share(&mut self, movement: &Movement, lying: Units) -> Result<(), Refused> {
        let (mut from, mut to) = (self.account(movement.from, "from")?, self.account(movement.to, "to")?);
        let before = from.carried.clone();
        carried_along((&mut from, &mut to), movement.amount, lying);
        if from.carried != before {
            self.put_account(from);
            self.put_account(to);
        }
        Ok(())
    }

    /// What comes back to an account that was closed meanwhile can be taken from it again.
    fn reopen(&mut self, account: &Account) {
        if account.status == AccountStatus::Closed {
            self.put_account(Account { status: AccountStatus::Closing, ..account.clone() });
        }
    }

    /// The pieces of lots that a movement takes.
    fn pieces(&self, carry: &Carry<'_>, from: &Account) -> Result<Vec<Piece>, Refused> {
        match &carry.source {
            Source::Free(selection) => {
                // What is reversed is named: whether it has lapsed is told of it.
                let is_chosen = asks_validity(carry.kind) && carry.kind != MoveKind::Reverse;
                let free = if is_chosen { self.usable_lots(from)? } else { self.free_lots(from.id) };
                chosen(free.into_iter(), carry.amount, selection)
            }
            Source::First => first(self.free_lots(from.id).into_iter(), carry.amount),
            Source::Hold(hold) => first(self.lots_under(*hold).into_iter(), carry.amount),
            Source::HeldNumbers(hold, numbers) => within(&self.lots_under(*hold), numbers, carry.amount),
            Source::Retired(numbers) => {
                let lots = self.lots_of(carry.from);
                let retired: Vec<_> = lots.into_iter().filter(|lot| lot.held_by.is_none()).collect();
                within(&retired, numbers, carry.amount)
            }
        }
    }

    pub(super) fn free_lots(&self, account: AccountId) -> Vec<&Lot> {
        self.lots_of(account).into_iter().filter(|lot| lot.is_free()).collect()
    }

    /// The free lots of an account whose last day is not over, in the order in which they are taken.
    pub(super) fn usable_lots(&self, account: &Account) -> Result<Vec<&Lot>, Refused> {
        let mut free = self.free_lots(account.id);
        if free.iter().any(|lot| lot.class.expires_on.is_some()) {
            let today = today(self.context, account)?;
            free.retain(|lot| lot.class.expires_on.is_none_or(|last| last >= today));
        }
        Ok(free)
    }

    /// Units whose last day is over are not dealt in, nor do they come back into use.
    fn still_valid(&self, kind: MoveKind, pieces: &[Piece], from: &Account) -> Result<(), Refused> {
        let lots = pieces.iter().filter(|_| asks_validity(kind)).filter_map(|piece| self.lot(piece.lot));
        let Some(first) = lots.filter_map(|lot| lot.class.expires_on).min() else { return Ok(()) };
        let today = today(self.context, from)?;
        if first >= today {
            return Ok(());
        }
        Err(Refused::new(ErrorCode::RightTerm).at("from").told("expiresOn", first).told("today", today))
    }

    /// Whether there is as much as is to be taken.
    fn taken(&self, carry: &Carry<'_>, from: &Account, hold: Option<HoldId>) -> Result<(), Refused> {
        if from.is_debit_normal() {
            return Ok(());
        }
        let balance = self.balance(from.id);
        let there = if hold.is_some() { balance.held } else { balance.available() };
        if there.less(carry.amount).is_some() {
            return Ok(());
        }
        Err(insufficient(carry.amount, there).told("account", from.id))
    }

    fn post_movement(&mut self, carry: &Carry<'_>, movement: &Movement, hold: Option<HoldId>) -> Result<(), Refused> {
        let Movement { from, to, amount, .. } = *movement;
        let (from_account, to_account) = (self.account(from, "from")?, self.account(to, "to")?);
        let before = self.balance(from);
        let held = if hold.is_some() { before.held.less(amount) } else { Some(before.held) };
        let posted =
            if from_account.is_debit_normal() { before.posted.plus(amount) } else { before.posted.less(amount) };
        let after = balance(posted, held).ok_or_else(|| insufficient(amount, before.available()))?;
        self.post((PostingKind::Debit, from, Some(to)), after, (Some(carry.transfer), hold), movement);
        let before = self.balance(to);
        let posted = if to_account.is_debit_normal() { before.posted.less(amount) } else { before.posted.plus(amount) };
        let after = balance(posted, Some(before.held)).ok_or_else(|| out_of_range(amount, before.posted))?;
        self.post((PostingKind::Credit, to, Some(from)), after, (Some(carry.transfer), None), movement);
        Ok(())
    }

    pub(super) fn post(
        &mut self,
        (kind, account, other): (PostingKind, AccountId, Option<AccountId>),
        after: Balance,
        (transfer, hold): (Option<TransferId>, Option<HoldId>),
        movement: &Movement,
    ) {
        let nth = self.next();
        let id = PostingId::made_by(self.context.envelope.id, self.context.leg, nth);
        let posting = Posting {
            id,
            account,
            factor: movement.factor,
            kind,
            amount: movement.amount,
            after,
            movement: transfer.is_some().then_some(movement.kind),
            transfer,
            other,
            hold,
            units: movement.units.clone(),
            value_date: self.value_date,
        };
        self.balances.insert(account, after);
        self.put(account, id, posting);
    }
}

pub(super) fn chosen<'l>(
    free: impl Iterator<Item = &'l Lot>,
    amount: Units,
    selection: &Selection,
) -> Result<Vec<Piece>, Refused> {
    let pieces = match selection {
        Selection::InOrder { class } => in_order(free, amount, class.as_ref()),
        Selection::Numbers { units } => within(&free.collect::<Vec<_>>(), units, amount),
    }?;
    if pieces.len() > LOTS_MAX {
        return Err(Refused::new(ErrorCode::TooLarge).at("units").with("most", LOTS_MAX));
    }
    Ok(pieces)
}

fn balance(posted: Option<Units>, held: Option<Units>) -> Option<Balance> {
    let (posted, held) = (posted?, held?);
    (held <= posted).then_some(Balance { posted, held })
}

/// Whether a movement deals in units, so that their last day must not be over.
const fn asks_validity(kind: MoveKind) -> bool {
    match kind {
        MoveKind::Issue
        | MoveKind::Transfer
        | MoveKind::Settle
        | MoveKind::Retire
        | MoveKind::Surrender
        | MoveKind::Offset
        | MoveKind::Cancel
        | MoveKind::Reverse
        | MoveKind::Deposit
        | MoveKind::Payout
        | MoveKind::Lease => true,
        MoveKind::Expire | MoveKind::Reject | MoveKind::LeaseReturn | MoveKind::Apportion => false,
    }
}

/// How units that such a movement brings are out of use.
const fn retired_as(kind: MoveKind) -> Option<MoveKind> {
    match kind {
        MoveKind::Retire | MoveKind::Surrender | MoveKind::Offset | MoveKind::Cancel | MoveKind::Expire => Some(kind),
        MoveKind::Issue
        | MoveKind::Transfer
        | MoveKind::Settle
        | MoveKind::Reverse
        | MoveKind::Reject
        | MoveKind::Deposit
        | MoveKind::Payout
        | MoveKind::Lease
        | MoveKind::LeaseReturn
        | MoveKind::Apportion => None,
    }
}

/// The numbers of pieces, those that touch as one.
pub(super) fn ranges(pieces: &[Piece]) -> Vec<UnitRange> {
    let mut sorted: Vec<_> = pieces.iter().map(|piece| piece.units).collect();
    sorted.sort_unstable();
    let mut joined: Vec<UnitRange> = Vec::with_capacity(sorted.len());
    for range in sorted {
        match joined.last_mut().filter(|last| last.to == range.from) {
            Some(last) => last.to = range.to,
            None => joined.push(range),
        }
    }
    joined
}

/// That there is not as much as is asked for.
pub fn insufficient(asked: Units, available: Units) -> Refused {
    Refused::new(ErrorCode::Insufficient).at("amount").told("asked", asked.count()).told("available", available.count())
}

fn out_of_range(amount: Units, before: Units) -> Refused {
    Refused::new(ErrorCode::UnitsInvalid).at("amount").told("amount", amount.count()).told("before", before.count())
}
