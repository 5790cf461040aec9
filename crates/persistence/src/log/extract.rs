//! Extracts: every entry of a subject up to a checkpoint of now, each with its path to the root.

use yulin_domain::journal::{Digest, Entry, Subject};
use yulin_domain::log::{Checkpoint, Extract, ExtractEntry, Tiles, inclusion};
use yulin_domain::quantity::Instant;

use super::key::signer;
use super::tiles::load;
use crate::error::PersistenceError;
use crate::journal::ActFilter;
use crate::record::Snapshot;
use crate::registry::Registry;

/// Entries of one extract, which is put together in memory.
const EXTRACT_ENTRIES_MAX: u64 = 1_000_000;
/// Entries that are read at once.
const PAGE: u64 = 200;

/// Why there is no extract.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    #[error("no entry changed {0}")]
    Unknown(Subject),
    #[error("{entries} entries changed the subject, and at most {EXTRACT_ENTRIES_MAX} are extracted")]
    TooLong { entries: u64, most: u64 },
    #[error(transparent)]
    Fault(#[from] PersistenceError),
}

impl Registry {
    /// Extracts the chain of a subject as of now; tells how many entries of how many are extracted.
    pub async fn extract(
        &self,
        subject: Subject,
        progress: &mut (impl FnMut(u64, u64) + Send),
    ) -> Result<Extract, ExtractError> {
        let at = self.make_checkpoint(&mut |_| {}).await?;
        let snapshot = as_of(&at.checkpoint);
        self.pin(snapshot.seq);
        let filter = ActFilter { subject: Some(subject), ..ActFilter::default() };
        let of = self.count_acts(&snapshot, &filter).await?;
        if of == 0 {
            return Err(ExtractError::Unknown(subject));
        }
        if of > EXTRACT_ENTRIES_MAX {
            return Err(ExtractError::TooLong { entries: of, most: EXTRACT_ENTRIES_MAX });
        }
        let (mut entries, mut tiles, mut after) = (Vec::new(), Tiles::default(), None);
        loop {
            let page = self.acts(&snapshot, &filter, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.header.seq);
            let paths = self.paths(&page, at.checkpoint.size, &mut tiles).await?;
            for (entry, path) in page.iter().zip(paths) {
                let disclosed = ExtractEntry::of(entry, subject, path);
                let corrupt = |why| PersistenceError::corrupt("journal", entry.header.seq, why);
                entries.push(disclosed.map_err(corrupt)?);
            }
            progress(entries.len() as u64, of);
        }
        let signer = signer(self.primary()).await?;
        let extract = Extract::seal(subject, at, entries, &signer);
        // Nothing is handed out that its reader would refuse.
        let checked = extract.check(&signer.verifier(), &mut |_| {});
        checked.map_err(|wrong| PersistenceError::corrupt("journal", subject, wrong))?;
        Ok(extract)
    }

    /// The paths of entries to the root of a tree.
    async fn paths(&self, page: &[Entry], size: u64, tiles: &mut Tiles) -> Result<Vec<Vec<Digest>>, PersistenceError> {
        let index = |entry: &Entry| entry.header.seq.unsigned_abs().saturating_sub(1);
        let stretches: Vec<_> = page.iter().map(|entry| inclusion(index(entry), size).unwrap_or_default()).collect();
        // Leaves are far apart, and those of the last page are not needed again.
        tiles.forget_leaves();
        let needed: Vec<_> = stretches.iter().flatten().flat_map(|stretch| stretch.subtrees()).collect();
        load(self.primary(), size, needed, tiles).await?;
        let known = |subtree| tiles.hash(subtree);
        Ok(stretches.iter().map(|path| path.iter().filter_map(|stretch| stretch.hash(known)).collect()).collect())
    }
}

/// What entries are asked as of: those up to the checkpoint.
const fn as_of(checkpoint: &Checkpoint) -> Snapshot {
    Snapshot { seq: checkpoint.size.cast_signed(), recorded_at: Instant::MAX, valid: Instant::MAX }
}
