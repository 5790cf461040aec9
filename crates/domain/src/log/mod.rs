//! The journal as a transparency log: a tree over its entries, signed checkpoints of it, and what is proven by them.

mod check;
#[cfg(test)]
mod check_tests;
mod checkpoint;
mod consistency;
mod disclosed;
mod document;
mod extract;
mod growth;
mod note;
#[cfg(test)]
mod note_tests;
mod statement;
mod tile;
mod tree;
#[cfg(test)]
mod tree_tests;

pub use check::{ExtractVerified, Flaw, Wrong};
pub use checkpoint::{Checkpoint, CheckpointRefused, SignedCheckpoint, origin_of};
pub use consistency::{CONSISTENCY_FORMAT, ConsistencyProof, ConsistencyVerified};
pub use disclosed::{Disclosed, ExtractEntry, NotDisclosed};
pub use document::{Document, DocumentUnreadable, DocumentVerified, KeyFrom};
pub use extract::{EXTRACT_FORMAT, Extract};
pub use growth::Growth;
pub use note::{NOTE_BYTES_MAX, NoteRefused, SignedNote, Signer, VerifierKey, VerifierKeyMalformed};
pub use statement::Statement;
pub use tile::{LEVELS, TILE_WIDTH, TileId, Tiles};
pub use tree::{Stretch, Subtree, consistency, inclusion, is_consistent, leaf_of, root_from};
