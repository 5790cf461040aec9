//! The kinds of node: how an id names one, who may read it, and how the nodes of one kind are read together.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, Error, ID};
use uuid::Uuid;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{
    AccountId, ActId, CalendarId, DistrictId, FactorId, FeatureId, FreezeId, HoldId, ParcelId, PartyId, PrincipalId,
    ReconciliationId, RecordKey, RecordKind, Refused, RestrictionId, RightId, ScheduleId, TransferId, ZoneId,
};
use yulin_persistence::{PersistenceError, Registry, Snapshot};

use super::Node;
use crate::calendar::CalendarObject;
use crate::disclosure::{Reading, reading_of};
use crate::district::{DistrictBook, FeatureObject, ZoneObject};
use crate::errors::{coded, fault, refused_error};
use crate::factor::{AccountPage, FactorPage, holds_by_ids, reconciliations_by_ids, transfers_by_ids};
use crate::journal::{acts_by_ids, schedules_by_ids};
use crate::land::{ParcelObject, ParcelPage};
use crate::party::{PrincipalPage, parties_by_ids, reads_party};
use crate::request::{registry, viewer};

/// The kind of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeKind {
    Act,
    Record(RecordKind),
}

type Nodes = HashMap<Uuid, Node>;

impl NodeKind {
    /// The kind and the number that a global id names.
    pub fn of(id: &ID, field: &str) -> Result<(Self, Uuid), Error> {
        let malformed = || refused_error(&Refused::new(ErrorCode::IdInvalid).at(field).with("expected", "kind:uuid"));
        let (tag, number) = id.split_once(':').ok_or_else(malformed)?;
        // Braced, plain and upper-case forms are refused, so that one object has one id.
        let uuid = Uuid::parse_str(number).ok().filter(|uuid| uuid.to_string() == number).ok_or_else(malformed)?;
        if tag == "act" {
            return Ok((Self::Act, uuid));
        }
        let key: RecordKey = id.parse().map_err(|_| malformed())?;
        Ok((Self::Record(key.kind), uuid))
    }
}

/// The nodes of one kind that are there and may be seen; refused where the role may read none of the kind.
pub async fn read_nodes(ctx: &Context<'_>, snapshot: Snapshot, kind: NodeKind, ids: &[Uuid]) -> Result<Nodes, Error> {
    let NodeKind::Record(kind) = kind else { return acts(ctx, snapshot, ids).await };
    match kind {
        RecordKind::Parcel => parcels(ctx, snapshot, ids).await,
        RecordKind::Party => parties(ctx, snapshot, ids).await,
        RecordKind::Principal => principals(ctx, snapshot, ids).await,
        RecordKind::District => districts(ctx, snapshot, ids).await,
        RecordKind::Schedule => schedules(ctx, snapshot, ids).await,
        RecordKind::Zone => zones(ctx, snapshot, ids).await,
        RecordKind::Feature => features(ctx, snapshot, ids).await,
        RecordKind::Right => on_parcels(ctx, snapshot, OnParcel::Right, ids).await,
        RecordKind::Restriction => on_parcels(ctx, snapshot, OnParcel::Restriction, ids).await,
        RecordKind::Freeze => on_parcels(ctx, snapshot, OnParcel::Freeze, ids).await,
        RecordKind::Account => accounts(ctx, snapshot, ids).await,
        RecordKind::Factor => factors(ctx, snapshot, ids).await,
        RecordKind::Hold => {
            let found = holds_by_ids(ctx, snapshot, &typed(ids, HoldId)).await?;
            Ok(found.into_iter().map(|hold| (hold.hold_id().0, Node::Hold(hold))).collect())
        }
        RecordKind::Transfer => {
            let found = transfers_by_ids(ctx, snapshot, &typed(ids, TransferId)).await?;
            Ok(found.into_iter().map(|transfer| (transfer.transfer_id().0, Node::Transfer(transfer))).collect())
        }
        // That data were erased is told by their party; caps, issuances, lots and entries by what they belong to.
        RecordKind::Erasure | RecordKind::Cap | RecordKind::Issuance | RecordKind::Lot | RecordKind::Posting => {
            Ok(Nodes::new())
        }
        RecordKind::Calendar => calendars(ctx, snapshot, ids).await,
        RecordKind::Reconciliation => {
            let found = reconciliations_by_ids(ctx, snapshot, &typed(ids, ReconciliationId)).await?;
            Ok(found.into_iter().map(|one| (one.reconciliation_id().0, Node::Reconciliation(one))).collect())
        }
    }
}

