//! The transparency log against the journal: every tile and every checkpoint is what the entries give, in unbroken
//! order; and a checkpoint that was kept outside still holds.
//!
//! The chain has been followed before: here the hashes of entries are taken as they stand.

use std::collections::{BTreeMap, VecDeque};

use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value,
};
use yulin_domain::journal::Digest;
use yulin_domain::log::{Growth, LEVELS, SignedCheckpoint, TILE_WIDTH, TileId, VerifierKey};

use super::report::{VerifyProgress, Wrong};
use crate::dialect::statement;
use crate::entity::{checkpoint, checkpoint_head, journal_head, log_tile};
use crate::error::PersistenceError;
use crate::log::{leaves, row_hashes, stored_signer};

/// Tiles of leaves whose entries are read at once.
const TILES_A_PAGE: u64 = 16;
/// Checkpoints that are read at once.
const CHECKPOINTS_A_PAGE: u64 = 1_000;
const WIDTH: u64 = TILE_WIDTH as u64;

/// A walk along the journal with the log beside it.
struct Walk<'a> {
    live: &'a DatabaseConnection,
    key: Option<VerifierKey>,
    /// The size up to which tiles must be there.
    signed: u64,
    head: u64,
    tree: Growth,
    /// Checkpoints that come next, and whether they are the last.
    ahead: VecDeque<checkpoint::Model>,
    is_read: bool,
    /// The last checkpoint that was passed.
    passed: Option<i64>,
    /// A checkpoint kept outside that is not passed yet.
    outside: Option<SignedCheckpoint>,
    rows: u64,
}

/// Compares the log with the journal up to a head; tells what is wrong first.
pub async fn log(
    live: &DatabaseConnection,
    head: &journal_head::Model,
    outside: Option<&str>,
    rows: &mut u64,
    progress: &mut (impl FnMut(VerifyProgress) + Send),
) -> Result<Option<Wrong>, PersistenceError> {
    let key = stored_signer(live).await?.map(|signer| signer.verifier());
    let outside = match outside.map(|note| from_outside(note, key.as_ref(), head.seq)).transpose() {
        Ok(outside) => outside,
        Err(wrong) => return Ok(Some(wrong)),
    };
    let signed = checkpoint_head::Entity::find_by_id(1).one(live).await?.map_or(0, |row| row.size.unsigned_abs());
    let (head, tree) = (head.seq.unsigned_abs(), Growth::default());
    let ahead = VecDeque::new();
    let mut walk = Walk { live, key, signed, head, tree, ahead, is_read: false, passed: None, outside, rows: 0 };
    while walk.tree.size() < head {
        if let Some(wrong) = walk.page().await? {
            return Ok(Some(wrong));
        }
        progress(VerifyProgress { stage: "log", done: walk.tree.size(), of: head });
    }
    *rows += walk.rows;
    match strangers(live).await? {
        None => ends(live).await,
        found => Ok(found),
    }
}

/// Reads a checkpoint from outside, which the registry must have signed and the journal reach.
fn from_outside(note: &str, key: Option<&VerifierKey>, head: i64) -> Result<SignedCheckpoint, Wrong> {
    let wrong = |row: &str, what: String| Wrong { seq: head, table: "checkpoint", row: row.to_owned(), what };
    let key = key.ok_or_else(|| wrong("outside", "the registry has no key that could have signed it".to_owned()))?;
    let read = SignedCheckpoint::read(note, key).map_err(|why| wrong("outside", why.to_string()))?;
    if read.checkpoint.size > head.unsigned_abs() {
        let size = read.checkpoint.size;
        let what = format!("the journal ends at {head} and had {size} entries when the checkpoint was signed");
        return Err(Wrong { table: "journal", ..wrong(&size.to_string(), what) });
    }
    Ok(read)
}

