//! Districts at the API, with their zones and features.

mod book;
mod feature;
mod object;
mod query;
mod zone;

pub use book::DistrictBook;
pub use feature::FeatureObject;
pub use object::DistrictObject;
pub use query::DistrictQuery;
pub use zone::ZoneObject;
