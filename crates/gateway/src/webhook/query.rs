//! Reading one's webhooks.

use async_graphql::{Context, Error, ID, Object};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{PrincipalId, Refused};
use yulin_persistence::{Webhook, WebhookId};

use super::WebhookPage;
use super::object::WebhookObject;
use crate::disclosure::{Reading, reading_of};
use crate::errors::{fault, refused_error};
use crate::request::{registry, viewer};

/// Reading webhooks.
#[derive(Debug, Default)]
pub struct WebhookQuery;

/// Webhooks of the one who asks (事件推送查询).
#[Object]
impl WebhookQuery {
    /// The webhooks of the principal that asks, oldest first; at most 20 (本主体的事件推送).
    async fn webhooks(&self, ctx: &Context<'_>) -> Result<Vec<WebhookObject>, Error> {
        let owner = owner(ctx)?;
        let found = registry(ctx).webhooks(owner).await.map_err(|why| fault(&why))?;
        Ok(WebhookPage::objects(registry(ctx), found))
    }
}

/// The principal that asks, where its role may have webhooks.
pub fn owner(ctx: &Context<'_>) -> Result<PrincipalId, Error> {
    let viewer = viewer(ctx);
    match (reading_of(&viewer, "Query", "webhooks"), viewer.identity) {
        (Reading::Yes, Some(identity)) => Ok(identity.principal),
        _ => Err(refused_error(&Refused::new(ErrorCode::Forbidden).at("webhooks"))),
    }
}

/// A webhook of the principal that asks; `NOT_FOUND` where it is another's or nobody's.
pub async fn own_webhook(ctx: &Context<'_>, id: &ID) -> Result<Webhook, Error> {
    let owner = owner(ctx)?;
    let bare = id.strip_prefix("webhook:").unwrap_or(id.as_str());
    let malformed = |_| refused_error(&Refused::new(ErrorCode::IdInvalid).at("id").with("expected", "webhook:uuid"));
    let id = WebhookId(uuid::Uuid::parse_str(bare).map_err(malformed)?);
    let found = registry(ctx).webhook(id).await.map_err(|why| fault(&why))?;
    let own = found.filter(|webhook| webhook.principal == owner);
    own.ok_or_else(|| refused_error(&Refused::new(ErrorCode::NotFound).at("id")))
}
