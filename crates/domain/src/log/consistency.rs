//! Proof that the journal of a later checkpoint begins with that of an earlier one.

use serde::{Deserialize, Serialize};

use super::check::{checkpoint_at, wrong};
use super::{Flaw, SignedCheckpoint, Signer, VerifierKey, Wrong, is_consistent};
use crate::journal::Digest;

/// The format of proofs, as their first member names it.
pub const CONSISTENCY_FORMAT: &str = "yulin-consistency/1";

/// A proof as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsistencyProof {
    pub format: String,
    /// The key by which the registry's signatures are checked; who trusts it takes it from elsewhere.
    pub key: String,
    /// The earlier checkpoint, as a signed note.
    pub old: String,
    /// The later checkpoint, as a signed note.
    pub new: String,
    /// The proof, as RFC 6962 section 2.1.2 orders it.
    pub proof: Vec<Digest>,
}

/// What a proof proves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsistencyVerified {
    pub origin: String,
    pub old_size: u64,
    pub new_size: u64,
}

impl ConsistencyProof {
    /// Puts a proof together.
    pub fn of(old: SignedCheckpoint, new: SignedCheckpoint, proof: Vec<Digest>, signer: &Signer) -> Self {
        let key = signer.verifier().to_string();
        Self { format: CONSISTENCY_FORMAT.to_owned(), key, old: old.note, new: new.note, proof }
    }

    /// Checks it under a key.
    pub fn check(&self, key: &VerifierKey) -> Result<ConsistencyVerified, Wrong> {
        if self.format != CONSISTENCY_FORMAT {
            return Err(wrong("format", Flaw::Format(CONSISTENCY_FORMAT)));
        }
        let old = checkpoint_at("old", &self.old, key)?;
        let new = checkpoint_at("new", &self.new, key)?;
        if new.size < old.size {
            return Err(wrong("new", Flaw::Smaller));
        }
        if !is_consistent((old.size, old.root), (new.size, new.root), &self.proof) {
            return Err(wrong("proof", Flaw::Consistency));
        }
        Ok(ConsistencyVerified { origin: new.origin, old_size: old.size, new_size: new.size })
    }
}
