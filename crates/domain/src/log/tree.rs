//! The tree over the entries of a journal, as RFC 6962 section 2.1 shapes it: which hashes a proof consists of, and
//! what a proof leads to.
//!
//! Proofs are told as stretches of leaves first, so that whoever stores the hashes knows what to load. Where the hashes
//! come from is said in `tile`.

use sha2::{Digest as _, Sha256};

use crate::journal::{Digest, node, root};

/// A complete subtree: the `2^level` leaves from `number * 2^level` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subtree {
    pub level: u8,
    pub number: u64,
}

/// The leaves from one on, up to but without another. It begins at a multiple of the least power of two that it fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    pub from: u64,
    pub to: u64,
}

/// The leaf of an entry: SHA-256(0x00, hash of the entry).
pub fn leaf_of(entry_hash: Digest) -> Digest {
    Digest(Sha256::new().chain_update([0]).chain_update(entry_hash.0).finalize().into())
}

impl Stretch {
    /// All leaves of a tree.
    pub const fn whole(size: u64) -> Self {
        Self { from: 0, to: size }
    }

    /// The complete subtrees of which it consists, from left to right.
    pub fn subtrees(self) -> Vec<Subtree> {
        let mut found = Vec::new();
        let mut from = self.from;
        while from < self.to {
            let length = 1_u64 << (self.to - from).ilog2();
            let level = length.trailing_zeros();
            found.push(Subtree { level: u8::try_from(level).unwrap_or(u8::MAX), number: from >> level });
            from += length;
        }
        found
    }

    /// Its hash, from the hashes of complete subtrees; none where one of them is not known.
    pub fn hash(self, known: impl Fn(Subtree) -> Option<Digest>) -> Option<Digest> {
        let mut hashes = Vec::new();
        for subtree in self.subtrees() {
            hashes.push(known(subtree)?);
        }
        // Right of a complete subtree stands whatever is left of the tree, hashed before it is joined.
        Some(hashes.into_iter().rev().reduce(|right, left| node(left, right)).unwrap_or_else(|| root(&[])))
    }

    /// Where the tree over it parts: after the greatest power of two of leaves that is less than all of them.
    const fn middle(self) -> u64 {
        self.from + (self.to - self.from).next_power_of_two() / 2
    }
}

/// The audit path of a leaf in a tree, from the leaf upwards; none where the tree has no such leaf.
pub fn inclusion(index: u64, size: u64) -> Option<Vec<Stretch>> {
    if index >= size {
        return None;
    }
    let (mut within, mut path) = (Stretch::whole(size), Vec::new());
    while within.to - within.from > 1 {
        let middle = within.middle();
        if index < middle {
            path.push(Stretch { from: middle, ..within });
            within.to = middle;
        } else {
            path.push(Stretch { to: middle, ..within });
            within.from = middle;
        }
    }
    path.reverse();
    Some(path)
}

/// The root to which an audit path leads from a leaf; none where the path is not of that leaf's length.
pub fn root_from(leaf: Digest, index: u64, size: u64, path: &[Digest]) -> Option<Digest> {
    let stretches = inclusion(index, size)?;
    if stretches.len() != path.len() {
        return None;
    }
    let join = |hash, (stretch, sibling): (&Stretch, &Digest)| {
        if stretch.from > index { node(hash, *sibling) } else { node(*sibling, hash) }
    };
    Some(stretches.iter().zip(path).fold(leaf, join))
}

/// The proof that a tree begins with an earlier one; none where the earlier one is the larger.
pub fn consistency(old: u64, new: u64) -> Option<Vec<Stretch>> {
    if old > new {
        return None;
    }
    let (mut within, mut path) = (Stretch::whole(new), Vec::new());
    // An empty tree begins every other, and nothing is to be shown.
    while old > 0 && old < within.to {
        let middle = within.middle();
        if old <= middle {
            path.push(Stretch { from: middle, ..within });
            within.to = middle;
        } else {
            path.push(Stretch { to: middle, ..within });
            within.from = middle;
        }
    }
    // A tree that is one whole branch of the later one is known by its root.
    if old > 0 && within.from > 0 {
        path.push(within);
    }
    path.reverse();
    Some(path)
}

/// Whether a proof shows that the tree of the new root begins with that of the old one.
pub fn is_consistent(old: (u64, Digest), new: (u64, Digest), path: &[Digest]) -> bool {
    let ((old, old_root), (new, new_root)) = (old, new);
    let Some(stretches) = consistency(old, new) else { return false };
    if stretches.len() != path.len() {
        return false;
    }
    if old == 0 {
        return old_root == root(&[]);
    }
    let mut steps = stretches.iter().zip(path).peekable();
    let start = steps.next_if(|(stretch, _)| stretch.to == old).map_or(old_root, |(_, hash)| *hash);
    let (before, after) = steps.fold((start, start), |(before, after), (stretch, sibling)| {
        if stretch.from >= old {
            (before, node(after, *sibling))
        } else {
            (node(*sibling, before), node(*sibling, after))
        }
    });
    before == old_root && after == new_root
}
