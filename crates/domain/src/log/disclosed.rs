//! One entry of an extract: all of its header, and of its body nothing but the changes of one subject.
//!
//! Field by field this is `docs/proofs.md`; a field is never renamed within a format.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Stretch, Subtree, inclusion};
use crate::journal::{ActId, BodyUnreadable, Digest, Entry, EntryBody, Header, PrincipalId, Subject};
use crate::journal::{body_digest, leaf_salt};
use crate::quantity::Instant;

/// An entry that changed the subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExtractEntry {
    pub seq: i64,
    pub act_id: ActId,
    pub principal: PrincipalId,
    pub on_behalf_of: Option<String>,
    pub kind: String,
    pub format: i32,
    pub effective_at_us: Instant,
    pub recorded_at_us: Instant,
    pub request_hash: Digest,
    pub reason: Option<String>,
    pub legal_basis: Option<String>,
    pub evidence_hashes: Vec<Digest>,
    pub approved_by: Option<PrincipalId>,
    pub prev_hash: Digest,
    /// The root over the parts of the body.
    pub parts_root: Digest,
    /// How many parts there are: the act, then the changes.
    pub parts: u64,
    /// SHA-256 over the body as it is stored.
    pub body_hash: Digest,
    /// The hash of the entry.
    pub hash: Digest,
    pub changes: Vec<Disclosed>,
    /// The path from the entry to the root of the checkpoint.
    pub inclusion: Vec<Digest>,
}

/// A change that is disclosed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Disclosed {
    /// Its place among the parts of the body; the act has place 0.
    pub leaf: u64,
    /// The salt of this leaf and no other.
    pub salt: Digest,
    /// The path from the leaf to the root of the parts.
    pub path: Vec<Digest>,
    /// The change as it is stored, byte for byte.
    pub change: String,
}

/// What of a change says to which chain it belongs.
#[derive(Debug, Deserialize)]
pub struct Link<'a> {
    #[serde(borrow)]
    pub subject: Cow<'a, str>,
    #[serde(default)]
    pub previous: Option<i64>,
}

/// Why an entry is not disclosed.
#[derive(Debug, thiserror::Error)]
pub enum NotDisclosed {
    #[error(transparent)]
    Body(#[from] BodyUnreadable),
    #[error("a change is not UTF-8")]
    Text(#[from] std::string::FromUtf8Error),
    #[error("it holds no change of {0}")]
    OtherSubject(Subject),
}

impl ExtractEntry {
    /// Discloses what an entry says of a subject, with the entry's path to the root of a checkpoint.
    pub fn of(entry: &Entry, subject: Subject, inclusion: Vec<Digest>) -> Result<Self, NotDisclosed> {
        let body = EntryBody::decode(&entry.body)?;
        let changes = disclosed(&body, subject)?;
        if changes.is_empty() {
            return Err(NotDisclosed::OtherSubject(subject));
        }
        let header = entry.header.clone();
        Ok(Self {
            seq: header.seq,
            act_id: header.act_id,
            principal: header.principal,
            on_behalf_of: header.on_behalf_of,
            kind: header.kind.name().to_owned(),
            format: header.format,
            effective_at_us: header.effective_at,
            recorded_at_us: header.recorded_at,
            request_hash: header.request_hash,
            reason: header.reason,
            legal_basis: header.legal_basis,
            evidence_hashes: header.evidence_hashes,
            approved_by: header.approved_by,
            prev_hash: header.prev_hash,
            parts_root: body.root(),
            parts: body.changes.len() as u64 + 1,
            body_hash: body_digest(&entry.body),
            hash: entry.hash,
            changes,
            inclusion,
        })
    }

    /// The header; none where the kind is of a later program.
    pub fn header(&self) -> Option<Header> {
        Some(Header {
            seq: self.seq,
            act_id: self.act_id,
            principal: self.principal,
            on_behalf_of: self.on_behalf_of.clone(),
            kind: self.kind.parse().ok()?,
            format: self.format,
            effective_at: self.effective_at_us,
            recorded_at: self.recorded_at_us,
            request_hash: self.request_hash,
            reason: self.reason.clone(),
            legal_basis: self.legal_basis.clone(),
            evidence_hashes: self.evidence_hashes.clone(),
            approved_by: self.approved_by,
            prev_hash: self.prev_hash,
        })
    }
}

/// The changes of a subject, each with its path to the root of the parts.
fn disclosed(body: &EntryBody, subject: Subject) -> Result<Vec<Disclosed>, NotDisclosed> {
    let leaves = body.leaves();
    let of_subject = subject.to_string();
    let mut found = Vec::new();
    for (nth, bytes) in body.changes.iter().enumerate() {
        let link: Link<'_> = serde_json::from_slice(bytes).map_err(BodyUnreadable::from)?;
        if link.subject != of_subject {
            continue;
        }
        let (place, leaf) = (nth + 1, nth as u64 + 1);
        let path = path_among(&leaves, leaf);
        let salt = Digest(leaf_salt(&body.salt, place));
        found.push(Disclosed { leaf, salt, path, change: String::from_utf8(bytes.clone())? });
    }
    Ok(found)
}

/// The audit path of one of a few leaves that are all at hand.
fn path_among(leaves: &[Digest], index: u64) -> Vec<Digest> {
    let known = |Subtree { level, number }: Subtree| {
        let from = usize::try_from(number << level).ok()?;
        Some(crate::journal::root(leaves.get(from..from + (1 << level))?))
    };
    let path: Vec<Stretch> = inclusion(index, leaves.len() as u64).unwrap_or_default();
    path.into_iter().filter_map(|stretch| stretch.hash(known)).collect()
}
