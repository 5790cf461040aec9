//! Restrictions and responsibilities on a parcel: mortgage, seizure, lease, easement, duties.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::right::{EndCause, day_after, ends_later};
use crate::codes::{ResponsibilityKind, RestrictionKind};
use crate::district::check_given;
use crate::error_catalogue::ErrorCode;
use crate::journal::{
    Body, Change, Context, Decision, Needs, ParcelId, PartyId, Record, RecordKey, Refused, RestrictionId, RightId, Seen,
};
use crate::party::ExternalRef;
use crate::quantity::{Fen, Instant};

/// What lies on the parcel (`LA_Restriction` or `LA_Responsibility` of ISO 19152).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RestrictionNature {
    Restriction(RestrictionKind),
    Responsibility(ResponsibilityKind),
}

impl RestrictionNature {
    /// Whether placing or ending it is a dealing that a freeze blocks: a court seizes frozen land all the same, and a
    /// duty is no dealing.
    const fn is_dealing(self) -> bool {
        match self {
            Self::Restriction(RestrictionKind::Seizure) | Self::Responsibility(_) => false,
            Self::Restriction(RestrictionKind::Mortgage | RestrictionKind::Lease | RestrictionKind::Easement) => true,
        }
    }
}

/// A restriction of the holder of a parcel, or a duty of his.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restriction {
    pub id: RestrictionId,
    pub parcel: ParcelId,
    #[serde(flatten)]
    pub particulars: Particulars,
    /// The instant its term ends, by the district's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Instant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried_from: Option<RestrictionId>,
}

/// What is said of a restriction when it is placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Particulars {
    pub nature: RestrictionNature,
    /// The right it weighs on, where it is not the parcel as such.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<RightId>,
    /// Mortgagee, lessee, dominant owner; absent where an authority acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_favour_of: Option<PartyId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// The sum secured, or the yearly rent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Fen>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalRef>,
}

/// Records a restriction or responsibility.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceRestriction {
    pub parcel: Seen<ParcelId>,
    #[serde(flatten)]
    pub particulars: Particulars,
}

/// Records that a restriction or responsibility ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndRestriction {
    pub parcel: Seen<ParcelId>,
    pub restriction: RestrictionId,
    pub cause: EndCause,
}

impl Body for PlaceRestriction {
    fn needs(&self, needs: &mut Needs) {
        needs.parcels.push(self.parcel.id);
        needs.records.extend(self.particulars.in_favour_of.map(RecordKey::from));
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let parcel = context.registered_parcel(self.parcel, "parcel")?;
        if self.particulars.nature.is_dealing() {
            context.not_frozen(parcel.id)?;
        }
        self.check(context)?;
        let district = context.district(parcel.district)?;
        let due_at = day_after(self.particulars.ends_on, &district.time_zone, "endsOn")?;
        ends_later(due_at, context, "endsOn")?;
        let id = RestrictionId::made_by(context.envelope.id, context.leg, 0);
        let restriction =
            Restriction { id, parcel: parcel.id, particulars: self.particulars.clone(), due_at, carried_from: None };
        Ok(vec![Change::put(parcel.id.into(), id.into(), context.span(), restriction)].into())
    }
}

impl PlaceRestriction {
    /// The right exists and outlives what lies on it; the party is known; texts are texts.
    fn check(&self, context: &Context<'_>) -> Result<(), Refused> {
        let given = &self.particulars;
        if let Some(party) = given.in_favour_of
            && context.set.timeline(party).is_none()
        {
            return Err(Refused::new(ErrorCode::PartyUnknown).at("inFavourOf").told("party", party));
        }
        if let Some(amount) = given.amount.filter(|amount| amount.fen() < 0) {
            return Err(Refused::new(ErrorCode::PriceInvalid).at("amount").with("yuan", amount.yuan()));
        }
        for (text, field) in [(&given.authority, "authority"), (&given.document, "document")] {
            check_given(text.as_deref(), field)?;
        }
        ExternalRef::check(given.external.as_ref())?;
        if let (Some(start), Some(end)) = (given.starts_on, given.ends_on)
            && end < start
        {
            return Err(Refused::new(ErrorCode::TermInvalid).at("endsOn").told("startsOn", start).told("endsOn", end));
        }
        let Some(id) = given.right else { return Ok(()) };
        let Some(Record::Right(right)) = context.set.state(id, context.effective) else {
            return Err(Refused::new(ErrorCode::NotFound).at("right").told("right", id));
        };
        match (given.ends_on, right.tenure.ends_on) {
            (Some(end), Some(last)) if end > last => {
                Err(Refused::new(ErrorCode::TermExceedsMax).at("endsOn").told("endsOn", end).told("rightEndsOn", last))
            }
            _ if right.parcel != self.parcel.id => Err(Refused::new(ErrorCode::NotFound).at("right").told("right", id)),
            // What lies on a right from then on finds it there from then on.
            _ => context.lasting(id, "right"),
        }
    }
}

impl Body for EndRestriction {
    fn needs(&self, needs: &mut Needs) {
        needs.parcels.push(self.parcel.id);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        context.parcel(self.parcel, "parcel")?;
        let restriction = match context.set.state(self.restriction, context.effective) {
            Some(Record::Restriction(restriction)) if restriction.parcel == self.parcel.id => restriction,
            _ => return Err(Refused::new(ErrorCode::NotFound).at("restriction").told("restriction", self.restriction)),
        };
        if restriction.particulars.nature.is_dealing() {
            self.cause.may_end(context, self.parcel.id, restriction.due_at)?;
        }
        context.nothing_later(self.restriction, "restriction")?;
        Ok(vec![Change::void(self.parcel.id.into(), self.restriction.into(), context.span())].into())
    }
}
