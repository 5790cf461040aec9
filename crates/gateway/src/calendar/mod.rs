//! Working calendars at the API.

mod object;
mod query;

pub use object::CalendarObject;
pub use query::CalendarQuery;
