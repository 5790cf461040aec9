//! The factors of one list, with what they need besides: caps and totals are read once for all of them.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Error;
use tokio::sync::Mutex;
use yulin_domain::factor::{Cap, Factor};
use yulin_domain::journal::FactorId;
use yulin_persistence::{FactorTotals, Registry, Snapshot, Versioned};

use super::FactorObject;
use crate::errors::fault;

/// Factors read together. A question may name several entries under aliases: what is read is kept by entry.
pub struct FactorPage {
    registry: Registry,
    pub(super) snapshot: Snapshot,
    factors: Vec<Arc<Versioned<Factor>>>,
    caps: Mutex<HashMap<i64, Arc<Vec<Cap>>>>,
    totals: Mutex<HashMap<i64, Arc<HashMap<FactorId, FactorTotals>>>>,
}

impl FactorPage {
    /// Factors that were read, in their order.
    pub fn of(registry: &Registry, snapshot: Snapshot, found: Vec<Versioned<Factor>>) -> Arc<Self> {
        let (caps, totals) = (Mutex::default(), Mutex::default());
        let factors = found.into_iter().map(Arc::new).collect();
        Arc::new(Self { registry: registry.clone(), snapshot, factors, caps, totals })
    }

    /// The factors of the page, in its order.
    pub fn objects(self: &Arc<Self>) -> Vec<FactorObject> {
        self.factors.iter().map(|factor| FactorObject(Arc::clone(factor), Arc::clone(self))).collect()
    }

    /// A factor of the page.
    pub fn object(self: &Arc<Self>, id: FactorId) -> Option<FactorObject> {
        let factor = self.factors.iter().find(|factor| factor.state.id == id)?;
        Some(FactorObject(Arc::clone(factor), Arc::clone(self)))
    }

    /// The caps of all factors as of a snapshot.
    pub(super) async fn caps(&self, snapshot: &Snapshot) -> Result<Arc<Vec<Cap>>, Error> {
        let mut read = self.caps.lock().await;
        if let Some(known) = read.get(&snapshot.seq) {
            return Ok(Arc::clone(known));
        }
        let found = self.registry.caps(snapshot).await.map_err(|why| fault(&why))?;
        let found = Arc::new(found.into_iter().map(|cap| cap.state).collect::<Vec<_>>());
        read.insert(snapshot.seq, Arc::clone(&found));
        Ok(found)
    }

    /// The totals of the factors of the page as of a snapshot.
    pub(super) async fn totals(&self, snapshot: &Snapshot) -> Result<Arc<HashMap<FactorId, FactorTotals>>, Error> {
        let mut read = self.totals.lock().await;
        if let Some(known) = read.get(&snapshot.seq) {
            return Ok(Arc::clone(known));
        }
        let ids: Vec<_> = self.factors.iter().map(|factor| factor.state.id).collect();
        let found = Arc::new(self.registry.totals(snapshot, &ids).await.map_err(|why| fault(&why))?);
        read.insert(snapshot.seq, Arc::clone(&found));
        Ok(found)
    }
}
