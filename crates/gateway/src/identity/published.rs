//! The keys that a provider published, fetched when they are first needed, now and then, and when a token names another.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::watch;

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

/// Keys of any kind; those that are not understood are another's business.
#[derive(Debug, Deserialize)]
struct KeySet {
    keys: Vec<serde_json::Value>,
}

#[derive(Debug, Default)]
struct Known {
    keys: Vec<Jwk>,
    fetched: Option<Instant>,
    /// When the provider last answered, or did not.
    asked: Option<Instant>,
    /// Closed once the fetch that is under way has ended.
    fetching: Option<watch::Receiver<()>>,
}

/// What a provider published; clones share it.
#[derive(Debug, Clone)]
pub struct Published {
    issuer: String,
    client: Client,
    known: Arc<Mutex<Known>>,
}

impl Published {
    /// What the provider at an address publishes; it is not asked yet.
    pub fn by(issuer: &str) -> Result<Self, OidcInvalid> {
        let address: Url = issuer.parse().map_err(|_| OidcInvalid::Issuer)?;
        if !is_trustworthy(&address) {
            return Err(OidcInvalid::Issuer);
        }
        let client = Client::builder().redirect(Policy::none()).timeout(ANSWER_TIME_MAX).build()?;
        Ok(Self { issuer: issuer.to_owned(), client, known: Arc::default() })
    }

    /// The key of an id, or the only one where none is named; none where the provider has no such key. A known key is
    /// answered at once, though the provider be asked anew meanwhile.
    pub async fn key(&self, id: Option<&str>) -> Result<Option<Jwk>, TokenRefused> {
        let (found, fetching) = {
            let mut known = self.known();
            let found = known.is_younger_than(KEPT).then(|| known.find(id)).flatten();
            let is_wanted = found.is_none() || !known.is_younger_than(FRESH);
            (found, if is_wanted { self.fetching(&mut known) } else { None })
        };
        if found.is_some() {
            return Ok(found);
        }
        if let Some(mut fetching) = fetching {
            // It ends by closing; whoever waits no longer does not stop it.
            let _ = fetching.changed().await;
        }
        let known = self.known();
        if known.is_younger_than(KEPT) { Ok(known.find(id)) } else { Err(TokenRefused::Unreachable) }
    }

    /// The fetch that is under way, or a new one; none where the provider was asked just now.
    fn fetching(&self, known: &mut Known) -> Option<watch::Receiver<()>> {
        if let Some(fetching) = &known.fetching {
            return Some(fetching.clone());
        }
        if known.asked.is_some_and(|at| at.elapsed() < ASKED_AT_MOST_EVERY) {
            return None;
        }
        let (ends, fetching) = watch::channel(());
        known.fetching = Some(fetching.clone());
        let published = self.clone();
        tokio::spawn(async move {
            let fetched = published.fetch().await;
            let mut known = published.known();
            match fetched {
                Ok(keys) => (known.keys, known.fetched) = (keys, Some(Instant::now())),
                Err(why) => {
                    tracing::warn!(why = ?why, issuer = published.issuer, "the keys of the provider could not be fetched");
                }
            }
            (known.asked, known.fetching) = (Some(Instant::now()), None);
            drop(known);
            drop(ends);
        });
        Some(fetching)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn fetch(&self) -> Result<Vec<Jwk>, FetchFailed> {
        let address = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let discovered: Discovered = self.read(address.parse().map_err(|_| FetchFailed::Untrustworthy)?).await?;
        let keys: Url = discovered.jwks_uri.parse().map_err(|_| FetchFailed::Untrustworthy)?;
        if discovered.issuer != self.issuer || !is_trustworthy(&keys) {
            return Err(FetchFailed::Untrustworthy);
        }
        let KeySet { keys } = self.read(keys).await?;
        let known = keys.into_iter().filter_map(|key| serde_json::from_value::<Jwk>(key).ok());
        Ok(known.filter(|key| !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption))).collect())
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
