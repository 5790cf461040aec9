//! Checkpoints (C2SP tlog-checkpoint): how many entries the journal had, and the root of the tree over them, signed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

use super::{NoteRefused, SignedNote, Signer, VerifierKey};
use crate::journal::Digest;

/// The name of a journal as a log, and of the key that signs for it.
pub fn origin_of(journal: Uuid) -> String {
    format!("yulin/{journal}")
}

/// The tree of a journal at a size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub origin: String,
    /// Entries, which are leaves: the `seq` of the last of them.
    pub size: u64,
    pub root: Digest,
}

/// A checkpoint and the note by which it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    pub checkpoint: Checkpoint,
    pub note: String,
}

/// Why a note is no checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointRefused {
    #[error(transparent)]
    Note(#[from] NoteRefused),
    #[error("the text of the note is not that of a checkpoint")]
    Text,
    #[error("it is a checkpoint of another log")]
    Origin,
}

impl Checkpoint {
    /// The text that is signed: origin, size and root, a line each.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.0))
    }

    /// Signs it.
    pub fn sign(self, signer: &Signer) -> SignedCheckpoint {
        SignedCheckpoint { note: signer.sign(&self.text()), checkpoint: self }
    }

    /// Reads the text; none where it is not what [`Self::text`] writes.
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let (origin, size, root) = (lines.next()?.to_owned(), lines.next()?, lines.next()?);
        let size = size.parse::<i64>().ok()?.try_into().ok()?;
        let root = Digest::from_slice(&STANDARD.decode(root).ok()?)?;
        let found = Self { origin, size, root };
        (found.text() == text).then_some(found)
    }
}

impl SignedCheckpoint {
    /// Reads a note that a key must have signed for the log of its own name.
    pub fn read(note: &str, key: &VerifierKey) -> Result<Self, CheckpointRefused> {
        let signed = SignedNote::parse(note)?;
        let checkpoint = Checkpoint::parse(signed.text(key)?).ok_or(CheckpointRefused::Text)?;
        if checkpoint.origin != key.name() {
            return Err(CheckpointRefused::Origin);
        }
        Ok(Self { checkpoint, note: note.to_owned() })
    }
}
