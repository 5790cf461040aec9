//! Nodes: whatever has a global id, read by it.

use async_graphql::{Context, Error, ID, Interface, Object};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{
    DistrictId, FeatureId, ParcelId, PartyId, RecordKey, RecordKind, Refused, ScheduleId, ZoneId,
};
use yulin_persistence::Snapshot;

use crate::district::{DistrictBook, DistrictObject, FeatureObject, ZoneObject};
use crate::errors::{fault, refused_error};
use crate::journal::{ActObject, ScheduleObject, act_by_id, schedule_by_id};
use crate::land::{ParcelObject, parcel_by_id};
use crate::party::{PartyObject, party_by_id};
use crate::request::{registry, snapshot};
use crate::scalars::AsOfInput;

/// Ids that may be asked for at once.
const NODES_MAX: usize = 100;

/// Whatever has a global id (节点).
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The global id (标识)"))]
pub enum Node {
    Act(ActObject),
    District(DistrictObject),
    Feature(FeatureObject),
    Parcel(ParcelObject),
    Party(PartyObject),
    Schedule(ScheduleObject),
    Zone(ZoneObject),
}

/// Reading by global id.
#[derive(Debug, Default)]
pub struct NodeQuery;

/// Nodes (节点查询).
#[Object]
impl NodeQuery {
    /// Whatever has this global id; null where nothing has (按全局标识查询).
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global id, `kind:uuid` (全局标识)")] id: ID,
        #[graphql(desc = "As of when; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> Result<Option<Node>, Error> {
        node_by_id(ctx, snapshot(ctx, as_of).await?, &id).await
    }

    /// Whatever has these global ids, in the order asked; null where nothing has (按全局标识批量查询).
    #[graphql(complexity = "ids.len().saturating_mul(child_complexity)")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ids, at most 100 (全局标识列表)")] ids: Vec<ID>,
        #[graphql(desc = "As of when; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> Result<Vec<Option<Node>>, Error> {
        if ids.len() > NODES_MAX {
            let refused = Refused::new(ErrorCode::ListTooLong).at("ids").with("most", NODES_MAX);
            return Err(refused_error(&refused));
        }
        let snapshot = snapshot(ctx, as_of).await?;
        let mut nodes = Vec::with_capacity(ids.len());
        for id in &ids {
            nodes.push(node_by_id(ctx, snapshot, id).await?);
        }
        Ok(nodes)
    }
}

async fn node_by_id(ctx: &Context<'_>, snapshot: Snapshot, id: &ID) -> Result<Option<Node>, Error> {
    if id.starts_with("act:") {
        return Ok(act_by_id(ctx, snapshot, id).await?.map(Node::Act));
    }
    let malformed = |_| refused_error(&Refused::new(ErrorCode::IdInvalid).at("id").with("expected", "kind:uuid"));
    let key: RecordKey = id.parse().map_err(malformed)?;
    match key.kind {
        RecordKind::Parcel => Ok(parcel_by_id(ctx, snapshot, ParcelId(key.id)).await?.map(Node::Parcel)),
        RecordKind::Party => Ok(party_by_id(ctx, snapshot, PartyId(key.id)).await?.map(Node::Party)),
        RecordKind::District => {
            let book = DistrictBook::load(registry(ctx), snapshot).await?;
            Ok(book.object(DistrictId(key.id)).map(Node::District))
        }
        RecordKind::Schedule => Ok(schedule_by_id(ctx, snapshot, ScheduleId(key.id)).await?.map(Node::Schedule)),
        RecordKind::Zone => zone(ctx, snapshot, ZoneId(key.id)).await,
        RecordKind::Feature => feature(ctx, snapshot, FeatureId(key.id)).await,
        // They are read through what they belong to.
        RecordKind::Right
        | RecordKind::Restriction
        | RecordKind::Freeze
        | RecordKind::Erasure
        | RecordKind::Principal => Ok(None),
    }
}

async fn zone(ctx: &Context<'_>, snapshot: Snapshot, id: ZoneId) -> Result<Option<Node>, Error> {
    let zones = registry(ctx).zones(&snapshot, None, &[]).await.map_err(|why| fault(&why))?;
    let Some(zone) = zones.into_iter().find(|zone| zone.state.id == id) else { return Ok(None) };
    let book = DistrictBook::load(registry(ctx), snapshot).await?;
    Ok(Some(Node::Zone(ZoneObject { book, zone })))
}

async fn feature(ctx: &Context<'_>, snapshot: Snapshot, id: FeatureId) -> Result<Option<Node>, Error> {
    let features = registry(ctx).features(&snapshot, None, &[]).await.map_err(|why| fault(&why))?;
    let Some(feature) = features.into_iter().find(|feature| feature.state.id == id) else { return Ok(None) };
    let book = DistrictBook::load(registry(ctx), snapshot).await?;
    Ok(Some(Node::Feature(FeatureObject { book, feature })))
}
