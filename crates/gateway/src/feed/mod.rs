//! The feed of events: entries of the journal as they are recorded, each as its follower may see it.

mod batch;
mod filter;
mod follower;
mod moment;
mod query;
mod scope;
mod subscription;

pub use batch::{EventBatch, EventObject};
pub use filter::EventFilterInput;
pub(crate) use follower::is_changed;
pub use follower::{Events, Follower, Pace, Place};
pub use moment::Moments;
pub use query::EventQuery;
pub use scope::{digest, scope_of};
pub use subscription::Subscription;
