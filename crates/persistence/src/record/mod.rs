//! Versions of records: how they lie in the database, and how they are read as of an instant.

mod index;
mod load;
mod read;
mod read_by_id;
mod read_by_key;
mod read_kinds;
mod rescindable;
mod row;
mod snapshot;
mod waiting;

pub(crate) use index::{folded, index_row, mask};
pub(crate) use load::{Loader, load, load_needs};
pub(crate) use read::{as_of, as_of_values, pick};
pub use read_kinds::PartyFilter;
pub(crate) use row::{claim_text, open_row, state_of, to_row};
pub use snapshot::{AsOf, RecordedAt, Snapshot, Versioned};
