//! The feed: entries of the journal as one viewer may follow them, each with the one before it that he was shown.
//!
//! What a viewer may follow is given; who he is and whether he still may is asked by the gateway. Everything is bounded by
//! one snapshot, and the journal only grows, so a few statements answer as one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use serde_json::json;
use yulin_domain::journal::{ActKind, Entry, ParcelId, PartyId, Subject};

use super::read::entry_of;
use crate::dialect::{among, listed, rows_of, statement, texts};
use crate::entity::journal;
use crate::error::PersistenceError;
use crate::record::Snapshot;
use crate::registry::Registry;

/// Entries that one batch looks at; where none of them matches, the batch only says how far it is complete.
pub const FEED_SCAN_MAX: i64 = 50_000;

/// What a viewer may see of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedScope {
    /// Every entry.
    Everything,
    /// Entries that changed one of these subjects, each from an entry on; a few thousand are well borne.
    Subjects(Arc<BTreeMap<Subject, i64>>),
}

/// Which entries are followed; what is empty narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedFilter {
    /// Kinds of act. A bundle is of the kind BUNDLE, whatever its legs do.
    pub kinds: BTreeSet<ActKind>,
    pub subjects: BTreeSet<Subject>,
}

/// What is followed: a filter within a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    pub scope: FeedScope,
    pub filter: FeedFilter,
}

/// An entry of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEvent {
    pub entry: Entry,
    /// The entry before it in the same feed; none for the first.
    pub previous: Option<i64>,
}

/// A piece of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedBatch {
    /// In order of `seq`; whoever is told of them shares them.
    pub events: Vec<Arc<FeedEvent>>,
    /// Every entry of the feed after the place asked for and up to here is among the events.
    pub complete_to: i64,
}

impl FeedScope {
    /// Whether entries on this subject may be seen.
    pub fn holds(&self, subject: &Subject) -> bool {
        self.tells(subject, i64::MAX)
    }

    /// Whether an entry on this subject may be seen.
    pub fn tells(&self, subject: &Subject, seq: i64) -> bool {
        match self {
            Self::Everything => true,
            Self::Subjects(subjects) => subjects.get(subject).is_some_and(|from| *from <= seq),
        }
    }
}

impl Feed {
    /// The subjects to which the feed is narrowed, each from an entry on; none where it is not.
    fn subjects(&self) -> Option<Value> {
        let asked = &self.filter.subjects;
        match &self.scope {
            FeedScope::Everything => (!asked.is_empty()).then(|| from_on(asked.iter().map(|subject| (*subject, 0)))),
            FeedScope::Subjects(seen) => {
                let is_asked = |subject: &Subject| asked.is_empty() || asked.contains(subject);
                let seen = seen.iter().map(|(subject, from)| (*subject, *from));
                Some(from_on(seen.filter(|(subject, _)| is_asked(subject))))
            }
        }
    }

    /// The parameters that narrow it: subjects, then kinds.
    fn narrowing(&self) -> (Option<Value>, Option<Value>) {
        let kinds = &self.filter.kinds;
        let kinds = (!kinds.is_empty()).then(|| texts(kinds.iter().map(|kind| kind.name())));
        (self.subjects(), kinds)
    }
}

/// Columns of the rows that narrow a feed to subjects.
const FROM_ON: [(&str, &str); 2] = [("subject", "text"), ("since", "bigint")];

fn from_on(subjects: impl Iterator<Item = (Subject, i64)>) -> Value {
    let rows = subjects.map(|(subject, since)| json!({ "subject": subject.to_string(), "since": since }));
    rows.collect::<serde_json::Value>().to_string().into()
}

impl Registry {
    /// The entries of a feed after `after`, at most `limit`, none beyond the snapshot; in two statements.
    pub async fn feed(
        &self,
        snapshot: &Snapshot,
        feed: &Feed,
        after: i64,
        limit: usize,
    ) -> Result<FeedBatch, PersistenceError> {
        let up_to = snapshot.seq.min(after.saturating_add(FEED_SCAN_MAX));
        if after >= up_to {
            return Ok(FeedBatch { events: Vec::new(), complete_to: up_to });
        }
        let entries = self.feed_entries(feed, (after, up_to), limit).await?;
        let is_full = entries.len() == limit;
        let complete_to = entries.last().filter(|_| is_full).map_or(up_to, |last| last.header.seq);
        let mut previous = if entries.is_empty() { None } else { self.feed_before(feed, after).await? };
        let mut events = Vec::with_capacity(entries.len());
        for entry in entries {
            let seq = entry.header.seq;
            events.push(Arc::new(FeedEvent { entry, previous }));
            previous = Some(seq);
        }
        Ok(FeedBatch { events, complete_to })
    }

