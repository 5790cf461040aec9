//! HTTP: who asks, within which limits, as of when; the query page; health.

pub(crate) mod accept;
mod admission;
mod answer;
mod assets;
pub(crate) mod body;
mod demo;
mod document;
mod graphql;
mod guards;
mod health;
mod inputs;
mod limits;
mod log;
mod page;
mod parameters;
mod profile;
mod refused;
mod registry;
mod routes;
mod sandbox;
mod serve;
mod tokens;

pub use accept::Media;
pub use admission::{Admission, Admitted, AnsweredAt, Sender};
pub(crate) use answer::{refused, unanswered};
pub use demo::{DemoInfo, Example};
pub use graphql::Door;
pub use guards::{CONTENT_SECURITY_POLICY, logged, loopback_host, security_headers};
pub use page::Page;
pub(crate) use parameters::holds_nul;
pub use profile::Profile;
pub use refused::HttpRefused;
pub use registry::{ServeOptions, serve};
pub use routes::routes;
pub use sandbox::{ActFault, Sandbox};
pub use serve::{Listening, Running, ServeError, start};
