//! The factor ledger as the API shows it.

mod access;
mod account;
mod compare;
mod difference;
mod entry;
mod factor;
mod factor_page;
mod feasibility;
mod hold;
mod issuances;
mod lot;
mod movement_rule;
mod page;
mod query;
mod reconciliation;
mod statement;
mod transfer;

pub(crate) use access::{holds_by_ids, narrowed, read_after, reads_references, sees_all, transfers_by_ids};
pub use account::{AccountObject, BalanceObject, QuantityObject};
pub use compare::CompareQuery;
pub(crate) use compare::reconciliations_by_ids;
pub use difference::{DifferenceObject, PositionInput};
pub use entry::{BalanceAfterObject, EntryObject};
pub use factor::{CapObject, FactorObject, TotalsObject};
pub use factor_page::FactorPage;
pub use feasibility::{FeasibilityObject, FeasibilityQuery, SaleObject};
pub use hold::HoldObject;
pub use issuances::Issuances;
pub use lot::{IssuanceObject, LotObject, UnitRangeObject};
pub use movement_rule::MovementRuleObject;
pub use page::{AccountPage, LOTS_TOLD_MAX};
pub use query::FactorQuery;
pub use reconciliation::{BankLineObject, BlockObject, LineDifferenceObject, LineNameObject, ReconciliationObject};
pub use statement::StatementObject;
pub use transfer::{MovementObject, TransferObject};
