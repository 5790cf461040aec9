//! Who reads what: one table of every field against every role, and the rule for filters.

mod filters;
mod readers;
mod table;
mod table_ledger;

#[cfg(test)]
mod disclosure_tests;

pub use filters::{Asked, check_asked};
pub use readers::{Readers, Reading, sight};
pub use table::{TypeRules, reading, types, withheld};
