//! What the registry now knows of one record over valid time, and how a change alters it.
//!
//! One function folds a change, in the writer, in verification and in rebuilding alike.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Change, Record};
use crate::quantity::Instant;

/// A half-open interval of valid time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    #[serde(default = "earliest", skip_serializing_if = "is_earliest")]
    pub from: Instant,
    #[serde(default = "latest", skip_serializing_if = "is_latest")]
    pub to: Instant,
}

impl Span {
    /// All of time.
    pub const ALL: Self = Self { from: Instant::MIN, to: Instant::MAX };

    /// From an instant onwards.
    pub const fn since(from: Instant) -> Self {
        Self { from, to: Instant::MAX }
    }

    /// Whether the instant lies within.
    pub fn contains(self, instant: Instant) -> bool {
        self.from <= instant && instant < self.to
    }

    /// The common part, if any.
    pub fn intersection(self, other: Self) -> Option<Self> {
        let common = Self { from: self.from.max(other.from), to: self.to.min(other.to) };
        (common.from < common.to).then_some(common)
    }
}

/// One state of a record, valid in a span, known since an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub valid: Span,
    pub recorded_from: i64,
    pub state: Arc<Record>,
}

/// What names a row within its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RowKey {
    pub recorded_from: i64,
    pub valid_from: Instant,
}

/// What a change did to the rows of a record.
#[derive(Debug, Default, PartialEq)]
pub struct Effects {
    /// Rows known no longer from this entry on.
    pub closed: Vec<RowKey>,
    /// Rows known from this entry on.
    pub opened: Vec<Row>,
}

/// The rows now known of a record: disjoint, in order of valid time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Timeline {
    rows: Vec<Row>,
}

impl Timeline {
    /// A timeline of rows that are known now; order does not matter, overlaps must not occur.
    pub fn of(mut rows: Vec<Row>) -> Self {
        rows.sort_by_key(|row| row.valid.from);
        Self { rows }
    }

    /// The rows in order of valid time.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The state valid at an instant.
    pub fn at(&self, instant: Instant) -> Option<&Row> {
        self.rows.iter().find(|row| row.valid.contains(instant))
    }

    /// The last row in valid time.
    pub fn last(&self) -> Option<&Row> {
        self.rows.last()
    }

    /// Whether nothing is known of the record.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Applies a change recorded by entry `seq`: within its span the rows become its versions; what lies
    /// outside stays as it was.
    pub fn apply(&mut self, change: &Change, seq: i64) -> Effects {
        let mut effects = Effects::default();
        let mut kept = Vec::with_capacity(self.rows.len() + change.versions.len() + 1);
        for row in self.rows.drain(..) {
            if row.valid.intersection(change.span).is_none() {
                kept.push(row);
                continue;
            }
            effects.closed.push(RowKey { recorded_from: row.recorded_from, valid_from: row.valid.from });
            effects.opened.extend(remainders(&row, change.span, seq));
        }
        effects.opened.extend(change.versions.iter().map(|version| Row {
            valid: version.valid,
            recorded_from: seq,
            state: Arc::clone(&version.state),
        }));
        kept.extend(effects.opened.iter().cloned());
        *self = Self::of(kept);
        effects
    }
}

/// What is left of a row outside a span, now known by entry `seq`.
fn remainders(row: &Row, span: Span, seq: i64) -> impl Iterator<Item = Row> {
    let before = Span { from: row.valid.from, to: span.from };
    let after = Span { from: span.to, to: row.valid.to };
    [before, after].into_iter().filter(|part| part.from < part.to).map(move |valid| Row {
        valid,
        recorded_from: seq,
        state: Arc::clone(&row.state),
    })
}

const fn earliest() -> Instant {
    Instant::MIN
}

const fn latest() -> Instant {
    Instant::MAX
}

// Serde hands a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_earliest(instant: &Instant) -> bool {
    *instant == Instant::MIN
}

// Serde hands a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_latest(instant: &Instant) -> bool {
    *instant == Instant::MAX
}
