//! A webhook as its owner and its courier see it, read from its row and back.

use std::collections::BTreeSet;

use yulin_domain::codes::Role;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{ActKind, PrincipalId, Subject};
use yulin_domain::quantity::Instant;

use crate::entity::webhook;
use crate::error::PersistenceError;
use crate::journal::FeedFilter;

/// A webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebhookId(pub uuid::Uuid);

impl std::fmt::Display for WebhookId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Whether events are delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WebhookState {
    Active,
    /// Stopped by its owner.
    Paused,
    /// Stopped by the registry: the receiver is gone, what was followed is no longer the same, or a key was revoked.
    Disabled,
}

impl WebhookState {
    /// The text in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Paused => "PAUSED",
            Self::Disabled => "DISABLED",
        }
    }

    fn of(text: &str) -> Option<Self> {
        [Self::Active, Self::Paused, Self::Disabled].into_iter().find(|state| state.name() == text)
    }
}

/// The keys under which deliveries are signed, 256 random bits each. They are kept as they are: whoever signs needs them.
#[derive(Clone, PartialEq, Eq)]
pub struct Secrets {
    pub current: [u8; 32],
    /// The one before, while it is still signed with.
    pub previous: Option<[u8; 32]>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets")
    }
}

/// What its owner asks for.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    pub principal: PrincipalId,
    pub role: Role,
    pub url: String,
    pub filter: FeedFilter,
    /// Events after this one are delivered.
    pub position: i64,
    /// The name of the feed.
    pub feed: String,
}

/// Where events are delivered, for whom, and how far that has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    pub id: WebhookId,
    pub principal: PrincipalId,
    pub role: Role,
    pub url: String,
    pub filter: FeedFilter,
    pub secrets: Secrets,
    /// Until when the secret before is signed with too.
    pub previous_until: Option<Instant>,
    pub state: WebhookState,
    pub disabled_because: Option<ErrorCode>,
    /// Every event up to here has been tried: it is delivered, or stands among what could not be.
    pub position: i64,
    /// The name of the feed as it was there.
    pub feed: String,
    pub created_at: Instant,
}

/// Kinds and subjects as their columns hold them.
pub(super) fn columns_of(filter: &FeedFilter) -> [String; 2] {
    let kinds: Vec<_> = filter.kinds.iter().map(|kind| kind.name()).collect();
    let subjects: Vec<_> = filter.subjects.iter().map(ToString::to_string).collect();
    [kinds, subjects.iter().map(String::as_str).collect()].map(|list| list.join(","))
}

fn list<T: std::str::FromStr<Err = String> + Ord>(text: &str) -> Result<BTreeSet<T>, String> {
    text.split(',').filter(|part| !part.is_empty()).map(str::parse).collect()
}

pub(super) fn webhook_of(row: webhook::Model) -> Result<Webhook, PersistenceError> {
    let webhook::Model {
        id,
        principal,
        role,
        url,
        kinds,
        subjects,
        secret,
        previous_secret,
        previous_until,
        state,
        disabled_because,
        position,
        feed,
        created_at,
        holder: _,
        held_until: _,
    } = row;
    let corrupt = |why: &str| PersistenceError::corrupt("webhook", &id, why);
    let secret_of = |bytes: Vec<u8>| bytes.try_into().map_err(|_| corrupt("a secret is not 32 bytes"));
    let kinds: BTreeSet<ActKind> = list(&kinds).map_err(|why| corrupt(&why))?;
    let subjects: BTreeSet<Subject> = list(&subjects).map_err(|why| corrupt(&why))?;
    let because = disabled_because.as_deref().map(str::parse).transpose();
    Ok(Webhook {
        id: WebhookId(uuid::Uuid::parse_str(&id).map_err(|why| corrupt(&why.to_string()))?),
        principal: principal.parse().map_err(|why: uuid::Error| corrupt(&why.to_string()))?,
        role: role.parse().map_err(|_| corrupt("the role is not known"))?,
        url,
        filter: FeedFilter { kinds, subjects },
        secrets: Secrets { current: secret_of(secret)?, previous: previous_secret.map(secret_of).transpose()? },
        previous_until: previous_until.map(Instant::from_micros),
        state: WebhookState::of(&state).ok_or_else(|| corrupt("the state is not known"))?,
        disabled_because: because.map_err(|_| corrupt("the reason is not known"))?,
        position,
        feed,
        created_at: Instant::from_micros(created_at),
    })
}
