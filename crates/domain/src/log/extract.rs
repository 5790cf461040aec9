//! Extracts: the whole chain of one subject up to a checkpoint, with everything by which it is checked off-line.

use serde::{Deserialize, Serialize};

use super::statement::Places;
use super::{ExtractEntry, SignedCheckpoint, Signer, Statement};
use crate::journal::Subject;

/// The format of extracts, as their first member names it.
pub const EXTRACT_FORMAT: &str = "yulin-extract/1";

/// An extract as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Extract {
    pub format: String,
    /// The subject, `kind:uuid`.
    pub subject: String,
    /// The key by which the registry's signatures are checked; who trusts it takes it from elsewhere.
    pub key: String,
    /// The checkpoint, as a signed note.
    pub checkpoint: String,
    /// What the registry states of the subject, as a signed note.
    pub statement: String,
    /// The entries that changed the subject, oldest first.
    pub entries: Vec<ExtractEntry>,
}

impl Extract {
    /// Puts together the entries of a subject up to a checkpoint and states that they are all.
    pub fn seal(subject: Subject, at: SignedCheckpoint, entries: Vec<ExtractEntry>, signer: &Signer) -> Self {
        let mut places = Places::default();
        for entry in &entries {
            places.add(entry);
        }
        let last_seq = entries.last().map_or(0, |entry| entry.seq);
        let statement = Statement::of(at.checkpoint, subject.to_string(), last_seq, places);
        Self {
            format: EXTRACT_FORMAT.to_owned(),
            subject: subject.to_string(),
            key: signer.verifier().to_string(),
            checkpoint: at.note,
            statement: signer.sign(&statement.text()),
            entries,
        }
    }
}
