//! Entries of the journal: header, body as bytes, and the hash that chains them.
//!
//! Format 1. A released format keeps its reader for ever: change nothing here, add a format beside it.

use std::cell::RefCell;
use std::io;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zstd::bulk::Compressor;

use super::{Act, ActId, ActKind, Change, PrincipalId, Receipt, leaf_hash, leaf_salt, root};
use crate::quantity::Instant;

/// The format that is written.
pub const ENTRY_FORMAT: i32 = 1;
/// The oldest format that is read.
pub const OLDEST_FORMAT: i32 = 1;

/// A body part longer than this in sum is compressed.
const COMPRESS_FROM: usize = 512;
/// Greatest size of a body once decompressed: no entry comes near, and a forged one must not fill memory.
const BODY_MAX: usize = 256 << 20;
const MAGIC: &[u8; 3] = b"YJ1";
const PLAIN: u8 = 0;
const ZSTD: u8 = 1;

/// A SHA-256 digest, written as hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// A digest from stored bytes; none where they are not 32.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(&text, &mut bytes).map_err(serde::de::Error::custom)?;
        Ok(Self(bytes))
    }
}

/// The hash before the first entry: it names the journal, so that two cannot be spliced.
pub fn chain_start(journal: uuid::Uuid) -> Digest {
    Digest(Sha256::new().chain_update(b"yulin.journal").chain_update(journal.as_bytes()).finalize().into())
}

/// What an entry says beside its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub seq: i64,
    pub act_id: ActId,
    pub principal: PrincipalId,
    pub on_behalf_of: Option<String>,
    pub kind: ActKind,
    pub format: i32,
    pub effective_at: Instant,
    pub recorded_at: Instant,
    pub request_hash: Digest,
    pub reason: Option<String>,
    pub legal_basis: Option<String>,
    pub evidence_hashes: Vec<Digest>,
    pub approved_by: Option<PrincipalId>,
    pub prev_hash: Digest,
}

/// The parts of a body: the act as submitted (personal data sealed), then its changes, each as bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryBody {
    pub salt: [u8; 32],
    pub act: Vec<u8>,
    pub changes: Vec<Vec<u8>>,
}

/// An entry as it stands in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub header: Header,
    pub body: Vec<u8>,
    pub hash: Digest,
}

