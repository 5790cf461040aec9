//! All districts as of a snapshot. They are few; reading all in one statement answers every question about the tree.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_graphql::Error;
use tokio::sync::OnceCell;
use yulin_domain::district::District;
use yulin_domain::journal::DistrictId;
use yulin_domain::land::{Feature, Zone};
use yulin_persistence::{Registry, Snapshot, Versioned};

use super::DistrictObject;
use crate::errors::fault;

/// The districts and their tree.
pub struct DistrictBook {
    registry: Registry,
    snapshot: Snapshot,
    districts: Vec<Arc<Versioned<District>>>,
    places: HashMap<DistrictId, usize>,
    zones: OnceCell<In<Zone>>,
    features: OnceCell<In<Feature>>,
}

/// What lies in each district.
type In<T> = HashMap<DistrictId, Vec<Arc<Versioned<T>>>>;

impl DistrictBook {
    /// Reads all districts.
    pub async fn load(registry: &Registry, snapshot: Snapshot) -> Result<Arc<Self>, Error> {
        let found = registry.districts(&snapshot).await.map_err(|why| fault(&why))?;
        let places = found.iter().enumerate().map(|(place, district)| (district.state.id, place)).collect();
        let districts = found.into_iter().map(Arc::new).collect();
        let (zones, features) = (OnceCell::new(), OnceCell::new());
        Ok(Arc::new(Self { registry: registry.clone(), snapshot, districts, places, zones, features }))
    }

    /// All districts, in order of code.
    pub fn all(&self) -> impl Iterator<Item = &District> {
        self.districts.iter().map(|district| &district.state)
    }

    /// A district.
    pub fn district(&self, id: DistrictId) -> Option<&District> {
        self.places.get(&id).and_then(|place| self.districts.get(*place)).map(|district| &district.state)
    }

    /// The district of this code.
    pub fn by_code(&self, code: &str) -> Option<&District> {
        self.all().find(|district| district.code == code)
    }

    /// A district and all below it.
    pub fn with_below(&self, top: DistrictId) -> Vec<DistrictId> {
        let mut found = vec![top];
        let mut known = HashSet::from([top]);
        let mut next = 0;
        while let Some(parent) = found.get(next).copied() {
            let below = self.all().filter(|district| district.parent == Some(parent)).map(|district| district.id);
            found.extend(below.filter(|id| known.insert(*id)));
            next += 1;
        }
        found
    }

    /// Whether a district, or one above it, was generated for demonstration.
    pub fn is_generated(&self, id: DistrictId) -> bool {
        let own = self.district(id);
        let root = own.and_then(|district| self.district(district.root));
        own.is_some_and(|district| district.generated) || root.is_some_and(|root| root.generated)
    }

    /// The zones of a district; those of all are read when one is asked for, so that a list of districts costs one
    /// statement. They are few beside parcels.
    pub(super) async fn zones_in(&self, id: DistrictId) -> Result<&[Arc<Versioned<Zone>>], Error> {
        let read = || async {
            let found = self.registry.zones(&self.snapshot, None, &[]).await.map_err(|why| fault(&why))?;
            Ok::<_, Error>(by_district(found, |zone| zone.district))
        };
        Ok(self.zones.get_or_try_init(read).await?.get(&id).map_or(&[], Vec::as_slice))
    }

    /// The features of a district, read like its zones.
    pub(super) async fn features_in(&self, id: DistrictId) -> Result<&[Arc<Versioned<Feature>>], Error> {
        let read = || async {
            let found = self.registry.features(&self.snapshot, None, &[]).await.map_err(|why| fault(&why))?;
            Ok::<_, Error>(by_district(found, |feature| feature.district))
        };
        Ok(self.features.get_or_try_init(read).await?.get(&id).map_or(&[], Vec::as_slice))
    }

    /// A district as the API shows it.
    pub fn object(self: &Arc<Self>, id: DistrictId) -> Option<DistrictObject> {
        let district = self.districts.get(*self.places.get(&id)?)?;
        Some(DistrictObject::of(Arc::clone(self), Arc::clone(district)))
    }

    /// All districts as the API shows them.
    pub fn objects(self: &Arc<Self>) -> Vec<DistrictObject> {
        self.districts.iter().map(|district| DistrictObject::of(Arc::clone(self), Arc::clone(district))).collect()
    }
}

fn by_district<T>(found: Vec<Versioned<T>>, district: impl Fn(&T) -> DistrictId) -> In<T> {
    let mut groups: In<T> = HashMap::new();
    for version in found {
        groups.entry(district(&version.state)).or_default().push(Arc::new(version));
    }
    groups
}
