//! What the registry states of an extract: which entries and changes of a subject there were at a checkpoint.
//!
//! A signed note, so that whoever checks checkpoints can check it too; its first line is that of no log.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::{Checkpoint, EXTRACT_FORMAT, ExtractEntry};
use crate::journal::Digest;

/// A subject's changes up to a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub checkpoint: Checkpoint,
    /// The subject, `kind:uuid`.
    pub subject: String,
    /// The last entry that changed it.
    pub last_seq: i64,
    /// How many changes it had in all.
    pub changes: u64,
    /// SHA-256 over the place of each change.
    pub digest: Digest,
}

/// The places of changes as they come, in order.
#[derive(Debug, Clone)]
pub struct Places {
    hasher: Sha256,
    changes: u64,
}

impl Default for Places {
    fn default() -> Self {
        Self { hasher: Sha256::new_with_prefix(b"yulin.extract.1"), changes: 0 }
    }
}

impl Places {
    /// Adds the changes of an entry: of each its seq, how many parts the entry has, and which of them it is. A path
    /// alone does not tell how many there are.
    pub fn add(&mut self, entry: &ExtractEntry) {
        for change in &entry.changes {
            self.hasher.update(entry.seq.to_be_bytes());
            self.hasher.update(entry.parts.to_be_bytes());
            self.hasher.update(change.leaf.to_be_bytes());
            self.changes += 1;
        }
    }
}

impl Statement {
    /// The statement of what was added, at a checkpoint.
    pub fn of(checkpoint: Checkpoint, subject: String, last_seq: i64, places: Places) -> Self {
        let digest = Digest(places.hasher.finalize().into());
        Self { checkpoint, subject, last_seq, changes: places.changes, digest }
    }

    /// The text that is signed, a line each: format, origin, size, root, subject, last seq, number of changes, digest.
    pub fn text(&self) -> String {
        let Self { checkpoint, subject, last_seq, changes, digest } = self;
        let digest = STANDARD.encode(digest.0);
        format!("{EXTRACT_FORMAT}\n{}{subject}\n{last_seq}\n{changes}\n{digest}\n", checkpoint.text())
    }

    /// Reads the text; none where it is not what [`Self::text`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.split('\n').skip(1);
        let mut line = || lines.next();
        let (origin, size, root) = (line()?.to_owned(), line()?.parse().ok()?, line()?);
        let (subject, last_seq, changes) = (line()?.to_owned(), line()?.parse().ok()?, line()?.parse().ok()?);
        let digest_of = |text: &str| Digest::from_slice(&STANDARD.decode(text).ok()?);
        let checkpoint = Checkpoint { origin, size, root: digest_of(root)? };
        let found = Self { checkpoint, subject, last_seq, changes, digest: digest_of(line()?)? };
        (found.text() == text).then_some(found)
    }
}
