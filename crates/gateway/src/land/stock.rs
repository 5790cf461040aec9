//! The stock status and what it rests on, as the API shows it.

use async_graphql::{Object, SimpleObject};
use jiff::civil::Date;
use yulin_domain::codes::{InefficiencyReason, Role, StockStatus};
use yulin_domain::land::{IdlePhase, Stock, idle_clock};

use super::Contract;
use crate::codes::Chosen;
use crate::disclosure::{Reading, reading};
use crate::scalars::LocalDate;

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
    async fn contract(&self) -> Option<Contract> {
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
