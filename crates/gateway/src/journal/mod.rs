//! The journal at the API: acts as they were recorded. Their bodies hold more than every reader may see and are not shown.

mod connection;
mod history;
mod object;
mod query;
mod schedule;

pub use connection::{ActConnection, ActEdge};
pub use history::Histories;
pub use object::{ActObject, ChangeObject};
pub(crate) use query::acts_by_ids;
pub use query::{ActFilterInput, ActQuery};
pub(crate) use schedule::schedules_by_ids;
pub use schedule::{ScheduleObject, ScheduleQuery};
