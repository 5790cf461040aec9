//! What an owner does with his webhooks. None of it is an act: nothing of it stands in the journal.

use async_graphql::{Context, Error, ID, InputObject, Object};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{PrincipalId, Refused};
use yulin_persistence::{NewWebhook, Registry, Webhook, WebhookState};

use super::WebhookPage;
use super::address::read_address;
use super::object::{WebhookObject, WebhookWithSecret};
use super::options::Targets;
use super::query::{own_webhook, owner};
use super::sign;
use crate::errors::{OrNull, beyond_head, fault, or_null, refused_error};
use crate::feed::{EventFilterInput, Follower, Place};
use crate::request::{Bearer, registry, viewer};
use crate::scalars::Seq;

/// Webhooks of one principal.
const WEBHOOKS_MAX: usize = 20;
/// The longest for which a secret is signed with after it was replaced, in hours.
const KEEP_MAX_HOURS: i32 = 168;

/// A webhook to be registered (事件推送登记).
#[derive(Debug, InputObject)]
pub struct CreateWebhookInput {
    /// The address to which events are sent: https, and public (推送地址).
    pub url: String,
    /// Which events are sent (筛选).
    pub filter: Option<EventFilterInput>,
    /// Events after this entry are sent; those recorded from now on where left out (起始位置).
    pub after: Option<Seq>,
}

/// Webhook mutations.
#[derive(Debug, Default)]
pub struct WebhookMutations;

/// Registering and moving webhooks (事件推送操作).
#[Object]
impl WebhookMutations {
    /// Registers a webhook of the principal that asks, and tells its secret, once (登记事件推送).
    async fn create_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where to, and which events (推送内容)")] input: CreateWebhookInput,
    ) -> OrNull<WebhookWithSecret> {
        or_null(async {
            let principal = owner(ctx)?;
            let targets = ctx.data_opt::<Targets>().copied().unwrap_or(Targets::Public);
            let CreateWebhookInput { url, filter, after } = input;
            let url = read_address(&url, targets).map_err(|refused| refused_error(&refused))?.to_string();
            let filter = filter.unwrap_or_default().read().map_err(|refused| refused_error(&refused))?;
            has_room(ctx, principal, WEBHOOKS_MAX - 1).await?;
            let follower =
                Follower::once(ctx, filter.clone(), Place { after: after.map_or(0, |seq| seq.0), ..Place::default() });
            let (head, feed) = follower.await?.name().await?;
            let position = after.map_or(head, |seq| seq.0);
            let new = NewWebhook { principal, role: viewer(ctx).role, url, filter, position, feed };
            let webhook = registry(ctx).create_webhook(new, key(ctx)?).await.map_err(|why| fault(&why))?;
            let webhook = webhook.ok_or_else(key_lost)?;
            // Others may have been made meanwhile.
            if let Err(refused) = has_room(ctx, principal, WEBHOOKS_MAX).await {
                registry(ctx).delete_webhook(webhook.id).await.map_err(|why| fault(&why))?;
                return Err(refused);
            }
            Ok(Some(with_secret(registry(ctx), webhook)))
        })
        .await
    }

    /// Gives a webhook a new secret, and tells it, once. Deliveries are signed with both until the time is over
    /// (更换签名密钥).
    async fn rotate_webhook_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the webhook (标识)")] id: ID,
        #[graphql(
            desc = "For how many hours the secret before is signed with, at most 168; 24 where left out (旧密钥保留小时数)"
        )]
        keep_hours: Option<i32>,
    ) -> OrNull<WebhookWithSecret> {
        or_null(async {
            let webhook = own_webhook(ctx, &id).await?;
            let hours = keep_hours.unwrap_or(24);
            if !(0..=KEEP_MAX_HOURS).contains(&hours) {
                let refused = Refused::new(ErrorCode::NumberInvalid).at("keepHours");
                return Err(refused_error(&refused.with("least", 0).with("most", KEEP_MAX_HOURS)));
            }
            let keep_micros = i64::from(hours) * 3_600_000_000;
            registry(ctx).rotate_webhook_secret(webhook.id, keep_micros).await.map_err(|why| fault(&why))?;
            Ok(Some(with_secret(registry(ctx), own_webhook(ctx, &id).await?)))
        })
        .await
    }

    /// Stops deliveries until they are resumed (暂停推送).
    async fn pause_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the webhook (标识)")] id: ID,
    ) -> OrNull<WebhookObject> {
        or_null(async {
            let webhook = own_webhook(ctx, &id).await?;
            in_state(ctx, &Webhook { state: WebhookState::Paused, ..webhook }).await?;
            changed(ctx, &id).await
        })
        .await
    }

    /// Goes on with deliveries from where they stopped. One that the registry stopped goes on with what its owner may
    /// see now (恢复推送).
    async fn resume_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the webhook (标识)")] id: ID,
    ) -> OrNull<WebhookObject> {
        or_null(async {
            let webhook = own_webhook(ctx, &id).await?;
            let feed = match webhook.state {
                WebhookState::Active | WebhookState::Paused => webhook.feed.clone(),
                WebhookState::Disabled => feed_at(ctx, &webhook, webhook.position).await?,
            };
            in_state(ctx, &Webhook { state: WebhookState::Active, feed, ..webhook }).await?;
            changed(ctx, &id).await
        })
        .await
    }

    /// Removes a webhook with all that it could not deliver; its id (删除推送).
    async fn delete_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the webhook (标识)")] id: ID,
    ) -> OrNull<ID> {
        or_null(async {
            let webhook = own_webhook(ctx, &id).await?;
            registry(ctx).delete_webhook(webhook.id).await.map_err(|why| fault(&why))?;
            Ok(Some(ID(format!("webhook:{}", webhook.id))))
        })
        .await
    }

    /// Sends events again, from an entry on; their ids are those they had before (重新推送).
    async fn replay_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the webhook (标识)")] id: ID,
        #[graphql(desc = "From this entry on (起始序号)")] from_seq: Seq,
    ) -> OrNull<WebhookObject> {
        or_null(async {
            let webhook = own_webhook(ctx, &id).await?;
            let position = from_seq.0.saturating_sub(1).max(0);
            let head = registry(ctx).latest().await.map_err(|why| fault(&why))?.seq;
            if position > head {
                return Err(beyond_head("fromSeq", from_seq.0, head));
            }
            let feed = feed_at(ctx, &webhook, position).await?;
            registry(ctx).move_webhook(webhook.id, position, &feed).await.map_err(|why| fault(&why))?;
            changed(ctx, &id).await
        })
        .await
    }

    /// Tries all dead letters of a webhook again, from the first attempt on (重试死信).
    async fn retry_dead_letters(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the webhook (标识)")] id: ID,
    ) -> OrNull<WebhookObject> {
        or_null(async {
            let webhook = own_webhook(ctx, &id).await?;
            registry(ctx).retry_dead_letters(webhook.id).await.map_err(|why| fault(&why))?;
            changed(ctx, &id).await
        })
        .await
    }
}

