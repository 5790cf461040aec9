//! The journal at the API: acts as they were recorded. Their bodies hold more than every reader may see and are not shown.

mod connection;
mod object;
mod query;
mod schedule;

pub use connection::{ActConnection, ActEdge};
pub use object::{ActObject, ChangeObject};
pub(crate) use query::act_by_id;
pub use query::{ActFilterInput, ActQuery, History};
pub(crate) use schedule::schedule_by_id;
pub use schedule::{ScheduleObject, ScheduleQuery};
