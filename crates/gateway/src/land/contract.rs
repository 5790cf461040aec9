//! The facts of approval and contract: one form, in which acts give them and parcels show them.

use async_graphql::{ComplexObject, Error, InputObject, SimpleObject};
use yulin_domain::journal::Refused;
use yulin_domain::land::ContractFacts;
use yulin_domain::quantity::{Area, Fen};

use crate::errors::refused_error;
use crate::scalars::{AreaObject, Decimal, LocalDate};

/// The facts of approval and contract that the clocks of stock land run on (批准与合同事项).
#[derive(Debug, Clone, SimpleObject, InputObject)]
#[graphql(complex, name = "Contract", input_name = "ContractInput")]
pub struct Contract {
    /// Number of the contract (合同编号).
    pub number: Option<String>,
    /// Conversion or requisition approved on (批准日期).
    pub approved_on: Option<LocalDate>,
    /// Signed on (签订日期).
    pub signed_on: Option<LocalDate>,
    /// Agreed date of the start of construction (约定开工日期).
    pub start_by: Option<LocalDate>,
    /// Actual handover of the land (实际交地日期).
    pub handed_over_on: Option<LocalDate>,
    /// Actual start of construction (实际开工日期).
    pub started_on: Option<LocalDate>,
    /// Since when construction has stood still (停工日期).
    pub stopped_on: Option<LocalDate>,
    /// Agreed date of completion (约定竣工日期).
    pub complete_by: Option<LocalDate>,
    /// Actual completion (实际竣工日期).
    pub completed_on: Option<LocalDate>,
    /// Since when a completed plant has not produced (停产日期).
    pub not_producing_since: Option<LocalDate>,
    /// Days of delay that the government caused (政府原因延误天数).
    pub suspended_days: Option<i32>,
    /// Grant or allocation price of the whole parcel in yuan (成交价款，元).
    pub price: Option<Decimal>,
    /// Investment agreed, without land price and taxes, in yuan (约定投资额，元).
    pub investment_agreed: Option<Decimal>,
    /// Investment made in yuan (已投资额，元).
    pub investment_made: Option<Decimal>,
    /// Area to be developed in m² (应开发面积，平方米).
    #[graphql(skip_output)]
    pub area_to_develop: Option<Decimal>,
    /// Area developed in m² (已开发面积，平方米).
    #[graphql(skip_output)]
    pub area_developed: Option<Decimal>,
}

/// Areas go out in both units.
#[ComplexObject]
impl Contract {
    /// The area to be developed (应开发面积).
    #[graphql(name = "areaToDevelop")]
    fn area_to_develop_shown(&self) -> Result<Option<AreaObject>, Error> {
        shown(self.area_to_develop.as_ref(), "areaToDevelop").map_err(|refused| refused_error(&refused))
    }

    /// The area developed (已开发面积).
    #[graphql(name = "areaDeveloped")]
    fn area_developed_shown(&self) -> Result<Option<AreaObject>, Error> {
        shown(self.area_developed.as_ref(), "areaDeveloped").map_err(|refused| refused_error(&refused))
    }
}

fn shown(area: Option<&Decimal>, field: &str) -> Result<Option<AreaObject>, Refused> {
    area.map(|area| area.square_metres(field).map(AreaObject)).transpose()
}

impl From<&ContractFacts> for Contract {
    fn from(facts: &ContractFacts) -> Self {
        let yuan = |fen: Option<Fen>| fen.map(|fen| Decimal(fen.yuan()));
        let square_metres = |area: Option<Area>| area.map(|area| Decimal(area.square_metres()));
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
            suspended_days: facts.suspended_days.map(|days| i32::try_from(days).unwrap_or(i32::MAX)),
            price: yuan(facts.price),
            investment_agreed: yuan(facts.investment_agreed),
            investment_made: yuan(facts.investment_made),
            area_to_develop: square_metres(facts.area_to_develop),
            area_developed: square_metres(facts.area_developed),
        }
    }
}
