//! The webhooks of one list, with what could not be delivered: read once for all of them.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Error;
use tokio::sync::{Mutex, OnceCell};
use yulin_persistence::{Registry, Undelivered, Webhook, WebhookId};

use super::WebhookObject;
use crate::errors::fault;

type DeadLetters = HashMap<WebhookId, Vec<Undelivered>>;

/// Webhooks read together.
pub struct WebhookPage {
    registry: Registry,
    ids: Vec<WebhookId>,
    undelivered: OnceCell<HashMap<WebhookId, (i64, i64)>>,
    /// By where a page of them begins and how long it is: a query may ask for several under aliases.
    dead: Mutex<HashMap<(i64, i64), Arc<DeadLetters>>>,
}

impl WebhookPage {
    fn of(registry: &Registry, ids: Vec<WebhookId>) -> Arc<Self> {
        let (undelivered, dead) = (OnceCell::new(), Mutex::default());
        Arc::new(Self { registry: registry.clone(), ids, undelivered, dead })
    }

    /// The objects of webhooks that were read.
    pub fn objects(registry: &Registry, found: Vec<Webhook>) -> Vec<WebhookObject> {
        let page = Self::of(registry, found.iter().map(|webhook| webhook.id).collect());
        found.into_iter().map(|webhook| WebhookObject { webhook, page: Arc::clone(&page) }).collect()
    }

    /// The object of one webhook.
    pub fn object(registry: &Registry, webhook: Webhook) -> WebhookObject {
        WebhookObject { page: Self::of(registry, vec![webhook.id]), webhook }
    }

    /// How many events of a webhook are to be tried again, and how many are dead letters.
    pub(super) async fn undelivered(&self, id: WebhookId) -> Result<(i64, i64), Error> {
        let read = || async { self.registry.undelivered(&self.ids).await.map_err(|why| fault(&why)) };
        Ok(self.undelivered.get_or_try_init(read).await?.get(&id).copied().unwrap_or_default())
    }

    /// The dead letters of a webhook after an entry, at most so many.
    pub(super) async fn dead_letters(
        &self,
        id: WebhookId,
        (after, each): (i64, i64),
    ) -> Result<Vec<Undelivered>, Error> {
        let mut read = self.dead.lock().await;
        let known = if let Some(known) = read.get(&(after, each)) {
            Arc::clone(known)
        } else {
            let found = self.registry.dead_letters(&self.ids, after, each).await.map_err(|why| fault(&why))?;
            let found = Arc::new(found);
            read.insert((after, each), Arc::clone(&found));
            found
        };
        Ok(known.get(&id).cloned().unwrap_or_default())
    }
}
