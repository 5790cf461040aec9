//! Code lists at the API: enums mirrored from the domain, the lists themselves, land uses with labels, error codes.

mod catalogue;
mod choice;
mod choices;
mod land_use;
mod list;

pub use catalogue::{CatalogueQuery, ErrorCodeObject};
pub use choice::{Choice, Chosen};
pub use land_use::LandUseObject;
pub use list::{CodeItemObject, CodeListObject, CodeListQuery};
