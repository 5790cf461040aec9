//! Receipts: what the author of a recorded act gets, each time he asks.

use super::{ActId, ActKind, Digest};
use crate::quantity::Instant;

/// That an act is recorded, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    pub seq: i64,
    pub act_id: ActId,
    pub kind: ActKind,
    pub effective_at: Instant,
    pub recorded_at: Instant,
    /// The hash of the entry, which chains all before it.
    pub hash: Digest,
}
