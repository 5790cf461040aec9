//! Who reads what: one table of every field against every role, and the rule for filters.

mod filters;
mod narrowed;
mod readers;
mod table;
mod table_asked;
mod table_ledger;
mod table_routes;

#[cfg(test)]
mod coverage_tests;
#[cfg(test)]
mod disclosure_tests;

pub use filters::{Asked, check_asked, given};
pub use narrowed::{UNDIVIDED, land_of, may_read_all, reading_of};
pub use readers::{Readers, Reading, sight};
pub use table::{TypeRules, reading, types, withheld};
pub use table_asked::{ASKED, AskedRules, Read, reads};
pub use table_routes::{Admits, EXPORTS, ROUTES};
