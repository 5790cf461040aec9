//! Webhooks as operational rows: no act makes them, and no fold of the journal knows them.

mod delivery;
mod hold;
mod keep;
mod row;

pub use delivery::{Failing, Undelivered};
pub use hold::{Held, Ready};
pub use row::{NewWebhook, Secrets, Webhook, WebhookId, WebhookState};