impl Walk<'_> {
    /// Takes in some entries.
    async fn page(&mut self) -> Result<Option<Wrong>, PersistenceError> {
        let from = self.tree.size();
        let to = self.head.min(from + TILES_A_PAGE * WIDTH);
        let entries = leaves(self.live, from, to).await?;
        let mut stored = self.leaf_tiles(from / WIDTH, to / WIDTH).await?;
        for leaf in entries {
            for (id, hashes) in self.tree.push(leaf) {
                let row = if id.level == 0 { stored.remove(&id.number) } else { self.tile(id).await? };
                if let Some(wrong) = self.compare(id, &hashes, row.as_deref()) {
                    return Ok(Some(wrong));
                }
            }
            if let Some(wrong) = self.checkpoint().await? {
                return Ok(Some(wrong));
            }
        }
        Ok(None)
    }

    /// The rows of the tiles of leaves from one number up to another.
    async fn leaf_tiles(&self, from: u64, to: u64) -> Result<BTreeMap<u64, Vec<u8>>, PersistenceError> {
        let number = log_tile::Column::Number;
        let rows = log_tile::Entity::find()
            .filter(log_tile::Column::Level.eq(0))
            .filter(number.gte(from.cast_signed()))
            .filter(number.lt(to.cast_signed()));
        Ok(rows.all(self.live).await?.into_iter().map(|row| (row.number.unsigned_abs(), row.hashes)).collect())
    }

    async fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, PersistenceError> {
        let key = (i64::from(id.level), id.number.cast_signed());
        Ok(log_tile::Entity::find_by_id(key).one(self.live).await?.map(|row| row.hashes))
    }

    /// Compares a tile that is full now with its row. What no checkpoint covers need not be there.
    fn compare(&mut self, id: TileId, hashes: &[Digest], row: Option<&[u8]>) -> Option<Wrong> {
        let what = match row.map(row_hashes) {
            Some(Some(found)) if found == hashes => {
                self.rows += 1;
                return None;
            }
            Some(_) => "the tile is not that of the journal",
            None if self.tree.size() > self.signed => return None,
            None => "the tile is missing",
        };
        let row = format!("{}/{}", id.level, id.number);
        Some(Wrong { seq: self.tree.size().cast_signed(), table: "log_tile", row, what: what.to_owned() })
    }

    /// Compares the checkpoints of the size that has been reached, where there are any.
    async fn checkpoint(&mut self) -> Result<Option<Wrong>, PersistenceError> {
        let size = self.tree.size();
        if let Some(outside) = self.outside.take_if(|outside| outside.checkpoint.size == size)
            && outside.checkpoint.root != self.tree.root()
        {
            let what = "the journal up to there is not the one of which the checkpoint was signed".to_owned();
            return Ok(Some(Wrong { seq: size.cast_signed(), table: "journal", row: size.to_string(), what }));
        }
        if self.ahead.is_empty() && !self.is_read {
            self.read_ahead().await?;
        }
        let Some(row) = self.ahead.pop_front_if(|row| row.size.unsigned_abs() <= size) else { return Ok(None) };
        let wrong = self.wrong_with(&row).map(|what| at_checkpoint(row.size, &what));
        self.passed = Some(row.size);
        self.rows += 1;
        Ok(wrong)
    }

    /// Reads on, once what was read has been passed.
    async fn read_ahead(&mut self) -> Result<(), PersistenceError> {
        let size = checkpoint::Column::Size;
        let rows = checkpoint::Entity::find().filter(size.gte(self.tree.size().cast_signed()));
        self.ahead.extend(rows.order_by_asc(size).limit(CHECKPOINTS_A_PAGE).all(self.live).await?);
        self.is_read = self.ahead.is_empty();
        Ok(())
    }

    fn wrong_with(&self, row: &checkpoint::Model) -> Option<String> {
        if row.previous != self.passed {
            return Some("the checkpoint before it is missing, or is not the one it names".to_owned());
        }
        let Some(key) = &self.key else { return Some("the registry has no key that could have signed it".to_owned()) };
        let read = match SignedCheckpoint::read(&row.note, key) {
            Ok(read) => read.checkpoint,
            Err(why) => return Some(why.to_string()),
        };
        let is_right = (read.size, read.root) == (self.tree.size(), self.tree.root());
        (!is_right).then(|| "the note is not of this size, or its root is not that of the journal".to_owned())
    }
}

fn at_checkpoint(size: i64, what: &str) -> Wrong {
    Wrong { seq: size, table: "checkpoint", row: size.to_string(), what: what.to_owned() }
}

/// A tile or a checkpoint of entries that are not there.
async fn strangers(live: &DatabaseConnection) -> Result<Option<Wrong>, PersistenceError> {
    let head = "(SELECT seq FROM journal_head WHERE id = 1)";
    let leaves = (0..LEVELS).map(|level| {
        let shift = 8 * (u32::from(level) + 1);
        let under = 1_i64.checked_shl(shift).filter(|under| *under > 0).unwrap_or(i64::MAX);
        format!("(level = {level} AND number >= {head} / {under})")
    });
    let beyond = leaves.collect::<Vec<_>>().join(" OR ");
    let sql = format!(
        "SELECT level, number FROM log_tile WHERE level < 0 OR level >= {LEVELS} OR number < 0 OR {beyond} LIMIT 1"
    );
    if let Some(row) = live.query_one_raw(statement(live, sql, vec![])).await? {
        let (level, number): (i64, i64) = (row.try_get("", "level")?, row.try_get("", "number")?);
        let what = "the tile is of entries beyond the head".to_owned();
        return Ok(Some(Wrong { seq: 0, table: "log_tile", row: format!("{level}/{number}"), what }));
    }
    let sql = format!("SELECT size FROM checkpoint WHERE size > {head} LIMIT 1");
    let row = live.query_one_raw(statement(live, sql, vec![])).await?;
    let size: Option<i64> = row.map(|row| row.try_get("", "size")).transpose()?;
    Ok(size.map(|size| at_checkpoint(size, "the journal had more entries when it was signed than it has now")))
}

/// Whether the last checkpoint is the one that the head of checkpoints names.
async fn ends(live: &DatabaseConnection) -> Result<Option<Wrong>, PersistenceError> {
    let sql =
        "SELECT h.size AS named, (SELECT max(size) FROM checkpoint) AS last FROM checkpoint_head h WHERE h.id = $1";
    let row = live.query_one_raw(statement(live, sql, vec![Value::from(1_i64)])).await?;
    let head_wrong = |what: &str| Wrong { table: "checkpoint_head", ..at_checkpoint(1, what) };
    let Some(row) = row else { return Ok(Some(head_wrong("the row is missing"))) };
    let (named, last): (i64, Option<i64>) = (row.try_get("", "named")?, row.try_get("", "last")?);
    let last = last.unwrap_or(0);
    Ok(match named.cmp(&last) {
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(at_checkpoint(named, "the last checkpoint is missing")),
        std::cmp::Ordering::Less => Some(head_wrong("it names a checkpoint that is not the last")),
    })
}
