//! Mutations of restrictions and responsibilities: mortgage, seizure, lease, easement, duties.

use async_graphql::{ID, InputObject, OneofObject};
use yulin_domain::codes::{ResponsibilityKind, RestrictionKind};
use yulin_domain::journal::Refused;
use yulin_domain::land::{EndCause, EndRestriction, Particulars, PlaceRestriction, RestrictionNature};

use super::common::{ExternalRefInput, SeenInput, date};
use super::read::{Read, id, maybe_id, seen};
use super::roots::mutations;
use crate::codes::Chosen;
use crate::scalars::{Decimal, LocalDate};

/// What lies on the parcel: a restriction or a duty (限制或责任).
#[derive(Debug, Clone, OneofObject)]
pub enum RestrictionNatureInput {
    /// A restriction of the holder (限制).
    Restriction(Chosen<RestrictionKind>),
    /// A duty of the holder (责任).
    Responsibility(Chosen<ResponsibilityKind>),
}

impl From<RestrictionNatureInput> for RestrictionNature {
    fn from(given: RestrictionNatureInput) -> Self {
        match given {
            RestrictionNatureInput::Restriction(kind) => Self::Restriction(kind.0),
            RestrictionNatureInput::Responsibility(kind) => Self::Responsibility(kind.0),
        }
    }
}

/// A restriction or responsibility to be placed (设立限制或责任).
#[derive(Debug, Clone, InputObject)]
pub struct PlaceRestrictionInput {
    /// The parcel, with the version seen (宗地).
    pub parcel: SeenInput,
    /// What it is (限制或责任).
    pub nature: RestrictionNatureInput,
    /// The right it weighs on, where it is not the parcel as such (所涉权利).
    pub right: Option<ID>,
    /// Mortgagee, lessee or dominant owner; left out where an authority acts (受益主体).
    pub in_favour_of: Option<ID>,
    /// The authority that orders it (决定机关).
    pub authority: Option<String>,
    /// The sum secured, or the yearly rent, in yuan (金额，元).
    pub amount: Option<Decimal>,
    /// Its first day (起始日期).
    pub starts_on: Option<LocalDate>,
    /// Its last day (终止日期).
    pub ends_on: Option<LocalDate>,
    /// The document that founds it (文书).
    pub document: Option<String>,
    /// Where the legal register keeps it (外部登记引用).
    pub external: Option<ExternalRefInput>,
}

impl TryFrom<PlaceRestrictionInput> for PlaceRestriction {
    type Error = Refused;
    fn try_from(given: PlaceRestrictionInput) -> Read<Self> {
        // Destructured in full, so that a particular added is not forgotten here.
        let PlaceRestrictionInput {
            parcel,
            nature,
            right,
            in_favour_of,
            authority,
            amount,
            starts_on,
            ends_on,
            document,
            external,
        } = given;
        let particulars = Particulars {
            nature: nature.into(),
            right: maybe_id(right.as_ref(), "right")?,
            in_favour_of: maybe_id(in_favour_of.as_ref(), "inFavourOf")?,
            authority,
            amount: amount.map(|text| text.yuan("amount")).transpose()?,
            starts_on: date(starts_on, "startsOn")?,
            ends_on: date(ends_on, "endsOn")?,
            document,
            external: external.map(Into::into),
        };
        Ok(Self { parcel: seen(&parcel, "parcel")?, particulars })
    }
}

/// A restriction or responsibility that ends (解除限制或责任).
#[derive(Debug, Clone, InputObject)]
pub struct EndRestrictionInput {
    /// The parcel, with the version seen (宗地).
    pub parcel: SeenInput,
    /// The restriction or responsibility (限制或责任).
    pub restriction: ID,
    /// Why it ends (终止原因).
    pub cause: Chosen<EndCause>,
}

impl TryFrom<EndRestrictionInput> for EndRestriction {
    type Error = Refused;
    fn try_from(EndRestrictionInput { parcel, restriction, cause }: EndRestrictionInput) -> Read<Self> {
        let restriction = id(&restriction, "restriction")?;
        Ok(Self { parcel: seen(&parcel, "parcel")?, restriction, cause: cause.0 })
    }
}

mutations! {
    RestrictionMutations:
    /// Records a restriction or responsibility on a parcel (设立限制或责任).
    place_restriction(PlaceRestrictionInput) = PlaceRestriction;
    /// Records that a restriction or responsibility ends (解除限制或责任).
    end_restriction(EndRestrictionInput) = EndRestriction;
}
