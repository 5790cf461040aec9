//! GraphQL over WebSocket, by the protocol `graphql-transport-ws`.
//!
//! The project's own, as its HTTP layer is: the GraphQL library's answers wrong messages with other codes than the
//! protocol names, takes an id twice, waits for ever to be greeted, and knows none of the limits of a request.

mod handshake;
mod message;
mod operation;
mod talk;

pub use handshake::{is_upgrade, open};
