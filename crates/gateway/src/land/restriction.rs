//! A restriction or responsibility as the API shows it.

use std::sync::Arc;

use async_graphql::{Error, ID, Object};
use yulin_domain::codes::{ResponsibilityKind, RestrictionKind};
use yulin_domain::journal::RestrictionId;
use yulin_domain::land::{Restriction, RestrictionNature};
use yulin_persistence::Versioned;

use super::ParcelPage;
use crate::codes::Chosen;
use crate::party::{ExternalRefObject, PartyObject};
use crate::scalars::{Decimal, LocalDate, Seq, Timestamp, write_id};

/// A restriction on a parcel of a page.
#[derive(Clone)]
pub struct RestrictionObject {
    page: Arc<ParcelPage>,
    restriction: Arc<Versioned<Restriction>>,
}

impl RestrictionObject {
    pub(super) fn of(page: Arc<ParcelPage>, restriction: Arc<Versioned<Restriction>>) -> Self {
        Self { page, restriction }
    }

    pub(crate) fn restriction_id(&self) -> RestrictionId {
        self.state().id
    }

    fn state(&self) -> &Restriction {
        &self.restriction.state
    }
}

/// What limits the holder of a parcel, or what he owes (限制或责任).
#[Object(name = "Restriction")]
impl RestrictionObject {
    /// The global id (标识).
    pub(crate) async fn id(&self) -> ID {
        write_id(self.state().id)
    }

    /// The entry that last changed its parcel: what `expectedSeq` wants (版本).
    async fn version(&self) -> Seq {
        Seq(self.restriction.version)
    }

    /// The kind, where it is a restriction (限制类型).
    async fn kind(&self) -> Option<Chosen<RestrictionKind>> {
        match self.state().particulars.nature {
            RestrictionNature::Restriction(kind) => Some(kind.into()),
            RestrictionNature::Responsibility(_) => None,
        }
    }

    /// The kind, where it is a responsibility (责任类型).
    async fn responsibility(&self) -> Option<Chosen<ResponsibilityKind>> {
        match self.state().particulars.nature {
            RestrictionNature::Responsibility(kind) => Some(kind.into()),
            RestrictionNature::Restriction(_) => None,
        }
    }

    /// The right it weighs on, where it is not the parcel as such (所涉权利).
    async fn right(&self) -> Option<ID> {
        self.state().particulars.right.map(write_id)
    }

    /// Mortgagee, lessee, dominant owner (受益人).
    async fn in_favour_of(&self) -> Result<Option<PartyObject>, Error> {
        match self.state().particulars.in_favour_of {
            Some(party) => Ok(self.page.favoured().await?.object(party)),
            None => Ok(None),
        }
    }

    /// The authority that ordered it (决定机关).
    async fn authority(&self) -> Option<&str> {
        self.state().particulars.authority.as_deref()
    }

    /// The sum secured or the yearly rent, in yuan (金额).
    async fn amount(&self) -> Option<Decimal> {
        self.state().particulars.amount.map(|fen| Decimal(fen.yuan()))
    }

    /// The first day (起始日期).
    async fn starts_on(&self) -> Option<LocalDate> {
        self.state().particulars.starts_on.map(Into::into)
    }

    /// The last day (终止日期).
    async fn ends_on(&self) -> Option<LocalDate> {
        self.state().particulars.ends_on.map(Into::into)
    }

    /// The document it rests on (文书编号).
    async fn document(&self) -> Option<&str> {
        self.state().particulars.document.as_deref()
    }

    /// Where another register keeps it (外部登记引用).
    async fn external_ref(&self) -> Option<ExternalRefObject> {
        self.state().particulars.external.as_ref().map(Into::into)
    }

    /// The instant its term ends (到期时间).
    async fn due_at(&self) -> Option<Timestamp> {
        self.state().due_at.map(Into::into)
    }

    /// The restriction of a former parcel that it continues (承继自).
    async fn carried_from(&self) -> Option<ID> {
        self.state().carried_from.map(write_id)
    }
}
