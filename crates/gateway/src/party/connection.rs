//! A page of parties.

use async_graphql::{Context, Error, Object, SimpleObject};
use yulin_persistence::{PartyFilter, Snapshot};

use super::PartyObject;
use crate::errors::fault;
use crate::request::registry;
use crate::schema::PageInfo;

/// A page of parties and the question it answers.
pub struct PartyConnection {
    pub(super) edges: Vec<PartyEdge>,
    pub(super) page_info: PageInfo,
    pub(super) snapshot: Snapshot,
    pub(super) filter: PartyFilter,
}

/// A page of parties (主体分页).
#[Object]
impl PartyConnection {
    /// The items with their cursors (带游标的条目).
    async fn edges(&self) -> &[PartyEdge] {
        &self.edges
    }

    /// The items (条目).
    async fn nodes(&self) -> Vec<PartyObject> {
        self.edges.iter().map(|edge| edge.node.clone()).collect()
    }

    /// Where the page lies in the list (分页信息).
    async fn page_info(&self) -> &PageInfo {
        &self.page_info
    }

    /// How many parties answer the question on all pages; counted only when selected (总数).
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64, Error> {
        registry(ctx).count_parties(&self.snapshot, &self.filter).await.map_err(|why| fault(&why))
    }
}

/// A party with its cursor (带游标的主体).
#[derive(SimpleObject)]
pub struct PartyEdge {
    /// The cursor of the item (游标).
    pub cursor: String,
    /// The item (条目).
    pub node: PartyObject,
}
