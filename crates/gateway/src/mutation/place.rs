//! The district whose clock an act follows: where `effectiveOn` becomes an instant.
//!
//! Reads the registry as it stands now, apart from the operation's snapshot: an operation may act before it reads.

use async_graphql::Error;
use yulin_domain::district::District;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{ActBody, DistrictId, FeatureId, ParcelId, Refused, ZoneId};
use yulin_domain::quantity::Instant;
use yulin_persistence::{PersistenceError, Registry, Snapshot};

use crate::errors::{fault, refused_error};

/// What tells the district of an act.
enum Place<'a> {
    District(DistrictId),
    Parcel(ParcelId),
    Zone(ZoneId),
    Feature(FeatureId),
    /// A district that the act itself registers states its time zone.
    Stated(&'a str),
}

fn place_of(body: &ActBody) -> Option<Place<'_>> {
    Some(match body {
        ActBody::RegisterDistrict(act) => Place::Stated(&act.time_zone),
        ActBody::AmendDistrict(act) => Place::District(act.district.id),
        ActBody::RegisterParcel(act) => Place::District(act.district),
        ActBody::RegisterZone(act) => Place::District(act.district),
        ActBody::RegisterFeature(act) => Place::District(act.district),
        ActBody::OpenAccount(act) => Place::District(act.district),
        ActBody::RetireZone(act) => Place::Zone(act.zone.id),
        ActBody::RetireFeature(act) => Place::Feature(act.feature.id),
        ActBody::CorrectParcel(act) => Place::Parcel(act.parcel.id),
        ActBody::ChangeParcel(act) => Place::Parcel(act.parcel.id),
        ActBody::ChangeUse(act) => Place::Parcel(act.parcel.id),
        ActBody::SetPlanning(act) => Place::Parcel(act.parcel.id),
        ActBody::SetPrice(act) => Place::Parcel(act.parcel.id),
        ActBody::SetStockStatus(act) => Place::Parcel(act.parcel.id),
        ActBody::SplitParcel(act) => Place::Parcel(act.parcel.id),
        ActBody::MergeParcels(act) => Place::Parcel(act.parcels.first()?.id),
        ActBody::RetireParcel(act) => Place::Parcel(act.parcel.id),
        ActBody::GrantRight(act) => Place::Parcel(act.parcel.id),
        ActBody::TransferRight(act) => Place::Parcel(act.parcel.id),
        ActBody::EndRight(act) => Place::Parcel(act.parcel.id),
        ActBody::RecordTitle(act) => Place::Parcel(act.parcel.id),
        ActBody::PlaceRestriction(act) => Place::Parcel(act.parcel.id),
        ActBody::EndRestriction(act) => Place::Parcel(act.parcel.id),
        ActBody::PlaceFreeze(act) => Place::Parcel(act.parcel.id),
        ActBody::ProposeFreezeRelease(act) => Place::Parcel(act.parcel.id),
        ActBody::ApproveFreezeRelease(act) => Place::Parcel(act.parcel.id),
        ActBody::RegisterParty(_)
        | ActBody::AmendParty(_)
        | ActBody::ErasePersonal(_)
        | ActBody::RegisterPrincipal(_)
        | ActBody::GrantRole(_)
        | ActBody::RevokeRole(_)
        | ActBody::RescindAct(_)
        | ActBody::ScheduleAct(_)
        | ActBody::CancelSchedule(_)
        | ActBody::ProposeAct(_)
        | ActBody::ApproveAct(_)
        | ActBody::SettleSchedule(_)
        // The ledger follows recorded order; a value date says on which day something counts.
        | ActBody::RegisterFactor(_)
        | ActBody::AmendFactor(_)
        | ActBody::SetCap(_)
        | ActBody::SetAccountStatus(_)
        | ActBody::AuthoriseVenue(_)
        | ActBody::TrustCounterparty(_)
        | ActBody::IssueUnits(_)
        | ActBody::TransferUnits(_)
        | ActBody::PlaceHold(_)
        | ActBody::ExtendHold(_)
        | ActBody::ReleaseHold(_)
        | ActBody::SettleHolds(_)
        | ActBody::ExpireHold(_)
        | ActBody::FreezeUnits(_)
        | ActBody::ProposeUnfreeze(_)
        | ActBody::ApproveUnfreeze(_)
        | ActBody::RetireUnits(_)
        | ActBody::OffsetUnits(_)
        | ActBody::ReverseTransfer(_)
        | ActBody::ConfirmTransfer(_)
        | ActBody::RejectTransfer(_)
        | ActBody::LeaseUnits(_)
        | ActBody::CarryOverLots(_)
        | ActBody::ExpireLots(_)
        | ActBody::RecordDeposit(_)
        | ActBody::RequestPayout(_)
        | ActBody::ConfirmPayout(_)
        | ActBody::ReturnPayout(_)
        | ActBody::ReconcileBooks(_)
        | ActBody::ReportDifferences(_)
        | ActBody::LiftBlock(_)
        | ActBody::ClosePeriod(_)
        | ActBody::SetCalendar(_) => return None,
    })
}

/// The first instant of a local date, by the clock of the district in which the first leg that has a place acts.
pub(super) async fn start_of(registry: &Registry, date: jiff::civil::Date, legs: &[ActBody]) -> Result<Instant, Error> {
    let refused = || Refused::new(ErrorCode::Validation).at("effectiveOn");
    let zone = time_zone(registry, legs).await?;
    let Some(zone) = zone else {
        return Err(refused_error(&refused().with("missing", "a district whose date it is; give effectiveAt")));
    };
    Instant::start_of(date, &zone).map_err(|why| refused_error(&refused().told("problem", why)))
}

async fn time_zone(registry: &Registry, legs: &[ActBody]) -> Result<Option<String>, Error> {
    let now = registry.latest().await.map_err(|why| fault(&why))?;
    for place in legs.iter().filter_map(place_of) {
        let district = match place {
            Place::Stated(zone) => return Ok(Some(zone.to_owned())),
            Place::District(id) => Some(id),
            Place::Parcel(_) | Place::Zone(_) | Place::Feature(_) => {
                district_of(registry, &now, &place).await.map_err(|why| fault(&why))?
            }
        };
        // What an earlier leg makes is not there yet; a later leg may still tell.
        let Some(id) = district else { continue };
        let districts = registry.districts(&now).await.map_err(|why| fault(&why))?;
        if let Some(District { time_zone, .. }) =
            districts.into_iter().map(|found| found.state).find(|one| one.id == id)
        {
            return Ok(Some(time_zone));
        }
    }
    Ok(None)
}

async fn district_of(
    registry: &Registry,
    now: &Snapshot,
    place: &Place<'_>,
) -> Result<Option<DistrictId>, PersistenceError> {
    Ok(match place {
        Place::Parcel(id) => registry.parcels_by_ids(now, &[*id]).await?.first().map(|parcel| parcel.state.district),
        Place::Zone(id) => registry.zones_by_ids(now, &[*id]).await?.first().map(|zone| zone.state.district),
        Place::Feature(id) => {
            registry.features_by_ids(now, &[*id]).await?.first().map(|feature| feature.state.district)
        }
        Place::District(id) => Some(*id),
        Place::Stated(_) => None,
    })
}
