//! A webhook as its owner sees it.

use std::sync::Arc;

use async_graphql::{Error, ID, Object, SimpleObject};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::ActKind;
use yulin_persistence::{Undelivered, Webhook, WebhookState};

use super::WebhookPage;
use crate::codes::Chosen;
use crate::scalars::{Seq, Timestamp};
use crate::schema::page_size;

/// A webhook of a page.
pub struct WebhookObject {
    pub(super) webhook: Webhook,
    pub(super) page: Arc<WebhookPage>,
}

/// Where events are delivered (事件推送).
#[Object(name = "Webhook")]
impl WebhookObject {
    /// Its id, `webhook:uuid` (标识).
    async fn id(&self) -> ID {
        ID(format!("webhook:{}", self.webhook.id))
    }

    /// The address to which events are sent (推送地址).
    async fn url(&self) -> &str {
        &self.webhook.url
    }

    /// The kinds of act that are told; none where all are (登记行为类型).
    async fn kinds(&self) -> Vec<Chosen<ActKind>> {
        self.webhook.filter.kinds.iter().map(|kind| Chosen(*kind)).collect()
    }

    /// The subjects that are told of; none where all are (登记主题).
    async fn subjects(&self) -> Vec<ID> {
        self.webhook.filter.subjects.iter().map(|subject| ID(subject.to_string())).collect()
    }

    /// Whether events are delivered (状态).
    async fn state(&self) -> Chosen<WebhookState> {
        self.webhook.state.into()
    }

    /// Why the registry stopped it; null unless it did (停止原因).
    async fn disabled_because(&self) -> Option<Chosen<ErrorCode>> {
        self.webhook.disabled_because.map(Chosen)
    }

    /// Every event up to here has been tried: it is delivered, or is tried again, or is a dead letter (位置).
    async fn position(&self) -> Seq {
        Seq(self.webhook.position)
    }

    /// The name of the feed that is delivered (订阅标识).
    async fn feed(&self) -> &str {
        &self.webhook.feed
    }

    /// When it was registered (创建时间).
    async fn created_at(&self) -> Timestamp {
        self.webhook.created_at.into()
    }

    /// Until when deliveries are signed with the secret before, too; null where there is none (旧密钥有效期).
    async fn previous_secret_until(&self) -> Option<Timestamp> {
        self.webhook.previous_until.map(Into::into)
    }

    /// How many events are to be tried again (待重试数).
    async fn retrying(&self) -> Result<i64, Error> {
        Ok(self.page.undelivered(self.webhook.id).await?.0)
    }

    /// How many events could not be delivered for good (死信数).
    async fn dead(&self) -> Result<i64, Error> {
        Ok(self.page.undelivered(self.webhook.id).await?.1)
    }

    /// Events that could not be delivered for good, in the order of the journal (死信).
    async fn dead_letters(
        &self,
        #[graphql(desc = "Number of items, at most 500 (数量)")] first: Option<i32>,
        #[graphql(desc = "After this entry (起始位置)")] after: Option<Seq>,
    ) -> Result<Vec<DeadLetterObject>, Error> {
        let each = i64::try_from(page_size(first)?).unwrap_or(i64::MAX);
        let found = self.page.dead_letters(self.webhook.id, (after.map_or(0, |seq| seq.0), each)).await?;
        Ok(found.into_iter().map(DeadLetterObject::from).collect())
    }
}

/// An event that could not be delivered (死信).
#[derive(SimpleObject)]
#[graphql(name = "DeadLetter")]
pub struct DeadLetterObject {
    /// The number of its entry (登记序号).
    pub seq: Seq,
    /// How often it was tried (尝试次数).
    pub tries: i64,
    /// When it was tried last (最近失败时间).
    pub failed_at: Timestamp,
    /// Why it failed then (失败原因).
    pub failure: String,
}

impl From<Undelivered> for DeadLetterObject {
    fn from(of: Undelivered) -> Self {
        let Undelivered { seq, previous: _, tries, next_at: _, failed_at, failure } = of;
        Self { seq: Seq(seq), tries, failed_at: failed_at.into(), failure }
    }
}

/// A webhook with its secret, which is told this once (含密钥的事件推送).
#[derive(SimpleObject)]
pub struct WebhookWithSecret {
    /// The webhook (事件推送).
    pub webhook: WebhookObject,
    /// The secret under which deliveries are signed, `whsec_` and base64; it cannot be asked for again (签名密钥).
    pub secret: String,
}
