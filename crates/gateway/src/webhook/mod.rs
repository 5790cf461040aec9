//! Webhooks: events are sent to where their follower listens, by the conventions of Standard Webhooks.
//!
//! Feed, scope and refusals are those of the feed itself; here is how an event travels, and what its owner may do.

mod address;
mod courier;
mod event;
mod mutation;
mod object;
mod options;
mod page;
mod query;
mod send;
mod sign;
mod turn;

pub use courier::Courier;
pub use event::event_schema;
pub use mutation::WebhookMutations;
pub use object::{DeadLetterObject, WebhookObject, WebhookWithSecret};
pub use options::{Targets, WebhookOptions};
pub use page::WebhookPage;
pub use query::WebhookQuery;
