//! The tables, row by row as they lie.

pub mod account_index;
pub mod api_key;
pub mod checkpoint;
pub mod checkpoint_head;
pub mod due_refusal;
pub mod hold_index;
pub mod journal;
pub mod journal_head;
pub mod ledger_entry;
pub mod log_tile;
pub mod lot_version;
pub mod parcel_index;
pub mod personal;
pub mod record_version;
pub mod refusal;
pub mod setting;
pub mod subject_entry;
pub mod webhook;
pub mod webhook_delivery;
