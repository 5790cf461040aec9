//! How land is held, as acts state it.

use async_graphql::InputObject;
use yulin_domain::codes::{GrantMethod, RightNature, RightType};
use yulin_domain::journal::Refused;
use yulin_domain::land::Tenure;

use super::common::date;
use super::read::Read;
use crate::codes::Chosen;
use crate::scalars::LocalDate;

/// How the land is held (权利情况).
#[derive(Debug, Clone, InputObject)]
pub struct TenureInput {
    /// The type of right (权利类型).
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

impl TryFrom<TenureInput> for Tenure {
    type Error = Refused;
    fn try_from(TenureInput { right_type, nature, grant_method, starts_on, ends_on }: TenureInput) -> Read<Self> {
        Ok(Self {
            right_type: right_type.0,
            nature: nature.map(|nature| nature.0),
            grant_method: grant_method.map(|method| method.0),
            starts_on: date(starts_on, "startsOn")?,
            ends_on: date(ends_on, "endsOn")?,
        })
    }
}
