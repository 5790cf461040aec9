//! Parties that hold rights, and principals that act.

mod erase;
mod party;
mod principal;
mod register;

pub use erase::{ErasePersonal, Erasure};
pub use party::{ExternalRef, Party};
pub use principal::{GrantRole, Principal, RegisterPrincipal, RevokeRole};
pub use register::{AmendParty, RegisterParty};
