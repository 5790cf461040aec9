//! A principal as the API shows it: an office or a service that acts.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_graphql::{Error, ID, Object};
use tokio::sync::OnceCell;
use yulin_domain::codes::Role;
use yulin_domain::journal::PrincipalId;
use yulin_domain::party::Principal;
use yulin_persistence::{PersistenceError, Registry, Snapshot, Versioned};

use super::{PartyObject, PartyPage};
use crate::codes::Chosen;
use crate::errors::fault;
use crate::request::Viewer;
use crate::scalars::{Seq, Timestamp, write_id};
use crate::schema::Item;

/// Principals read together.
pub struct PrincipalPage {
    registry: Registry,
    snapshot: Snapshot,
    viewer: Viewer,
    principals: BTreeMap<PrincipalId, Arc<Versioned<Principal>>>,
    parties: OnceCell<Arc<PartyPage>>,
}

/// A principal of a page.
#[derive(Clone)]
pub struct PrincipalObject {
    page: Arc<PrincipalPage>,
    principal: Arc<Versioned<Principal>>,
}

impl PrincipalPage {
    /// Reads principals by id, in one statement.
    pub async fn load(
        registry: &Registry,
        snapshot: Snapshot,
        viewer: Viewer,
        ids: &[PrincipalId],
    ) -> Result<Arc<Self>, Error> {
        let found = registry.principals_by_ids(&snapshot, ids).await.map_err(|why| fault(&why))?;
        Ok(Self::of(registry, snapshot, viewer, found))
    }

    /// Principals that were read.
    pub fn of(registry: &Registry, snapshot: Snapshot, viewer: Viewer, found: Vec<Versioned<Principal>>) -> Arc<Self> {
        let principals = found.into_iter().map(|principal| (principal.state.id, Arc::new(principal))).collect();
        Arc::new(Self { registry: registry.clone(), snapshot, viewer, principals, parties: OnceCell::new() })
    }

    /// All principals of the page, in order of id.
    pub fn objects(self: &Arc<Self>) -> Vec<PrincipalObject> {
        let all = self.principals.values().cloned();
        all.map(|principal| PrincipalObject { page: Arc::clone(self), principal }).collect()
    }

    /// A principal of the page.
    pub fn object(self: &Arc<Self>, id: PrincipalId) -> Option<PrincipalObject> {
        let principal = Arc::clone(self.principals.get(&id)?);
        Some(PrincipalObject { page: Arc::clone(self), principal })
    }

    async fn parties(&self) -> Result<&Arc<PartyPage>, Error> {
        let read = || async {
            let parties = self.principals.values().filter_map(|principal| principal.state.party).collect();
            PartyPage::load(&self.registry, self.snapshot, &self.viewer, parties).await
        };
        self.parties.get_or_try_init(read).await
    }
}

impl Item for PrincipalObject {
    type Place = PrincipalId;
    type Question = ();

    fn place(&self) -> Self::Place {
        self.principal.state.id
    }

    async fn count(
        registry: &Registry,
        snapshot: &Snapshot,
        _question: &Self::Question,
    ) -> Result<u64, PersistenceError> {
        registry.count_principals(snapshot).await
    }
}

/// Who acts: an office or a service, with the roles granted to it (操作主体).
#[Object(name = "Principal")]
impl PrincipalObject {
    /// The global id (标识).
    pub(crate) async fn id(&self) -> ID {
        write_id(self.principal.state.id)
    }

    /// The entry that last changed it: what `expectedSeq` wants (版本).
    async fn version(&self) -> Seq {
        Seq(self.principal.version)
    }

    /// The name of office or service (名称).
    async fn name(&self) -> &str {
        &self.principal.state.name
    }

    /// The roles granted to it (角色).
    async fn roles(&self) -> Vec<Chosen<Role>> {
        self.principal.state.roles.iter().map(|role| Chosen(*role)).collect()
    }

    /// The party whose own data it reads as ENTERPRISE (所属主体).
    async fn party(&self) -> Result<Option<PartyObject>, Error> {
        match self.principal.state.party {
            Some(party) => Ok(self.page.parties().await?.object(party)),
            None => Ok(None),
        }
    }

    /// Since when the shown state holds (有效起始).
    async fn valid_from(&self) -> Option<Timestamp> {
        Timestamp::bounded(self.principal.valid.from)
    }
}
