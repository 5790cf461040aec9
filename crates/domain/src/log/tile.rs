//! Tiles: the tree's hashes in rows of 256, as C2SP tlog-tiles cuts and names them.
//!
//! A tile of level 0 holds leaves, each hash of a higher one stands for a full tile below it. What lies between two
//! levels is hashed again when it is asked for.

use std::collections::HashMap;
use std::ops::Range;

use super::Subtree;
use crate::journal::{Digest, root};

/// Hashes of a full tile.
pub const TILE_WIDTH: usize = 256;
/// Levels of tiles: as many as the numbers of entries can fill.
pub const LEVELS: u8 = 8;
/// The binary logarithm of a tile's width.
const HEIGHT: u8 = 8;

/// What names a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    pub level: u8,
    pub number: u64,
}

impl TileId {
    /// The tile in which a complete subtree lies, and its hashes there.
    pub const fn of(subtree: Subtree) -> (Self, Range<usize>) {
        let within = subtree.level % HEIGHT;
        let first = subtree.number << within;
        #[expect(clippy::cast_possible_truncation, reason = "it is less than 256")]
        let place = (first % TILE_WIDTH as u64) as usize;
        let id = Self { level: subtree.level / HEIGHT, number: first / TILE_WIDTH as u64 };
        (id, place..place + (1 << within))
    }

    /// How many of its hashes there are in a tree of a size.
    pub fn width(self, size: u64) -> usize {
        let hashes = size.checked_shr(u32::from(self.level) * u32::from(HEIGHT)).unwrap_or(0);
        let before = self.number.saturating_mul(TILE_WIDTH as u64);
        usize::try_from(hashes.saturating_sub(before)).unwrap_or(TILE_WIDTH).min(TILE_WIDTH)
    }

    /// How many full tiles of a level a tree of a size has.
    pub fn full(level: u8, size: u64) -> u64 {
        size.checked_shr((u32::from(level) + 1) * u32::from(HEIGHT)).unwrap_or(0)
    }

    /// The tile below it that one of its hashes stands for; none on level 0.
    pub fn below(self, place: usize) -> Option<Self> {
        let number = self.number.checked_mul(TILE_WIDTH as u64)?.checked_add(place as u64)?;
        Some(Self { level: self.level.checked_sub(1)?, number })
    }

    /// Its address in tlog-tiles, such as `0/x001/x234/067`; a narrower one ends in `.p/` and its width.
    pub fn path(self, width: usize) -> String {
        let mut path = format!("{:03}", self.number % 1_000);
        let mut rest = self.number / 1_000;
        while rest > 0 {
            path = format!("x{:03}/{path}", rest % 1_000);
            rest /= 1_000;
        }
        let partial = if width < TILE_WIDTH { format!(".p/{width}") } else { String::new() };
        format!("{}/{path}{partial}", self.level)
    }

    /// The tile and the width that an address names; none where it is not written as [`Self::path`] would.
    pub fn parse(path: &str) -> Option<(Self, usize)> {
        let (name, width) = match path.split_once(".p/") {
            Some((name, width)) => (name, width.parse().ok()?),
            None => (path, TILE_WIDTH),
        };
        let (level, number) = name.split_once('/')?;
        let level = level.parse().ok().filter(|level| *level < LEVELS)?;
        let number = number.split('/').try_fold(0_u64, |number, part| {
            let part: u64 = part.strip_prefix('x').unwrap_or(part).parse().ok()?;
            number.checked_mul(1_000)?.checked_add(part)
        })?;
        let id = Self { level, number };
        (width > 0 && id.path(width) == path).then_some((id, width))
    }
}

/// Tiles that were loaded.
#[derive(Debug, Clone, Default)]
pub struct Tiles(HashMap<TileId, Vec<Digest>>);

impl Tiles {
    /// Whether a tile is there.
    pub fn has(&self, id: TileId) -> bool {
        self.0.contains_key(&id)
    }

    /// Puts a tile in.
    pub fn put(&mut self, id: TileId, hashes: Vec<Digest>) {
        self.0.insert(id, hashes);
    }

    /// Lets go of the tiles of leaves, of which there are many.
    pub fn forget_leaves(&mut self) {
        self.0.retain(|id, _| id.level > 0);
    }

    /// The hash of a complete subtree; none where its tile is not there or not so wide.
    pub fn hash(&self, subtree: Subtree) -> Option<Digest> {
        let (id, places) = TileId::of(subtree);
        Some(root(self.0.get(&id)?.get(places)?))
    }
}
