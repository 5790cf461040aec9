//! The ids of imported acts: they follow from file, feature and content, so that what was asked is not asked twice.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use yulin_domain::journal::{Act, ActId, Digest, canonical_bytes};

/// What the id of an act follows from beside its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActNaming {
    /// SHA-256 of the file.
    pub file: Digest,
    /// The number of the feature in it.
    pub feature: u64,
    /// The entry at the head when the import began.
    ///
    /// Refusals are remembered under their id: once the registry has moved on, an act that was refused may well be
    /// taken, and is asked for under a new one.
    pub head: i64,
}

/// Gives the act its id.
pub fn name_act(act: &mut Act, naming: &ActNaming) -> Result<(), serde_json::Error> {
    act.envelope.id = ActId(Uuid::nil());
    let mut hasher = Sha256::new();
    hasher.update(naming.file.0);
    hasher.update(naming.feature.to_be_bytes());
    hasher.update(naming.head.to_be_bytes());
    hasher.update(canonical_bytes(act)?);
    act.envelope.id = ActId(Uuid::new_v5(&Uuid::NAMESPACE_OID, &hasher.finalize()));
    Ok(())
}
