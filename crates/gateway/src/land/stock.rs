//! The stock status and what it rests on, as the API shows it.

use async_graphql::{Object, SimpleObject};
use jiff::civil::Date;
use yulin_domain::codes::{InefficiencyReason, Role, StockStatus};
use yulin_domain::land::{ContractFacts, IdlePhase, Stock, idle_clock};

use crate::codes::Chosen;
use crate::disclosure::{Reading, reading};
use crate::scalars::{AreaObject, Decimal, LocalDate};

/// A stock status, and how much of it the viewer reads.
pub struct StockObject {
    stock: Stock,
    today: Option<Date>,
    role: Role,
    is_own: bool,
}

impl StockObject {
    pub(super) fn of(stock: Stock, today: Option<Date>, role: Role, is_own: bool) -> Self {
        Self { stock, today, role, is_own }
    }

    fn reads(&self, field: &str) -> bool {
        match reading(self.role, "Stock", field) {
            Reading::Yes => true,
            Reading::OwnOnly => self.is_own,
            Reading::No => false,
        }
    }
}

/// Whether, and how well, a parcel is used, and what that rests on (存量用地详情).
#[Object(name = "Stock")]
impl StockObject {
    /// The status (状态).
    async fn status(&self) -> Chosen<StockStatus> {
        self.stock.status.into()
    }

    /// Since when (起始日期).
    async fn since(&self) -> LocalDate {
        self.stock.since.into()
    }

    /// Why it counts as inefficient; null where withheld (低效认定原因).
    async fn reasons(&self) -> Option<Vec<Chosen<InefficiencyReason>>> {
        self.reads("reasons").then(|| self.stock.reasons.iter().map(|reason| Chosen(*reason)).collect())
    }

    /// The facts of approval and contract; null where withheld (合同信息).
    async fn contract(&self) -> Option<ContractObject> {
        self.stock.contract.as_ref().filter(|_| self.reads("contract")).map(Into::into)
    }

    /// The clock of idle land, read on the local day of the question; null where withheld (闲置时钟).
    async fn idle_clock(&self) -> Option<IdleClockObject> {
        let today = self.today.filter(|_| self.reads("idleClock"))?;
        let clock = idle_clock(&self.stock, today);
        Some(IdleClockObject {
            phase: clock.phase.into(),
            since: clock.since.map(Into::into),
            days: clock.days,
            next_on: clock.next_on.map(Into::into),
        })
    }
}

/// A clock of stock land (闲置时钟).
#[derive(SimpleObject)]
#[graphql(name = "IdleClock")]
pub struct IdleClockObject {
    /// Where it stands (阶段).
    pub phase: Chosen<IdlePhase>,
    /// The day from which it counts (起算日期).
    pub since: Option<LocalDate>,
    /// Days since then; negative before (天数).
    pub days: i32,
    /// The day on which the next phase begins (下一阶段日期).
    pub next_on: Option<LocalDate>,
}

/// The facts of approval and contract (合同信息).
#[derive(SimpleObject)]
#[graphql(name = "Contract")]
pub struct ContractObject {
    /// The number of the contract (合同编号).
    pub number: Option<String>,
    /// When conversion or requisition was approved (批准日期).
    pub approved_on: Option<LocalDate>,
    /// When it was signed (签订日期).
    pub signed_on: Option<LocalDate>,
    /// The agreed start of construction (约定开工日期).
    pub start_by: Option<LocalDate>,
    /// The actual handover of the land (交地日期).
    pub handed_over_on: Option<LocalDate>,
    /// The actual start of construction (实际开工日期).
    pub started_on: Option<LocalDate>,
    /// Since when construction stands still (停工日期).
    pub stopped_on: Option<LocalDate>,
    /// The agreed completion (约定竣工日期).
    pub complete_by: Option<LocalDate>,
    /// The actual completion (实际竣工日期).
    pub completed_on: Option<LocalDate>,
    /// Since when a completed plant does not produce (停产日期).
    pub not_producing_since: Option<LocalDate>,
    /// Days of delay that the government caused (政府原因延误天数).
    pub suspended_days: Option<u32>,
    /// The price of the whole parcel in yuan (成交价).
    pub price: Option<Decimal>,
    /// The investment agreed in yuan (约定投资额).
    pub investment_agreed: Option<Decimal>,
    /// The investment made in yuan (已投资额).
    pub investment_made: Option<Decimal>,
    /// The area to be developed (应开发面积).
    pub area_to_develop: Option<AreaObject>,
    /// The area developed (已开发面积).
    pub area_developed: Option<AreaObject>,
}

impl From<&ContractFacts> for ContractObject {
    fn from(facts: &ContractFacts) -> Self {
        let yuan = |fen: Option<yulin_domain::quantity::Fen>| fen.map(|fen| Decimal(fen.yuan()));
        Self {
            number: facts.number.clone(),
            approved_on: facts.approved_on.map(Into::into),
            signed_on: facts.signed_on.map(Into::into),
            start_by: facts.start_by.map(Into::into),
            handed_over_on: facts.handed_over_on.map(Into::into),
            started_on: facts.started_on.map(Into::into),
            stopped_on: facts.stopped_on.map(Into::into),
            complete_by: facts.complete_by.map(Into::into),
            completed_on: facts.completed_on.map(Into::into),
            not_producing_since: facts.not_producing_since.map(Into::into),
            suspended_days: facts.suspended_days,
            price: yuan(facts.price),
            investment_agreed: yuan(facts.investment_agreed),
            investment_made: yuan(facts.investment_made),
            area_to_develop: facts.area_to_develop.map(AreaObject),
            area_developed: facts.area_developed.map(AreaObject),
        }
    }
}
