//! Who somebody is by the word of an OpenID provider. What he may do is granted by acts of the registry, and by nobody else.

mod provider;
mod published;

pub use provider::{Oidc, OidcInvalid, Provider, SignedIn, TokenRefused};
