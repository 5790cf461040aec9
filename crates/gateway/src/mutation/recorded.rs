//! The entries that one mutation recorded, read together once their changes are asked for.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use async_graphql::{ID, Result};
use tokio::sync::OnceCell;
use yulin_domain::journal::{AccountId, ActId, Entry, EntryBody, Record};
use yulin_persistence::Registry;

use crate::errors::fault;
use crate::factor::{AccountPage, BalanceAfterObject, sees_all};
use crate::request::Viewer;

/// What an act did, as its entry says.
#[derive(Debug, Clone, Default)]
struct Done {
    changed: Vec<ID>,
    balances: Vec<(AccountId, BalanceAfterObject)>,
}

/// Acts that were sent together.
#[derive(Debug)]
pub struct Recorded {
    registry: Registry,
    acts: Vec<ActId>,
    done: OnceCell<HashMap<ActId, Done>>,
    /// The accounts that they touched and their author sees.
    seen: OnceCell<HashSet<AccountId>>,
}

impl Recorded {
    /// Acts that were sent together; nothing is read yet.
    pub fn of(registry: &Registry, acts: Vec<ActId>) -> Arc<Self> {
        Arc::new(Self { registry: registry.clone(), acts, done: OnceCell::new(), seen: OnceCell::new() })
    }

    /// Every record that one of the acts made or changed.
    pub async fn changed(&self, act: ActId) -> Result<Vec<ID>> {
        Ok(self.done(act).await?.changed)
    }

    /// What lay on each account that one of the acts touched when it was done, and that the viewer sees.
    pub async fn balances(&self, viewer: &Viewer, act: ActId) -> Result<Vec<BalanceAfterObject>> {
        let mut balances = self.done(act).await?.balances;
        if !balances.is_empty() && !sees_all(viewer) {
            let seen = self.seen.get_or_try_init(|| self.read_seen(viewer)).await?;
            balances.retain(|(account, _)| seen.contains(account));
        }
        Ok(balances.into_iter().map(|(_, balance)| balance).collect())
    }

    async fn read_seen(&self, viewer: &Viewer) -> Result<HashSet<AccountId>> {
        let touched = self.read().await?.values().flat_map(|done| &done.balances);
        let mut touched: HashSet<_> = touched.map(|(account, _)| *account).collect();
        let now = self.registry.latest().await.map_err(|why| fault(&why))?;
        let accounts: Vec<_> = touched.iter().copied().collect();
        let page = AccountPage::load(&self.registry, now, viewer, &accounts).await?;
        touched.retain(|account| page.shows(*account));
        Ok(touched)
    }

    async fn done(&self, act: ActId) -> Result<Done> {
        Ok(self.read().await?.get(&act).cloned().unwrap_or_default())
    }

    async fn read(&self) -> Result<&HashMap<ActId, Done>> {
        let read = || async {
            let entries = self.registry.acts_by_ids(&self.acts).await.map_err(|why| fault(&why))?;
            entries.iter().map(|entry| Ok((entry.header.act_id, done_by(entry)?))).collect::<Result<_>>()
        };
        self.done.get_or_try_init(read).await
    }
}

fn done_by(entry: &Entry) -> Result<Done> {
    let changes = EntryBody::decode(&entry.body).and_then(|body| body.read_changes()).map_err(|why| fault(&why))?;
    let mut named = HashSet::new();
    let keys = changes.iter().map(|change| change.key).filter(|key| named.insert(*key));
    let changed = keys.map(|key| ID(key.to_string())).collect();
    // The last entry on an account is what lay there when the act was done.
    let mut last: BTreeMap<AccountId, BalanceAfterObject> = BTreeMap::new();
    for version in changes.iter().flat_map(|change| &change.versions) {
        if let Record::Posting(posting) = &*version.state {
            last.insert(posting.account, BalanceAfterObject::from(&**posting));
        }
    }
    Ok(Done { changed, balances: last.into_iter().collect() })
}
