//! What an owner does with his webhooks. A principal sees and moves his own alone.
//!
//! What makes one or sets it going holds the key it is done with: a revocation meanwhile comes before it, and it is not
//! done, or after it, and stops it.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set, TransactionTrait, Value};
use yulin_domain::journal::PrincipalId;

use super::row::{NewWebhook, Webhook, WebhookId, WebhookState, columns_of, webhook_of};
use crate::dialect::{clock, now_micros, statement};
use crate::entity::webhook;
use crate::error::PersistenceError;
use crate::keys::{hold_key, random};
use crate::registry::Registry;

impl Registry {
    /// Registers a webhook with a secret of its own; none where the key of its owner is no longer good.
    pub async fn create_webhook(&self, new: NewWebhook, key: &str) -> Result<Option<Webhook>, PersistenceError> {
        let transaction = self.primary().begin().await?;
        if !hold_key(&transaction, key).await? {
            transaction.rollback().await?;
            return Ok(None);
        }
        let row = row_of(new, clock(&transaction).await?);
        webhook::Entity::insert(inserted(&row)).exec_without_returning(&transaction).await?;
        transaction.commit().await?;
        webhook_of(row).map(Some)
    }

    /// The webhooks of a principal, oldest first.
    pub async fn webhooks(&self, owner: PrincipalId) -> Result<Vec<Webhook>, PersistenceError> {
        let of_owner = webhook::Entity::find().filter(webhook::Column::Principal.eq(owner.to_string()));
        let ordered = of_owner.order_by_asc(webhook::Column::CreatedAt).order_by_asc(webhook::Column::Id);
        ordered.all(self.primary()).await?.into_iter().map(webhook_of).collect()
    }

    /// One webhook.
    pub async fn webhook(&self, id: WebhookId) -> Result<Option<Webhook>, PersistenceError> {
        webhook::Entity::find_by_id(id.to_string()).one(self.primary()).await?.map(webhook_of).transpose()
    }

    /// Gives it a new secret; the one before is signed with as well for some time, in microseconds.
    pub async fn rotate_webhook_secret(&self, id: WebhookId, keep_micros: i64) -> Result<(), PersistenceError> {
        let sql = format!(
            "UPDATE webhook SET previous_secret = secret, previous_until = {} + $1, secret = $2 WHERE id = $3",
            now_micros(self.primary())
        );
        self.change(sql, vec![keep_micros.into(), random().to_vec().into(), id.to_string().into()]).await
    }

    /// Starts or stops deliveries: writes the state and the feed of a webhook as they stand here; false where the key of
    /// its owner is no longer good. A webhook that the registry stopped goes on with the feed as it is now.
    pub async fn set_webhook_state(&self, set: &Webhook, key: &str) -> Result<bool, PersistenceError> {
        let transaction = self.primary().begin().await?;
        let is_good = hold_key(&transaction, key).await?;
        if is_good {
            let Webhook { id, state, feed, .. } = set;
            let sql = "UPDATE webhook SET state = $1, feed = $2, disabled_because = NULL WHERE id = $3";
            let values = vec![state.name().into(), feed.as_str().into(), id.to_string().into()];
            transaction.execute_raw(statement(&transaction, sql, values)).await?;
        }
        transaction.commit().await?;
        Ok(is_good)
    }

    /// Sets it back, or on: events after `position` are delivered, again where they were before.
    pub async fn move_webhook(&self, id: WebhookId, position: i64, feed: &str) -> Result<(), PersistenceError> {
        let sql = "UPDATE webhook SET position = $1, feed = $2 WHERE id = $3";
        self.change(sql, vec![position.into(), feed.into(), id.to_string().into()]).await?;
        let sql = "DELETE FROM webhook_delivery WHERE webhook = $1 AND seq > $2";
        self.change(sql, vec![id.to_string().into(), position.into()]).await
    }

    /// Removes it with all that it could not deliver.
    pub async fn delete_webhook(&self, id: WebhookId) -> Result<(), PersistenceError> {
        self.change("DELETE FROM webhook WHERE id = $1", vec![id.to_string().into()]).await?;
        self.change("DELETE FROM webhook_delivery WHERE webhook = $1", vec![id.to_string().into()]).await
    }

    pub(super) async fn change(&self, sql: impl Into<String>, values: Vec<Value>) -> Result<(), PersistenceError> {
        self.primary().execute_raw(statement(self.primary(), sql, values)).await?;
        Ok(())
    }
}

/// The row of a new webhook.
fn row_of(new: NewWebhook, created_at: i64) -> webhook::Model {
    let [kinds, subjects] = columns_of(&new.filter);
    let NewWebhook { principal, role, url, filter: _, position, feed } = new;
    webhook::Model {
        id: uuid::Uuid::new_v4().to_string(),
        principal: principal.to_string(),
        role: role.to_string(),
        url,
        kinds,
        subjects,
        secret: random().to_vec(),
        previous_secret: None,
        previous_until: None,
        state: WebhookState::Active.name().to_owned(),
        disabled_because: None,
        position,
        feed,
        created_at,
        holder: None,
        held_until: 0,
    }
}

fn inserted(row: &webhook::Model) -> webhook::ActiveModel {
    webhook::ActiveModel {
        id: Set(row.id.clone()),
        principal: Set(row.principal.clone()),
        role: Set(row.role.clone()),
        url: Set(row.url.clone()),
        kinds: Set(row.kinds.clone()),
        subjects: Set(row.subjects.clone()),
        secret: Set(row.secret.clone()),
        previous_secret: Set(None),
        previous_until: Set(None),
        state: Set(row.state.clone()),
        disabled_because: Set(None),
        position: Set(row.position),
        feed: Set(row.feed.clone()),
        created_at: Set(row.created_at),
        holder: Set(None),
        held_until: Set(0),
    }
}
