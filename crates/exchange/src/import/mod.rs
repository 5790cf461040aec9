//! From features of a file to acts: mapping of columns, reading of facts, and what each feature asks of the registry.
//!
//! Pure: what is already registered is handed in, and what is to be done is handed back.

mod act_id;
mod attributes;
mod facts;
mod feature;
mod file;
mod geometry;
mod mapping;
mod parcel;
mod party;
mod plan;
mod record;
mod report;
mod right;
mod row;
mod zone;

#[cfg(test)]
mod import_tests;

pub use act_id::{ActNaming, name_act};
pub use attributes::plan_attributes;
pub use facts::PARCEL_KEYS;
pub use feature::{FEATURE_KEYS, plan_feature};
pub use file::{FileLook, digest_of_file, look_at};
pub use mapping::{MAP_MAX, Mapping};
pub use parcel::{is_planned, plan_parcel};
pub use party::{PARTY_KEYS, PartyKey, party_key, plan_party};
pub use plan::{Existing, Manner, Plan, Setting};
pub use record::record_refused;
pub use report::{Line, Messages, Outcome, RefusalTold, Tally, Warning, shift_name, warnings_of};
pub use right::{HolderRef, RIGHT_KEYS, holders_of, part_of, plan_right, right_differs};
pub use row::Row;
pub use zone::{ZONE_KEYS, plan_zone};
