//! Making checkpoints: tiles first, in statements that nobody waits for, then the signature.
//!
//! Nothing is signed that contradicts what was signed before.

use std::time::Duration;

use sea_orm::{ConnectionTrait, EntityTrait, Set};
use yulin_domain::log::{Checkpoint, SignedCheckpoint, Signer, Stretch, Tiles};

use super::key::{signer, stored_signer};
use super::tiles::{fill, load, signed_size};
use crate::dialect::begin_signing;
use crate::entity::{checkpoint, checkpoint_head};
use crate::error::PersistenceError;
use crate::registry::Registry;

impl Registry {
    /// The checkpoint of the journal as it stands, made where there is none; tells how many leaves lie in tiles.
    pub async fn make_checkpoint(
        &self,
        progress: &mut (impl FnMut(u64) + Send),
    ) -> Result<SignedCheckpoint, PersistenceError> {
        let signer = signer(self.primary()).await?;
        let last = last_of(self.primary(), &signer).await?;
        // Read after the checkpoint, so that it is not behind what another gateway signed meanwhile.
        let size = self.head().await?.seq.unsigned_abs();
        match last {
            Some(last) if last.checkpoint.size == size => return Ok(last),
            Some(last) if last.checkpoint.size > size => {
                let why = "the journal is shorter than it was signed";
                return Err(PersistenceError::corrupt("checkpoint", last.checkpoint.size, why));
            }
            Some(_) | None => {}
        }
        fill(self.primary(), size, progress).await?;
        let transaction = begin_signing(self.primary()).await?;
        let made = sign(&transaction, size, &signer).await?;
        transaction.commit().await?;
        Ok(made)
    }

    /// The last checkpoint that was made; none before the first.
    pub async fn last_checkpoint(&self) -> Result<Option<SignedCheckpoint>, PersistenceError> {
        match stored_signer(self.primary()).await? {
            Some(signer) => last_of(self.primary(), &signer).await,
            None => Ok(None),
        }
    }

    /// Makes a checkpoint from time to time, where the journal has grown, until the task is ended.
    pub async fn keep_checkpoints(self, every: Duration) {
        loop {
            tokio::time::sleep(every).await;
            if let Err(error) = self.make_checkpoint(&mut |_| {}).await {
                tracing::warn!(%error, "no checkpoint could be made");
            }
        }
    }
}

/// Signs a size, unless another gateway has signed as much.
async fn sign(
    connection: &impl ConnectionTrait,
    size: u64,
    signer: &Signer,
) -> Result<SignedCheckpoint, PersistenceError> {
    let last = last_of(connection, signer).await?;
    let previous = last.as_ref().map(|last| last.checkpoint.size);
    if let Some(last) = last.clone().filter(|last| last.checkpoint.size >= size) {
        return Ok(last);
    }
    let sizes = [Some(size), previous].into_iter().flatten();
    let mut tiles = Tiles::default();
    load(connection, size, sizes.flat_map(|size| Stretch::whole(size).subtrees()), &mut tiles).await?;
    if let Some(Checkpoint { size, root, .. }) = last.map(|last| last.checkpoint)
        && root_at(size, &tiles)? != root
    {
        return Err(PersistenceError::corrupt("checkpoint", size, "the journal no longer begins as it was signed"));
    }
    let root = root_at(size, &tiles)?;
    let made = Checkpoint { origin: signer.verifier().name().to_owned(), size, root }.sign(signer);
    // The tree of no entries is signed, and not kept.
    if size > 0 {
        keep(connection, &made, previous).await?;
    }
    Ok(made)
}

fn root_at(size: u64, tiles: &Tiles) -> Result<yulin_domain::journal::Digest, PersistenceError> {
    let root = Stretch::whole(size).hash(|subtree| tiles.hash(subtree));
    root.ok_or_else(|| PersistenceError::corrupt("log_tile", size, "the tiles do not cover the tree"))
}

async fn keep(
    connection: &impl ConnectionTrait,
    made: &SignedCheckpoint,
    previous: Option<u64>,
) -> Result<(), PersistenceError> {
    let size = made.checkpoint.size.cast_signed();
    let previous = previous.map(u64::cast_signed);
    let row = checkpoint::ActiveModel { size: Set(size), previous: Set(previous), note: Set(made.note.clone()) };
    checkpoint::Entity::insert(row).exec_without_returning(connection).await?;
    let head = checkpoint_head::ActiveModel { id: Set(1), size: Set(size) };
    checkpoint_head::Entity::update(head).exec(connection).await?;
    Ok(())
}

/// The last checkpoint, read under the registry's own key.
async fn last_of(
    connection: &impl ConnectionTrait,
    signer: &Signer,
) -> Result<Option<SignedCheckpoint>, PersistenceError> {
    let size = signed_size(connection).await?;
    if size == 0 {
        return Ok(None);
    }
    let row = checkpoint::Entity::find_by_id(size.cast_signed()).one(connection).await?;
    let corrupt = |why: &str| PersistenceError::corrupt("checkpoint", size, why);
    let note = row.ok_or_else(|| corrupt("the last checkpoint is missing"))?.note;
    let read = SignedCheckpoint::read(&note, &signer.verifier()).map_err(|why| corrupt(&why.to_string()))?;
    if read.checkpoint.size == size { Ok(Some(read)) } else { Err(corrupt("the note is of another size")) }
}
