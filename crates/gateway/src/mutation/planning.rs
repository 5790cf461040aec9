//! Planning limits and prices of a parcel, as acts give them.

use async_graphql::InputObject;
use yulin_domain::journal::Refused;
use yulin_domain::land::{Limits, Planning, Price, Range};
use yulin_domain::quantity::Ratio;

use super::read::{Read, Under, maybe};
use crate::codes::Chosen;
use crate::scalars::Decimal;

/// A bound of a planning limit (规划指标限值).
#[derive(Debug, Clone, InputObject)]
pub struct BoundInput {
    /// The number, at most four decimals (数值).
    pub value: Decimal,
    /// Whether the bound itself belongs to the range (是否包含限值).
    #[graphql(default_with = "Chosen(Limits::Inclusive)")]
    pub limits: Chosen<Limits>,
}

/// A planning limit; either side may be left open (规划指标范围).
#[derive(Debug, Clone, InputObject)]
pub struct LimitInput {
    /// The lower bound (下限).
    pub min: Option<BoundInput>,
    /// The upper bound (上限).
    pub max: Option<BoundInput>,
}

impl TryFrom<LimitInput> for Range {
    type Error = Refused;
    fn try_from(LimitInput { min, max }: LimitInput) -> Read<Self> {
        Ok(Self { min: bound(min).under("min")?, max: bound(max).under("max")? })
    }
}

fn bound(given: Option<BoundInput>) -> Read<Option<(Ratio, Limits)>> {
    given.map(|BoundInput { value, limits }| Ok((value.ratio("value")?, limits.0))).transpose()
}

/// Planning limits of a lot (规划条件).
#[derive(Debug, Clone, InputObject)]
pub struct PlanningInput {
    /// Floor area over land area (容积率).
    pub plot_ratio: Option<LimitInput>,
    /// Built-up share of the land, as a ratio (建筑密度).
    pub density: Option<LimitInput>,
    /// Green share of the land, as a ratio (绿地率).
    pub green_rate: Option<LimitInput>,
    /// Building height in metres (建筑高度，米).
    pub height_m: Option<LimitInput>,
}

impl TryFrom<PlanningInput> for Planning {
    type Error = Refused;
    fn try_from(PlanningInput { plot_ratio, density, green_rate, height_m }: PlanningInput) -> Read<Self> {
        Ok(Self {
            plot_ratio: maybe(plot_ratio, "plotRatio")?,
            density: maybe(density, "density")?,
            green_rate: maybe(green_rate, "greenRate")?,
            height_m: maybe(height_m, "heightM")?,
        })
    }
}

/// Prices in yuan per m², at most two decimals (价格，元/平方米).
#[derive(Debug, Clone, InputObject)]
pub struct PriceInput {
    /// What is asked for the land (挂牌价).
    pub asking: Option<Decimal>,
    /// The least it may go for (最低价).
    pub floor: Option<Decimal>,
}

impl TryFrom<PriceInput> for Price {
    type Error = Refused;
    fn try_from(PriceInput { asking, floor }: PriceInput) -> Read<Self> {
        let price =
            |given: Option<Decimal>, field: &str| given.map(|text| text.yuan_per_square_metre(field)).transpose();
        Ok(Self { asking: price(asking, "asking")?, floor: price(floor, "floor")? })
    }
}
