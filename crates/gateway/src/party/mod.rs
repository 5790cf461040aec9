//! Parties at the API.

mod connection;
mod external;
mod object;
mod page;
mod query;

pub use connection::{PartyConnection, PartyEdge};
pub use external::ExternalRefObject;
pub use object::{ErasureObject, PartyObject};
pub use page::PartyPage;
pub(crate) use query::party_by_id;
pub use query::{PartyFilterInput, PartyQuery};
