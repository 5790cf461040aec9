//! A page of parcels, with what was counted beside it.

use std::sync::Arc;

use async_graphql::{Error, ID, Object, SimpleObject};
use yulin_persistence::{FacetRow, Facets};

use super::explain::{ExplanationObject, explain};
use super::search::Search;
use super::{ParcelFilterInput, ParcelObject};
use crate::scalars::AreaObject;
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
    async fn total_count(&self) -> Option<u64> {
        self.total
    }

    /// Count and area of the answers on all pages, in groups; computed only when selected (分组统计).
    async fn facets(&self) -> Option<FacetsObject> {
        self.facets.clone().map(Into::into)
    }

    /// Which conditions of the question a parcel meets and which not; null where there is no such parcel (条件说明).
    async fn explain(
        &self,
        #[graphql(desc = "Id of the parcel (宗地标识)")] parcel: ID,
    ) -> Result<Option<ExplanationObject>, Error> {
        explain(&self.search, &self.filter, &parcel).await
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

/// The answers in groups, largest first (分组统计).
#[derive(SimpleObject)]
#[graphql(name = "Facets")]
pub struct FacetsObject {
    /// By stock status (按存量用地状态).
    pub by_status: Vec<FacetObject>,
    /// By principal use, `SCHEME:CODE` (按主要用途).
    pub by_use: Vec<FacetObject>,
    /// By street (按街道).
    pub by_street: Vec<FacetObject>,
}

/// A group of answers (分组).
#[derive(SimpleObject)]
#[graphql(name = "Facet")]
pub struct FacetObject {
    /// What its members have in common (分组键).
    pub key: String,
    /// How many they are (数量).
    pub count: u64,
    /// Their area together (面积合计).
    pub area: AreaObject,
}

impl From<Facets> for FacetsObject {
    fn from(facets: Facets) -> Self {
        let Facets { by_status, by_use, by_street } = facets;
        let groups = |rows: Vec<FacetRow>| rows.into_iter().map(Into::into).collect();
        Self { by_status: groups(by_status), by_use: groups(by_use), by_street: groups(by_street) }
    }
}

impl From<FacetRow> for FacetObject {
    fn from(row: FacetRow) -> Self {
        let FacetRow { key, count, area } = row;
        Self { key, count, area: AreaObject(area) }
    }
}
