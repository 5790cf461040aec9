//! The gateway: what the registry says and takes over GraphQL.
//!
//! No rule about land lives here; objects wrap domain values, and what a role may read stands in one table.

pub mod calendar;
pub mod codes;
pub mod disclosure;
pub mod district;
pub mod errors;
pub mod export;
pub mod factor;
pub mod feed;
pub mod http;
pub mod identity;
pub mod journal;
pub mod land;
pub mod layer;
pub mod mutation;
pub mod ogc;
pub mod party;
pub mod request;
pub mod scalars;
pub mod schema;
pub mod tiles;
pub mod webhook;
