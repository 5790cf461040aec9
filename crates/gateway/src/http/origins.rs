//! Pages of other hosts that may ask the registry from a browser: those that are named, and no other.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;
use std::sync::Arc;

use actix_cors::Cors;
use actix_web::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use actix_web::http::{Method, Uri};

/// How long a browser remembers what it may do, in seconds.
const REMEMBERED_S: usize = 3_600;

/// Where a page comes from, as browsers say it: `https://host`, with the port where it is not the usual one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

/// Why a text is no origin.
#[derive(Debug, thiserror::Error)]
#[error("an origin is https://HOST or http://HOST, with a port where need be, and nothing after it")]
pub struct OriginInvalid;

impl FromStr for Origin {
    type Err = OriginInvalid;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let address: Uri = text.parse().map_err(|_| OriginInvalid)?;
        let (Some(scheme), Some(authority)) = (address.scheme_str(), address.authority()) else {
            return Err(OriginInvalid);
        };
        let usual_port = match scheme {
            "https" => 443,
            "http" => 80,
            _ => return Err(OriginInvalid),
        };
        let host = authority.host().to_ascii_lowercase();
        if host.is_empty() || text.contains(['@', '?', '#', '*']) || !matches!(address.path(), "" | "/") {
            return Err(OriginInvalid);
        }
        match authority.port_u16() {
            Some(port) if port != usual_port => Ok(Self(format!("{scheme}://{host}:{port}"))),
            None if authority.as_str().len() > host.len() => Err(OriginInvalid),
            Some(_) | None => Ok(Self(format!("{scheme}://{host}"))),
        }
    }
}

impl Display for Origin {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The origins that may ask beside the registry's own; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Origins(Arc<Vec<Origin>>);

impl Origins {
    /// These, and no other.
    pub fn of(origins: Vec<Origin>) -> Self {
        Self(Arc::new(origins))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a page from there may ask.
    pub fn hold(&self, origin: &str) -> bool {
        self.0.iter().any(|known| known.0 == origin)
    }

    /// What browsers are told. Keys travel in a header that a page sets itself: cookies are never asked for.
    pub fn cors(&self) -> Cors {
        let named =
            ["if-none-match", "traceparent", "tracestate", "yulin-seq", "yulin-role", "yulin-preflight", "yulin-fault"];
        let told = [
            "content-crs",
            "content-disposition",
            "etag",
            "ratelimit",
            "ratelimit-policy",
            "www-authenticate",
            "yulin-request",
            "yulin-seq",
            "yulin-features",
            "yulin-crs",
            "yulin-withheld",
            "yulin-left-out",
            "yulin-sandbox",
        ];
        let cors = Cors::default()
            .allowed_methods([Method::GET, Method::POST])
            .allowed_headers([ACCEPT, AUTHORIZATION, CONTENT_TYPE])
            .allowed_headers(named)
            .expose_headers(told)
            .expose_headers([RETRY_AFTER])
            .max_age(REMEMBERED_S);
        self.0.iter().fold(cors, |cors, origin| cors.allowed_origin(&origin.0))
    }
}
