//! The parcels of one page of whatever list, with what they need besides.
//!
//! Rights, restrictions, freezes, parties, histories, parents and successors are read once for the whole page, by whichever
//! parcel is asked first: what a query does not select is not read, and the statements of a page are as many as the
//! kinds of thing selected, however many parcels stand on it.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Error;
use tokio::sync::OnceCell;
use yulin_domain::journal::{ParcelId, PartyId};
use yulin_domain::land::{Freeze, Parcel, Restriction, Right};
use yulin_persistence::{PersistenceError, Registry, Snapshot, Versioned};

use super::ParcelObject;
use crate::district::DistrictBook;
use crate::errors::fault;
use crate::journal::Histories;
use crate::party::PartyPage;
use crate::request::Viewer;

/// What is read of each parcel of a page.
pub(super) type On<T> = HashMap<ParcelId, Vec<Arc<Versioned<T>>>>;

/// Parcels read together.
pub struct ParcelPage {
    pub(super) registry: Registry,
    pub(super) snapshot: Snapshot,
    pub(super) viewer: Viewer,
    parcels: HashMap<ParcelId, Arc<Versioned<Parcel>>>,
    districts: OnceCell<Arc<DistrictBook>>,
    rights: OnceCell<On<Right>>,
    rights_standing: OnceCell<On<Right>>,
    restrictions: OnceCell<On<Restriction>>,
    freezes: OnceCell<On<Freeze>>,
    parties: OnceCell<Arc<PartyPage>>,
    favoured: OnceCell<Arc<PartyPage>>,
    parents: OnceCell<Arc<ParcelPage>>,
    successors: OnceCell<Arc<ParcelPage>>,
    pub(super) histories: Arc<Histories>,
}

impl ParcelPage {
    /// A page of parcels that were read, as far as they are there for the viewer.
    pub fn of(registry: &Registry, snapshot: Snapshot, viewer: &Viewer, parcels: Vec<Versioned<Parcel>>) -> Arc<Self> {
        // What lies beyond is not there, by whatever way it was come to.
        let parcels: Vec<_> = parcels.into_iter().filter(|one| viewer.sees_land_of(one.state.district)).collect();
        let subjects = parcels.iter().map(|parcel| parcel.state.id.into()).collect();
        Arc::new(Self {
            histories: Histories::of(registry.clone(), snapshot, subjects),
            registry: registry.clone(),
            snapshot,
            viewer: viewer.clone(),
            parcels: parcels.into_iter().map(|parcel| (parcel.state.id, Arc::new(parcel))).collect(),
            districts: OnceCell::new(),
            rights: OnceCell::new(),
            rights_standing: OnceCell::new(),
            restrictions: OnceCell::new(),
            freezes: OnceCell::new(),
            parties: OnceCell::new(),
            favoured: OnceCell::new(),
            parents: OnceCell::new(),
            successors: OnceCell::new(),
        })
    }

    /// Reads parcels by id, in one statement.
    pub async fn load(
        registry: &Registry,
        snapshot: Snapshot,
        viewer: &Viewer,
        parcels: &[ParcelId],
    ) -> Result<Arc<Self>, Error> {
        let found = match parcels {
            [] => Vec::new(),
            some => registry.parcels_by_ids(&snapshot, some).await.map_err(|why| fault(&why))?,
        };
        Ok(Self::of(registry, snapshot, viewer, found))
    }

    /// A parcel of the page.
    pub fn object(self: &Arc<Self>, parcel: ParcelId) -> Option<ParcelObject> {
        let parcel = self.parcels.get(&parcel)?;
        Some(ParcelObject::of(Arc::clone(self), Arc::clone(parcel)))
    }

    /// The parcels of the page among these, in the order of these.
    pub fn objects(self: &Arc<Self>, parcels: &[ParcelId]) -> Vec<ParcelObject> {
        parcels.iter().filter_map(|parcel| self.object(*parcel)).collect()
    }

    fn ids(&self) -> Vec<ParcelId> {
        self.parcels.keys().copied().collect()
    }

    pub(super) async fn districts(&self) -> Result<&Arc<DistrictBook>, Error> {
        self.districts.get_or_try_init(|| DistrictBook::load(&self.registry, self.snapshot)).await
    }

    pub(super) async fn rights(&self) -> Result<&On<Right>, Error> {
        let read = || async { shared(self.registry.rights_on(&self.snapshot, &self.ids()).await) };
        self.rights.get_or_try_init(read).await
    }

    /// The rights as they stand when the page is answered, whatever instant is asked about.
    pub(super) async fn rights_standing(&self) -> Result<&On<Right>, Error> {
        let standing = Snapshot { valid: self.snapshot.recorded_at, ..self.snapshot };
        if standing == self.snapshot {
            return self.rights().await;
        }
        let read = || async { shared(self.registry.rights_on(&standing, &self.ids()).await) };
        self.rights_standing.get_or_try_init(read).await
    }

    pub(super) async fn restrictions(&self) -> Result<&On<Restriction>, Error> {
        let read = || async { shared(self.registry.restrictions_on(&self.snapshot, &self.ids()).await) };
        self.restrictions.get_or_try_init(read).await
    }

    pub(super) async fn freezes(&self) -> Result<&On<Freeze>, Error> {
        let read = || async { shared(self.registry.freezes_on(&self.snapshot, &self.ids()).await) };
        self.freezes.get_or_try_init(read).await
    }

    /// The holders of the rights of the page.
    pub(super) async fn parties(&self) -> Result<&Arc<PartyPage>, Error> {
        let read = || async {
            let rights = self.rights().await?.values().flatten();
            let holders = rights.flat_map(|right| right.state.holders.iter().map(|holder| holder.party)).collect();
            self.party_page(holders).await
        };
        self.parties.get_or_try_init(read).await
    }

    /// Those in whose favour the restrictions of the page stand.
    pub(super) async fn favoured(&self) -> Result<&Arc<PartyPage>, Error> {
        let read = || async {
            let restrictions = self.restrictions().await?.values().flatten();
            let favoured = restrictions.filter_map(|restriction| restriction.state.particulars.in_favour_of).collect();
            self.party_page(favoured).await
        };
        self.favoured.get_or_try_init(read).await
    }

    async fn party_page(&self, parties: Vec<PartyId>) -> Result<Arc<PartyPage>, Error> {
        PartyPage::load(&self.registry, self.snapshot, &self.viewer, parties).await
    }

    pub(super) async fn parents(&self) -> Result<&Arc<Self>, Error> {
        let ids: Vec<_> = self.parcels.values().flat_map(|parcel| parcel.state.parents.iter().copied()).collect();
        self.parents.get_or_try_init(|| async { self.relatives(&ids).await }).await
    }

    pub(super) async fn successors(&self) -> Result<&Arc<Self>, Error> {
        let ids: Vec<_> = self.parcels.values().flat_map(|parcel| parcel.state.successors.iter().copied()).collect();
        self.successors.get_or_try_init(|| async { self.relatives(&ids).await }).await
    }

    async fn relatives(&self, ids: &[ParcelId]) -> Result<Arc<Self>, Error> {
        Self::load(&self.registry, self.snapshot, &self.viewer, ids).await
    }
}

fn shared<T>(read: Result<HashMap<ParcelId, Vec<Versioned<T>>>, PersistenceError>) -> Result<On<T>, Error> {
    let found = read.map_err(|why| fault(&why))?;
    Ok(found.into_iter().map(|(parcel, versions)| (parcel, versions.into_iter().map(Arc::new).collect())).collect())
}
