//! Who delivers: one gateway at a time holds a webhook, for a minute, and again while it works.

use sea_orm::ConnectionTrait;
use yulin_domain::error_catalogue::ErrorCode;

use super::row::{Webhook, WebhookId, WebhookState};
use crate::dialect::{now_micros, statement};
use crate::error::PersistenceError;
use crate::keys::is_good;
use crate::registry::Registry;

/// How long a webhook is held, in microseconds: longer than an attempt takes, so that who holds it may begin one.
const HELD_FOR: i64 = 60_000_000;
/// What is left when it is held anew.
const HELD_LEAST: i64 = 30_000_000;
/// Webhooks that are looked at together.
const READY_MAX: u32 = 200;

/// A webhook that may have something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ready {
    pub id: WebhookId,
    pub position: i64,
    /// The newest entry.
    pub head: i64,
    /// Events whose time has come to be tried again.
    pub retries: i64,
}

/// A webhook that one gateway holds.
#[derive(Debug, Clone)]
pub struct Held {
    pub webhook: Webhook,
    holder: String,
}

/// The condition that events of a webhook may be delivered: it is active, and its principal has a good key for its role that is
/// not narrowed: events are of the whole registry.
/// Where the last one expired, deliveries rest until there is another.
fn may_deliver(connection: &impl ConnectionTrait) -> String {
    format!(
        "state = 'ACTIVE' AND (principal, role) IN (SELECT k.principal, k.role FROM api_key k WHERE k.narrowing IS NULL AND {})",
        is_good(connection)
    )
}

impl Registry {
    /// Webhooks that may deliver, may have something to do, and that nobody else holds.
    pub async fn webhooks_ready(&self, holder: &str) -> Result<Vec<Ready>, PersistenceError> {
        let sql = format!(
            "SELECT w.id, w.position, h.seq AS head, (SELECT count(*) FROM webhook_delivery d \
             WHERE d.webhook = w.id AND d.next_at <= {now}) AS retries FROM webhook w JOIN journal_head h ON h.id = 1 \
             WHERE {may_deliver} AND (w.holder = $1 OR w.held_until < {now}) ORDER BY w.held_until, w.id \
             LIMIT {READY_MAX}",
            may_deliver = may_deliver(self.primary()),
            now = now_micros(self.primary())
        );
        let rows = self.primary().query_all_raw(statement(self.primary(), sql, vec![holder.into()])).await?;
        let ready = |row: sea_orm::QueryResult| {
            let text: String = row.try_get("", "id")?;
            let id = uuid::Uuid::parse_str(&text).map_err(|why| PersistenceError::corrupt("webhook", &text, why))?;
            let (position, head) = (row.try_get("", "position")?, row.try_get("", "head")?);
            Ok(Ready { id: WebhookId(id), position, head, retries: row.try_get("", "retries")? })
        };
        rows.into_iter().map(ready).collect()
    }

    /// Takes hold of a webhook, unless another holds it or it may not deliver.
    pub async fn hold_webhook(&self, id: WebhookId, holder: &str) -> Result<Option<Held>, PersistenceError> {
        if let Some(held) = self.held(id, holder).await? {
            return Ok(Some(held));
        }
        let now = now_micros(self.primary());
        let sql = format!(
            "UPDATE webhook SET holder = $1, held_until = {now} + {HELD_FOR} \
             WHERE id = $2 AND state = 'ACTIVE' AND (held_until < {now} OR (holder = $1 AND held_until < {now} + {HELD_LEAST}))"
        );
        let values = vec![holder.into(), id.to_string().into()];
        let taken = self.primary().execute_raw(statement(self.primary(), sql, values)).await?.rows_affected();
        if taken == 1 {
            // Whoever held it failed at these and did not write down how far he had come: they are new again.
            let sql = "DELETE FROM webhook_delivery WHERE webhook = $1 \
                       AND seq > (SELECT w.position FROM webhook w WHERE w.id = $1)";
            self.change(sql, vec![id.to_string().into()]).await?;
        }
        self.held(id, holder).await
    }

    async fn held(&self, id: WebhookId, holder: &str) -> Result<Option<Held>, PersistenceError> {
        let Some(webhook) = self.webhook(id).await? else { return Ok(None) };
        let held = Held { webhook, holder: holder.to_owned() };
        Ok(self.is_held(&held).await?.then_some(held))
    }

    /// Whether it is still held, may deliver and is where it was: asked before every attempt, and held anew in time.
    pub async fn keep_hold(&self, held: &Held) -> Result<bool, PersistenceError> {
        if self.is_held(held).await? {
            return Ok(true);
        }
        let sql = format!(
            "UPDATE webhook SET held_until = {now} + {HELD_FOR} \
             WHERE id = $1 AND holder = $2 AND position = $3 AND held_until >= {now} AND {may_deliver}",
            may_deliver = may_deliver(self.primary()),
            now = now_micros(self.primary())
        );
        self.moved(held, sql, vec![]).await
    }

    async fn is_held(&self, held: &Held) -> Result<bool, PersistenceError> {
        let sql = format!(
            "SELECT 1 AS held FROM webhook WHERE id = $1 AND holder = $2 AND position = $3 \
             AND held_until >= {now} + {HELD_LEAST} AND {may_deliver}",
            may_deliver = may_deliver(self.primary()),
            now = now_micros(self.primary())
        );
        let Webhook { id, position, .. } = &held.webhook;
        let values = vec![id.to_string().into(), held.holder.as_str().into(), (*position).into()];
        Ok(self.primary().query_one_raw(statement(self.primary(), sql, values)).await?.is_some())
    }

    /// Writes down how far it has come; false where it is no longer held, or was moved meanwhile.
    pub async fn advance_webhook(&self, held: &mut Held, position: i64, feed: &str) -> Result<bool, PersistenceError> {
        let sql = format!(
            "UPDATE webhook SET position = $4, feed = $5 \
             WHERE id = $1 AND holder = $2 AND position = $3 AND state = 'ACTIVE' AND held_until >= {}",
            now_micros(self.primary())
        );
        let done = self.moved(held, sql, vec![position.into(), feed.into()]).await?;
        if done {
            held.webhook.position = position;
            feed.clone_into(&mut held.webhook.feed);
        }
        Ok(done)
    }

    /// Stops it, and says why. What stopped it before keeps its reason.
    pub async fn disable_webhook(&self, held: &Held, because: ErrorCode) -> Result<(), PersistenceError> {
        let sql = "UPDATE webhook SET state = $4, disabled_because = $5 \
                   WHERE id = $1 AND holder = $2 AND position = $3 AND state = 'ACTIVE'";
        let values = vec![WebhookState::Disabled.name().into(), because.code().into()];
        self.moved(held, sql, values).await.map(drop)
    }

    /// Lets go of all that one gateway holds, so that another goes on at once.
    pub async fn release_webhooks(&self, holder: &str) -> Result<(), PersistenceError> {
        self.change("UPDATE webhook SET held_until = 0 WHERE holder = $1", vec![holder.into()]).await
    }

    async fn moved(
        &self,
        held: &Held,
        sql: impl Into<String>,
        more: Vec<sea_orm::Value>,
    ) -> Result<bool, PersistenceError> {
        let Webhook { id, position, .. } = &held.webhook;
        let mut values = vec![id.to_string().into(), held.holder.as_str().into(), (*position).into()];
        values.extend(more);
        Ok(self.primary().execute_raw(statement(self.primary(), sql, values)).await?.rows_affected() == 1)
    }
}
