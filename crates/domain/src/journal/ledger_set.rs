//! What a working set knows of the factor ledger beside timelines: balances, and where lots and holds are found.
//!
//! Like the other indexes, those of lots and holds may hold what is no longer so; look-ups check the timelines.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{AccountId, FactorId, HoldId, IssuanceId, LotId, PrincipalId, Record, RecordKey, TransferId, WorkingSet};
use crate::codes::{AccountPurpose, HoldState};
use crate::factor::{Account, Balance, Hold, Lot, OpenHolds};
use crate::quantity::Instant;

/// Balances, and lots and holds by what they are looked up by.
#[derive(Debug, Default)]
pub(super) struct LedgerSet {
    balances: HashMap<AccountId, Balance>,
    of_account: HashMap<AccountId, BTreeSet<LotId>>,
    under_hold: HashMap<HoldId, BTreeSet<LotId>>,
    of_issuance: HashMap<IssuanceId, BTreeSet<LotId>>,
    at_edge: HashMap<(IssuanceId, i64), BTreeSet<LotId>>,
    holds: HashMap<AccountId, BTreeSet<HoldId>>,
    issuers: HashMap<FactorId, BTreeSet<AccountId>>,
    of_venue: HashMap<PrincipalId, BTreeSet<AccountId>>,
    /// What lay on accounts as of entries that were asked for, and which were then open to venues.
    past: HashMap<(AccountId, i64), Balance>,
    opened: HashMap<(PrincipalId, i64), BTreeSet<AccountId>>,
    /// What venues had set aside on accounts as of entries.
    holds_past: HashMap<(PrincipalId, i64), BTreeMap<AccountId, OpenHolds>>,
    /// What is booked at banks in the times that were asked for.
    booked: HashMap<AccountId, BTreeSet<TransferId>>,
}

impl LedgerSet {
    /// Takes in what may be looked up of a state.
    pub(super) fn index(&mut self, state: &Record) {
        match state {
            Record::Lot(lot) => self.index_lot(lot),
            Record::Hold(hold) => drop(self.holds.entry(hold.account).or_default().insert(hold.id)),
            Record::Account(account) => self.index_account(account),
            _ => {}
        }
    }

    fn index_account(&mut self, account: &Account) {
        if account.purpose == AccountPurpose::Issuance {
            self.issuers.entry(account.factor).or_default().insert(account.id);
        }
        for venue in &account.venues {
            self.of_venue.entry(*venue).or_default().insert(account.id);
        }
    }

    fn index_lot(&mut self, lot: &Lot) {
        self.of_account.entry(lot.account).or_default().insert(lot.id);
        self.of_issuance.entry(lot.issuance).or_default().insert(lot.id);
        if let Some(hold) = lot.held_by {
            self.under_hold.entry(hold).or_default().insert(lot.id);
        }
        for edge in [lot.units.from, lot.units.to] {
            self.at_edge.entry((lot.issuance, edge)).or_default().insert(lot.id);
        }
    }

    /// What lies on an account from now on; what lay on it before.
    pub(super) fn rebalance(&mut self, account: AccountId, balance: Option<Balance>) -> Option<Balance> {
        match balance {
            Some(balance) => self.balances.insert(account, balance),
            None => self.balances.remove(&account),
        }
    }

    /// Takes in what lay on accounts as another set was told; the past does not change.
    pub(super) fn join_past(&mut self, later: &Self) {
        self.past.extend(later.past.iter().map(|(key, balance)| (*key, *balance)));
        self.opened.extend(later.opened.iter().map(|(key, accounts)| (*key, accounts.clone())));
        self.holds_past.extend(later.holds_past.iter().map(|(key, holds)| (*key, holds.clone())));
        for (bank, transfers) in &later.booked {
            self.booked.entry(*bank).or_default().extend(transfers);
        }
    }

    /// Whether what lies on an account is known.
    pub(super) fn knows(&self, account: AccountId) -> bool {
        self.balances.contains_key(&account)
    }

    /// The balances that are known.
    pub(super) fn balances(&self) -> impl Iterator<Item = (AccountId, Balance)> {
        self.balances.iter().map(|(account, balance)| (*account, *balance))
    }
}

impl WorkingSet {
    /// What lies on an account; nothing where no entry was ever made.
    pub fn balance(&self, account: AccountId) -> Balance {
        self.ledger.balances.get(&account).copied().unwrap_or_default()
    }

    /// Takes in what lies on an account, as loaded.
    pub fn load_balance(&mut self, account: AccountId, balance: Balance) {
        if !self.ledger.knows(account) {
            self.ledger.rebalance(account, Some(balance));
        }
    }

