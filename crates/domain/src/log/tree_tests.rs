//! The tree against the published vectors, against plain recomputation, and against another implementation.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

use super::*;
use crate::journal::{Digest, root};

fn leaves(count: u64) -> Vec<Digest> {
    (0..count).map(|nth| leaf_of(Digest(Sha256::digest(nth.to_be_bytes()).into()))).collect()
}

/// Tiles of a tree, cut from its leaves by the definition.
fn tiles(leaves: &[Digest]) -> Tiles {
    let mut tiles = Tiles::default();
    let mut hashes = leaves.to_vec();
    for level in 0..LEVELS {
        for (number, tile) in (0..).zip(hashes.chunks(TILE_WIDTH)) {
            tiles.put(TileId { level, number }, tile.to_vec());
        }
        hashes = hashes.chunks_exact(TILE_WIDTH).map(root).collect();
    }
    tiles
}

fn proof(stretches: Vec<Stretch>, tiles: &Tiles) -> Vec<Digest> {
    stretches.into_iter().map(|stretch| stretch.hash(|subtree| tiles.hash(subtree)).unwrap()).collect()
}

fn theirs(hashes: &[Digest]) -> Vec<tlog_tiles::Hash> {
    hashes.iter().map(|hash| tlog_tiles::Hash(hash.0)).collect()
}

fn hex_digest(text: &str) -> Digest {
    Digest::from_slice(&hex::decode(text).unwrap()).unwrap()
}

/// The leaves and roots by which implementations of RFC 6962 have been tested since its first.
#[test]
fn roots_and_paths_are_those_of_the_published_vectors() {
    let inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let leaf =
        |text: &str| Digest(Sha256::new().chain_update([0]).chain_update(hex::decode(text).unwrap()).finalize().into());
    let leaves = inputs.map(leaf);
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut growth = Growth::default();
    for (leaf, expected) in leaves.iter().zip(roots) {
        growth.push(*leaf);
        assert_eq!(growth.root(), hex_digest(expected));
    }
    let path = [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    .map(hex_digest);
    let tiles = tiles(&leaves);
    assert_eq!(proof(inclusion(0, 8).unwrap(), &tiles), path);
    assert_eq!(proof(consistency(1, 8).unwrap(), &tiles), path);
    assert_eq!(root_from(leaves[0], 0, 8, &path), Some(hex_digest(roots[7])));
    assert!(is_consistent((1, hex_digest(roots[0])), (8, hex_digest(roots[7])), &path));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Every proof is taken, by this program and by another; altered, shortened or of another place, it is not.
    #[test]
    fn proofs_hold_for_what_they_prove_and_for_nothing_else(
        size in 1_u64..1_500, place in any::<prop::sample::Index>(), earlier in any::<prop::sample::Index>(), at in any::<prop::sample::Index>()
    ) {
        let leaves = leaves(size);
        let (tiles, whole) = (tiles(&leaves), root(&leaves));
        let index = place.index(leaves.len()) as u64;
        let leaf = leaves[place.index(leaves.len())];
        let path = proof(inclusion(index, size).unwrap(), &tiles);
        prop_assert_eq!(root_from(leaf, index, size, &path), Some(whole));
        let (th, h) = (tlog_tiles::Hash(whole.0), tlog_tiles::Hash(leaf.0));
        prop_assert!(tlog_tiles::check_record(&theirs(&path), size, th, index, h).is_ok());

        let old = earlier.index(leaves.len()) as u64 + 1;
        let old_root = root(&leaves[..=earlier.index(leaves.len())]);
        let kept = proof(consistency(old, size).unwrap(), &tiles);
        prop_assert!(is_consistent((old, old_root), (size, whole), &kept));
        let oh = tlog_tiles::Hash(old_root.0);
        prop_assert!(tlog_tiles::check_tree(&theirs(&kept), size, th, old, oh).is_ok());

        for (mut forged, is_kept) in [(path, false), (kept, true)] {
            let holds = |proof: &[Digest]| if is_kept {
                is_consistent((old, old_root), (size, whole), proof)
            } else {
                root_from(leaf, index, size, proof) == Some(whole)
            };
            if forged.is_empty() {
                prop_assert!(!holds(&[leaf]));
                continue;
            }
            let at = at.index(forged.len());
            forged[at].0[7] ^= 1;
            prop_assert!(!holds(&forged));
            forged[at].0[7] ^= 1;
            let one = forged.remove(at);
            prop_assert!(!holds(&forged));
            forged.insert(at, one);
            forged.insert(at, one);
            prop_assert!(!holds(&forged));
        }
        if old < size {
            prop_assert!(!is_consistent((old, whole), (size, whole), &proof(consistency(old, size).unwrap(), &tiles)));
        }
    }
}

#[test]
fn a_growing_tree_has_the_roots_and_tiles_of_the_whole_one() {
    let leaves = leaves(66_000);
    let cut = tiles(&leaves);
    let mut growth = Growth::default();
    let mut filled = 0;
    for (size, leaf) in (1_usize..).zip(&leaves) {
        for (id, hashes) in growth.push(*leaf) {
            let expected = (0..256).map(|place| {
                let level = id.level * 8;
                cut.hash(Subtree { level, number: id.number * 256 + place }).unwrap()
            });
            assert_eq!(hashes, expected.collect::<Vec<_>>());
            filled += 1;
        }
        if size % 9_973 == 0 || size < 520 {
            assert_eq!(growth.root(), root(&leaves[..size]), "{size}");
        }
    }
    assert_eq!((growth.size(), filled), (66_000, 257 + 1));
    assert_eq!(growth.root(), root(&leaves));
    assert_eq!(Growth::default().root(), root(&[]));
}

#[test]
fn tiles_have_the_addresses_and_widths_of_the_specification() {
    let tile = |level, number| TileId { level, number };
    assert_eq!(tile(0, 1_234_067).path(256), "0/x001/x234/067");
    assert_eq!(tile(2, 0).path(17), "2/000.p/17");
    // A tree of 70,000: 273 full tiles and one of 112, one full tile above and one of 17, one of 1 above that.
    assert_eq!([0, 1, 2].map(|level| TileId::full(level, 70_000)), [273, 1, 0]);
    assert_eq!([tile(0, 273), tile(1, 1), tile(2, 0)].map(|id| id.width(70_000)), [112, 17, 1]);
    assert_eq!([tile(0, 274), tile(3, 0), tile(7, u64::MAX)].map(|id| id.width(70_000)), [0, 0, 0]);
    for (id, width) in [(tile(0, 0), 256), (tile(5, 999), 1), (tile(7, 1_000), 255), (tile(0, u64::MAX), 3)] {
        assert_eq!(TileId::parse(&id.path(width)), Some((id, width)));
    }
    let wrong = ["", "0", "0/", "0/0", "0/0000", "00/000", "8/000", "0/000.p/0", "0/000.p/256", "0/000.p/01", "-1/000"];
    let more = [
        "0/001/000",
        "0/x000/001",
        "0/x1/000",
        "0/000/",
        "/0/000",
        "0/+01",
        "0/x999/x999/x999/x999/x999/x999/x999/999",
    ];
    for path in wrong.into_iter().chain(more) {
        assert_eq!(TileId::parse(path), None, "{path}");
    }
}
