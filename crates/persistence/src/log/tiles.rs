//! Tiles as they are stored, and the unfinished ones as they follow from what is.
//!
//! Full tiles follow from the journal alone, so that any gateway appends them at any time and each the same.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Set,
    sea_query::OnConflict,
};
use yulin_domain::journal::{Digest, root};
use yulin_domain::log::{LEVELS, Subtree, TILE_WIDTH, TileId, Tiles, leaf_of};

use crate::entity::{checkpoint_head, journal, log_tile};
use crate::error::PersistenceError;

/// Tiles of leaves that are written at once.
const LEAF_TILES_A_STATEMENT: u64 = 64;
/// Tiles that are read at once: 8 KiB each.
const TILES_READ: usize = 256;
const WIDTH: u64 = TILE_WIDTH as u64;

#[derive(Debug, FromQueryResult)]
struct Hashed {
    seq: i64,
    hash: Vec<u8>,
}

/// The leaves of the entries after one, up to another; all of them, or the journal is corrupt.
pub async fn leaves(connection: &impl ConnectionTrait, after: u64, to: u64) -> Result<Vec<Digest>, PersistenceError> {
    let seq = journal::Column::Seq;
    let rows = journal::Entity::find()
        .select_only()
        .columns([seq, journal::Column::Hash])
        .filter(seq.gt(number_of(after)))
        .filter(seq.lte(number_of(to)))
        .order_by_asc(seq);
    let rows = rows.into_model::<Hashed>().all(connection).await?;
    let mut leaves = Vec::with_capacity(rows.len());
    for (expected, Hashed { seq, hash }) in (number_of(after) + 1..).zip(rows) {
        let hash = Digest::from_slice(&hash).filter(|_| seq == expected);
        leaves.push(leaf_of(hash.ok_or_else(|| missing_entry(expected))?));
    }
    if leaves.len() as u64 == to - after { Ok(leaves) } else { Err(missing_entry(number_of(to))) }
}

fn missing_entry(seq: i64) -> PersistenceError {
    PersistenceError::corrupt("journal", seq, "the entry is missing")
}

fn number_of(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The hashes of a row; none where it does not hold 256.
pub fn row_hashes(bytes: &[u8]) -> Option<Vec<Digest>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    (rest.is_empty() && hashes.len() == TILE_WIDTH).then(|| hashes.iter().copied().map(Digest).collect())
}

/// Stored tiles of a level by their numbers; all of them, or the table is corrupt.
async fn stored(
    connection: &impl ConnectionTrait,
    level: u8,
    numbers: &[u64],
) -> Result<BTreeMap<u64, Vec<Digest>>, PersistenceError> {
    let mut found = BTreeMap::new();
    for numbers in numbers.chunks(TILES_READ) {
        let rows = log_tile::Entity::find()
            .filter(log_tile::Column::Level.eq(i64::from(level)))
            .filter(log_tile::Column::Number.is_in(numbers.iter().map(|number| number_of(*number))));
        for row in rows.all(connection).await? {
            found.extend(row_hashes(&row.hashes).map(|hashes| (row.number.unsigned_abs(), hashes)));
        }
        if let Some(missing) = numbers.iter().find(|number| !found.contains_key(number)) {
            let row = format!("{level}/{missing}");
            return Err(PersistenceError::corrupt("log_tile", row, "the tile is missing or not whole"));
        }
    }
    Ok(found)
}

/// The first hashes of a tile that need not be full: leaves from the journal, or what stands for full tiles below.
pub async fn first_hashes(
    connection: &impl ConnectionTrait,
    id: TileId,
    width: usize,
) -> Result<Vec<Digest>, PersistenceError> {
    let from = id.number * WIDTH;
    let Some(TileId { level, .. }) = id.below(0) else {
        return leaves(connection, from, from + width as u64).await;
    };
    let numbers: Vec<_> = (from..from + width as u64).collect();
    Ok(stored(connection, level, &numbers).await?.values().map(|hashes| root(hashes)).collect())
}

