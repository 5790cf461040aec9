//! Rights in a parcel: how they are granted and end. The zone mirrors titles; it does not make them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::check::{check_method, check_term};
use super::facts::Tenure;
use crate::codes::RightType;
use crate::district::check_given;
use crate::error_catalogue::ErrorCode;
use crate::journal::{
    Body, Change, Context, Decision, Needs, ParcelId, PartyId, Record, RecordKey, RecordKind, Refused, RightId, Seen,
    Span,
};
use crate::party::ExternalRef;
use crate::quantity::{Instant, Share, sum_is_one};

/// Holders that one right may have.
pub const HOLDERS_MAX: usize = 1_000;

/// A holder and his share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolderShare {
    pub party: PartyId,
    pub share: Share,
}

/// A right in a parcel (`LA_Right` of ISO 19152), held in exact shares that sum to one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Right {
    pub id: RightId,
    pub parcel: ParcelId,
    pub tenure: Tenure,
    pub holders: Vec<HolderShare>,
    /// Number of the certificate of title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// Where the legal register keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalRef>,
    /// The instant its term ends, by the district's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Instant>,
    /// The right of a former parcel that it continues.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried_from: Option<RightId>,
}

/// Records that a right is granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantRight {
    pub parcel: Seen<ParcelId>,
    pub tenure: Tenure,
    pub holders: Vec<HolderShare>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalRef>,
}

/// Why a right ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EndCause {
    TermEnded,
    Surrendered,
    Reclaimed,
    Expropriated,
    CourtOrder,
    Discharged,
    Other,
}

/// Records that a right ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndRight {
    pub parcel: Seen<ParcelId>,
    pub right: RightId,
    pub cause: EndCause,
}

impl Body for GrantRight {
    fn needs(&self, needs: &mut Needs) {
        needs.parcels.push(self.parcel.id);
        needs.records.extend(self.holders.iter().map(|holder| RecordKey::from(holder.party)));
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let parcel = context.registered_parcel(self.parcel, "parcel")?;
        context.not_frozen(parcel.id)?;
        check_holders(context, &self.holders)?;
        let district = context.district(parcel.district)?;
        check_method(&self.tenure, &parcel.uses, district)?;
        check_term(&self.tenure, parcel.uses.first().map(|part| &part.land_use), district)?;
        no_other(context, parcel.id, self.tenure.right_type, None)?;
        check_given(self.certificate.as_deref(), "certificate")?;
        ExternalRef::check(self.external.as_ref())?;
        let due_at = day_after(self.tenure.ends_on, &district.time_zone, "tenure.endsOn")?;
        ends_later(due_at, context, "tenure.endsOn")?;
        let id = RightId::made_by(context.envelope.id, context.leg, 0);
        let right = Right {
            id,
            parcel: parcel.id,
            tenure: self.tenure.clone(),
            holders: self.holders.clone(),
            certificate: self.certificate.clone(),
            external: self.external.clone(),
            due_at,
            carried_from: None,
        };
        Ok(vec![Change::put(parcel.id.into(), id.into(), context.span(), right)].into())
    }
}

impl Body for EndRight {
    fn needs(&self, needs: &mut Needs) {
        needs.parcels.push(self.parcel.id);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let (parcel, right) = standing(context, self.parcel, self.right)?;
        self.cause.may_end(context, parcel, right.due_at)?;
        context.nothing_later(self.right, "right")?;
        let mut changes = self.dependants(context, parcel, right.due_at)?;
        changes.push(Change::void(parcel.into(), self.right.into(), context.span()));
        Ok(changes.into())
    }
}

impl EndRight {
    /// What lies on a right does not outlive it: with a term that is over it ends too, save what
    /// is over itself and ends by an act of its own; otherwise it is ended first.
    fn dependants(
        &self,
        context: &Context<'_>,
        parcel: ParcelId,
        due_at: Option<Instant>,
    ) -> Result<Vec<Change>, Refused> {
        let is_over = self.cause == EndCause::TermEnded && due_at.is_some_and(|due| due <= context.effective);
        let lying = context.set.on_parcel(parcel, RecordKind::Restriction).filter(|(_, timeline)| {
            timeline.rows().iter().any(|row| match &*row.state {
                Record::Restriction(restriction) => {
                    restriction.particulars.right == Some(self.right)
                        && row.valid.to > context.effective
                        && !(is_over && restriction.due_at.is_some_and(|due| due <= context.effective))
                }
                _ => false,
            })
        });
        let keys: Vec<_> = lying.map(|(key, _)| key).collect();
        if !is_over && !keys.is_empty() {
            let named: Vec<_> = keys.iter().map(ToString::to_string).collect();
            return Err(Refused::new(ErrorCode::HasDependents).at("right").with("restrictions", named));
        }
        Ok(keys.into_iter().map(|key| Change::void(parcel.into(), key, context.span())).collect())
    }
}

