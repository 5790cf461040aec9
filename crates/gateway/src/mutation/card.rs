//! A parcel's card as acts give it: one form for registering, changing, correcting, splitting and merging.
//!
//! What is left out stays as it is; `clear` takes a fact away. Null is the same as left out, as in the canonical form.

use std::collections::BTreeSet;

use async_graphql::{Enum, InputObject};
use yulin_domain::codes::{Infrastructure, LandUseCode, Ownership, ParcelLayer, SoilGate};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_domain::land::{Clearable, ParcelPatch, UseShare};
use yulin_domain::quantity::Share;

use super::common::{ExternalRefInput, ShareInput, share};
use super::planning::{PlanningInput, PriceInput};
use super::read::{Read, count, each, maybe};
use super::stock::StockInput;
use super::tenure::TenureInput;
use crate::codes::Chosen;
use crate::scalars::Decimal;

/// One use of the land and its share; without a share it is the whole (用途及其份额).
#[derive(Debug, Clone, InputObject)]
pub struct UseShareInput {
    /// The land-use class with its scheme, `SCHEME:CODE`, such as `GBT21010_2017:0601` (用地分类代码).
    #[graphql(name = "use")]
    pub land_use: String,
    /// Its share of the land (份额).
    pub share: Option<ShareInput>,
}

impl TryFrom<UseShareInput> for UseShare {
    type Error = Refused;
    fn try_from(UseShareInput { land_use, share: part }: UseShareInput) -> Read<Self> {
        let land_use = LandUseCode::parse(&land_use)
            .map_err(|why| Refused::new(why.error_code()).at("use").told("problem", why))?;
        Ok(Self { land_use, share: part.map(share).transpose()?.unwrap_or(Share::WHOLE) })
    }
}

/// A fact of the card that can be taken away again (可清除事项).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Clearable")]
pub enum ParcelFact {
    /// The unit code (不动产单元代码).
    UnitCode,
    /// The lot number (地块编号).
    LotNumber,
    /// The name (名称).
    Name,
    /// The location (坐落).
    Location,
    /// The street (街道).
    Street,
    /// The tenure (权利情况).
    Tenure,
    /// The registered area (登记面积).
    RegisteredArea,
    /// The surveyed area (实测面积).
    SurveyedArea,
    /// The stock status (存量状态).
    Stock,
    /// The facts of approval and contract, from which its clocks run (批准与合同事项).
    Contract,
    /// The reference to another register (外部登记引用).
    External,
}

/// Facts of a parcel's card; what is left out stays as it is (宗地卡片).
#[derive(Debug, Clone, InputObject)]
pub struct ParcelFactsInput {
    /// The parcel code (宗地代码).
    pub code: Option<String>,
    /// The code of the real-estate unit (不动产单元代码).
    pub unit_code: Option<String>,
    /// The number of a planned lot (地块编号).
    pub lot_number: Option<String>,
    /// The name (名称).
    pub name: Option<String>,
    /// Where it lies, in words (坐落).
    pub location: Option<String>,
    /// The street (街道).
    pub street: Option<String>,
    /// The layer of space (空间层).
    pub layer: Option<Chosen<ParcelLayer>>,
    /// The uses, the principal one first; shares sum to one (用途).
    pub uses: Option<Vec<UseShareInput>>,
    /// Who owns the land (所有权性质).
    pub ownership: Option<Chosen<Ownership>>,
    /// How the land is held (权利情况).
    pub tenure: Option<TenureInput>,
    /// The area of the certificate in m², at most four decimals (登记面积，平方米).
    pub registered_area: Option<Decimal>,
    /// The area of the cadastral survey in m², at most four decimals (实测面积，平方米).
    pub surveyed_area: Option<Decimal>,
    /// Mean error of a boundary point of the survey in millimetres (界址点中误差，毫米).
    pub point_error_mm: Option<i32>,
    /// Planning limits, all of them: one left out is none (规划条件).
    pub planning: Option<PlanningInput>,
    /// Asking and floor price, both: one left out is none (价格).
    pub price: Option<PriceInput>,
    /// What the land is connected to (基础设施).
    pub infrastructure: Option<Vec<Chosen<Infrastructure>>>,
    /// Whether the soil lets the land be used (土壤环境准入).
    pub soil_gate: Option<Chosen<SoilGate>>,
    /// The stock status; the contract stays as it is where it is left out (存量状态).
    pub stock: Option<StockInput>,
    /// Where another register keeps the parcel (外部登记引用).
    pub external: Option<ExternalRefInput>,
    /// Facts to take away; none of them may be given as well (清除事项).
    #[graphql(default)]
    pub clear: Vec<ParcelFact>,
}

impl TryFrom<ParcelFactsInput> for ParcelPatch {
    type Error = Refused;
    fn try_from(given: ParcelFactsInput) -> Read<Self> {
        let area = |given: Option<Decimal>, field: &str| given.map(|text| text.square_metres(field)).transpose();
        // Destructured in full, so that a field added to the card is not forgotten here.
        let ParcelFactsInput {
            code,
            unit_code,
            lot_number,
            name,
            location,
            street,
            layer,
            uses,
            ownership,
            tenure,
            registered_area,
            surveyed_area,
            point_error_mm,
            planning,
            price,
            infrastructure,
            soil_gate,
            stock,
            external,
            clear,
        } = given;
        consistent(Self {
            code,
            unit_code,
            lot_number,
            name,
            location,
            street,
            layer: layer.map(|layer| layer.0),
            uses: uses.map(|uses| each(uses, "uses")).transpose()?,
            ownership: ownership.map(|ownership| ownership.0),
            tenure: maybe(tenure, "tenure")?,
            registered_area: area(registered_area, "registeredArea")?,
            surveyed_area: area(surveyed_area, "surveyedArea")?,
            point_error_mm: count(point_error_mm, "pointErrorMm")?,
            planning: maybe(planning, "planning")?,
            price: maybe(price, "price")?,
            infrastructure: infrastructure.map(members),
            soil_gate: soil_gate.map(|gate| gate.0),
            stock: maybe(stock, "stock")?,
            external: external.map(Into::into),
            clear: clear.into_iter().map(Into::into).collect(),
        })
    }
}

/// Refuses to take away what is given in the same breath.
fn consistent(patch: ParcelPatch) -> Read<ParcelPatch> {
    match patch.clear.iter().find(|fact| is_given(&patch, **fact)) {
        Some(fact) => Err(Refused::new(ErrorCode::Validation).at("clear").with("given", serde_json::json!(fact))),
        None => Ok(patch),
    }
}

const fn is_given(patch: &ParcelPatch, fact: Clearable) -> bool {
    match fact {
        Clearable::UnitCode => patch.unit_code.is_some(),
        Clearable::LotNumber => patch.lot_number.is_some(),
        Clearable::Name => patch.name.is_some(),
        Clearable::Location => patch.location.is_some(),
        Clearable::Street => patch.street.is_some(),
        Clearable::Tenure => patch.tenure.is_some(),
        Clearable::RegisteredArea => patch.registered_area.is_some(),
        Clearable::SurveyedArea => patch.surveyed_area.is_some(),
        Clearable::Stock => patch.stock.is_some(),
        Clearable::Contract => matches!(&patch.stock, Some(stock) if stock.contract.is_some()),
        Clearable::External => patch.external.is_some(),
    }
}

fn members(given: Vec<Chosen<Infrastructure>>) -> BTreeSet<Infrastructure> {
    given.into_iter().map(|member| member.0).collect()
}
