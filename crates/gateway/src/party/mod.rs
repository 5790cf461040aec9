//! Parties at the API.

mod external;
mod object;
mod page;
mod principal;
mod query;
mod viewer;

pub use external::ExternalRefObject;
pub use object::{ErasureObject, PartyObject};
pub use page::PartyPage;
pub use principal::{PrincipalObject, PrincipalPage};
pub use query::{PartyFilterInput, PartyQuery};
pub(crate) use query::{parties_by_ids, reads_party};
pub use viewer::{ViewerObject, ViewerQuery};
