//! The factor ledger as the API shows it.

mod access;
mod account;
mod compare;
mod entry;
mod factor;
mod hold;
mod lot;
mod page;
mod query;
mod statement;
mod transfer;

pub(crate) use access::{holds_by_ids, transfers_by_ids};
pub use account::{AccountConnection, AccountEdge, AccountObject, BalanceObject, QuantityObject};
pub use compare::{CompareQuery, DifferenceObject};
pub use entry::{BalanceAfterObject, EntryObject};
pub use factor::{CapObject, FactorObject, TotalsObject};
pub use hold::HoldObject;
pub use lot::{IssuanceObject, LotObject, UnitRangeObject};
pub use page::AccountPage;
pub use query::FactorQuery;
pub use statement::StatementObject;
pub use transfer::{MovementObject, TransferObject};
