//! The journal: acts, the changes they make, and the entries that record them.

mod act;
mod authority;
mod body;
mod canonical;
mod change;
mod decide;
mod due;
mod entry;
mod id;
#[cfg(test)]
mod journal_tests;
mod ledger_needs;
mod ledger_set;
mod merkle;
mod narrowing;
mod personal;
mod plain;
mod proposal;
mod receipt;
mod record;
mod refusals;
mod refused;
mod rescind;
mod schedule;
mod timeline;
mod within;
mod working_set;

pub use act::{Act, EVIDENCE_MAX, Envelope, LEGS_MAX, Seen};
pub use authority::may_perform;
pub(crate) use body::Body;
pub use body::{ActBody, ActKind, GridOf, Needs, PreparedFootprints};
pub use canonical::canonical_bytes;
pub use change::{Change, Version};
pub use decide::{Context, Decided, Decision, decide_entry};
pub use due::Due;
pub use entry::{
    BodyUnreadable, Digest, ENTRY_FORMAT, Entry, EntryBody, Header, OLDEST_FORMAT, body_digest, chain_start,
};
pub use id::*;
pub use ledger_needs::{BooksNeed, LedgerNeeds, Take};
pub use merkle::{leaf_hash, leaf_salt, node, root};
pub use narrowing::{NARROWED_MAX, Narrowing, Place};
pub use personal::{PersonalField, PersonalFields, PersonalText, Sealed, Unsealed};
pub use plain::has_controls;
pub use proposal::{ApproveAct, ProposeAct};
pub use receipt::Receipt;
pub use record::{Record, RecordKey, RecordKind, Subject};
pub use refused::Refused;
pub use rescind::{RESCIND_MAX, RescindAct, Rescindable};
pub use schedule::{
    ApprovalDelay, CancelSchedule, Schedule, ScheduleAct, ScheduleOutcome, ScheduleState, SettleSchedule,
};
pub use timeline::{Effects, Row, RowKey, Span, Timeline};
pub use working_set::{Claim, WorkingSet};
