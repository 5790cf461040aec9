//! The journal: how acts come into it, and how it is read.

mod batch;
mod head;
mod prepare;
mod read;
mod rehearsal;
mod store;
mod writer;

pub use head::Head;
pub(crate) use head::{ensure_head, least_format, row as head_row};
pub(crate) use prepare::Prepared;
pub use read::ActFilter;
pub(crate) use read::entry_of;
pub use rehearsal::{Preview, Rehearsal};
pub(crate) use store::{Fold, Pending};
pub(crate) use writer::Writer;
