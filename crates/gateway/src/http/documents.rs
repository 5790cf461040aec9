//! Documents that are named instead of sent: those that clients leave here under their SHA-256 (automatic persisted
//! queries), and those of a manifest that the operator trusts, which may be all that is answered.

use std::collections::{HashMap, HashSet};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use sha2::{Digest, Sha256};

use super::parameters::{Named, Parameters, Sent};
use super::refused::HttpRefused;

/// Documents that clients left, and the longest that is kept, in bytes.
const LEFT_MAX: NonZeroUsize = NonZeroUsize::MIN.saturating_add(999);
const LEFT_BYTES_MAX: usize = 16 * 1024;

/// What is done with documents that are not in the manifest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Trust {
    /// They are answered.
    #[default]
    Off,
    /// They are answered, and the log tells of each.
    Log,
    /// They are refused.
    Enforce,
}

/// Why a manifest cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestInvalid {
    #[error("the manifest of trusted documents cannot be read: {0}")]
    Unread(#[from] std::io::Error),
    #[error("the manifest of trusted documents is not an object of names and documents: {0}")]
    Malformed(#[from] serde_json::Error),
}

/// The documents of a gateway; clones share them.
#[derive(Debug, Clone)]
pub struct Documents {
    trust: Trust,
    manifest: Arc<Manifest>,
    /// What clients left, by the SHA-256 in hex.
    left: Arc<Mutex<LruCache<String, String>>>,
}

/// Trusted documents by the names that the manifest gives them.
#[derive(Debug, Default)]
struct Manifest {
    by_name: HashMap<String, String>,
    texts: HashSet<[u8; 32]>,
}

impl Default for Documents {
    fn default() -> Self {
        Self::trusting(Trust::Off, HashMap::new())
    }
}

impl Documents {
    /// Reads a manifest as `graphql-codegen` and `relay-compiler` write it: an object of names and documents.
    pub fn read(trust: Trust, manifest: &Path) -> Result<Self, ManifestInvalid> {
        let by_name: HashMap<String, String> = serde_json::from_slice(&std::fs::read(manifest)?)?;
        Ok(Self::trusting(trust, by_name))
    }

    /// Trusts these documents.
    pub fn trusting(trust: Trust, by_name: HashMap<String, String>) -> Self {
        let texts = by_name.values().map(|text| digest(text)).collect();
        // Some tools write the kind of digest before it, in manifests and in requests alike.
        let by_name = by_name.into_iter().map(|(name, text)| (bare(&name).to_owned(), text)).collect();
        let manifest = Arc::new(Manifest { by_name, texts });
        Self { trust, manifest, left: Arc::new(Mutex::new(LruCache::new(LEFT_MAX))) }
    }

    /// The parameters of a request with the document that it means.
    pub fn parameters(&self, sent: Sent) -> Result<Parameters, HttpRefused> {
        let Sent { query, named, operation_name, variables } = sent;
        let query = match (named, query) {
            (Some(named), query) => self.named(&named, query)?,
            (None, Some(query)) => self.written_out(query)?,
            (None, None) => return Err(HttpRefused::QueryMissing),
        };
        Ok(Parameters { query, operation_name, variables })
    }

    fn named(&self, named: &Named, query: Option<String>) -> Result<String, HttpRefused> {
        let name = match named {
            Named::Trusted(name) | Named::Left(name) => name,
        };
        if let Some(trusted) = self.manifest.by_name.get(name) {
            return Ok(trusted.clone());
        }
        match (named, query) {
            (Named::Trusted(_), _) => Err(HttpRefused::DocumentUnknown),
            (Named::Left(_), Some(query)) if hex::encode(digest(&query)) != *name => {
                Err(HttpRefused::ParameterInvalid { name: "extensions", expected: "the SHA-256 of the query" })
            }
            (Named::Left(_), Some(query)) => {
                let query = self.written_out(query)?;
                if query.len() <= LEFT_BYTES_MAX {
                    self.left().put(name.clone(), query.clone());
                }
                Ok(query)
            }
            (Named::Left(_), None) => self.left().get(name).cloned().ok_or(HttpRefused::DocumentNotLeft),
        }
    }

    /// A document that is sent as it is, where that is allowed.
    fn written_out(&self, query: String) -> Result<String, HttpRefused> {
        match self.trust {
            Trust::Off => Ok(query),
            Trust::Log | Trust::Enforce if self.manifest.texts.contains(&digest(&query)) => Ok(query),
            Trust::Log => {
                tracing::warn!(sha256 = hex::encode(digest(&query)), "a document that is not trusted was answered");
                Ok(query)
            }
            Trust::Enforce => Err(HttpRefused::DocumentUntrusted),
        }
    }

    fn left(&self) -> MutexGuard<'_, LruCache<String, String>> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The name of a document without the kind of digest that it is.
pub fn bare(name: &str) -> &str {
    name.strip_prefix("sha256:").unwrap_or(name)
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}
