//! Continuous reconciliation: the journal is followed and folded in memory, and what the tables say of the ledger is held
//! against it while trade goes on. What differs is reported by an act of the registry, which blocks that account alone.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use uuid::Uuid;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{Difference, Mirror, ReportDifferences, Standing};
use yulin_domain::journal::{AccountId, Act, ActId, Digest, Entry, EntryBody, Envelope, chain_start};

use crate::error::{PerformError, PersistenceError, SnapshotRefused};
use crate::journal::ActFilter;
use crate::measured;
use crate::record::{AsOf, Snapshot};
use crate::registry::Registry;

/// Entries that are read at once, and how long others go first after each page.
const PAGE: u64 = 500;
const PAUSE: Duration = Duration::from_millis(5);
/// Accounts that are compared at once, and those looked at in a round though nothing happened on them.
const COMPARED_AT_ONCE: usize = 200;
const SWEPT: usize = 1_000;

/// What one round found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Round {
    /// The entry as of which the journal and the tables were compared.
    pub seq: i64,
    pub compared: usize,
    /// Accounts that differ and were not known to.
    pub differing: Vec<AccountId>,
}

/// Why a round could not be done.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    #[error(transparent)]
    Read(#[from] PersistenceError),
    #[error(transparent)]
    Snapshot(#[from] SnapshotRefused),
    #[error("entry {seq} of the journal is not what it was: {what}")]
    Broken { seq: i64, what: String },
    #[error("what differs could not be reported: {0}")]
    Report(#[from] PerformError),
}

/// Follows one registry.
#[derive(Debug)]
pub struct Watch {
    mirror: Mirror,
    seq: i64,
    hash: Option<Digest>,
    /// The last account that was swept.
    swept: Option<AccountId>,
}

impl Watch {
    /// A watch that has followed nothing yet.
    pub fn start() -> Self {
        Self { mirror: Mirror::default(), seq: 0, hash: None, swept: None }
    }

    /// Follows the journal to its head, compares the accounts that changed and some of the others, reports what differs.
    pub async fn round(&mut self, registry: &Registry) -> Result<Round, WatchError> {
        // Never earlier than what was folded: the tables of then would differ from the journal of now.
        let now = registry.snapshot(AsOf::default(), Some(self.seq)).await?;
        self.follow(registry, &now).await?;
        let swept = self.mirror.after(self.swept, SWEPT);
        let accounts: BTreeSet<_> = self.mirror.touched().into_iter().chain(swept.iter().copied()).collect();
        let accounts: Vec<_> = accounts.into_iter().collect();
        let mut round = Round { seq: now.seq, ..Round::default() };
        // What was not compared or reported, for whatever reason, is looked at again in the next round.
        for some in accounts.chunks(COMPARED_AT_ONCE) {
            let mut differences = self.differences(registry, &now, some).await?;
            differences.retain(|difference| !self.mirror.is_blocked(difference.theirs.account));
            let differing: Vec<_> = differences.iter().map(|difference| difference.theirs.account).collect();
            if !differences.is_empty() {
                report(registry, now.seq, some.len(), differences).await?;
            }
            self.mirror.settled(some);
            round.compared += some.len();
            round.differing.extend(differing);
            tokio::time::sleep(PAUSE).await;
        }
        self.swept = swept.last().copied().filter(|_| swept.len() == SWEPT);
        Ok(round)
    }

    /// Folds every entry up to a snapshot; each must follow the one before it and be what its hash says.
    async fn follow(&mut self, registry: &Registry, now: &Snapshot) -> Result<(), WatchError> {
        let mut hash = if let Some(hash) = self.hash {
            hash
        } else {
            let journal = registry.journal();
            let corrupt = |why: uuid::Error| PersistenceError::corrupt("journal_head", journal, why);
            chain_start(journal.parse().map_err(corrupt)?)
        };
        while self.seq < now.seq {
            let page = registry.acts(now, &ActFilter::default(), Some(self.seq), PAGE).await?;
            if page.is_empty() {
                return Err(WatchError::Broken { seq: self.seq + 1, what: "it is missing".to_owned() });
            }
            for entry in page {
                self.take(&entry, hash)?;
                hash = entry.hash;
                (self.seq, self.hash) = (entry.header.seq, Some(hash));
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    fn take(&mut self, entry: &Entry, before: Digest) -> Result<(), WatchError> {
        let seq = self.seq + 1;
        let broken = |what: String| WatchError::Broken { seq, what };
        if entry.header.seq != seq || entry.header.prev_hash != before || !entry.is_intact() {
            return Err(broken("it does not follow the one before, or its hash is not its own".to_owned()));
        }
        let changes = EntryBody::decode(&entry.body).and_then(|body| body.read_changes());
        changes.map_err(|why| broken(why.to_string()))?.iter().for_each(|change| self.mirror.apply(change));
        Ok(())
    }

    /// The accounts of which the tables say otherwise. A row that cannot be read is looked for account by account.
    async fn differences(
        &self,
        registry: &Registry,
        now: &Snapshot,
        accounts: &[AccountId],
    ) -> Result<Vec<Difference>, PersistenceError> {
        match self.standing(registry, now, accounts).await {
            Ok(mut ours) => {
                let compare = |account: &AccountId| {
                    self.mirror.compare(*account, Some(&ours.remove(account).unwrap_or_default()))
                };
                Ok(accounts.iter().filter_map(compare).collect())
            }
            Err(PersistenceError::Corrupt { .. }) => {
                let mut found = Vec::new();
                for account in accounts {
                    let ours = match self.standing(registry, now, &[*account]).await {
                        Ok(mut ours) => Some(ours.remove(account).unwrap_or_default()),
                        Err(PersistenceError::Corrupt { .. }) => None,
                        Err(fault) => return Err(fault),
                    };
                    found.extend(self.mirror.compare(*account, ours.as_ref()));
                }
                Ok(found)
            }
            Err(fault) => Err(fault),
        }
    }

    /// What the tables say stands on accounts.
    async fn standing(
        &self,
        registry: &Registry,
        now: &Snapshot,
        accounts: &[AccountId],
    ) -> Result<HashMap<AccountId, Standing>, PersistenceError> {
        let mut found: HashMap<AccountId, Standing> = HashMap::new();
        for account in registry.accounts_by_ids(now, accounts).await? {
            let (id, state) = (account.state.id, account.state);
            found.entry(id).or_default().account = Some(state);
        }
        for (account, balance) in registry.balances(now, accounts).await? {
            found.entry(account).or_default().balance = balance;
        }
        let with_lots: Vec<_> = accounts.iter().copied().filter(|account| self.mirror.keeps_lots(*account)).collect();
        for lot in registry.lots_of(now, &with_lots).await? {
            found.entry(lot.account).or_default().lots.insert(lot.id, lot);
        }
        for hold in registry.open_holds_of(now, accounts).await? {
            found.entry(hold.state.account).or_default().holds.insert(hold.state.id, hold.state);
        }
        Ok(found)
    }
}

/// Has the registry record what differs; what another gateway has reported is not reported again.
async fn report(
    registry: &Registry,
    as_of: i64,
    compared: usize,
    differences: Vec<Difference>,
) -> Result<(), PerformError> {
    let body = ReportDifferences { as_of, compared, differences };
    let envelope = Envelope::by_the_registry(ActId(Uuid::now_v7()));
    let act = Act { envelope, legs: vec![body.into()] };
    match registry.perform(act).await {
        Ok(_) => Ok(()),
        // An account whose own record is gone is told each round: it cannot be blocked, and nobody can move it either.
        Err(PerformError::Refused(refused)) if refused.code == ErrorCode::NothingChanges => Ok(()),
        Err(fault) => Err(fault),
    }
}

impl Registry {
    /// Compares the ledger with the journal from time to time, until the task is ended. A broken journal is told each time.
    pub async fn keep_comparing(self, every: Duration) {
        let mut watch = Watch::start();
        loop {
            tokio::time::sleep(every).await;
            let round = watch.round(&self).await.inspect(measured::compared);
            match round {
                Ok(Round { differing, seq, .. }) if !differing.is_empty() => {
                    tracing::error!(seq, accounts = ?differing, "the ledger differs from its journal; blocked");
                }
                Ok(Round { seq, compared, .. }) => tracing::debug!(seq, compared, "the ledger is as its journal says"),
                Err(error) => tracing::error!(%error, "the ledger could not be compared with its journal"),
            }
        }
    }
}