fn typed<T>(ids: &[Uuid], of: impl Fn(Uuid) -> T) -> Vec<T> {
    ids.iter().map(|id| of(*id)).collect()
}

async fn acts(ctx: &Context<'_>, snapshot: Snapshot, ids: &[Uuid]) -> Result<Nodes, Error> {
    let found = acts_by_ids(ctx, snapshot, &typed(ids, ActId)).await?;
    Ok(found.into_iter().map(|act| (act.act_id().0, Node::Act(act))).collect())
}

async fn parcels(ctx: &Context<'_>, snapshot: Snapshot, ids: &[Uuid]) -> Result<Nodes, Error> {
    let ids = typed(ids, ParcelId);
    let page = ParcelPage::load(registry(ctx), snapshot, &viewer(ctx), &ids).await?;
    Ok(ids.into_iter().filter_map(|id| Some((id.0, Node::Parcel(page.object(id)?)))).collect())
}

async fn parties(ctx: &Context<'_>, snapshot: Snapshot, ids: &[Uuid]) -> Result<Nodes, Error> {
    let viewer = viewer(ctx);
    let readable: Vec<_> = typed(ids, PartyId).into_iter().filter(|party| reads_party(&viewer, *party)).collect();
    if readable.is_empty() {
        return Err(coded(ErrorCode::Forbidden, "party"));
    }
    let found = parties_by_ids(ctx, snapshot, readable).await?;
    Ok(found.into_iter().map(|party| (party.party_id().0, Node::Party(party))).collect())
}

async fn principals(ctx: &Context<'_>, snapshot: Snapshot, ids: &[Uuid]) -> Result<Nodes, Error> {
    let viewer = viewer(ctx);
    if reading_of(&viewer, "Principal", "id") != Reading::Yes {
        return Err(coded(ErrorCode::Forbidden, "principal"));
    }
    let ids = typed(ids, PrincipalId);
    let page = PrincipalPage::load(registry(ctx), snapshot, viewer, &ids).await?;
    Ok(ids.into_iter().filter_map(|id| Some((id.0, Node::Principal(page.object(id)?)))).collect())
}

async fn districts(ctx: &Context<'_>, snapshot: Snapshot, ids: &[Uuid]) -> Result<Nodes, Error> {
    let book = DistrictBook::load(registry(ctx), snapshot).await?;
    let node = |id| Some((id, Node::District(book.object(DistrictId(id))?)));
    Ok(ids.iter().copied().filter_map(node).collect())
}

async fn accounts(ctx: &Context<'_>, snapshot: Snapshot, ids: &[Uuid]) -> Result<Nodes, Error> {
    let viewer = viewer(ctx);
    if reading_of(&viewer, "Query", "account") == Reading::No {
        return Err(coded(ErrorCode::Forbidden, "account"));
    }
    let ids = typed(ids, AccountId);
    let page = AccountPage::load(registry(ctx), snapshot, &viewer, &ids).await?;
    Ok(ids.into_iter().filter_map(|id| Some((id.0, Node::Account(page.object(id)?)))).collect())
}

async fn factors(ctx: &Context<'_>, snapshot: Snapshot, ids: &[Uuid]) -> Result<Nodes, Error> {
    let found = registry(ctx).factors_by_ids(&snapshot, &typed(ids, FactorId)).await.map_err(|why| fault(&why))?;
    let factors = FactorPage::of(registry(ctx), snapshot, found).objects();
    Ok(factors.into_iter().map(|factor| (factor.0.state.id.0, Node::Factor(factor))).collect())
}

async fn schedules(ctx: &Context<'_>, snapshot: Snapshot, ids: &[Uuid]) -> Result<Nodes, Error> {
    let found = schedules_by_ids(ctx, snapshot, &typed(ids, ScheduleId)).await?;
    Ok(found.into_iter().map(|schedule| (schedule.0.state.id.0, Node::Schedule(schedule))).collect())
}

async fn zones(ctx: &Context<'_>, snapshot: Snapshot, ids: &[Uuid]) -> Result<Nodes, Error> {
    let book = DistrictBook::load(registry(ctx), snapshot).await?;
    let found = registry(ctx).zones_by_ids(&snapshot, &typed(ids, ZoneId)).await.map_err(|why| fault(&why))?;
    let node = |zone| ZoneObject { book: Arc::clone(&book), zone: Arc::new(zone) };
    let viewer = viewer(ctx);
    let seen = found.into_iter().filter(|zone| viewer.sees_land_of(zone.state.district));
    Ok(seen.map(|zone| (zone.state.id.0, Node::Zone(node(zone)))).collect())
}