/// Loads the tiles in which subtrees lie, as wide as a tree of a size has them; its full tiles must be stored.
pub async fn load(
    connection: &impl ConnectionTrait,
    size: u64,
    needed: impl IntoIterator<Item = Subtree> + Send,
    tiles: &mut Tiles,
) -> Result<(), PersistenceError> {
    let ids: BTreeSet<_> = needed.into_iter().map(|subtree| TileId::of(subtree).0).collect();
    let mut full: BTreeMap<u8, Vec<u64>> = BTreeMap::new();
    for id in ids.into_iter().filter(|id| !tiles.has(*id)).collect::<Vec<_>>() {
        match id.width(size) {
            TILE_WIDTH => full.entry(id.level).or_default().push(id.number),
            width => tiles.put(id, first_hashes(connection, id, width).await?),
        }
    }
    for (level, numbers) in full {
        for (number, hashes) in stored(connection, level, &numbers).await? {
            tiles.put(TileId { level, number }, hashes);
        }
    }
    Ok(())
}

/// The first hashes of a full tile, as it is stored.
pub async fn hashes_of(
    connection: &impl ConnectionTrait,
    id: TileId,
    width: usize,
) -> Result<Vec<Digest>, PersistenceError> {
    let found = stored(connection, id.level, &[id.number]).await?.remove(&id.number);
    Ok(found.unwrap_or_default().into_iter().take(width).collect())
}

/// Appends the full tiles that a tree of a size has and the table lacks; tells the number of leaves under them.
pub async fn fill(
    connection: &impl ConnectionTrait,
    size: u64,
    progress: &mut (impl FnMut(u64) + Send),
) -> Result<(), PersistenceError> {
    for level in 0..LEVELS {
        let next = next_number(connection, level).await?;
        fill_level(connection, level, next..TileId::full(level, size), progress).await?;
    }
    Ok(())
}

/// Appends some tiles of a level; those below them are there.
async fn fill_level(
    connection: &impl ConnectionTrait,
    level: u8,
    numbers: Range<u64>,
    progress: &mut (impl FnMut(u64) + Send),
) -> Result<(), PersistenceError> {
    let at_once = if level == 0 { LEAF_TILES_A_STATEMENT } else { 1 };
    let mut next = numbers.start;
    while next < numbers.end {
        let to = numbers.end.min(next + at_once);
        let hashes = match level.checked_sub(1) {
            None => leaves(connection, next * WIDTH, to * WIDTH).await?,
            Some(below) => {
                let numbers: Vec<_> = (next * WIDTH..to * WIDTH).collect();
                stored(connection, below, &numbers).await?.values().map(|hashes| root(hashes)).collect()
            }
        };
        append(connection, level, next, &hashes).await?;
        next = to;
        if level == 0 {
            progress(next * WIDTH);
        }
    }
    Ok(())
}

async fn append(
    connection: &impl ConnectionTrait,
    level: u8,
    first: u64,
    hashes: &[Digest],
) -> Result<(), PersistenceError> {
    let rows = (first..).zip(hashes.chunks_exact(TILE_WIDTH)).map(|(number, hashes)| log_tile::ActiveModel {
        level: Set(i64::from(level)),
        number: Set(number_of(number)),
        hashes: Set(hashes.iter().flat_map(|hash| hash.0).collect()),
    });
    // Another gateway may have appended the same.
    let conflict = OnConflict::columns([log_tile::Column::Level, log_tile::Column::Number]).do_nothing().to_owned();
    log_tile::Entity::insert_many(rows).on_conflict(conflict).exec_without_returning(connection).await?;
    Ok(())
}

async fn next_number(connection: &impl ConnectionTrait, level: u8) -> Result<u64, PersistenceError> {
    let last = log_tile::Entity::find()
        .select_only()
        .column_as(log_tile::Column::Number.max(), "number")
        .filter(log_tile::Column::Level.eq(i64::from(level)))
        .into_tuple::<Option<i64>>()
        .one(connection)
        .await?;
    Ok(last.flatten().map_or(0, |last| last.unsigned_abs() + 1))
}

/// Makes all tiles of a journal of a size anew, also those that another gateway appends meanwhile.
pub async fn refill(connection: &impl ConnectionTrait, size: u64) -> Result<(), PersistenceError> {
    connection.execute_unprepared("DELETE FROM log_tile").await?;
    for level in 0..LEVELS {
        fill_level(connection, level, 0..TileId::full(level, size), &mut |_| {}).await?;
    }
    Ok(())
}

/// The size of the last checkpoint; 0 before the first.
pub async fn signed_size(connection: &impl ConnectionTrait) -> Result<u64, PersistenceError> {
    let head = checkpoint_head::Entity::find_by_id(1).one(connection).await?;
    let head = head.ok_or_else(|| PersistenceError::corrupt("checkpoint_head", 1, "missing"))?;
    u64::try_from(head.size).map_err(|why| PersistenceError::corrupt("checkpoint_head", 1, why))
}
