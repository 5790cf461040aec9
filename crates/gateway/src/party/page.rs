//! The parties of one page of whatever list, with what they need besides.
//!
//! Whoever of them asks first for personal data loads it for all: a page costs the same number of statements
//! however many parties stand on it.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Error;
use tokio::sync::OnceCell;
use yulin_domain::journal::{PartyId, PersonalFields, PersonalId};
use yulin_domain::party::Party;
use yulin_persistence::{Registry, Snapshot, Versioned};

use super::PartyObject;
use crate::errors::fault;
use crate::journal::Histories;
use crate::request::Viewer;

/// Parties read together.
pub struct PartyPage {
    pub(super) registry: Registry,
    pub(super) snapshot: Snapshot,
    pub(super) viewer: Viewer,
    parties: Vec<Arc<Versioned<Party>>>,
    places: HashMap<PartyId, usize>,
    personal: OnceCell<HashMap<PersonalId, PersonalFields>>,
    erasures: OnceCell<HashMap<PersonalId, i64>>,
    sets: OnceCell<HashMap<PartyId, Vec<PersonalId>>>,
    pub(super) histories: Arc<Histories>,
}

impl PartyPage {
    /// A page of parties that were read.
    pub fn of(registry: Registry, snapshot: Snapshot, viewer: Viewer, parties: Vec<Versioned<Party>>) -> Arc<Self> {
        let places = parties.iter().enumerate().map(|(place, party)| (party.state.id, place)).collect();
        let subjects = parties.iter().map(|party| party.state.id.into()).collect();
        let histories = Histories::of(registry.clone(), snapshot, subjects);
        let parties = parties.into_iter().map(Arc::new).collect();
        let (personal, erasures, sets) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Arc::new(Self { registry, snapshot, viewer, parties, places, personal, erasures, sets, histories })
    }

    /// Reads parties by id, in one statement.
    pub async fn load(
        registry: &Registry,
        snapshot: Snapshot,
        viewer: &Viewer,
        mut parties: Vec<PartyId>,
    ) -> Result<Arc<Self>, Error> {
        parties.sort_unstable();
        parties.dedup();
        let found = match parties.as_slice() {
            [] => Vec::new(),
            some => registry.parties_by_ids(&snapshot, some).await.map_err(|why| fault(&why))?,
        };
        Ok(Self::of(registry.clone(), snapshot, viewer.clone(), found))
    }

    /// All parties of the page, in the order they were read.
    pub fn objects(self: &Arc<Self>) -> Vec<PartyObject> {
        self.parties.iter().map(|party| PartyObject::of(Arc::clone(self), Arc::clone(party))).collect()
    }

    /// One party of the page.
    pub fn object(self: &Arc<Self>, party: PartyId) -> Option<PartyObject> {
        let party = self.parties.get(*self.places.get(&party)?)?;
        Some(PartyObject::of(Arc::clone(self), Arc::clone(party)))
    }

    fn references(&self) -> Vec<PersonalId> {
        self.parties.iter().filter_map(|party| party.state.personal).map(|sealed| sealed.personal).collect()
    }

    /// Personal data of the page's parties; the caller has asked whether the viewer may read them.
    pub(super) async fn personal(&self) -> Result<&HashMap<PersonalId, PersonalFields>, Error> {
        let load = || async {
            match self.references().as_slice() {
                [] => Ok(HashMap::new()),
                some => self.registry.personal(some).await.map_err(|why| fault(&why)),
            }
        };
        self.personal.get_or_try_init(load).await
    }

    /// By which entries personal data of the page's parties were erased, as is known now: they are gone from a question
    /// about an earlier instant too, and it is told there as well.
    pub(super) async fn erasures(&self) -> Result<&HashMap<PersonalId, i64>, Error> {
        let load = || async {
            let references = self.references();
            if references.is_empty() {
                return Ok(HashMap::new());
            }
            let present = self.registry.latest().await.map_err(|why| fault(&why))?;
            self.registry.erasures(&present, &references).await.map_err(|why| fault(&why))
        };
        self.erasures.get_or_try_init(load).await
    }

    /// The sets of personal data ever kept of the page's parties.
    pub(super) async fn sets(&self) -> Result<&HashMap<PartyId, Vec<PersonalId>>, Error> {
        let load = || async {
            let parties: Vec<_> = self.places.keys().copied().collect();
            self.registry.personal_of_parties(&parties, self.snapshot.seq).await.map_err(|why| fault(&why))
        };
        self.sets.get_or_try_init(load).await
    }
}
