//! The transparency log beside the journal: its tiles, its checkpoints, and what is proven by them.

mod checkpoint;
mod extract;
mod key;
mod proof;
mod served;
mod tiles;

pub use extract::ExtractError;
pub(crate) use key::stored_signer;
pub use proof::ProofError;
pub(crate) use tiles::{leaves, refill, row_hashes};
