//! The answers of a question in groups.

use async_graphql::{Object, SimpleObject};
use yulin_domain::codes::{Labelled, LandUseCode, Lang, StockStatus};
use yulin_persistence::{FacetRow, Facets};

use crate::codes::Chosen;
use crate::scalars::AreaObject;

/// The answers in groups, largest first; an answer that lacks what is grouped by is counted in `totalCount` alone
/// (分组统计).
#[derive(SimpleObject)]
#[graphql(name = "Facets")]
pub struct FacetsObject {
    /// By stock status; parcels without one stand in no group (按存量用地状态).
    pub by_status: Vec<FacetObject>,
    /// By principal use, `SCHEME:CODE`; parcels without a use stand in no group (按主要用途).
    pub by_use: Vec<FacetObject>,
    /// By street; parcels without one stand in no group (按街道).
    pub by_street: Vec<FacetObject>,
}

/// What the members of a group have in common.
#[derive(Debug, Clone, Copy)]
enum Grouping {
    Status,
    Use,
    Street,
}

/// A group of answers.
pub struct FacetObject {
    by: Grouping,
    row: FacetRow,
}

/// A group of answers (分组).
#[Object(name = "Facet")]
impl FacetObject {
    /// What its members have in common, as filters take it (分组键).
    async fn key(&self) -> &str {
        &self.row.key
    }

    /// The key in words (分组名称).
    async fn label(
        &self,
        #[graphql(desc = "Language of the label (语言)", default_with = "Chosen(Lang::Zh)")] lang: Chosen<Lang>,
    ) -> &str {
        let key = self.row.key.as_str();
        match self.by {
            Grouping::Status => key.parse::<StockStatus>().map_or(key, |status| status.label(lang.0)),
            Grouping::Use => LandUseCode::parse(key).map_or(key, |land_use| land_use.label(lang.0)),
            Grouping::Street => key,
        }
    }

    /// How many they are (数量).
    async fn count(&self) -> u64 {
        self.row.count
    }

    /// Their area together (面积合计).
    async fn area(&self) -> AreaObject {
        AreaObject(self.row.area)
    }
}

impl From<Facets> for FacetsObject {
    fn from(facets: Facets) -> Self {
        let Facets { by_status, by_use, by_street } = facets;
        let groups = |rows: Vec<FacetRow>, by| rows.into_iter().map(|row| FacetObject { by, row }).collect();
        Self {
            by_status: groups(by_status, Grouping::Status),
            by_use: groups(by_use, Grouping::Use),
            by_street: groups(by_street, Grouping::Street),
        }
    }
}
