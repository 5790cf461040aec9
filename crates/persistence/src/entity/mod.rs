//! The tables, row by row as they lie.

pub mod api_key;
pub mod due_refusal;
pub mod journal;
pub mod journal_head;
pub mod parcel_index;
pub mod personal;
pub mod record_version;
pub mod refusal;
pub mod setting;
pub mod subject_entry;
pub mod webhook;
pub mod webhook_delivery;
