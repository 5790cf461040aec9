//! The salted Merkle list of an entry: one part can be disclosed alone and proven to stand in the entry.
//!
//! Shape and prefixes follow RFC 6962; each leaf is salted, so that a hash tells nothing of a hidden leaf.

use hmac::{Hmac, Mac};
use sha2::{Digest as _, Sha256};

use super::Digest;

/// The salt of one leaf, derived from the entry's: disclosing it discloses no other.
pub fn leaf_salt(entry_salt: &[u8; 32], index: usize) -> [u8; 32] {
    // HMAC takes keys of any length; the error type cannot occur, and an all-zero salt would still verify.
    let Ok(mut mac) = <Hmac<Sha256> as Mac>::new_from_slice(entry_salt) else { return [0; 32] };
    mac.update(&(index as u64).to_be_bytes());
    mac.finalize().into_bytes().into()
}

/// The hash of a leaf: SHA-256(0x00, salt, bytes).
pub fn leaf_hash(salt: &[u8; 32], bytes: &[u8]) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(salt);
    hasher.update(bytes);
    Digest(hasher.finalize().into())
}

/// The root over leaf hashes, as RFC 6962 section 2.1 builds it.
pub fn root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => Digest(Sha256::digest([]).into()),
        [leaf] => *leaf,
        leaves => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node(root(left), root(right))
        }
    }
}

/// The hash of a node over its two children: SHA-256(0x01, left, right).
pub fn node(left: Digest, right: Digest) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update([1]);
    hasher.update(left.0);
    hasher.update(right.0);
    Digest(hasher.finalize().into())
}
