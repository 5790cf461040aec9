//! Checking an extract, with nothing at hand but the extract and a key: what is wrong first, and where.

use serde::Serialize;

use super::disclosed::Link;
use super::statement::Places;
use super::{
    Checkpoint, CheckpointRefused, Extract, ExtractEntry, NoteRefused, SignedCheckpoint, SignedNote, Statement,
};
use super::{VerifierKey, leaf_of, root_from};
use crate::journal::{Digest, ENTRY_FORMAT, OLDEST_FORMAT, leaf_hash};

/// What is wrong with an extract, and where in the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {flaw}")]
pub struct Wrong {
    /// The member of the file, such as `entries[3].changes[0].path`.
    pub place: String,
    pub flaw: Flaw,
}

/// What may be wrong with what is proven.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("it is not {0}")]
    Format(&'static str),
    #[error("it is not the key of a verifier")]
    KeyMalformed,
    #[error("it is not the key that was given")]
    KeyOther,
    #[error("{0}")]
    Checkpoint(#[from] CheckpointRefused),
    #[error("{0}")]
    Statement(#[from] NoteRefused),
    #[error("its text is not that of a statement")]
    StatementText,
    #[error("it is about another subject")]
    StatementSubject,
    #[error("it is about another checkpoint")]
    StatementCheckpoint,
    #[error("the entry does not come after {last}, the one before it")]
    Order { last: i64 },
    #[error("the entry lies beyond the checkpoint, which ends at {size}")]
    Beyond { size: u64 },
    #[error("acts of this kind are not known to this program")]
    KindUnknown,
    #[error("entries of this format are not known to this program")]
    FormatUnknown,
    #[error("the entry discloses no change")]
    NoChange,
    #[error("the change does not come after the one before it, or is none of the {parts} parts")]
    Leaf { parts: u64 },
    #[error("the change cannot be read")]
    ChangeUnreadable,
    #[error("the change is of another subject, {found}")]
    OtherSubject { found: String },
    #[error("a gap: the change follows {}, the entry before it is {}", told(*previous), told(*last))]
    Gap { previous: Option<i64>, last: Option<i64> },
    #[error("change, salt and path do not lead to the root of the parts")]
    ChangePath,
    #[error("header, root of the parts and hash of the body do not give the hash of the entry")]
    Header,
    #[error("the path does not lead from the entry to the root of the checkpoint")]
    Inclusion,
    #[error("an omission: the last entry of the subject is {stated}, here it is {}", told(*found))]
    LastSeq { stated: i64, found: Option<i64> },
    #[error("an omission: the subject has {stated} changes, here are {found}")]
    Changes { stated: u64, found: u64 },
    #[error("the changes are not those of which the registry states that they are all")]
    Places,
    #[error("the proof does not lead from the old checkpoint to the new one")]
    Consistency,
    #[error("the new checkpoint is smaller than the old one")]
    Smaller,
}

fn told(seq: Option<i64>) -> String {
    seq.map_or_else(|| "none".to_owned(), |seq| seq.to_string())
}

/// What an extract proves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExtractVerified {
    pub subject: String,
    pub origin: String,
    /// Entries of the journal at the checkpoint.
    pub size: u64,
    pub root: Digest,
    pub entries: u64,
    pub changes: u64,
    pub last_seq: i64,
}

pub(super) fn wrong(place: impl Into<String>, flaw: impl Into<Flaw>) -> Wrong {
    Wrong { place: place.into(), flaw: flaw.into() }
}

/// Reads a checkpoint that the key must have signed.
pub(super) fn checkpoint_at(place: &str, note: &str, key: &VerifierKey) -> Result<Checkpoint, Wrong> {
    SignedCheckpoint::read(note, key).map(|signed| signed.checkpoint).map_err(|why| wrong(place, why))
}

impl Extract {
    /// Checks everything, under a key; tells after each entry how many were checked.
    pub fn check(&self, key: &VerifierKey, progress: &mut impl FnMut(u64)) -> Result<ExtractVerified, Wrong> {
        if self.format != super::EXTRACT_FORMAT {
            return Err(wrong("format", Flaw::Format(super::EXTRACT_FORMAT)));
        }
        let checkpoint = checkpoint_at("checkpoint", &self.checkpoint, key)?;
        let statement = self.stated(&checkpoint, key)?;
        let (mut last, mut places) = (None, Places::default());
        for (nth, entry) in self.entries.iter().enumerate() {
            let checked = self.check_entry(entry, last, &checkpoint);
            checked.map_err(|found| Wrong { place: format!("entries[{nth}]{}", found.place), ..found })?;
            places.add(entry);
            last = Some(entry.seq);
            progress(nth as u64 + 1);
        }
        if last != Some(statement.last_seq) {
            return Err(wrong("entries", Flaw::LastSeq { stated: statement.last_seq, found: last }));
        }
        let found = Statement::of(checkpoint, self.subject.clone(), statement.last_seq, places);
        if found.changes != statement.changes {
            return Err(wrong("entries", Flaw::Changes { stated: statement.changes, found: found.changes }));
        }
        if found != statement {
            return Err(wrong("entries", Flaw::Places));
        }
        let Statement { checkpoint: Checkpoint { origin, size, root }, subject, last_seq, changes, digest: _ } = found;
        Ok(ExtractVerified { subject, origin, size, root, entries: self.entries.len() as u64, changes, last_seq })
    }

    /// What the registry states, of this subject and checkpoint.
    fn stated(&self, checkpoint: &Checkpoint, key: &VerifierKey) -> Result<Statement, Wrong> {
        let at = |flaw: Flaw| wrong("statement", flaw);
        let note = SignedNote::parse(&self.statement).map_err(|why| at(why.into()))?;
        let text = note.text(key).map_err(|why| at(why.into()))?;
        let statement = Statement::parse(text).ok_or_else(|| at(Flaw::StatementText))?;
        if statement.subject != self.subject {
            return Err(at(Flaw::StatementSubject));
        }
        if statement.checkpoint != *checkpoint {
            return Err(at(Flaw::StatementCheckpoint));
        }
        Ok(statement)
    }

    /// Checks an entry that follows another; places are told from the entry on.
    fn check_entry(&self, entry: &ExtractEntry, last: Option<i64>, at: &Checkpoint) -> Result<(), Wrong> {
        if let Some(last) = last
            && entry.seq <= last
        {
            return Err(wrong(".seq", Flaw::Order { last }));
        }
        let index = u64::try_from(entry.seq).ok().and_then(|seq| seq.checked_sub(1));
        let index =
            index.filter(|index| *index < at.size).ok_or_else(|| wrong(".seq", Flaw::Beyond { size: at.size }))?;
        if !(OLDEST_FORMAT..=ENTRY_FORMAT).contains(&entry.format) {
            return Err(wrong(".format", Flaw::FormatUnknown));
        }
        self.check_changes(entry, last)?;
        let header = entry.header().ok_or_else(|| wrong(".kind", Flaw::KindUnknown))?;
        if header.hash_over(entry.parts_root, entry.body_hash) != entry.hash {
            return Err(wrong(".hash", Flaw::Header));
        }
        let led = root_from(leaf_of(entry.hash), index, at.size, &entry.inclusion);
        if led == Some(at.root) { Ok(()) } else { Err(wrong(".inclusion", Flaw::Inclusion)) }
    }

    /// Checks the changes of an entry: theirs is the subject, they follow the entry before, and stand in the body.
    fn check_changes(&self, entry: &ExtractEntry, last: Option<i64>) -> Result<(), Wrong> {
        if entry.changes.is_empty() {
            return Err(wrong(".changes", Flaw::NoChange));
        }
        // The act has the first place and is never a change.
        let mut leaf = 0;
        for (nth, change) in entry.changes.iter().enumerate() {
            let at = |member: &str, flaw: Flaw| wrong(format!(".changes[{nth}].{member}"), flaw);
            if change.leaf <= leaf || change.leaf >= entry.parts {
                return Err(at("leaf", Flaw::Leaf { parts: entry.parts }));
            }
            leaf = change.leaf;
            let link: Link<'_> =
                serde_json::from_str(&change.change).map_err(|_| at("change", Flaw::ChangeUnreadable))?;
            if link.subject != self.subject {
                return Err(at("change", Flaw::OtherSubject { found: link.subject.into_owned() }));
            }
            if link.previous != last {
                return Err(at("change", Flaw::Gap { previous: link.previous, last }));
            }
            let hash = leaf_hash(&change.salt.0, change.change.as_bytes());
            if root_from(hash, change.leaf, entry.parts, &change.path) != Some(entry.parts_root) {
                return Err(at("path", Flaw::ChangePath));
            }
        }
        Ok(())
    }
}
