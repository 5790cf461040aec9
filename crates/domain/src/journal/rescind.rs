//! Rescinding: a mistaken act is void in recorded time, where nothing depends on it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{ActId, Body, Change, Context, Decision, Needs, RecordKey, Refused, Row, Span, Subject, Version};
use crate::error_catalogue::ErrorCode;

/// Voids the act recorded as `seq`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RescindAct {
    pub seq: i64,
    pub act: ActId,
}

/// What persistence knows of the entry to be rescinded.
#[derive(Debug, Clone)]
pub struct Rescindable {
    pub act: ActId,
    /// Every record the entry changed, its subject, and the rows that were known just before.
    pub before: Vec<(Subject, RecordKey, Vec<Row>)>,
    /// Later entries that speak of what this one made.
    pub dependents: Vec<i64>,
}

impl Body for RescindAct {
    fn needs(&self, needs: &mut Needs) {
        needs.entries.push(self.seq);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let unknown = || Refused::new(ErrorCode::NotFound).at("act").with("seq", self.seq);
        let entry = context.set.rescindable(self.seq).filter(|entry| entry.act == self.act).ok_or_else(unknown)?;
        let later = entry.before.iter().filter_map(|(subject, ..)| context.set.head(*subject));
        let mut dependents: Vec<_> = later.filter(|head| *head > self.seq).chain(entry.dependents.clone()).collect();
        dependents.sort_unstable();
        dependents.dedup();
        if !dependents.is_empty() {
            return Err(Refused::new(ErrorCode::HasDependents).at("act").with("entries", dependents));
        }
        let changes = entry.before.iter().map(|(subject, key, rows)| restored(*subject, *key, rows));
        Ok(changes.collect::<Vec<_>>().into())
    }
}

/// The record is again known as it was.
fn restored(subject: Subject, key: RecordKey, rows: &[Row]) -> Change {
    let versions = rows.iter().map(|row| Version { valid: row.valid, state: Arc::clone(&row.state) });
    Change { subject, previous: None, key, span: Span::ALL, versions: versions.collect() }
}
