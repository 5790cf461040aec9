//! Webhooks as operational rows: no act makes them, and no fold of the journal knows them.

mod delivery;
mod hold;
mod keep;
mod revocation;
mod row;

pub use delivery::{Failing, Undelivered};
pub use hold::{Held, Ready};
pub(crate) use revocation::{stop_all_webhooks, stop_webhooks_of_key};
pub use row::{NewWebhook, Secrets, Webhook, WebhookId, WebhookState};
