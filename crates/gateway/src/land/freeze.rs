//! A freeze as the API shows it.

use std::sync::Arc;

use async_graphql::{ID, Object};
use yulin_domain::codes::FreezeKind;
use yulin_domain::land::Freeze;
use yulin_persistence::Versioned;

use crate::codes::Chosen;
use crate::scalars::{Seq, Timestamp, write_id};

/// A freeze of a parcel.
#[derive(Clone)]
pub struct FreezeObject(pub Arc<Versioned<Freeze>>);

/// What blocks dealings in a parcel until two persons release it (冻结).
#[Object(name = "Freeze")]
impl FreezeObject {
    /// The global id (标识).
    pub(crate) async fn id(&self) -> ID {
        write_id(self.0.state.id)
    }

    /// The entry that last changed its parcel: what `expectedSeq` wants (版本).
    async fn version(&self) -> Seq {
        Seq(self.0.version)
    }

    /// Why and by whom (冻结类型).
    async fn kind(&self) -> Chosen<FreezeKind> {
        self.0.state.kind.into()
    }

    /// The authority that ordered it (决定机关).
    async fn authority(&self) -> &str {
        &self.0.state.authority
    }

    /// The document it rests on (文书编号).
    async fn document(&self) -> Option<&str> {
        self.0.state.document.as_deref()
    }

    /// Who proposed its release, once someone has (解冻申请人).
    async fn release_proposed_by(&self) -> Option<ID> {
        self.0.state.release_proposed_by.map(write_id)
    }

    /// Since when it blocks (有效起始).
    async fn valid_from(&self) -> Option<Timestamp> {
        Timestamp::bounded(self.0.valid.from)
    }
}