    async fn feed_entries(
        &self,
        feed: &Feed,
        (after, up_to): (i64, i64),
        limit: usize,
    ) -> Result<Vec<Entry>, PersistenceError> {
        let (subjects, kinds) = feed.narrowing();
        let mut values: Vec<Value> = vec![after.into(), up_to.into()];
        let mut sql = "SELECT j.* FROM journal j WHERE j.seq > $1 AND j.seq <= $2".to_owned();
        if let Some(subjects) = subjects {
            values.push(subjects);
            sql = format!(
                "{} {sql} AND j.seq IN (SELECT e.seq FROM one JOIN subject_entry e ON e.subject = one.subject \
                 AND e.seq > $1 AND e.seq <= $2 WHERE e.seq >= one.since)",
                rows_of(self.reader(), "one", values.len(), &FROM_ON)
            );
        }
        if let Some(kinds) = kinds {
            values.push(kinds);
            sql += &format!(" AND {}", among(self.reader(), "j.kind", values.len()));
        }
        values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
        sql += &format!(" ORDER BY j.seq LIMIT ${}", values.len());
        let rows = self.reader().query_all_raw(statement(self.reader(), sql, values)).await?;
        rows.iter().map(|row| entry_of(journal::Model::from_query_result(row, "")?)).collect()
    }

    /// The last entry of a feed up to a place: asked a subject and a kind at a time, which an index answers each.
    async fn feed_before(&self, feed: &Feed, place: i64) -> Result<Option<i64>, PersistenceError> {
        let subjects = || rows_of(self.reader(), "one", 2, &FROM_ON);
        let (sql, narrowing) = match feed.narrowing() {
            (None, None) => return Ok((place > 0).then_some(place)),
            (None, Some(kinds)) => {
                let last = "SELECT max(j.seq) FROM journal j WHERE j.kind = one.value AND j.seq <= $1";
                (format!("SELECT max(({last})) AS seq FROM {}", listed(self.reader(), "one", 2)), vec![kinds])
            }
            (Some(narrowed), None) => {
                let last = "SELECT max(e.seq) FROM subject_entry e WHERE e.subject = one.subject AND e.seq <= $1 \
                            AND e.seq >= one.since";
                (format!("{} SELECT max(({last})) AS seq FROM one", subjects()), vec![narrowed])
            }
            (Some(narrowed), Some(kinds)) => {
                let last = format!(
                    "SELECT e.seq FROM subject_entry e JOIN journal j ON j.seq = e.seq WHERE e.subject = one.subject \
                     AND e.seq <= $1 AND e.seq >= one.since AND {} ORDER BY e.seq DESC LIMIT 1",
                    among(self.reader(), "j.kind", 3)
                );
                (format!("{} SELECT max(({last})) AS seq FROM one", subjects()), vec![narrowed, kinds])
            }
        };
        let mut values: Vec<Value> = vec![place.into()];
        values.extend(narrowing);
        let row = self.reader().query_one_raw(statement(self.reader(), sql, values)).await?;
        Ok(row.map(|row| row.try_get("", "seq")).transpose()?.flatten())
    }

    /// Whether any of the subjects, each from an entry on, had an entry up to `seq`.
    pub async fn any_entry_by(
        &self,
        subjects: impl Iterator<Item = (Subject, i64)>,
        seq: i64,
    ) -> Result<bool, PersistenceError> {
        let sql = format!(
            "{} SELECT e.seq FROM one JOIN subject_entry e ON e.subject = one.subject AND e.seq <= $2 \
             WHERE e.seq >= one.since LIMIT 1",
            rows_of(self.reader(), "one", 1, &FROM_ON)
        );
        let values = vec![from_on(subjects), seq.into()];
        Ok(self.reader().query_one_raw(statement(self.reader(), sql, values)).await?.is_some())
    }

    /// The parcels in which a party holds a right as of a snapshot.
    pub async fn parcels_held(&self, snapshot: &Snapshot, party: PartyId) -> Result<Vec<ParcelId>, PersistenceError> {
        let [seq, valid] = crate::record::as_of_values(snapshot);
        let sql = format!("SELECT DISTINCT h.parcel {}", self.rights_of(1, 2));
        let rows =
            self.reader().query_all_raw(statement(self.reader(), sql, vec![party.to_string().into(), seq, valid]));
        let parcel = |row: sea_orm::QueryResult| {
            let text: String = row.try_get("", "parcel")?;
            text.parse().map_err(|why: uuid::Error| PersistenceError::corrupt("record_version", &text, why))
        };
        rows.await?.into_iter().map(parcel).collect()
    }
}
