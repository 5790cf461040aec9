//! Cursors: where a page ended, as of which entry, of which question; sealed so that none can be made up.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_domain::quantity::Instant;
use yulin_persistence::{AsOf, Snapshot};

use crate::request::pinned;

/// Bytes of the seal that a cursor carries: 128 bits are not guessed.
const SEAL_LENGTH: usize = 16;
/// Longest cursor that is looked at.
const CURSOR_MAX: usize = 4096;

/// A place in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bookmark<K> {
    /// The entry as of which the first page was read, and with it all others.
    #[serde(rename = "s")]
    pub seq: i64,
    /// The instant of valid time of the first page.
    #[serde(rename = "v")]
    pub valid: Instant,
    /// The question, hashed.
    #[serde(rename = "q")]
    pub asked: String,
    /// The keys of the last item.
    #[serde(rename = "k")]
    pub keys: K,
}

impl<K> Bookmark<K> {
    /// The point in time at which the list goes on.
    pub fn as_of(&self) -> AsOf {
        pinned(self.seq, self.valid)
    }

    /// A place in a list read as of a snapshot.
    pub fn at(snapshot: &Snapshot, asked: &str, keys: K) -> Self {
        Self { seq: snapshot.seq, valid: snapshot.valid, asked: asked.to_owned(), keys }
    }
}

/// Writes and reads sealed cursors.
#[derive(Clone)]
pub struct Bookmarks {
    key: [u8; 32],
}

impl Bookmarks {
    /// Seals under the key of the registry, which all its gateways share.
    pub const fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The cursor of a place.
    pub fn write<K: Serialize>(&self, bookmark: &Bookmark<K>) -> String {
        // A bookmark holds numbers and texts alone, which JSON always takes.
        let json = serde_json::to_vec(bookmark).unwrap_or_default();
        let mut bytes = self.seal(&json).to_vec();
        bytes.extend(json);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The place a cursor names; refused where it is not one of this registry for this question.
    pub fn read<K: DeserializeOwned>(&self, cursor: &str, asked: &str) -> Result<Bookmark<K>, Refused> {
        let refused = |why: &str| Refused::new(ErrorCode::CursorInvalid).at("after").with("problem", why);
        if cursor.len() > CURSOR_MAX {
            return Err(refused("too long"));
        }
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused("not a cursor"))?;
        let (seal, json) = bytes.split_at_checked(SEAL_LENGTH).ok_or_else(|| refused("not a cursor"))?;
        if !self.is_sealed(seal, json) {
            return Err(refused("not a cursor of this registry"));
        }
        let bookmark: Bookmark<K> = serde_json::from_slice(json).map_err(|_| refused("of another list"))?;
        if bookmark.asked != asked {
            return Err(refused("of another question"));
        }
        Ok(bookmark)
    }

    fn mac(&self, json: &[u8]) -> Hmac<Sha256> {
        // HMAC takes keys of every length; the derived hash is the fallback that is never taken.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).unwrap_or_else(|_| Hmac::new(&Default::default()));
        mac.update(b"yulin.cursor.1");
        mac.update(json);
        mac
    }

    fn seal(&self, json: &[u8]) -> [u8; SEAL_LENGTH] {
        let whole = self.mac(json).finalize().into_bytes();
        let mut seal = [0; SEAL_LENGTH];
        for (slot, byte) in seal.iter_mut().zip(whole) {
            *slot = byte;
        }
        seal
    }

    fn is_sealed(&self, seal: &[u8], json: &[u8]) -> bool {
        self.mac(json).verify_truncated_left(seal).is_ok()
    }
}

/// The hash of a question: a cursor of one list is no cursor of another.
pub fn asked_hash(question: &impl std::fmt::Debug) -> String {
    let digest = Sha256::digest(format!("{question:?}").as_bytes());
    hex::encode(digest.get(..8).unwrap_or_default())
}
