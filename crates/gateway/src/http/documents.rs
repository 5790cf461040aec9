//! Documents that are named instead of sent: those that clients leave here under their SHA-256 (automatic persisted
//! queries), and those of a manifest that the operator trusts, which may be all that is answered.

use std::collections::{HashMap, HashSet};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_graphql::parser::parse_query;
use lru::LruCache;
use sha2::{Digest, Sha256};

use super::metrics;
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
    #[error("the trusted document {name} cannot be parsed: {why}")]
    Document { name: String, why: Box<async_graphql::parser::Error> },
    #[error("two trusted documents have the name {name}")]
    Twice { name: String },
}

/// The documents of a gateway; clones share them.
#[derive(Debug, Clone)]
pub struct Documents {
    trust: Trust,
    manifest: Arc<Manifest>,
    /// What clients left, by the SHA-256 in hex.
    left: Arc<Mutex<LruCache<String, String>>>,
    /// What the log has told of.
    told: Arc<Mutex<LruCache<[u8; 32], ()>>>,
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
        let mut names = HashSet::new();
        for (name, text) in &by_name {
            let document = |why| ManifestInvalid::Document { name: name.clone(), why: Box::new(why) };
            parse_query(text).map_err(document)?;
            if !names.insert(bare(name)) {
                return Err(ManifestInvalid::Twice { name: bare(name).to_owned() });
            }
        }
        Ok(Self::trusting(trust, by_name))
    }

    /// Trusts these documents.
    pub fn trusting(trust: Trust, by_name: HashMap<String, String>) -> Self {
        let texts = by_name.values().map(|text| digest(text)).collect();
        // Some tools write the kind of digest before it, in manifests and in requests alike.
        let by_name = by_name.into_iter().map(|(name, text)| (bare(&name).to_owned(), text)).collect();
        let manifest = Arc::new(Manifest { by_name, texts });
        let (left, told) = (LruCache::new(LEFT_MAX), LruCache::new(LEFT_MAX));
        Self { trust, manifest, left: Arc::new(Mutex::new(left)), told: Arc::new(Mutex::new(told)) }
    }

    /// The parameters of a request with the document that it means.
    pub fn parameters(&self, sent: Sent) -> Result<Parameters, HttpRefused> {
        let Sent { query, named, operation_name, variables } = sent;
        let is_sent = query.is_some();
        let (query, left) = match (named, query) {
            (Some(named), query) => {
                let found = self.named(&named, query)?;
                let left = match named {
                    Named::Left(name) if is_sent => Some(name),
                    Named::Left(_) | Named::Trusted(_) => None,
                };
                (found, left)
            }
            (None, Some(query)) => (self.written_out(query)?, None),
            (None, None) => return Err(HttpRefused::QueryMissing),
        };
        Ok(Parameters { query, operation_name, variables, left })
    }

    /// Takes in that a document was admitted: what its sender leaves here is kept, and one that is not trusted is told of
    /// once.
    pub fn answered(&self, left: Option<String>, query: &str, operation: Option<&str>) {
        if let Some(name) = left
            && query.len() <= LEFT_BYTES_MAX
        {
            locked(&self.left).put(name, query.to_owned());
        }
        if self.trust != Trust::Log {
            return;
        }
        let digest = digest(query);
        if !self.manifest.texts.contains(&digest) {
            metrics::untrusted("answered");
            if locked(&self.told).put(digest, ()).is_none() {
                tracing::warn!(sha256 = hex::encode(digest), operation, "a document that is not trusted is answered");
            }
        }
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
            (Named::Left(_), Some(query)) => self.written_out(query),
            (Named::Left(_), None) => locked(&self.left).get(name).cloned().ok_or(HttpRefused::DocumentNotLeft),
        }
    }

    /// A document that is sent as it is, where that is allowed.
    fn written_out(&self, query: String) -> Result<String, HttpRefused> {
        match self.trust {
            Trust::Off | Trust::Log => Ok(query),
            Trust::Enforce if self.manifest.texts.contains(&digest(&query)) => Ok(query),
            Trust::Enforce => {
                metrics::untrusted("refused");
                Err(HttpRefused::DocumentUntrusted)
            }
        }
    }
}

fn locked<T>(one: &Mutex<T>) -> MutexGuard<'_, T> {
    one.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The name of a document without the kind of digest that it is.
pub fn bare(name: &str) -> &str {
    name.strip_prefix("sha256:").unwrap_or(name)
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}
