//! Mutations: every act of the registry over GraphQL, alone, in a list, and as legs of a bundle.

mod account;
mod authority;
mod body;
mod calendar;
mod card;
mod common;
mod district;
mod envelope;
mod factor;
mod feature;
#[cfg(test)]
mod flow_tests;
mod forced;
mod freeze;
mod hold;
mod journal;
mod lines;
mod lots;
mod money;
#[cfg(test)]
mod mutation_tests;
mod parcel;
mod party;
mod payload;
mod perform;
mod place;
mod planning;
mod principal;
mod read;
#[cfg(test)]
mod read_tests;
mod reconciliation;
mod recorded;
mod restriction;
mod right;
mod root;
mod roots;
mod schedule;
mod stock;
mod succession;
mod tenure;
mod units;
mod zone;

pub use body::ActBodyInput;
pub use envelope::ActEnvelopeInput;
pub(crate) use lots::{SelectionInput, chosen_units};
pub use payload::{ActDone, ActPayload, ActPreview, ActRefused};
pub use root::Mutations;
