//! The facts of a parcel's card as the API shows them.

use async_graphql::SimpleObject;
use yulin_domain::codes::{GrantMethod, RightNature, RightType, Role};
use yulin_domain::land::{FootprintSource, Limits, Planning, Price, Range, Tenure, UseShare};
use yulin_domain::quantity::Ratio;

use crate::codes::{Chosen, LandUseObject};
use crate::disclosure::{Reading, reading};
use crate::scalars::{AreaObject, Decimal, LocalDate, ShareObject};

/// The areas of a parcel (宗地面积).
#[derive(SimpleObject)]
pub struct ParcelAreas {
    /// The area of the certificate: authoritative (登记面积).
    pub registered: Option<AreaObject>,
    /// The area of the cadastral survey (测量面积).
    pub surveyed: Option<AreaObject>,
    /// The geodesic area of the footprint shown (计算面积).
    pub computed: Option<AreaObject>,
}

/// A use and its share of the land (用途份额).
#[derive(SimpleObject)]
#[graphql(name = "UseShare")]
pub struct UseShareObject {
    /// The use (用途).
    pub land_use: LandUseObject,
    /// Its share (份额).
    pub share: ShareObject,
}

impl From<&UseShare> for UseShareObject {
    fn from(of: &UseShare) -> Self {
        Self { land_use: LandUseObject(of.land_use), share: of.share.into() }
    }
}

/// How the land is held (使用权信息).
#[derive(SimpleObject)]
#[graphql(name = "Tenure")]
pub struct TenureObject {
    /// What kind of right it is (权利类型).
    pub right_type: Chosen<RightType>,
    /// How the right came to be (权利性质).
    pub nature: Option<Chosen<RightNature>>,
    /// By what procedure the land was supplied (供地方式).
    pub grant_method: Option<Chosen<GrantMethod>>,
    /// The first day of the term (起始日期).
    pub starts_on: Option<LocalDate>,
    /// The last day of the term (终止日期).
    pub ends_on: Option<LocalDate>,
}

impl From<&Tenure> for TenureObject {
    fn from(tenure: &Tenure) -> Self {
        let Tenure { right_type, nature, grant_method, starts_on, ends_on } = tenure.clone();
        Self {
            right_type: right_type.into(),
            nature: nature.map(Chosen),
            grant_method: grant_method.map(Chosen),
            starts_on: starts_on.map(Into::into),
            ends_on: ends_on.map(Into::into),
        }
    }
}

/// A bound of a planning limit (界限).
#[derive(SimpleObject)]
#[graphql(name = "Limit")]
pub struct LimitObject {
    /// The value (数值).
    pub value: Decimal,
    /// Whether the value itself is allowed (是否包含).
    pub bound: Chosen<Limits>,
}

/// A two-sided limit; either side may be open (范围).
#[derive(SimpleObject)]
#[graphql(name = "PlanningRange")]
pub struct RangeObject {
    /// The least (下限).
    pub min: Option<LimitObject>,
    /// The greatest (上限).
    pub max: Option<LimitObject>,
}

impl From<Range> for RangeObject {
    fn from(range: Range) -> Self {
        let limit = |(value, bound): (Ratio, Limits)| LimitObject { value: Decimal(value.to_string()), bound: bound.into() };
        Self { min: range.min.map(limit), max: range.max.map(limit) }
    }
}

/// Planning limits of a lot (规划条件).
#[derive(SimpleObject)]
#[graphql(name = "Planning")]
pub struct PlanningObject {
    /// Floor area over land area (容积率).
    pub plot_ratio: Option<RangeObject>,
    /// Built-up share of the land, as a ratio (建筑密度).
    pub density: Option<RangeObject>,
    /// Green share of the land, as a ratio (绿地率).
    pub green_rate: Option<RangeObject>,
    /// Height of buildings in metres (建筑高度).
    pub height_m: Option<RangeObject>,
}

impl From<Planning> for PlanningObject {
    fn from(planning: Planning) -> Self {
        let Planning { plot_ratio, density, green_rate, height_m } = planning;
        Self {
            plot_ratio: plot_ratio.map(Into::into),
            density: density.map(Into::into),
            green_rate: green_rate.map(Into::into),
            height_m: height_m.map(Into::into),
        }
    }
}

/// Prices in yuan per square metre (价格).
#[derive(SimpleObject)]
#[graphql(name = "Price")]
pub struct PriceObject {
    /// What is asked (挂牌价).
    pub asking: Option<Decimal>,
    /// The least it may go for; withheld from most (底价).
    pub floor: Option<Decimal>,
}

impl PriceObject {
    /// The prices that a role reads.
    pub fn of(price: Price, role: Role) -> Self {
        let floor = price.floor.filter(|_| reading(role, "Price", "floor") == Reading::Yes);
        Self { asking: price.asking.map(|price| Decimal(price.yuan())), floor: floor.map(|price| Decimal(price.yuan())) }
    }
}

/// How a footprint came into the grid of its district (界址来源).
#[derive(SimpleObject)]
#[graphql(name = "FootprintSource")]
pub struct FootprintSourceObject {
    /// The EPSG code as submitted (原坐标系).
    pub crs: u32,
    /// The transformation that was applied (坐标转换).
    pub transformation: String,
    /// Its stated accuracy in millimetres (转换精度).
    pub accuracy_mm: Option<u32>,
}

impl From<&FootprintSource> for FootprintSourceObject {
    fn from(source: &FootprintSource) -> Self {
        let FootprintSource { crs, transformation, accuracy_mm } = source.clone();
        Self { crs: crs.code(), transformation, accuracy_mm }
    }
}
