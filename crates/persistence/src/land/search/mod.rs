//! Searching parcels: SQL narrows, the geometry engine decides.

mod candidate;
mod condition;
mod page;
mod query;
mod shape;

pub(super) use candidate::{area_column, price_column};
pub use query::{
    Cursor, CursorKey, Direction, FacetRow, Facets, Found, Near, OrderField, ParcelQuery, SearchPage, Sight, Wants,
};
