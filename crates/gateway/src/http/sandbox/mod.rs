//! The sandbox: a registry for integrators' own tests, which fails in the ways a registry may fail, when it is asked to.
//!
//! Faults are asked for a request at a time by a header, or for all requests of a key by a plan. Nothing of this is
//! there where a registry is served in earnest.

mod endpoint;
mod fault;
mod guard;
mod plan;
#[cfg(test)]
mod plan_tests;
mod plans;

pub use endpoint::sandbox_routes;
pub use fault::ActFault;
pub use guard::{SANDBOX_HEADER, faulty};
pub use plans::Sandbox;
