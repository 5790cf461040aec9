//! Nodes: whatever has a global id, read by it. Ids are grouped by kind, and each kind is read at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use async_graphql::{Context, Error, ID, Interface, Object};
use uuid::Uuid;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;

use super::node_kind::{NodeKind, read_nodes};
use crate::calendar::CalendarObject;
use crate::district::{DistrictObject, FeatureObject, ZoneObject};
use crate::errors::{OrNull, or_null, refused_error};
use crate::factor::{AccountObject, FactorObject, HoldObject, ReconciliationObject, TransferObject};
use crate::journal::{ActObject, ScheduleObject};
use crate::land::{FreezeObject, ParcelObject, RestrictionObject, RightObject};
use crate::party::{PartyObject, PrincipalObject};
use crate::request::snapshot;
use crate::scalars::AsOfInput;

/// Ids that may be asked for at once.
pub const NODES_MAX: usize = 100;

/// Whatever has a global id (节点).
#[derive(Clone, Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The global id (标识)"))]
pub enum Node {
    Account(AccountObject),
    Act(ActObject),
    District(DistrictObject),
    Factor(FactorObject),
    Feature(FeatureObject),
    Freeze(FreezeObject),
    Hold(HoldObject),
    Parcel(ParcelObject),
    Party(PartyObject),
    Principal(PrincipalObject),
    Restriction(RestrictionObject),
    Right(RightObject),
    Schedule(ScheduleObject),
    Transfer(TransferObject),
    Zone(ZoneObject),
    Calendar(CalendarObject),
    Reconciliation(ReconciliationObject),
}

/// Reading by global id.
#[derive(Debug, Default)]
pub struct NodeQuery;

/// Nodes (节点查询).
#[Object]
impl NodeQuery {
    /// Whatever has this global id, as it is now; `nodes` answers as of another time. Null where nothing has, or where it is
    /// another's and not to be seen; an error where the id is malformed, or of a kind that the role may not read
    /// (按全局标识查询).
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global id, `kind:uuid` (全局标识)")] id: ID,
    ) -> OrNull<Node> {
        or_null(async {
            // Clients that fetch an object again by its id know of no other argument.
            let found = found(ctx, None, std::slice::from_ref(&id), |_| "id".to_owned()).await?;
            found.into_iter().next().flatten().transpose()
        })
        .await
    }

    /// Whatever has these global ids, in the order asked; each is answered on its own, as by `node` (按全局标识批量查询).
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ids, at most 100 (全局标识列表)")] ids: Vec<ID>,
        #[graphql(desc = "As of when; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> Result<Vec<Option<Result<Node, Error>>>, Error> {
        if ids.len() > NODES_MAX {
            let refused = Refused::new(ErrorCode::ListTooLong).at("ids").with("most", NODES_MAX);
            return Err(refused_error(&refused));
        }
        found(ctx, as_of, &ids, |place| format!("ids[{place}]")).await
    }
}

/// The nodes of ids in their order; `field` names the place of an id.
async fn found(
    ctx: &Context<'_>,
    as_of: Option<AsOfInput>,
    ids: &[ID],
    field: impl Fn(usize) -> String,
) -> Result<Vec<Option<Result<Node, Error>>>, Error> {
    let snapshot = snapshot(ctx, as_of).await?;
    let named: Vec<_> = ids.iter().enumerate().map(|(place, id)| NodeKind::of(id, &field(place))).collect();
    let mut wanted: BTreeMap<NodeKind, BTreeSet<Uuid>> = BTreeMap::new();
    for (kind, id) in named.iter().flatten() {
        wanted.entry(*kind).or_default().insert(*id);
    }
    let mut read: HashMap<NodeKind, Result<HashMap<Uuid, Node>, Error>> = HashMap::new();
    for (kind, ids) in wanted {
        let ids: Vec<_> = ids.into_iter().collect();
        read.insert(kind, read_nodes(ctx, snapshot, kind, &ids).await);
    }
    let answer = |(kind, id)| match read.get(&kind) {
        Some(Ok(nodes)) => nodes.get(&id).cloned().map(Ok),
        Some(Err(error)) => Some(Err(error.clone())),
        None => None,
    };
    Ok(named.into_iter().map(|named| named.map_or_else(|error| Some(Err(error)), answer)).collect())
}
