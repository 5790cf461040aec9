//! What is needed to rescind entries, in a few statements however many are named.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter};
use yulin_domain::journal::{
    ActBody, ActId, ActKind, Change, EntryBody, RESCIND_MAX, RecordKey, RecordKind, Rescindable, Row, Subject,
};

use super::load::{Loader, box_of, key_of};
use super::row::{claim_text, open_row};
use crate::dialect::{among, statement, texts};
use crate::entity::{journal, record_version};
use crate::error::PersistenceError;

/// Dependents that are told of one record.
const TOLD_MAX: usize = 100;

/// An entry as it stands in the journal.
struct Named {
    seq: i64,
    act: ActId,
    kinds: Vec<ActKind>,
    changes: usize,
    changed: BTreeMap<RecordKey, Subject>,
}

/// Versions of records, each with the entry that closed it.
type Versions = HashMap<RecordKey, Vec<(Row, i64)>>;

impl<C: ConnectionTrait> Loader<'_, C> {
    /// The rows known before each entry, and what was recorded on the strength of it.
    pub(super) async fn entries(&mut self, seqs: &[i64]) -> Result<(), PersistenceError> {
        if seqs.is_empty() {
            return Ok(());
        }
        let named = self.named(seqs).await?;
        let subjects = named.iter().flat_map(|entry| entry.changed.values());
        self.subjects.extend(subjects.map(ToString::to_string));
        let keys: BTreeSet<_> = named.iter().flat_map(|entry| entry.changed.keys().copied()).collect();
        let mut entries = Vec::new();
        let versions = self.versions(&keys, &named).await?;
        for mut entry in named {
            let subjects: BTreeSet<_> = entry.changed.values().map(ToString::to_string).collect();
            let before = std::mem::take(&mut entry.changed)
                .into_iter()
                .map(|(key, subject)| (subject, key, known(&versions, key, entry.seq)));
            let (before, dependents) = (before.collect(), Vec::new());
            let later = self.later(entry.seq, &subjects).await?;
            let Named { seq, act, kinds, changes, .. } = entry;
            let (void_by, later, seen) = (later.void_by(seq), later.standing(), later.seen(seq));
            entries.push((seq, Rescindable { act, kinds, changes, before, void_by, later, seen, dependents }));
        }
        // Where a right lies is told by its parcel.
        let headed = entries.iter().flat_map(|(_, entry)| &entry.before).map(|(subject, ..)| subject.key());
        let keys: BTreeSet<_> = keys.into_iter().chain(headed).collect();
        self.by_keys(&keys.into_iter().collect::<Vec<_>>()).await?;
        self.dependents(&mut entries).await?;
        // What would be known again meets what has been recorded since.
        let again: Vec<_> = entries.iter().flat_map(|(_, entry)| &entry.before).flat_map(|(.., rows)| rows).collect();
        let boxes: Vec<_> = again.iter().copied().filter_map(box_of).collect();
        let claims = again.iter().flat_map(|row| row.state.claims()).map(|claim| claim_text(&claim)).collect();
        let parties: Vec<_> = again.iter().flat_map(|row| row.state.parties()).map(RecordKey::from).collect();
        self.near(&boxes).await?;
        self.bearers(claims).await?;
        self.by_keys(&parties).await?;
        for (seq, entry) in entries {
            self.set.load_rescindable(seq, entry);
        }
        Ok(())
    }

    async fn named(&self, seqs: &[i64]) -> Result<Vec<Named>, PersistenceError> {
        let seqs: BTreeSet<_> = seqs.iter().copied().collect();
        let entries = journal::Entity::find().filter(journal::Column::Seq.is_in(seqs)).all(self.connection).await?;
        entries.iter().map(Named::read).collect()
    }

    /// The versions of records known just before one of the entries, or between them.
    async fn versions(&self, keys: &BTreeSet<RecordKey>, named: &[Named]) -> Result<Versions, PersistenceError> {
        let mut versions = Versions::new();
        let seqs = named.iter().map(|entry| entry.seq);
        let (Some(first), Some(last)) = (seqs.clone().min(), seqs.max()) else { return Ok(versions) };
        let sql = format!(
            "SELECT * FROM record_version WHERE {} AND recorded_from < $2 AND recorded_to >= $3",
            among(self.connection, "id", 1)
        );
        let values = vec![texts(keys.iter().map(|key| key.id)), last.into(), first.into()];
        for row in self.connection.query_all_raw(statement(self.connection, sql, values)).await? {
            let model = record_version::Model::from_query_result(&row, "")?;
            versions.entry(key_of(&model)?).or_default().push((open_row(&model)?, model.recorded_to));
        }
        Ok(versions)
    }

    /// The entries after one on some subjects, and which of them voided which.
    async fn later(&self, seq: i64, subjects: &BTreeSet<String>) -> Result<Later, PersistenceError> {
        let sql = format!(
            "SELECT j.seq, CASE WHEN j.kind = $3 THEN j.body END AS body FROM journal j WHERE j.seq IN \
             (SELECT e.seq FROM subject_entry e WHERE {} AND e.seq > $2) ORDER BY j.seq DESC",
            among(self.connection, "e.subject", 1)
        );
        let values = vec![texts(subjects), seq.into(), ActKind::RescindAct.name().into()];
        let mut later = Later::default();
        for row in self.connection.query_all_raw(statement(self.connection, sql, values)).await? {
            let (seq, body): (i64, Option<Vec<u8>>) = (row.try_get("", "seq")?, row.try_get("", "body")?);
            later.take(seq, body.map(|body| rescinded(seq, &body)).transpose()?.flatten());
        }
        Ok(later)
    }

    /// Later entries that name what an entry made, told of the entry.
    async fn dependents(&self, entries: &mut [(i64, Rescindable)]) -> Result<(), PersistenceError> {
        let Some(first) = entries.iter().map(|(seq, _)| *seq).min() else { return Ok(()) };
        let mut makers: HashMap<String, usize> = HashMap::new();
        let mut made: BTreeMap<RecordKind, Vec<RecordKey>> = BTreeMap::new();
        for (place, (_, entry)) in entries.iter().enumerate() {
            for (_, key, _) in entry.before.iter().filter(|(.., rows)| rows.is_empty()) {
                makers.insert(key.id.to_string(), place);
                made.entry(key.kind).or_default().push(*key);
            }
        }
        for (kind, keys) in made {
            let Some(naming) = naming(self.connection, kind) else { continue };
            let sql = format!(
                "SELECT named, seq FROM (SELECT named, seq, row_number() OVER (PARTITION BY named ORDER BY seq) AS nth \
                 FROM (SELECT DISTINCT named, recorded_from AS seq FROM ({naming}) AS naming \
                 WHERE recorded_from > $2 AND recorded_to = {}) AS later) AS told WHERE nth <= {TOLD_MAX}",
                i64::MAX
            );
            let values = vec![texts(keys.iter().map(|key| key.id)), first.into()];
            for row in self.connection.query_all_raw(statement(self.connection, sql, values)).await? {
                let (named, later): (String, i64) = (row.try_get("", "named")?, row.try_get("", "seq")?);
                if let Some((seq, entry)) = makers.get(&named).and_then(|place| entries.get_mut(*place))
                    && later > *seq
                {
                    entry.dependents.push(later);
                }
            }
        }
        Ok(())
    }
}

