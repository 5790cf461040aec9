//! Keys as those who run the registry see them: listed, revoked and replaced by the first digits of their digests, which
//! the log shows too. No secret can be told, since none is kept.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, Order, QueryOrder, QuerySelect, Set, TransactionTrait};
use yulin_domain::codes::Role;
use yulin_domain::journal::{Narrowing, PrincipalId};
use yulin_domain::quantity::Instant;

use crate::dialect::{clock, hex_of, statement};
use crate::entity::api_key;
use crate::error::PersistenceError;
use crate::keys::{digest_of, fresh_key, is_good};
use crate::keys_narrowed;
use crate::registry::Registry;
use crate::webhook::stop_webhooks_of_key;

/// Keys that are listed.
const KEYS_MAX: u64 = 10_000;
/// Digits by which a key is shown, and the fewest by which it may be named.
const DIGITS: usize = 12;
const DIGITS_MIN: usize = 6;

/// Whether a key opens anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    Good,
    Expired,
    Revoked,
}

impl KeyState {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "GOOD",
            Self::Expired => "EXPIRED",
            Self::Revoked => "REVOKED",
        }
    }
}

/// A key, as far as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptKey {
    /// The first digits of its digest.
    pub digits: String,
    pub principal: PrincipalId,
    /// The name of the principal.
    pub name: String,
    pub role: Role,
    /// What it is narrowed to; none where it is not.
    pub narrowing: Option<Narrowing>,
    pub created_at: Instant,
    pub expires_at: Option<Instant>,
    pub state: KeyState,
}

/// A key that took the place of another.
#[derive(Debug)]
pub struct Rotated {
    /// The new key.
    pub token: String,
    pub expires_at: Option<Instant>,
    /// When the other ends.
    pub other_ends: Instant,
}

/// Why nothing was done with a key that was named.
#[derive(Debug, thiserror::Error)]
pub enum NamedKeyError {
    #[error("no key is named so")]
    Unknown,
    #[error("several keys are named so")]
    Several,
    #[error("the key has been revoked or has expired")]
    Ended,
    #[error(transparent)]
    Fault(#[from] PersistenceError),
}

impl<E: Into<sea_orm::DbErr>> From<E> for NamedKeyError {
    fn from(error: E) -> Self {
        Self::Fault(PersistenceError::Database(error.into()))
    }
}

impl Registry {
    /// The keys there are: those that were not revoked, then the others, the newest first of each.
    pub async fn keys(&self) -> Result<Vec<KeptKey>, PersistenceError> {
        let rows = self.stored_keys().await?;
        let now = clock(self.primary()).await?;
        let names: HashMap<_, _> = {
            let principals = self.principals(&self.latest().await?).await?;
            principals.into_iter().map(|found| (found.state.id, found.state.name)).collect()
        };
        let mut keys = Vec::with_capacity(rows.len());
        for api_key::Model { hash, principal, role, created_at, expires_at, revoked_at, narrowing } in rows {
            let corrupt = |why: String| PersistenceError::corrupt("api_key", digits_of(&hash), why);
            let principal: PrincipalId = principal.parse().map_err(|why: uuid::Error| corrupt(why.to_string()))?;
            keys.push(KeptKey {
                digits: digits_of(&hash),
                principal,
                name: names.get(&principal).cloned().unwrap_or_default(),
                role: role.parse().map_err(|why: yulin_domain::codes::CodeUnknown| corrupt(why.to_string()))?,
                narrowing: narrowing.as_deref().map(keys_narrowed::read).transpose()?,
                created_at: Instant::from_micros(created_at),
                expires_at: expires_at.map(Instant::from_micros),
                state: match (revoked_at, expires_at) {
                    (Some(_), _) => KeyState::Revoked,
                    (None, Some(at)) if at <= now => KeyState::Expired,
                    (None, _) => KeyState::Good,
                },
            });
        }
        Ok(keys)
    }

    /// Revokes a key that is named by itself or by the first digits of its digest, as [`Registry::revoke_key`] does.
    pub async fn revoke_named_key(&self, named: &str) -> Result<(), NamedKeyError> {
        let hash = self.hash_of_named(named).await?;
        if self.revoke_key_of(hash).await? { Ok(()) } else { Err(NamedKeyError::Unknown) }
    }

