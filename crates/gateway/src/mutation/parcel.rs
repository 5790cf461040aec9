//! Mutations of a parcel itself: how it is registered, changed, corrected, and what is set on its card.
//!
//! How parcels give way to others stands in `succession.rs`.

use async_graphql::{ID, InputObject};
use yulin_domain::codes::ParcelState;
use yulin_domain::journal::{Refused, Span};
use yulin_domain::land::{
    ChangeParcel, ChangeUse, CorrectParcel, RegisterParcel, SetPlanning, SetPrice, SetStockStatus,
};

use super::card::{ParcelFactsInput, UseShareInput};
use super::common::{FootprintInput, PeriodInput, SeenInput};
use super::planning::{PlanningInput, PriceInput};
use super::read::{Read, Under, each, id, maybe, seen};
use super::roots::mutations;
use super::stock::StockInput;
use crate::codes::Chosen;

/// A parcel to be registered, or a lot to be planned (登记宗地).
#[derive(Debug, Clone, InputObject)]
pub struct RegisterParcelInput {
    /// The district whose register it enters (辖区).
    pub district: ID,
    /// REGISTERED, or PLANNED for a lot without a code (宗地状态).
    #[graphql(default_with = "Chosen(ParcelState::Registered)")]
    pub state: Chosen<ParcelState>,
    /// Its card.
    #[graphql(flatten)]
    pub facts: ParcelFactsInput,
    /// Its footprint; a planned lot may do without (宗地图形).
    pub footprint: Option<FootprintInput>,
}

impl TryFrom<RegisterParcelInput> for RegisterParcel {
    type Error = Refused;
    fn try_from(RegisterParcelInput { district, state, facts, footprint }: RegisterParcelInput) -> Read<Self> {
        Ok(Self {
            district: id(&district, "district")?,
            state: state.0,
            facts: facts.try_into()?,
            footprint: maybe(footprint, "footprint")?,
        })
    }
}

/// What has changed in the world; it holds from the act's effect on (变更宗地).
#[derive(Debug, Clone, InputObject)]
pub struct ChangeParcelInput {
    /// The parcel (宗地).
    pub parcel: SeenInput,
    /// What has changed of its card.
    #[graphql(flatten)]
    pub facts: ParcelFactsInput,
    /// Its new footprint (宗地图形).
    pub footprint: Option<FootprintInput>,
    /// REGISTERED where a planned lot becomes registered (宗地状态).
    pub state: Option<Chosen<ParcelState>>,
}

impl TryFrom<ChangeParcelInput> for ChangeParcel {
    type Error = Refused;
    fn try_from(ChangeParcelInput { parcel, facts, footprint, state }: ChangeParcelInput) -> Read<Self> {
        Ok(Self {
            parcel: seen(&parcel, "parcel")?,
            facts: facts.try_into()?,
            footprint: maybe(footprint, "footprint")?,
            state: state.map(|state| state.0),
        })
    }
}

/// What was recorded wrongly, and as it was in truth (更正宗地).
#[derive(Debug, Clone, InputObject)]
pub struct CorrectParcelInput {
    /// The parcel (宗地).
    pub parcel: SeenInput,
    /// The part of its life that was recorded wrongly; all of it where left out (更正期间).
    pub valid: Option<PeriodInput>,
    /// What its card should have said.
    #[graphql(flatten)]
    pub facts: ParcelFactsInput,
    /// The footprint it should have had (宗地图形).
    pub footprint: Option<FootprintInput>,
}

impl TryFrom<CorrectParcelInput> for CorrectParcel {
    type Error = Refused;
    fn try_from(CorrectParcelInput { parcel, valid, facts, footprint }: CorrectParcelInput) -> Read<Self> {
        Ok(Self {
            parcel: seen(&parcel, "parcel")?,
            valid: maybe(valid, "valid")?.unwrap_or(Span::ALL),
            facts: facts.try_into()?,
            footprint: maybe(footprint, "footprint")?,
        })
    }
}

/// The uses a parcel now has (变更用途).
#[derive(Debug, Clone, InputObject)]
pub struct ChangeUseInput {
    /// The parcel (宗地).
    pub parcel: SeenInput,
    /// All its uses, the principal one first; shares sum to one (用途).
    pub uses: Vec<UseShareInput>,
}

impl TryFrom<ChangeUseInput> for ChangeUse {
    type Error = Refused;
    fn try_from(ChangeUseInput { parcel, uses }: ChangeUseInput) -> Read<Self> {
        Ok(Self { parcel: seen(&parcel, "parcel")?, uses: each(uses, "uses")? })
    }
}

/// The planning limits of a parcel (设定规划条件).
#[derive(Debug, Clone, InputObject)]
pub struct SetPlanningInput {
    /// The parcel (宗地).
    pub parcel: SeenInput,
    /// All its limits; one left out is none (规划条件).
    pub planning: PlanningInput,
}

impl TryFrom<SetPlanningInput> for SetPlanning {
    type Error = Refused;
    fn try_from(SetPlanningInput { parcel, planning }: SetPlanningInput) -> Read<Self> {
        Ok(Self { parcel: seen(&parcel, "parcel")?, planning: planning.try_into().under("planning")? })
    }
}

/// The prices of a parcel (设定价格).
#[derive(Debug, Clone, InputObject)]
pub struct SetPriceInput {
    /// The parcel (宗地).
    pub parcel: SeenInput,
    /// Both prices; one left out is none (价格).
    pub price: PriceInput,
}

impl TryFrom<SetPriceInput> for SetPrice {
    type Error = Refused;
    fn try_from(SetPriceInput { parcel, price }: SetPriceInput) -> Read<Self> {
        Ok(Self { parcel: seen(&parcel, "parcel")?, price: price.try_into().under("price")? })
    }
}

/// The stock status of a parcel (设定存量状态).
#[derive(Debug, Clone, InputObject)]
pub struct SetStockStatusInput {
    /// The parcel (宗地).
    pub parcel: SeenInput,
    /// The status with the facts it rests on (存量状态).
    pub stock: StockInput,
}

impl TryFrom<SetStockStatusInput> for SetStockStatus {
    type Error = Refused;
    fn try_from(SetStockStatusInput { parcel, stock }: SetStockStatusInput) -> Read<Self> {
        Ok(Self { parcel: seen(&parcel, "parcel")?, stock: stock.try_into().under("stock")? })
    }
}

mutations! {
    ParcelMutations:
    /// Registers a parcel, or plans a lot (登记宗地).
    register_parcel(RegisterParcelInput) = RegisterParcel;
    /// Records that a parcel has changed, from the act's effect on (变更宗地).
    change_parcel(ChangeParcelInput) = ChangeParcel;
    /// Corrects what was recorded wrongly of a parcel (更正宗地).
    correct_parcel(CorrectParcelInput) = CorrectParcel;
    /// Changes the use of a parcel (变更用途).
    change_use(ChangeUseInput) = ChangeUse;
    /// Sets the planning limits of a parcel (设定规划条件).
    set_planning(SetPlanningInput) = SetPlanning;
    /// Sets the prices of a parcel (设定价格).
    set_price(SetPriceInput) = SetPrice;
    /// Sets the stock status of a parcel (设定存量状态).
    set_stock_status(SetStockStatusInput) = SetStockStatus;
}
