//! Land at the API: parcels with rights, restrictions and freezes, and the search for them.

mod connection;
mod contract;
mod explain;
mod facet;
mod facts;
mod filter;
mod freeze;
mod holder;
mod order;
mod page;
mod parcel;
mod query;
mod region_filter;
mod restriction;
mod right;
mod search;
mod stock;

pub use connection::{ParcelConnection, ParcelEdge};
pub use contract::Contract;
pub use explain::{ConditionObject, ExplanationObject};
pub use facet::{FacetObject, FacetsObject};
pub use facts::{LimitObject, ParcelAreas, PlanningObject, PriceObject, RangeObject, TenureObject, UseShareObject};
pub use filter::ParcelFilterInput;
pub use freeze::FreezeObject;
pub use holder::HolderObject;
pub use order::{OrderDirection, ParcelOrder, ParcelOrderField};
pub use page::ParcelPage;
pub use parcel::ParcelObject;
pub use query::LandQuery;
pub use region_filter::{AreaFilterInput, NearInput, PointInput, Relation};
pub use restriction::RestrictionObject;
pub use right::RightObject;
pub(crate) use search::{Scope, Search, check_question};
pub use stock::{IdleClockObject, StockObject};