    /// Issues a key to the principal of another, for the same role and no wider; it lives as long as the other was to live,
    /// where nothing else is said; of one that was replaced before that is until its overlap ends. The other ends at an
    /// instant, if it does not end before.
    pub async fn rotate_key(
        &self,
        named: &str,
        ends: Instant,
        expires_at: Option<Instant>,
    ) -> Result<Rotated, NamedKeyError> {
        let hash = self.hash_of_named(named).await?;
        // Before the transaction, which writes first: on an embedded file one that has read cannot wait for others.
        let before =
            api_key::Entity::find_by_id(hash.clone()).one(self.primary()).await?.ok_or(NamedKeyError::Unknown)?;
        let transaction = self.primary().begin().await?;
        // Held until the end, so that nobody revokes it meanwhile and finds a successor.
        let sql = format!(
            "UPDATE api_key SET expires_at = CASE WHEN expires_at < $2 THEN expires_at ELSE $2 END \
             WHERE hash = $1 AND {}",
            is_good(&transaction)
        );
        let values = vec![hash.clone().into(), ends.micros().into()];
        if transaction.execute_raw(statement(&transaction, sql, values)).await?.rows_affected() == 0 {
            return Err(NamedKeyError::Ended);
        }
        let old = api_key::Entity::find_by_id(hash).one(&transaction).await?.ok_or(NamedKeyError::Unknown)?;
        let now = clock(&transaction).await?;
        let (token, key) = fresh_key(old.principal, old.role, now);
        let life = before.expires_at.map(|end| end.saturating_sub(before.created_at));
        let expires_at = expires_at.map(Instant::micros).or(life.map(|life| now.saturating_add(life)));
        let key = api_key::ActiveModel { expires_at: Set(expires_at), narrowing: Set(old.narrowing), ..key };
        api_key::Entity::insert(key).exec_without_returning(&transaction).await?;
        transaction.commit().await?;
        let other_ends = old.expires_at.map_or(ends, Instant::from_micros);
        Ok(Rotated { token, expires_at: expires_at.map(Instant::from_micros), other_ends })
    }

    /// Revokes the key of a digest; the webhooks of its principal stop with it.
    pub(crate) async fn revoke_key_of(&self, hash: Vec<u8>) -> Result<bool, PersistenceError> {
        let transaction = self.primary().begin().await?;
        let now = crate::dialect::now_micros(&transaction);
        let sql = format!("UPDATE api_key SET revoked_at = {now} WHERE hash = $1 AND revoked_at IS NULL");
        let done = transaction.execute_raw(statement(&transaction, sql, vec![hash.clone().into()])).await?;
        let is_revoked = done.rows_affected() == 1;
        if is_revoked {
            stop_webhooks_of_key(&transaction, hash).await?;
        }
        transaction.commit().await?;
        Ok(is_revoked)
    }

    async fn stored_keys(&self) -> Result<Vec<api_key::Model>, PersistenceError> {
        // The others are never removed, and would fill the list.
        let found = api_key::Entity::find().order_by(api_key::Column::RevokedAt.is_null(), Order::Desc);
        Ok(found.order_by_desc(api_key::Column::CreatedAt).limit(KEYS_MAX).all(self.primary()).await?)
    }

    async fn hash_of_named(&self, named: &str) -> Result<Vec<u8>, NamedKeyError> {
        let itself = digest_of(named);
        if api_key::Entity::find_by_id(itself.clone()).one(self.primary()).await?.is_some() {
            return Ok(itself);
        }
        if named.len() < DIGITS_MIN || !named.chars().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(NamedKeyError::Unknown);
        }
        let sql = format!("SELECT hash FROM api_key WHERE {} LIKE $1 LIMIT 2", hex_of(self.primary(), "hash"));
        let values = vec![format!("{}%", named.to_ascii_lowercase()).into()];
        let found = self.primary().query_all_raw(statement(self.primary(), sql, values)).await?;
        match found.as_slice() {
            [key] => Ok(key.try_get("", "hash")?),
            [] => Err(NamedKeyError::Unknown),
            _ => Err(NamedKeyError::Several),
        }
    }
}

fn digits_of(hash: &[u8]) -> String {
    let mut digits = hex::encode(hash);
    digits.truncate(DIGITS);
    digits
}
