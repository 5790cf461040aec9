//! The ledger folded in memory from the journal alone, apart from every table, to be compared with them while trade goes on.
//!
//! It keeps what stands now: each account, what lies on it by the sum of its entries, its lots, its open holds.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

use super::{Account, Balance, Difference, Hold, Lot, Position, Posting};
use crate::codes::{AccountPurpose, BookPart, BookSource, HoldState, PostingKind};
use crate::journal::{AccountId, Change, HoldId, LotId, Record, RecordKind};
use crate::quantity::Units;

/// What stands on one account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// The account itself.
    pub account: Option<Account>,
    pub balance: Balance,
    pub lots: BTreeMap<LotId, Lot>,
    pub holds: BTreeMap<HoldId, Hold>,
}

/// The ledger as the journal says up to an entry.
#[derive(Debug, Default)]
pub struct Mirror {
    standing: BTreeMap<AccountId, Standing>,
    /// Accounts whose balance counts debits.
    debit_normal: BTreeSet<AccountId>,
    /// Accounts of what is out of use, of which the lots are not kept: they only grow.
    retirement: BTreeSet<AccountId>,
    /// Where each lot and hold lies.
    lots: HashMap<LotId, AccountId>,
    /// Accounts blocked because the tables said otherwise.
    blocked: BTreeSet<AccountId>,
    touched: BTreeSet<AccountId>,
}

impl Mirror {
    /// Takes in a change; where the journal contradicts itself, what it adds up to is kept and differs from what is told.
    pub fn apply(&mut self, change: &Change) {
        let Some(version) = change.versions.last() else {
            if change.key.kind == RecordKind::Lot {
                self.take_up(LotId(change.key.id));
            }
            return;
        };
        match &*version.state {
            Record::Account(account) => {
                self.of(account.id).account = Some((**account).clone());
                match account.purpose {
                    AccountPurpose::Retirement => drop(self.retirement.insert(account.id)),
                    _ if account.is_debit_normal() => drop(self.debit_normal.insert(account.id)),
                    _ => {}
                }
                let is_blocked = account.blocks.iter().any(|block| block.source == BookSource::Journal);
                if is_blocked {
                    self.blocked.insert(account.id)
                } else {
                    self.blocked.remove(&account.id)
                };
            }
            Record::Posting(posting) => self.post(posting),
            Record::Lot(lot) => {
                self.take_up(lot.id);
                if self.keeps_lots(lot.account) {
                    self.lots.insert(lot.id, lot.account);
                    self.of(lot.account).lots.insert(lot.id, (**lot).clone());
                }
            }
            Record::Hold(hold) => {
                let standing = self.of(hold.account);
                match hold.state {
                    HoldState::Open => drop(standing.holds.insert(hold.id, (**hold).clone())),
                    HoldState::Settled | HoldState::Released | HoldState::Expired => {
                        drop(standing.holds.remove(&hold.id));
                    }
                }
            }
            _ => {}
        }
    }

    fn of(&mut self, account: AccountId) -> &mut Standing {
        self.touched.insert(account);
        self.standing.entry(account).or_default()
    }

    fn take_up(&mut self, lot: LotId) {
        if let Some(account) = self.lots.remove(&lot) {
            self.of(account).lots.remove(&lot);
        }
    }

    /// Adds up, instead of believing what the entry says lies there afterwards.
    fn post(&mut self, posting: &Posting) {
        let is_debit_normal = self.debit_normal.contains(&posting.account);
        let is_from_hold = posting.kind == PostingKind::Debit && posting.hold.is_some();
        let Balance { posted, held } = self.of(posting.account).balance;
        let amount = posting.amount.count();
        let adds = (posting.kind == PostingKind::Debit) == is_debit_normal;
        let posted = match posting.kind {
            PostingKind::Debit | PostingKind::Credit if adds => posted.count().saturating_add(amount),
            PostingKind::Debit | PostingKind::Credit => posted.count().saturating_sub(amount),
            PostingKind::Reserve | PostingKind::Free => posted.count(),
        };
        let held = match posting.kind {
            PostingKind::Reserve => held.count().saturating_add(amount),
            PostingKind::Free => held.count().saturating_sub(amount),
            PostingKind::Debit if is_from_hold => held.count().saturating_sub(amount),
            PostingKind::Debit | PostingKind::Credit => held.count(),
        };
        self.of(posting.account).balance = Balance { posted: Units::of(posted), held: Units::of(held) };
    }

    /// The accounts that changed since they were last found to agree.
    pub fn touched(&self) -> Vec<AccountId> {
        self.touched.iter().copied().collect()
    }

    /// Takes in that accounts were compared, and what differed was reported.
    pub fn settled(&mut self, accounts: &[AccountId]) {
        for account in accounts {
            self.touched.remove(account);
        }
    }

    /// Whether the lots of an account are kept, to be compared.
    pub fn keeps_lots(&self, account: AccountId) -> bool {
        !self.retirement.contains(&account)
    }

    /// Accounts in order of id after one, at most so many.
    pub fn after(&self, account: Option<AccountId>, most: usize) -> Vec<AccountId> {
        let from = account.map_or(Bound::Unbounded, Bound::Excluded);
        self.standing.range((from, Bound::Unbounded)).take(most).map(|(id, _)| *id).collect()
    }

    /// Whether the tables were found to say otherwise about an account before.
    pub fn is_blocked(&self, account: AccountId) -> bool {
        self.blocked.contains(&account)
    }

    /// In what a table's account of an account differs from the journal's; none: in nothing.
    pub fn compare(&self, account: AccountId, ours: Option<&Standing>) -> Option<Difference> {
        let empty = Standing::default();
        let theirs = self.standing.get(&account).unwrap_or(&empty);
        let part = |differs: bool, part| differs.then_some(part);
        let found_in: Vec<_> = [
            part(ours.is_none_or(|ours| ours.balance != theirs.balance), BookPart::Balance),
            part(self.keeps_lots(account) && ours.is_none_or(|ours| ours.lots != theirs.lots), BookPart::Lots),
            part(ours.is_none_or(|ours| ours.holds != theirs.holds), BookPart::Holds),
            part(ours.is_none_or(|ours| ours.account != theirs.account), BookPart::Account),
        ]
        .into_iter()
        .flatten()
        .collect();
        let Balance { posted, held } = theirs.balance;
        let theirs = Position { account, posted, held: Some(held), holds: None };
        (!found_in.is_empty()).then(|| Difference {
            theirs,
            ours: ours.map(|ours| ours.balance),
            found_in,
            holds: Vec::new(),
        })
    }
}
