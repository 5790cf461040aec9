//! Proofs that the journal of today begins with the journal of an earlier checkpoint.

use yulin_domain::log::{CheckpointRefused, ConsistencyProof, SignedCheckpoint, Tiles, consistency};

use super::key::signer;
use super::tiles::load;
use crate::error::PersistenceError;
use crate::registry::Registry;

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// What was handed in is no checkpoint of this registry.
    #[error("{0}")]
    NotOurs(#[from] CheckpointRefused),
    /// The journal is shorter than it was, or begins otherwise.
    #[error("the journal no longer begins as that checkpoint says")]
    Rewritten,
    #[error(transparent)]
    Fault(#[from] PersistenceError),
}

impl Registry {
    /// Proves that the checkpoint of now begins with the one of a note; tells how many leaves lie in tiles.
    pub async fn prove_consistency(
        &self,
        old: &str,
        progress: &mut (impl FnMut(u64) + Send),
    ) -> Result<ConsistencyProof, ProofError> {
        let signer = signer(self.primary()).await?;
        let old = SignedCheckpoint::read(old, &signer.verifier())?;
        let new = self.make_checkpoint(progress).await?;
        let size = new.checkpoint.size;
        let stretches = consistency(old.checkpoint.size, size).ok_or(ProofError::Rewritten)?;
        let mut tiles = Tiles::default();
        let needed: Vec<_> = stretches.iter().flat_map(|stretch| stretch.subtrees()).collect();
        load(self.primary(), size, needed, &mut tiles).await?;
        let hashes = stretches.iter().filter_map(|stretch| stretch.hash(|subtree| tiles.hash(subtree)));
        let proof = ConsistencyProof::of(old, new, hashes.collect(), &signer);
        // What is handed out has been checked as its reader will.
        proof.check(&signer.verifier()).map_err(|_| ProofError::Rewritten)?;
        Ok(proof)
    }
}