async fn features(ctx: &Context<'_>, snapshot: Snapshot, ids: &[Uuid]) -> Result<Nodes, Error> {
    let book = DistrictBook::load(registry(ctx), snapshot).await?;
    let found = registry(ctx).features_by_ids(&snapshot, &typed(ids, FeatureId)).await.map_err(|why| fault(&why))?;
    let node = |feature| FeatureObject { book: Arc::clone(&book), feature: Arc::new(feature) };
    let viewer = viewer(ctx);
    let seen = found.into_iter().filter(|feature| viewer.sees_land_of(feature.state.district));
    Ok(seen.map(|feature| (feature.state.id.0, Node::Feature(node(feature)))).collect())
}

async fn calendars(ctx: &Context<'_>, snapshot: Snapshot, ids: &[Uuid]) -> Result<Nodes, Error> {
    let found = registry(ctx).calendars_by_ids(&snapshot, &typed(ids, CalendarId)).await.map_err(|why| fault(&why))?;
    Ok(found.into_iter().map(|found| (found.state.id.0, Node::Calendar(CalendarObject::of(found)))).collect())
}

/// What lies on a parcel and has an id of its own.
#[derive(Debug, Clone, Copy)]
enum OnParcel {
    Right,
    Restriction,
    Freeze,
}

/// What lies on parcels is seen by whoever sees it on its parcel, and nowhere else.
async fn on_parcels(ctx: &Context<'_>, snapshot: Snapshot, what: OnParcel, ids: &[Uuid]) -> Result<Nodes, Error> {
    let viewer = viewer(ctx);
    if reading_of(&viewer, "Parcel", what.field()) == Reading::No {
        return Err(coded(ErrorCode::Forbidden, what.field()));
    }
    let parcels = what.parcels(registry(ctx), &snapshot, ids).await.map_err(|why| fault(&why))?;
    let page = ParcelPage::load(registry(ctx), snapshot, &viewer, &parcels).await?;
    let mut nodes = Nodes::new();
    for parcel in page.objects(&parcels) {
        nodes.extend(what.shown(&parcel).await?);
    }
    Ok(nodes)
}

impl OnParcel {
    /// The field of a parcel that lists it.
    const fn field(self) -> &'static str {
        match self {
            Self::Right => "rights",
            Self::Restriction => "restrictions",
            Self::Freeze => "freezes",
        }
    }

    /// The parcels on which things of these ids lie.
    async fn parcels(
        self,
        registry: &Registry,
        snapshot: &Snapshot,
        ids: &[Uuid],
    ) -> Result<Vec<ParcelId>, PersistenceError> {
        let mut parcels: Vec<_> = match self {
            Self::Right => {
                let found = registry.rights_by_ids(snapshot, &typed(ids, RightId)).await?;
                found.into_iter().map(|right| right.state.parcel).collect()
            }
            Self::Restriction => {
                let found = registry.restrictions_by_ids(snapshot, &typed(ids, RestrictionId)).await?;
                found.into_iter().map(|restriction| restriction.state.parcel).collect()
            }
            Self::Freeze => {
                let found = registry.freezes_by_ids(snapshot, &typed(ids, FreezeId)).await?;
                found.into_iter().map(|freeze| freeze.state.parcel).collect()
            }
        };
        parcels.sort_unstable();
        parcels.dedup();
        Ok(parcels)
    }

    /// All of the kind that the viewer sees on a parcel.
    async fn shown(self, parcel: &ParcelObject) -> Result<Nodes, Error> {
        Ok(match self {
            Self::Right => {
                let shown = parcel.rights_shown().await?.unwrap_or_default();
                shown.into_iter().map(|right| (right.right_id().0, Node::Right(right))).collect()
            }
            Self::Restriction => {
                let shown = parcel.restrictions_shown().await?.unwrap_or_default();
                shown.into_iter().map(|one| (one.restriction_id().0, Node::Restriction(one))).collect()
            }
            Self::Freeze => {
                let shown = parcel.freezes_shown().await?.unwrap_or_default();
                shown.into_iter().map(|freeze| (freeze.0.state.id.0, Node::Freeze(freeze))).collect()
            }
        })
    }
}