    /// What lay on an account as of an entry, where that was loaded: of none beyond the head of the journal.
    pub fn balance_as_of(&self, account: AccountId, seq: i64) -> Option<Balance> {
        self.ledger.past.get(&(account, seq)).copied()
    }

    /// Takes in what lay on an account as of an entry.
    pub fn load_balance_as_of(&mut self, account: AccountId, seq: i64, balance: Balance) {
        self.ledger.past.insert((account, seq), balance);
    }

    /// The accounts that are open to a venue, or were as of an entry that was loaded, in order of id.
    pub fn accounts_of_venue(&self, venue: PrincipalId, as_of: Option<i64>, at: Instant) -> BTreeSet<AccountId> {
        if let Some(seq) = as_of {
            return self.ledger.opened.get(&(venue, seq)).cloned().unwrap_or_default();
        }
        let listed = self.ledger.of_venue.get(&venue).into_iter().flatten().copied();
        let is_open = |id: &AccountId| match self.state(*id, at) {
            Some(Record::Account(account)) => account.venues.contains(&venue),
            _ => false,
        };
        listed.filter(is_open).collect()
    }

    /// Takes in which accounts were open to a venue as of an entry.
    pub fn load_opened(&mut self, venue: PrincipalId, seq: i64, accounts: BTreeSet<AccountId>) {
        self.ledger.opened.insert((venue, seq), accounts);
    }

    /// What a venue had set aside on an account as of an entry, where that was loaded and was anything.
    pub fn open_holds_as_of(&self, venue: PrincipalId, seq: i64, account: AccountId) -> Option<&OpenHolds> {
        self.ledger.holds_past.get(&(venue, seq))?.get(&account)
    }

    /// Takes in a hold that a venue had open as of an entry.
    pub fn load_open_hold(&mut self, venue: PrincipalId, seq: i64, hold: &Hold) {
        let holds = self.ledger.holds_past.entry((venue, seq)).or_default();
        holds.entry(hold.account).or_default().insert(hold.id, hold.open);
    }

    /// Deposits and payouts of a bank that were loaded.
    pub fn booked(&self, bank: AccountId) -> impl Iterator<Item = TransferId> {
        self.ledger.booked.get(&bank).into_iter().flatten().copied()
    }

    /// Takes in deposits and payouts of a bank.
    pub fn load_booked(&mut self, bank: AccountId, transfers: impl IntoIterator<Item = TransferId>) {
        self.ledger.booked.entry(bank).or_default().extend(transfers);
    }

    /// A lot as it stands.
    pub fn lot(&self, id: LotId, at: Instant) -> Option<&Lot> {
        match self.state(id, at) {
            Some(Record::Lot(lot)) => Some(lot),
            _ => None,
        }
    }

    /// Lots that lie or lay on an account.
    pub fn lots_of(&self, account: AccountId) -> impl Iterator<Item = LotId> {
        self.ledger.of_account.get(&account).into_iter().flatten().copied()
    }

    /// Lots that are or were set aside under a hold.
    pub fn lots_under(&self, hold: HoldId) -> impl Iterator<Item = LotId> {
        self.ledger.under_hold.get(&hold).into_iter().flatten().copied()
    }

    /// Lots of an issuance.
    pub fn lots_of_issuance(&self, issuance: IssuanceId) -> impl Iterator<Item = LotId> {
        self.ledger.of_issuance.get(&issuance).into_iter().flatten().copied()
    }

    /// Lots of an issuance that begin or end, or did, at a number.
    pub fn lots_at(&self, issuance: IssuanceId, edge: i64) -> impl Iterator<Item = LotId> {
        self.ledger.at_edge.get(&(issuance, edge)).into_iter().flatten().copied()
    }

    /// The holds of an account that are open.
    pub fn open_holds(&self, account: AccountId, at: Instant) -> impl Iterator<Item = HoldId> {
        let listed = self.ledger.holds.get(&account).into_iter().flatten().copied();
        listed
            .filter(move |id| matches!(self.state(*id, at), Some(Record::Hold(hold)) if hold.state == HoldState::Open))
    }

    /// The account that gives out the numbers of a factor.
    pub fn issuance_account(&self, factor: FactorId, at: Instant) -> Option<AccountId> {
        let listed = self.ledger.issuers.get(&factor).into_iter().flatten().copied();
        listed.into_iter().find(|id| matches!(self.state(*id, at), Some(Record::Account(_))))
    }

    /// What an applied state says of a balance: the account, and what lay on it before.
    pub(super) fn rebalanced(&mut self, key: RecordKey, state: &Record) -> Option<(AccountId, Option<Balance>)> {
        let Record::Posting(posting) = state else { return None };
        debug_assert_eq!(key.id, posting.id.0);
        Some((posting.account, self.ledger.rebalance(posting.account, Some(posting.after))))
    }
}
