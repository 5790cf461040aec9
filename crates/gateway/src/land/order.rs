//! By what parcels are ordered.

use async_graphql::{Enum, InputObject};
use yulin_persistence::{Direction, OrderField};

use crate::disclosure::Asked;

/// By what parcels are ordered; what is not known comes last both ways (排序字段).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "yulin_persistence::OrderField")]
pub enum ParcelOrderField {
    /// By code, else lot number (代码).
    Code,
    /// By asking price, else floor price, a square metre (价格).
    Price,
    /// By registered, else surveyed, else computed area (面积).
    Area,
    /// By distance to what `near` names (距离).
    Distance,
    /// By how long the stock status has stood; ascending is oldest first (时长).
    Age,
}

/// Which way (排序方向).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "yulin_persistence::Direction")]
pub enum OrderDirection {
    /// Smallest first (升序).
    Asc,
    /// Greatest first (降序).
    Desc,
}

/// One level of an order; the id breaks ties (排序).
#[derive(Debug, Clone, Copy, InputObject)]
pub struct ParcelOrder {
    /// By what (字段).
    pub field: ParcelOrderField,
    /// Which way (方向).
    #[graphql(default_with = "OrderDirection::Asc")]
    pub direction: OrderDirection,
}

impl ParcelOrder {
    /// By what it is ordered, as the schema names it.
    pub(super) fn asked(order: &[Self]) -> Asked {
        let name = |level: &Self| match level.field {
            ParcelOrderField::Code => "CODE",
            ParcelOrderField::Price => "PRICE",
            ParcelOrderField::Area => "AREA",
            ParcelOrderField::Distance => "DISTANCE",
            ParcelOrderField::Age => "AGE",
        };
        Asked { at: "orderBy", input: "ParcelOrderField", members: order.iter().map(name).collect() }
    }

    pub(super) fn read(self) -> (OrderField, Direction) {
        (self.field.into(), self.direction.into())
    }
}
