//! The keys that a provider published, fetched when they are first needed, now and then, and when a token names another.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use jsonwebtoken::jwk::{Jwk, JwkSet};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;

use super::provider::{OidcInvalid, TokenRefused};
use crate::http::is_loopback;

/// After so long they are fetched anew.
const FRESH: Duration = Duration::from_hours(1);
/// A provider that does not answer is believed by its last keys for so long.
const KEPT: Duration = Duration::from_hours(24);
/// It is not asked more often, whatever tokens name.
const ASKED_AT_MOST_EVERY: Duration = Duration::from_secs(10);
const ANSWER_TIME_MAX: Duration = Duration::from_secs(5);
const ANSWER_BYTES_MAX: usize = 256 * 1024;

/// Where a provider says that its keys are.
#[derive(Debug, Deserialize)]
struct Discovered {
    issuer: String,
    jwks_uri: String,
}

#[derive(Debug, Default)]
struct Known {
    keys: Vec<Jwk>,
    fetched: Option<Instant>,
}

/// What a provider published; clones share it.
#[derive(Debug, Clone)]
pub struct Published {
    issuer: String,
    client: Client,
    known: Arc<RwLock<Known>>,
    /// When it was last asked.
    asked: Arc<Mutex<Option<Instant>>>,
}

impl Published {
    /// What the provider at an address publishes; it is not asked yet.
    pub fn by(issuer: &str) -> Result<Self, OidcInvalid> {
        let address: Url = issuer.parse().map_err(|_| OidcInvalid::Issuer)?;
        if !is_trustworthy(&address) {
            return Err(OidcInvalid::Issuer);
        }
        let client = Client::builder().redirect(Policy::none()).timeout(ANSWER_TIME_MAX).build()?;
        Ok(Self { issuer: issuer.to_owned(), client, known: Arc::default(), asked: Arc::default() })
    }

    /// The key of an id, or the only one where none is named; none where the provider has no such key.
    pub async fn key(&self, id: Option<&str>) -> Result<Option<Jwk>, TokenRefused> {
        if let Some(found) = self.fresh(id) {
            return Ok(Some(found));
        }
        // One asks at a time; whoever holds a token of a known key does not wait for it.
        let mut asked = self.asked.lock().await;
        if let Some(found) = self.fresh(id) {
            return Ok(Some(found));
        }
        if asked.is_none_or(|at| at.elapsed() >= ASKED_AT_MOST_EVERY) {
            *asked = Some(Instant::now());
            match self.fetch().await {
                Ok(keys) => *self.known_mut() = Known { keys, fetched: Some(Instant::now()) },
                Err(why) => tracing::warn!(%why, issuer = self.issuer, "the keys of the provider could not be fetched"),
            }
        }
        let known = self.known();
        if known.is_younger_than(KEPT) { Ok(known.find(id)) } else { Err(TokenRefused::Unreachable) }
    }

    fn fresh(&self, id: Option<&str>) -> Option<Jwk> {
        let known = self.known();
        known.is_younger_than(FRESH).then(|| known.find(id)).flatten()
    }

    fn known(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn known_mut(&self) -> RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }

    async fn fetch(&self) -> Result<Vec<Jwk>, FetchFailed> {
        let address = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let discovered: Discovered = self.read(address.parse().map_err(|_| FetchFailed::Untrustworthy)?).await?;
        let keys: Url = discovered.jwks_uri.parse().map_err(|_| FetchFailed::Untrustworthy)?;
        if discovered.issuer != self.issuer || !is_trustworthy(&keys) {
            return Err(FetchFailed::Untrustworthy);
        }
        Ok(self.read::<JwkSet>(keys).await?.keys)
    }

    async fn read<T: DeserializeOwned>(&self, address: Url) -> Result<T, FetchFailed> {
        let mut answer = self.client.get(address).send().await?.error_for_status()?;
        let mut bytes = Vec::new();
        while let Some(piece) = answer.chunk().await? {
            bytes.extend_from_slice(&piece);
            if bytes.len() > ANSWER_BYTES_MAX {
                return Err(FetchFailed::TooLarge);
            }
        }
        Ok(serde_json::from_slice(&bytes)?)
    }
}

impl Known {
    fn is_younger_than(&self, age: Duration) -> bool {
        self.fetched.is_some_and(|at| at.elapsed() < age)
    }

    fn find(&self, id: Option<&str>) -> Option<Jwk> {
        let found = match (id, self.keys.as_slice()) {
            (Some(id), keys) => keys.iter().find(|key| key.common.key_id.as_deref() == Some(id)),
            (None, [only]) => Some(only),
            (None, _) => None,
        };
        found.cloned()
    }
}

#[derive(Debug, thiserror::Error)]
enum FetchFailed {
    #[error("{0}")]
    Asked(#[from] reqwest::Error),
    #[error("the answer is not what it should be: {0}")]
    Malformed(#[from] serde_json::Error),
    #[error("the answer has more than {ANSWER_BYTES_MAX} bytes")]
    TooLarge,
    #[error("the provider is of another name, or its keys lie where anybody could replace them")]
    Untrustworthy,
}

/// Whether nobody between can put another answer in the place of what lies there.
fn is_trustworthy(address: &Url) -> bool {
    let is_here = address.host_str().is_some_and(is_loopback);
    address.scheme() == "https" || (address.scheme() == "http" && is_here)
}