/// Why a body cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BodyUnreadable {
    #[error("the body is not of a known format")]
    Format,
    #[error("the body ends within a part")]
    Truncated,
    #[error("the body does not decompress: {0}")]
    Compression(#[from] std::io::Error),
    #[error("a part is not what its place says: {0}")]
    Json(#[from] serde_json::Error),
}

impl Entry {
    /// Seals header and body into an entry.
    pub fn seal(header: Header, parts: &EntryBody) -> Result<Self, BodyUnreadable> {
        let body = parts.encode()?;
        Ok(Self { hash: header.hash(parts, &body), body, header })
    }

    /// Whether the stored hash is the one that header and body give.
    pub fn is_intact(&self) -> bool {
        EntryBody::decode(&self.body).is_ok_and(|parts| self.header.hash(&parts, &self.body) == self.hash)
    }

    /// The receipt of the act.
    pub const fn receipt(&self) -> Receipt {
        Receipt {
            seq: self.header.seq,
            act_id: self.header.act_id,
            kind: self.header.kind,
            effective_at: self.header.effective_at,
            recorded_at: self.header.recorded_at,
            hash: self.hash,
        }
    }
}

impl Header {
    /// The hash of the entry of this header and a body.
    fn hash(&self, parts: &EntryBody, body: &[u8]) -> Digest {
        self.hash_over(parts.root(), body_digest(body))
    }

    /// SHA-256 over every field, length-prefixed and in order, the root over the body's salted parts, and the
    /// digest of the body as it is stored: two packings of the same parts are not the same entry.
    pub fn hash_over(&self, parts_root: Digest, body_digest: Digest) -> Digest {
        let mut hasher = Sha256::new_with_prefix(b"yulin.entry.1");
        let mut field = |bytes: &[u8]| {
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        };
        field(&self.seq.to_be_bytes());
        field(self.act_id.0.as_bytes());
        field(self.principal.0.as_bytes());
        optional(&mut field, self.on_behalf_of.as_deref().map(str::as_bytes));
        field(self.kind.name().as_bytes());
        field(&self.format.to_be_bytes());
        field(&self.effective_at.micros().to_be_bytes());
        field(&self.recorded_at.micros().to_be_bytes());
        field(&self.request_hash.0);
        optional(&mut field, self.reason.as_deref().map(str::as_bytes));
        optional(&mut field, self.legal_basis.as_deref().map(str::as_bytes));
        field(&self.evidence_hashes.iter().flat_map(|digest| digest.0).collect::<Vec<_>>());
        optional(&mut field, self.approved_by.as_ref().map(|principal| principal.0.as_bytes().as_slice()));
        field(&parts_root.0);
        field(&body_digest.0);
        field(&self.prev_hash.0);
        Digest(hasher.finalize().into())
    }
}

/// The digest of a body as it is stored.
pub fn body_digest(body: &[u8]) -> Digest {
    Digest(Sha256::digest(body).into())
}

/// An absent field and an empty one hash differently.
fn optional(field: &mut impl FnMut(&[u8]), bytes: Option<&[u8]>) {
    field(&[u8::from(bytes.is_some())]);
    field(bytes.unwrap_or_default());
}

impl EntryBody {
    /// Serialises act and changes, once.
    pub fn of(salt: [u8; 32], act: &Act, changes: &[Change]) -> Result<Self, BodyUnreadable> {
        let changes = changes.iter().map(serde_json::to_vec).collect::<Result<_, _>>()?;
        Ok(Self { salt, act: serde_json::to_vec(act)?, changes })
    }

    /// The act as submitted.
    pub fn read_act(&self) -> Result<Act, BodyUnreadable> {
        Ok(serde_json::from_slice(&self.act)?)
    }

    /// The changes, in order.
    pub fn read_changes(&self) -> Result<Vec<Change>, BodyUnreadable> {
        Ok(self.changes.iter().map(|bytes| serde_json::from_slice(bytes)).collect::<Result<_, _>>()?)
    }

    /// The root over the salted leaves.
    pub fn root(&self) -> Digest {
        root(&self.leaves())
    }

    /// The salted leaves: the act first, then each change.
    pub fn leaves(&self) -> Vec<Digest> {
        let parts = std::iter::once(&self.act).chain(&self.changes).enumerate();
        parts.map(|(index, bytes)| leaf_hash(&leaf_salt(&self.salt, index), bytes)).collect()
    }

    /// The bytes that are stored: magic, packing, salt, then each part with its length; large ones compressed.
    pub fn encode(&self) -> Result<Vec<u8>, BodyUnreadable> {
        let mut framed = self.salt.to_vec();
        for part in std::iter::once(&self.act).chain(&self.changes) {
            framed.extend((part.len() as u64).to_be_bytes());
            framed.extend(part);
        }
        let (packing, packed) = match framed.len() {
            0..COMPRESS_FROM => (PLAIN, framed),
            _ => (ZSTD, compress(&framed)?),
        };
        Ok([MAGIC.as_slice(), &[packing], &packed].concat())
    }

    /// Reads stored bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, BodyUnreadable> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(BodyUnreadable::Format)?;
        match rest.split_first() {
            Some((&PLAIN, framed)) => Self::unframe(framed),
            Some((&ZSTD, packed)) => Self::unframe(&zstd::bulk::decompress(packed, size_of(packed)?)?),
            _ => Err(BodyUnreadable::Format),
        }
    }

    fn unframe(framed: &[u8]) -> Result<Self, BodyUnreadable> {
        let (salt, mut rest) = framed.split_first_chunk::<32>().ok_or(BodyUnreadable::Truncated)?;
        let mut parts = Vec::new();
        while !rest.is_empty() {
            let (length, tail) = rest.split_first_chunk::<8>().ok_or(BodyUnreadable::Truncated)?;
            let length = usize::try_from(u64::from_be_bytes(*length)).map_err(|_| BodyUnreadable::Truncated)?;
            let (part, tail) = tail.split_at_checked(length).ok_or(BodyUnreadable::Truncated)?;
            parts.push(part.to_vec());
            rest = tail;
        }
        let mut parts = parts.into_iter();
        let act = parts.next().ok_or(BodyUnreadable::Truncated)?;
        Ok(Self { salt: *salt, act, changes: parts.collect() })
    }
}

thread_local! {
    /// Making a compressor costs as much as an entry: each thread has one.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
}

fn compress(framed: &[u8]) -> io::Result<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|kept| match kept {
        Some(compressor) => compressor.compress(framed),
        None => kept.insert(Compressor::new(1)?).compress(framed),
    })
}

/// The size that compressed bytes declare, within the maximum.
fn size_of(packed: &[u8]) -> Result<usize, BodyUnreadable> {
    let declared = zstd::zstd_safe::get_frame_content_size(packed).ok().flatten();
    let size = declared.and_then(|size| usize::try_from(size).ok()).filter(|size| *size <= BODY_MAX);
    size.ok_or(BodyUnreadable::Format)
}
