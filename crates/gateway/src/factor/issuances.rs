//! The issuances of the lots of one list, read at once by whichever lot is asked first.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use async_graphql::Error;
use tokio::sync::OnceCell;
use yulin_domain::factor::{Issuance, Lot};
use yulin_domain::journal::IssuanceId;
use yulin_persistence::{Registry, Snapshot};

use crate::errors::fault;

/// Issuances that are told together.
#[derive(Debug)]
pub struct Issuances {
    registry: Registry,
    snapshot: Snapshot,
    ids: BTreeSet<IssuanceId>,
    read: OnceCell<HashMap<IssuanceId, Issuance>>,
}

impl Issuances {
    /// Those of lots; nothing is read yet.
    pub fn of<'a>(registry: &Registry, snapshot: Snapshot, lots: impl Iterator<Item = &'a Lot>) -> Arc<Self> {
        let (ids, read) = (lots.map(|lot| lot.issuance).collect(), OnceCell::new());
        Arc::new(Self { registry: registry.clone(), snapshot, ids, read })
    }

    /// One of them.
    pub(super) async fn issuance(&self, id: IssuanceId) -> Result<Option<Issuance>, Error> {
        let read = || async {
            let ids: Vec<_> = self.ids.iter().copied().collect();
            let found = self.registry.issuances_by_ids(&self.snapshot, &ids).await.map_err(|why| fault(&why))?;
            Ok::<_, Error>(found.into_iter().map(|one| (one.state.id, one.state)).collect())
        };
        let known: &HashMap<_, _> = self.read.get_or_try_init(read).await?;
        Ok(known.get(&id).cloned())
    }
}