/// What was recorded after an entry, the last first.
#[derive(Debug, Default)]
struct Later {
    entries: Vec<i64>,
    /// What is void, and by which entry.
    void: BTreeMap<i64, i64>,
}

impl Later {
    /// Takes in an entry and the one that it voided, if it did. A rescission that is itself void voids nothing.
    fn take(&mut self, seq: i64, voided: Option<i64>) {
        self.entries.push(seq);
        if let Some(voided) = voided.filter(|_| !self.void.contains_key(&seq)) {
            self.void.insert(voided, seq);
        }
    }

    fn void_by(&self, seq: i64) -> Option<i64> {
        self.void.get(&seq).copied()
    }

    fn seen(&self, seq: i64) -> i64 {
        self.entries.first().copied().unwrap_or(seq)
    }

    /// The entries that are neither void nor did nothing but make another void.
    fn standing(&self) -> Vec<i64> {
        let is_void = |seq: &i64| self.void.contains_key(seq) || self.void.values().any(|by| by == seq);
        self.entries.iter().copied().filter(|seq| !is_void(seq)).collect()
    }
}

/// The entry that a rescission voided.
fn rescinded(seq: i64, body: &[u8]) -> Result<Option<i64>, PersistenceError> {
    let act = EntryBody::decode(body).and_then(|body| body.read_act());
    let act = act.map_err(|why| PersistenceError::corrupt("journal", seq, why))?;
    Ok(act.legs.iter().find_map(|leg| match leg {
        ActBody::RescindAct(rescind) => Some(rescind.seq),
        _ => None,
    }))
}

