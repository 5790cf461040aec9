//! A page of parcels, with what is told beside it.

use std::sync::Arc;

use async_graphql::{Error, ID, Object, SimpleObject};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_persistence::Facets;

use super::explain::{ExplanationObject, explain};
use super::facet::FacetsObject;
use super::search::Search;
use super::{ParcelFilterInput, ParcelObject};
use crate::errors::{OrNull, coded, or_null};
use crate::schema::PageInfo;

/// A page of parcels and the question it answers.
pub struct ParcelConnection {
    pub(super) edges: Vec<ParcelEdge>,
    pub(super) page_info: PageInfo,
    pub(super) total: Option<u64>,
    pub(super) facets: Option<Facets>,
    pub(super) search: Arc<Search>,
    pub(super) filter: ParcelFilterInput,
}

/// A page of parcels (宗地分页).
#[Object(name = "ParcelConnection")]
impl ParcelConnection {
    /// The items with their cursors (带游标的条目).
    async fn edges(&self) -> &[ParcelEdge] {
        &self.edges
    }

    /// The items (条目).
    async fn nodes(&self) -> Vec<ParcelObject> {
        self.edges.iter().map(|edge| edge.node.clone()).collect()
    }

    /// Where the page lies in the list (分页信息).
    async fn page_info(&self) -> &PageInfo {
        &self.page_info
    }

    /// How many parcels answer the question on all pages; counted only when selected (总数).
    fn total_count(&self) -> Result<u64, Error> {
        self.total.ok_or_else(|| coded(ErrorCode::Internal, "totalCount"))
    }

    /// Count and area of the answers on all pages, in groups; computed only when selected (分组统计).
    fn facets(&self) -> Result<FacetsObject, Error> {
        self.facets.clone().map(Into::into).ok_or_else(|| coded(ErrorCode::Internal, "facets"))
    }

    /// Which conditions of the question a parcel meets and which not; null where there is no such parcel (条件说明).
    async fn explain(
        &self, #[graphql(desc = "Id of the parcel (宗地标识)")] parcel: ID
    ) -> OrNull<ExplanationObject> {
        or_null(async { explain(&self.search, &self.filter, &parcel).await }).await
    }
}

/// A parcel with its cursor (带游标的宗地).
#[derive(Clone, SimpleObject)]
pub struct ParcelEdge {
    /// The cursor of the item (游标).
    pub cursor: String,
    /// The item (条目).
    pub node: ParcelObject,
    /// Metres in a straight line to the nearest place that `near` names (距离，米).
    pub distance_m: Option<f64>,
}
