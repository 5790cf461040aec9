//! A reference into another register.

use async_graphql::SimpleObject;
use yulin_domain::codes::ExternalState;
use yulin_domain::party::ExternalRef;

use crate::codes::Chosen;

/// Where another register keeps the same thing, and whether it has confirmed it (外部登记引用).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "ExternalRef")]
pub struct ExternalRefObject {
    /// The other register (外部系统).
    pub system: String,
    /// The id there (外部标识).
    pub external_id: String,
    /// Whether the other register has confirmed it (确认状态).
    pub state: Chosen<ExternalState>,
}

impl From<&ExternalRef> for ExternalRefObject {
    fn from(reference: &ExternalRef) -> Self {
        let ExternalRef { system, external_id, state } = reference.clone();
        Self { system, external_id, state: state.into() }
    }
}