impl Named {
    fn read(entry: &journal::Model) -> Result<Self, PersistenceError> {
        let seq = entry.seq;
        let body = EntryBody::decode(&entry.body).map_err(|why| PersistenceError::corrupt("journal", seq, why))?;
        let act = body.read_act().map_err(|why| PersistenceError::corrupt("journal", seq, why))?;
        let changes = body.changes.len();
        let changed = if changes > RESCIND_MAX { Ok(Vec::new()) } else { body.read_changes() };
        let changed = changed.map_err(|why| PersistenceError::corrupt("journal", seq, why))?;
        let changed = changed.into_iter().map(|Change { key, subject, .. }| (key, subject)).collect();
        let kinds = act.legs.iter().map(ActBody::kind).collect();
        Ok(Self { seq, act: act.envelope.id, kinds, changes, changed })
    }
}

/// The rows of a record that were known just before an entry.
fn known(versions: &Versions, key: RecordKey, seq: i64) -> Vec<Row> {
    let of_key = versions.get(&key).into_iter().flatten();
    of_key.filter(|(row, closed)| row.recorded_from < seq && *closed >= seq).map(|(row, _)| row.clone()).collect()
}

/// What names records of a kind whose ids are the first parameter, after the entry that is the second.
fn naming(connection: &impl ConnectionTrait, kind: RecordKind) -> Option<String> {
    match kind {
        RecordKind::Party => Some(format!(
            "SELECT n.party AS named, v.recorded_from, v.recorded_to FROM party_record n \
             JOIN record_version v ON v.kind = n.kind AND v.id = n.id \
             WHERE {} AND v.parties LIKE '%' || n.party || '%'",
            among(connection, "n.party", 1)
        )),
        RecordKind::District => Some(format!(
            "SELECT district AS named, recorded_from, recorded_to FROM parcel_index WHERE {by_district} \
             UNION ALL SELECT district AS named, recorded_from, recorded_to FROM account_index WHERE {by_district} \
             UNION ALL SELECT district AS named, recorded_from, recorded_to FROM record_version \
             WHERE kind IN ('zone', 'feature', 'district') AND {by_district}",
            by_district = among(connection, "district", 1)
        )),
        // What lies on it is a matter of its own and stands with it; accounts do not.
        RecordKind::Parcel => Some(format!(
            "SELECT parcel AS named, recorded_from, recorded_to FROM record_version WHERE kind = 'account' AND {}",
            among(connection, "parcel", 1)
        )),
        // Whatever he did stays in the journal, though it may have been undone.
        RecordKind::Principal => Some(format!(
            "SELECT principal AS named, seq AS recorded_from, {} AS recorded_to FROM journal \
             WHERE {} AND seq > $2",
            i64::MAX,
            among(connection, "principal", 1)
        )),
        RecordKind::Erasure
        | RecordKind::Right
        | RecordKind::Restriction
        | RecordKind::Freeze
        | RecordKind::Zone
        | RecordKind::Feature
        | RecordKind::Schedule
        | RecordKind::Factor
        | RecordKind::Cap
        | RecordKind::Account
        | RecordKind::Issuance
        | RecordKind::Lot
        | RecordKind::Hold
        | RecordKind::Posting
        | RecordKind::Transfer
        | RecordKind::Reconciliation
        // Whoever counted by it keeps what he counted.
        | RecordKind::Calendar => None,
    }
}
