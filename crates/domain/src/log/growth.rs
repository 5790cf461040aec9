//! A tree that grows leaf by leaf and keeps only its unfinished tiles.

use super::{LEVELS, Stretch, TILE_WIDTH, TileId};
use crate::journal::{Digest, root};

/// The right edge of a growing tree.
#[derive(Debug, Clone, Default)]
pub struct Growth {
    size: u64,
    /// The unfinished tile of each level.
    open: Vec<Vec<Digest>>,
}

impl Growth {
    /// Leaves so far.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf; the tiles that it fills, the lowest first.
    pub fn push(&mut self, leaf: Digest) -> Vec<(TileId, Vec<Digest>)> {
        self.size += 1;
        let mut filled = Vec::new();
        let mut hash = leaf;
        for level in 0..LEVELS {
            if self.open.len() <= usize::from(level) {
                self.open.push(Vec::with_capacity(TILE_WIDTH));
            }
            let Some(tile) = self.open.get_mut(usize::from(level)) else { break };
            tile.push(hash);
            if tile.len() < TILE_WIDTH {
                break;
            }
            let tile = std::mem::take(tile);
            hash = root(&tile);
            filled.push((TileId { level, number: TileId::full(level, self.size).saturating_sub(1) }, tile));
        }
        filled
    }

    /// The root of the tree as it is.
    pub fn root(&self) -> Digest {
        let known = |subtree| {
            let (id, places) = TileId::of(subtree);
            Some(root(self.open.get(usize::from(id.level))?.get(places)?))
        };
        // Every complete subtree of the right edge lies in an unfinished tile.
        Stretch::whole(self.size).hash(known).unwrap_or_else(|| root(&[]))
    }
}
