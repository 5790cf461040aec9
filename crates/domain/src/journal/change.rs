//! Changes: the results of an act, as the journal keeps them and folds apply them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Record, RecordKey, Span, Subject};

/// A state of a record and when it is valid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Version {
    pub valid: Span,
    pub state: Arc<Record>,
}

/// "Within this span of valid time, the record is now known to be so."
///
/// No version within the span means that the record is then not there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Whose chain of entries this change belongs to.
    pub subject: Subject,
    /// The entry before this one in the subject's chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<i64>,
    /// The record that changes.
    pub key: RecordKey,
    /// The part of valid time about which the change speaks.
    pub span: Span,
    /// What is valid within the span, in order, disjoint.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<Version>,
}

impl Change {
    /// The record is so from the start of the span to its end. The chain link is set when the entry is made.
    pub fn put(subject: Subject, key: RecordKey, span: Span, state: impl Into<Record>) -> Self {
        let state = Arc::new(state.into());
        Self { subject, previous: None, key, span, versions: vec![Version { valid: span, state }] }
    }

    /// The record is not there within the span.
    pub const fn void(subject: Subject, key: RecordKey, span: Span) -> Self {
        Self { subject, previous: None, key, span, versions: Vec::new() }
    }
}
