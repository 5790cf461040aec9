//! The journal: how acts come into it, and how it is read.

mod asked;
mod batch;
mod due;
mod feed;
mod fold;
mod grids;
mod head;
mod history;
mod prepare;
mod read;
mod rebuild;
mod rehearsal;
mod store;
mod writer;

pub use feed::{FEED_SCAN_MAX, Feed, FeedBatch, FeedEvent, FeedFilter, FeedScope};
pub(crate) use fold::fold_page;
pub use head::Head;
pub(crate) use head::{ensure_head, head_of, row as head_row};
pub(crate) use prepare::Prepared;
pub use read::ActFilter;
pub(crate) use read::entry_of;
pub use rebuild::rebuild;
pub use rehearsal::{Preview, Rehearsal};
pub(crate) use writer::Writer;