fn with_secret(registry: &Registry, webhook: Webhook) -> WebhookWithSecret {
    let secret = sign::shown(&webhook.secrets.current);
    WebhookWithSecret { webhook: WebhookPage::object(registry, webhook), secret }
}

async fn changed(ctx: &Context<'_>, id: &ID) -> Result<Option<WebhookObject>, Error> {
    Ok(Some(WebhookPage::object(registry(ctx), own_webhook(ctx, id).await?)))
}

async fn in_state(ctx: &Context<'_>, set: &Webhook) -> Result<(), Error> {
    let is_set = registry(ctx).set_webhook_state(set, key(ctx)?).await.map_err(|why| fault(&why))?;
    is_set.then_some(()).ok_or_else(key_lost)
}

/// The key by which the owner came: what it sets going may not outlive it.
fn key<'a>(ctx: &Context<'a>) -> Result<&'a str, Error> {
    ctx.data_opt::<Bearer>().map(|Bearer(token)| token.as_str()).ok_or_else(key_lost)
}

/// The answer to one whose key was revoked while he asked.
fn key_lost() -> Error {
    refused_error(&Refused::new(ErrorCode::Unauthenticated))
}

/// The name of a webhook's feed as its owner may see it now, after a place that is not beyond the journal.
async fn feed_at(ctx: &Context<'_>, webhook: &Webhook, after: i64) -> Result<String, Error> {
    let mut follower = Follower::once(ctx, webhook.filter.clone(), Place { after, ..Place::default() }).await?;
    Ok(follower.name().await?.1)
}

/// Refuses a principal who has more webhooks than so many.
async fn has_room(ctx: &Context<'_>, principal: PrincipalId, most: usize) -> Result<(), Error> {
    let held = registry(ctx).webhooks(principal).await.map_err(|why| fault(&why))?.len();
    if held <= most {
        return Ok(());
    }
    Err(refused_error(&Refused::new(ErrorCode::LimitExceeded).at("webhooks").with("most", WEBHOOKS_MAX)))
}
