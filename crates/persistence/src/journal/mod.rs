//! The journal: how acts come into it, and how it is read.

mod asked;
mod batch;
mod due;
mod fold;
mod grids;
mod head;
mod history;
mod prepare;
mod read;
mod rebuild;
mod store;
mod writer;

pub(crate) use fold::fold_page;
pub use head::Head;
pub(crate) use head::{ensure_head, head_of, row as head_row};
pub(crate) use prepare::Prepared;
pub use prepare::Preview;
pub use read::ActFilter;
pub(crate) use read::entry_of;
pub use rebuild::rebuild;
pub(crate) use writer::Writer;
