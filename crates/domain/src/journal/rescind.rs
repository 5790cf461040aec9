//! Rescinding: a mistaken act is void in recorded time, where nothing depends on it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    ActId, Body, Change, Context, Decision, Needs, ParcelId, Record, RecordKey, RecordKind, Refused, Row, Span,
    Subject, Version, WorkingSet,
};
use crate::error_catalogue::ErrorCode;
use crate::land::{Parcel, check_overlap};

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
        let new = entry.before.iter().filter(|(.., rows)| rows.is_empty());
        let made: Vec<_> = new.map(|(_, key, _)| *key).collect();
        let naming = context.set.naming_since(self.seq, &made).chain(entry.dependents.iter().copied());
        let mut dependents: Vec<_> = later.filter(|head| *head > self.seq).chain(naming).collect();
        dependents.sort_unstable();
        dependents.dedup();
        if !dependents.is_empty() {
            return Err(Refused::new(ErrorCode::HasDependents).at("act").with("entries", dependents));
        }
        entry.fits_again(context.set)?;
        let changes = entry.before.iter().map(|(subject, key, rows)| restored(*subject, *key, rows));
        Ok(changes.collect::<Vec<_>>().into())
    }
}

impl Rescindable {
    /// Whether what would be known again agrees with what has been recorded since: it bears no name that another now
    /// bears, and overlaps no land registered since.
    fn fits_again(&self, set: &WorkingSet) -> Result<(), Refused> {
        let keys: Vec<_> = self.before.iter().map(|(_, key, _)| *key).collect();
        let parcels: Vec<_> =
            keys.iter().filter(|key| key.kind == RecordKind::Parcel).map(|key| ParcelId(key.id)).collect();
        for (_, _, rows) in &self.before {
            for row in rows {
                for claim in row.state.claims() {
                    if let Some(other) = set.claimants(&claim).find(|other| !keys.contains(other)) {
                        let refused = Refused::new(ErrorCode::HasDependents).at("act");
                        return Err(refused.with("name", claim.name().to_owned()).told("record", other));
                    }
                }
                parcel_of(row).map_or(Ok(()), |parcel| check_overlap(set, parcel, row.valid, &parcels))?;
            }
        }
        Ok(())
    }
}

fn parcel_of(row: &Row) -> Option<&Parcel> {
    match &*row.state {
        Record::Parcel(parcel) => Some(parcel),
        _ => None,
    }
}

/// The record is again known as it was.
fn restored(subject: Subject, key: RecordKey, rows: &[Row]) -> Change {
    let versions = rows.iter().map(|row| Version { valid: row.valid, state: Arc::clone(&row.state) });
    Change { subject, previous: None, key, span: Span::ALL, versions: versions.collect() }
}
