//! The entries that one mutation recorded, read together once their changes are asked for.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_graphql::{ID, Result};
use tokio::sync::OnceCell;
use yulin_domain::journal::{ActId, Entry, EntryBody};
use yulin_persistence::Registry;

use crate::errors::fault;

/// Acts that were sent together.
#[derive(Debug)]
pub struct Recorded {
    registry: Registry,
    acts: Vec<ActId>,
    changed: OnceCell<HashMap<ActId, Vec<ID>>>,
}

impl Recorded {
    /// Acts that were sent together; nothing is read yet.
    pub fn of(registry: &Registry, acts: Vec<ActId>) -> Arc<Self> {
        Arc::new(Self { registry: registry.clone(), acts, changed: OnceCell::new() })
    }

    /// Every record that one of the acts made or changed.
    pub async fn changed(&self, act: ActId) -> Result<Vec<ID>> {
        let read = || async {
            let entries = self.registry.acts_by_ids(&self.acts).await.map_err(|why| fault(&why))?;
            entries.iter().map(|entry| Ok((entry.header.act_id, changed_by(entry)?))).collect::<Result<_>>()
        };
        Ok(self.changed.get_or_try_init(read).await?.get(&act).cloned().unwrap_or_default())
    }
}

fn changed_by(entry: &Entry) -> Result<Vec<ID>> {
    let changes = EntryBody::decode(&entry.body).and_then(|body| body.read_changes()).map_err(|why| fault(&why))?;
    let mut named = HashSet::new();
    let keys = changes.iter().map(|change| change.key).filter(|key| named.insert(*key));
    Ok(keys.map(|key| ID(key.to_string())).collect())
}
