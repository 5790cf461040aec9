//! A right as the API shows it.

use std::sync::Arc;

use async_graphql::{ID, Object};
use yulin_domain::journal::RightId;
use yulin_domain::land::Right;
use yulin_persistence::Versioned;

use super::{HolderObject, ParcelPage, TenureObject};
use crate::party::ExternalRefObject;
use crate::scalars::{Seq, Timestamp, write_id};

/// A right on a parcel of a page.
#[derive(Clone)]
pub struct RightObject {
    page: Arc<ParcelPage>,
    right: Arc<Versioned<Right>>,
}

impl RightObject {
    pub(super) fn of(page: Arc<ParcelPage>, right: Arc<Versioned<Right>>) -> Self {
        Self { page, right }
    }

    pub(crate) fn right_id(&self) -> RightId {
        self.right.state.id
    }

    /// The holders, in the order of the right.
    pub(super) fn holders_of(&self) -> Vec<HolderObject> {
        let holders = self.right.state.holders.iter();
        holders.map(|holder| HolderObject::of(Arc::clone(&self.page), self.clone(), *holder)).collect()
    }
}

/// A right in a parcel, held in exact shares that sum to one (权利).
#[Object(name = "Right")]
impl RightObject {
    /// The global id (标识).
    pub(crate) async fn id(&self) -> ID {
        write_id(self.right.state.id)
    }

    /// The entry that last changed its parcel: what `expectedSeq` wants (版本).
    async fn version(&self) -> Seq {
        Seq(self.right.version)
    }

    /// Type, nature, method of supply and term (权利信息).
    async fn tenure(&self) -> TenureObject {
        (&self.right.state.tenure).into()
    }

    /// Who holds it (权利人).
    async fn holders(&self) -> Vec<HolderObject> {
        self.holders_of()
    }

    /// The number of the certificate of title (不动产权证号).
    async fn certificate(&self) -> Option<&str> {
        self.right.state.certificate.as_deref()
    }

    /// Where the legal register keeps it (外部登记引用).
    async fn external_ref(&self) -> Option<ExternalRefObject> {
        self.right.state.external.as_ref().map(Into::into)
    }

    /// The instant its term ends (到期时间).
    async fn due_at(&self) -> Option<Timestamp> {
        self.right.state.due_at.map(Into::into)
    }

    /// The right of a former parcel that it continues (承继自).
    async fn carried_from(&self) -> Option<ID> {
        self.right.state.carried_from.map(write_id)
    }

    /// Since when the shown state holds (有效起始).
    async fn valid_from(&self) -> Option<Timestamp> {
        Timestamp::bounded(self.right.valid.from)
    }

    /// Until when the shown state holds; null without end (有效终止).
    async fn valid_to(&self) -> Option<Timestamp> {
        Timestamp::bounded(self.right.valid.to)
    }
}