impl EndCause {
    /// Refuses what a freeze blocks. A term that is over ends although the land is frozen, not before; so does what a
    /// court ends, whose order is named.
    pub(super) fn may_end(
        self,
        context: &Context<'_>,
        parcel: ParcelId,
        due_at: Option<Instant>,
    ) -> Result<(), Refused> {
        let is_over = due_at.is_some_and(|due| due <= context.effective);
        match self {
            Self::TermEnded if is_over => Ok(()),
            Self::CourtOrder
                if context.envelope.legal_basis.as_deref().is_some_and(|basis| !basis.trim().is_empty()) =>
            {
                Ok(())
            }
            Self::TermEnded
            | Self::CourtOrder
            | Self::Surrendered
            | Self::Reclaimed
            | Self::Expropriated
            | Self::Discharged
            | Self::Other => context.not_frozen(parcel),
        }
    }
}

/// The right of a parcel as it stands at the act's effect.
pub(super) fn standing<'a>(
    context: &Context<'a>,
    seen: Seen<ParcelId>,
    right: RightId,
) -> Result<(ParcelId, &'a Right), Refused> {
    context.parcel(seen, "parcel")?;
    match context.set.state(right, context.effective) {
        Some(Record::Right(right)) if right.parcel == seen.id => Ok((seen.id, right)),
        _ => Err(Refused::new(ErrorCode::NotFound).at("right").told("right", right)),
    }
}

/// Each holder is known and named once, and the shares sum to one.
pub(super) fn check_holders(context: &Context<'_>, holders: &[HolderShare]) -> Result<(), Refused> {
    let mut named = std::collections::HashSet::new();
    for (place, holder) in holders.iter().enumerate() {
        if context.set.timeline(holder.party).is_none() {
            let refused = Refused::new(ErrorCode::PartyUnknown).at(format!("holders[{place}].party"));
            return Err(refused.told("party", holder.party));
        }
        if !named.insert(holder.party) {
            let refused = Refused::new(ErrorCode::HolderDuplicate).at(format!("holders[{place}].party"));
            return Err(refused.told("party", holder.party));
        }
    }
    check_shares(holders)
}

/// The shares of a right sum to one, and its holders are not too many.
pub(super) fn check_shares(holders: &[HolderShare]) -> Result<(), Refused> {
    if holders.len() > HOLDERS_MAX {
        return Err(Refused::new(ErrorCode::ListTooLong).at("holders").with("most", HOLDERS_MAX));
    }
    if !sum_is_one(holders.iter().map(|holder| holder.share)) {
        let shares: Vec<_> = holders.iter().map(|holder| holder.share.to_string()).collect();
        return Err(Refused::new(ErrorCode::SharesNotOne).at("holders").with("shares", shares));
    }
    Ok(())
}

/// One right of a type stands on a parcel at a time.
pub(super) fn no_other(
    context: &Context<'_>,
    parcel: ParcelId,
    right_type: RightType,
    except: Option<RightId>,
) -> Result<(), Refused> {
    for (key, timeline) in context.set.on_parcel(parcel, RecordKind::Right) {
        for row in timeline.rows() {
            let Record::Right(other) = &*row.state else { continue };
            let common = row.valid.intersection(context.span()).is_some();
            if common && other.tenure.right_type == right_type && Some(other.id) != except {
                return Err(Refused::new(ErrorCode::RightOverlap).at("tenure.rightType").told("right", key.id));
            }
        }
    }
    Ok(())
}

/// The instant after a local day has ended.
pub(super) fn day_after(day: Option<Date>, zone: &str, field: &str) -> Result<Option<Instant>, Refused> {
    let Some(day) = day else { return Ok(None) };
    let refused = || Refused::new(ErrorCode::Validation).at(field).told("date", day);
    let next = day.tomorrow().map_err(|_| refused())?;
    Instant::start_of(next, zone).map(Some).map_err(|_| refused())
}

/// Refuses a term that is over when it takes effect.
pub(super) fn ends_later(due_at: Option<Instant>, context: &Context<'_>, field: &str) -> Result<(), Refused> {
    match due_at {
        Some(due) if due <= context.effective => Err(Refused::new(ErrorCode::TermInvalid)
            .at(field)
            .told("ended", due)
            .told("effectiveAt", context.effective)),
        Some(_) | None => Ok(()),
    }
}

/// The right's state put in the chain of its parcel.
pub(super) fn put_right(context: &Context<'_>, right: Right) -> Change {
    Change::put(right.parcel.into(), right.id.into(), Span::since(context.effective), right)
}
