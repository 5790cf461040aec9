//! Persistence of Yulin: the journal and its writer, the projections, and what is asked of them.
//!
//! SQL lives here; decisions do not. What differs between SQLite and PostgreSQL stands in `dialect.rs`.

mod backup;
mod database;
mod dialect;
mod entity;
mod error;
mod factor;
mod forget;
pub mod journal;
mod keys;
mod keys_kept;
mod keys_narrowed;
mod land;
mod log;
mod measured;
mod record;
mod registry;
mod servers;
mod verify;
mod webhook;

pub use backup::{BackupError, backup};
pub use error::{OpenError, PerformError, PersistenceError, SearchError, SnapshotRefused};
pub use factor::{
    AccountFilter, EntryLine, FactorTotals, HoldFilter, LotLife, Lots, PurposeTotal, Round, Watch, WatchError,
};
pub use journal::{ActFilter, Head, Preview, Rehearsal, rebuild};
pub use journal::{FEED_SCAN_MAX, Feed, FeedBatch, FeedEvent, FeedFilter, FeedScope};
pub use keys::Identity;
pub use keys_kept::{KeptKey, KeyState, NamedKeyError, Rotated};
pub use keys_narrowed::Narrowed;
pub use land::search::{
    Cursor, CursorKey, Direction, FacetRow, Facets, Found, Near, OrderField, ParcelQuery, SearchPage, Sight, Wants,
};
pub use land::{MapBox, MapParcel};
pub use log::{ExtractError, ProofError};
pub use measured::describe_metrics;
pub use record::{AsOf, PartyFilter, RecordedAt, Snapshot, Versioned};
pub use registry::{Migrate, OpenOptions, Registry};
pub use servers::ReadFrom;
pub use verify::{VerifyOptions, VerifyProgress, VerifyReport, Wrong, verify};
pub use webhook::{Failing, Held, NewWebhook, Ready, Secrets, Undelivered, Webhook, WebhookId, WebhookState};
