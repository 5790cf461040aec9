//! What the log shows to everybody: tiles of the last checkpoint.

use yulin_domain::log::{TILE_WIDTH, TileId};

use super::tiles::{first_hashes, hashes_of, signed_size};
use crate::error::PersistenceError;
use crate::registry::Registry;

impl Registry {
    /// The first hashes of a tile, 32 bytes each; none where the tree of the last checkpoint has not so many there.
    pub async fn log_tile(&self, id: TileId, width: usize) -> Result<Option<Vec<u8>>, PersistenceError> {
        let has = id.width(signed_size(self.primary()).await?);
        if width == 0 || width > has {
            return Ok(None);
        }
        let hashes = match has {
            TILE_WIDTH => hashes_of(self.primary(), id, width).await?,
            _ => first_hashes(self.primary(), id, width).await?,
        };
        Ok(Some(hashes.iter().flat_map(|hash| hash.0).collect()))
    }
}
