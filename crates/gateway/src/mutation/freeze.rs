//! Mutations of freezes: placed by one, released by two.

use async_graphql::{ID, InputObject};
use yulin_domain::codes::FreezeKind;
use yulin_domain::journal::Refused;
use yulin_domain::land::{ApproveFreezeRelease, PlaceFreeze, ProposeFreezeRelease};

use super::common::SeenInput;
use super::read::{Read, id, seen};
use super::roots::mutations;
use crate::codes::Chosen;

/// A freeze that blocks every dealing in a parcel until released (冻结).
#[derive(Debug, Clone, InputObject)]
pub struct PlaceFreezeInput {
    /// The parcel, with the version seen (宗地).
    pub parcel: SeenInput,
    /// The kind of freeze (冻结类型).
    pub kind: Chosen<FreezeKind>,
    /// Who ordered it; only on its word is it released (决定机关).
    pub authority: String,
    /// The document that orders it (文书).
    pub document: Option<String>,
}

impl TryFrom<PlaceFreezeInput> for PlaceFreeze {
    type Error = Refused;
    fn try_from(PlaceFreezeInput { parcel, kind, authority, document }: PlaceFreezeInput) -> Read<Self> {
        Ok(Self { parcel: seen(&parcel, "parcel")?, kind: kind.0, authority, document })
    }
}

/// A proposal to release a freeze (申请解冻).
#[derive(Debug, Clone, InputObject)]
pub struct ProposeFreezeReleaseInput {
    /// The parcel, with the version seen (宗地).
    pub parcel: SeenInput,
    /// The freeze (冻结).
    pub freeze: ID,
    /// The authority on whose word it is released (决定机关).
    pub authority: String,
}

impl TryFrom<ProposeFreezeReleaseInput> for ProposeFreezeRelease {
    type Error = Refused;
    fn try_from(ProposeFreezeReleaseInput { parcel, freeze, authority }: ProposeFreezeReleaseInput) -> Read<Self> {
        Ok(Self { parcel: seen(&parcel, "parcel")?, freeze: id(&freeze, "freeze")?, authority })
    }
}

/// The approval of a release that someone else proposed (批准解冻).
#[derive(Debug, Clone, InputObject)]
pub struct ApproveFreezeReleaseInput {
    /// The parcel, with the version seen (宗地).
    pub parcel: SeenInput,
    /// The freeze (冻结).
    pub freeze: ID,
}

impl TryFrom<ApproveFreezeReleaseInput> for ApproveFreezeRelease {
    type Error = Refused;
    fn try_from(ApproveFreezeReleaseInput { parcel, freeze }: ApproveFreezeReleaseInput) -> Read<Self> {
        Ok(Self { parcel: seen(&parcel, "parcel")?, freeze: id(&freeze, "freeze")? })
    }
}

mutations! {
    FreezeMutations:
    /// Freezes a parcel (冻结).
    place_freeze(PlaceFreezeInput) = PlaceFreeze;
    /// Proposes that a freeze be released (申请解冻).
    propose_freeze_release(ProposeFreezeReleaseInput) = ProposeFreezeRelease;
    /// Approves a release that someone else proposed; with it the freeze ends (批准解冻).
    approve_freeze_release(ApproveFreezeReleaseInput) = ApproveFreezeRelease;
}
