//! A webhook as its owner sees it.

use async_graphql::{Context, Error, ID, Object, SimpleObject};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::ActKind;
use yulin_persistence::{Undelivered, Webhook, WebhookState};

use crate::codes::Chosen;
use crate::errors::fault;
use crate::request::registry;
use crate::scalars::{Seq, Timestamp};
use crate::schema::page_size;

/// A webhook.
pub struct WebhookObject(pub Webhook);

/// Where events are delivered (事件推送).
#[Object(name = "Webhook")]
impl WebhookObject {
    /// Its id, `webhook:uuid` (标识).
    async fn id(&self) -> ID {
        ID(format!("webhook:{}", self.0.id))
    }

    /// The address to which events are sent (推送地址).
    async fn url(&self) -> &str {
        &self.0.url
    }

    /// The kinds of act that are told; none where all are (登记行为类型).
    async fn kinds(&self) -> Vec<Chosen<ActKind>> {
        self.0.filter.kinds.iter().map(|kind| Chosen(*kind)).collect()
    }

    /// The subjects that are told of; none where all are (登记主题).
    async fn subjects(&self) -> Vec<ID> {
        self.0.filter.subjects.iter().map(|subject| ID(subject.to_string())).collect()
    }

    /// Whether events are delivered (状态).
    async fn state(&self) -> Chosen<WebhookState> {
        self.0.state.into()
    }

    /// Why the registry stopped it; null unless it did (停止原因).
    async fn disabled_because(&self) -> Option<Chosen<ErrorCode>> {
        self.0.disabled_because.map(Chosen)
    }

    /// Every event up to here has been tried: it is delivered, or is tried again, or is a dead letter (位置).
    async fn position(&self) -> Seq {
        Seq(self.0.position)
    }

    /// The name of the feed that is delivered (订阅标识).
    async fn feed(&self) -> &str {
        &self.0.feed
    }

    /// When it was registered (创建时间).
    async fn created_at(&self) -> Timestamp {
        self.0.created_at.into()
    }

    /// Until when deliveries are signed with the secret before, too; null where there is none (旧密钥有效期).
    async fn previous_secret_until(&self) -> Option<Timestamp> {
        self.0.previous_until.map(Into::into)
    }

    /// How many events are to be tried again (待重试数).
    async fn retrying(&self, ctx: &Context<'_>) -> Result<i64, Error> {
        Ok(registry(ctx).undelivered(self.0.id).await.map_err(|why| fault(&why))?.0)
    }

    /// How many events could not be delivered for good (死信数).
    async fn dead(&self, ctx: &Context<'_>) -> Result<i64, Error> {
        Ok(registry(ctx).undelivered(self.0.id).await.map_err(|why| fault(&why))?.1)
    }

    /// Events that could not be delivered for good, in the order of the journal (死信).
    async fn dead_letters(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of items, at most 500 (数量)")] first: Option<i32>,
        #[graphql(desc = "After this entry (起始位置)")] after: Option<Seq>,
    ) -> Result<Vec<DeadLetterObject>, Error> {
        let (size, after) = (page_size(first)?, after.map_or(0, |seq| seq.0));
        let found = registry(ctx).dead_letters(self.0.id, after, size as u64).await.map_err(|why| fault(&why))?;
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
