//! A holder of a right as the API shows him.

use std::sync::Arc;

use async_graphql::{Error, Object};
use yulin_domain::land::HolderShare;
use yulin_domain::quantity::Share;

use super::{ParcelPage, RightObject};
use crate::party::PartyObject;
use crate::scalars::ShareObject;

/// A holder of a right on a parcel of a page.
pub struct HolderObject {
    page: Arc<ParcelPage>,
    right: RightObject,
    holder: HolderShare,
}

impl HolderObject {
    pub(super) fn of(page: Arc<ParcelPage>, right: RightObject, holder: HolderShare) -> Self {
        Self { page, right, holder }
    }

    /// Who holds, as far as the viewer reads of him.
    pub(crate) async fn party_read(&self) -> Result<Option<PartyObject>, Error> {
        Ok(self.page.parties().await?.object(self.holder.party))
    }

    pub(crate) fn fraction(&self) -> Share {
        self.holder.share
    }
}

/// A holder and his share of a right (权利人).
#[Object(name = "Holder")]
impl HolderObject {
    /// Who holds (主体); null where it did not exist at the instant asked about.
    async fn party(&self) -> Result<Option<PartyObject>, Error> {
        self.party_read().await
    }

    /// His share (份额).
    async fn share(&self) -> ShareObject {
        self.holder.share.into()
    }

    /// The right he holds (权利).
    async fn right(&self) -> &RightObject {
        &self.right
    }
}
