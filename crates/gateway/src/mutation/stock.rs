//! The stock status of a parcel and the facts it rests on, as acts give them.

use async_graphql::InputObject;
use yulin_domain::codes::{InefficiencyReason, StockStatus};
use yulin_domain::journal::Refused;
use yulin_domain::land::{ContractFacts, Stock};

use super::common::date;
use super::read::{Read, count, maybe};
use crate::codes::Chosen;
use crate::land::Contract;
use crate::scalars::{Decimal, LocalDate};

/// The stock status and what it rests on (存量状态).
#[derive(Debug, Clone, InputObject)]
pub struct StockInput {
    /// The status (状态).
    pub status: Chosen<StockStatus>,
    /// The local date since when it stands (起始日期).
    pub since: LocalDate,
    /// Why the land counts as inefficient (低效认定原因).
    #[graphql(default)]
    pub reasons: Vec<Chosen<InefficiencyReason>>,
    /// The facts of approval and contract, all of them; left out, those that stand stay, until `changeParcel` clears them
    /// (批准与合同事项).
    pub contract: Option<Contract>,
}

impl TryFrom<StockInput> for Stock {
    type Error = Refused;
    fn try_from(StockInput { status, since, reasons, contract }: StockInput) -> Read<Self> {
        Ok(Self {
            status: status.0,
            since: since.date("since")?,
            reasons: reasons.into_iter().map(|reason| reason.0).collect(),
            contract: maybe(contract, "contract")?,
        })
    }
}

impl TryFrom<Contract> for ContractFacts {
    type Error = Refused;
    fn try_from(given: Contract) -> Read<Self> {
        let yuan = |given: Option<Decimal>, field: &str| given.map(|text| text.yuan(field)).transpose();
        let area = |given: Option<Decimal>, field: &str| given.map(|text| text.square_metres(field)).transpose();
        // Destructured in full, so that a fact added to the contract is not forgotten here.
        let Contract {
            number,
            approved_on,
            signed_on,
            start_by,
            handed_over_on,
            started_on,
            stopped_on,
            complete_by,
            completed_on,
            not_producing_since,
            suspended_days,
            price,
            investment_agreed,
            investment_made,
            area_to_develop,
            area_developed,
        } = given;
        Ok(Self {
            number,
            approved_on: date(approved_on, "approvedOn")?,
            signed_on: date(signed_on, "signedOn")?,
            start_by: date(start_by, "startBy")?,
            handed_over_on: date(handed_over_on, "handedOverOn")?,
            started_on: date(started_on, "startedOn")?,
            stopped_on: date(stopped_on, "stoppedOn")?,
            complete_by: date(complete_by, "completeBy")?,
            completed_on: date(completed_on, "completedOn")?,
            not_producing_since: date(not_producing_since, "notProducingSince")?,
            suspended_days: count(suspended_days, "suspendedDays")?,
            price: yuan(price, "price")?,
            investment_agreed: yuan(investment_agreed, "investmentAgreed")?,
            investment_made: yuan(investment_made, "investmentMade")?,
            area_to_develop: area(area_to_develop, "areaToDevelop")?,
            area_developed: area(area_developed, "areaDeveloped")?,
        })
    }
}
