//! The entries that one mutation recorded, read together once their changes are asked for.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use async_graphql::{ID, Result};
use tokio::sync::OnceCell;
use yulin_domain::journal::{AccountId, ActId, Entry, EntryBody, Record};
use yulin_persistence::Registry;

use crate::errors::fault;
use crate::factor::BalanceAfterObject;

/// What an act did, as its entry says.
#[derive(Debug, Clone, Default)]
struct Done {
    changed: Vec<ID>,
    balances: Vec<BalanceAfterObject>,
}

/// Acts that were sent together.
#[derive(Debug)]
pub struct Recorded {
    registry: Registry,
    acts: Vec<ActId>,
    done: OnceCell<HashMap<ActId, Done>>,
}

impl Recorded {
    /// Acts that were sent together; nothing is read yet.
    pub fn of(registry: &Registry, acts: Vec<ActId>) -> Arc<Self> {
        Arc::new(Self { registry: registry.clone(), acts, done: OnceCell::new() })
    }

    /// Every record that one of the acts made or changed.
    pub async fn changed(&self, act: ActId) -> Result<Vec<ID>> {
        Ok(self.done(act).await?.changed)
    }

    /// What lay on each account that one of the acts touched when it was done.
    pub async fn balances(&self, act: ActId) -> Result<Vec<BalanceAfterObject>> {
        Ok(self.done(act).await?.balances)
    }

    async fn done(&self, act: ActId) -> Result<Done> {
        let read = || async {
            let entries = self.registry.acts_by_ids(&self.acts).await.map_err(|why| fault(&why))?;
            entries.iter().map(|entry| Ok((entry.header.act_id, done_by(entry)?))).collect::<Result<_>>()
        };
        Ok(self.done.get_or_try_init(read).await?.get(&act).cloned().unwrap_or_default())
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
    Ok(Done { changed, balances: last.into_values().collect() })
}
