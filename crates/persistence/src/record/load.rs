//! Loading the working set of a batch: what its acts may look at, in a few statements whatever their number.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, Value};
use yulin_domain::geometry::Footprint;
use yulin_domain::journal::{
    Act, Claim, EntryBody, Needs, PreparedFootprints, PrincipalId, Record, RecordKey, RecordKind, Rescindable, Row,
    Subject, WorkingSet,
};

use super::row::{claim_text, open_row};
use crate::dialect::{among, holds, in_boxes, statement};
use crate::entity::{journal, record_version};
use crate::error::PersistenceError;

/// What the acts of a batch may look at, loaded into a working set.
pub async fn load(
    connection: &impl ConnectionTrait,
    acts: &[(&Act, &PreparedFootprints)],
) -> Result<WorkingSet, PersistenceError> {
    let mut needs = Needs::default();
    let mut principals: BTreeSet<PrincipalId> = BTreeSet::new();
    for (act, _) in acts {
        principals.insert(act.envelope.principal);
        act.legs.iter().for_each(|leg| leg.needs(&mut needs));
    }
    needs.records.extend(principals.into_iter().map(RecordKey::from));
    needs.records.extend(needs.parcels.iter().map(|parcel| RecordKey::from(*parcel)));
    let mut loader = Loader { connection, set: WorkingSet::default(), subjects: BTreeSet::new() };
    loader.by_claims(&needs).await?;
    loader.by_keys(&needs.records).await?;
    loader.on_parcels(&needs.parcels).await?;
    loader.neighbours(acts, &needs).await?;
    loader.districts().await?;
    loader.entries(&needs.entries).await?;
    loader.heads().await?;
    Ok(loader.set)
}

struct Loader<'a, C> {
    connection: &'a C,
    set: WorkingSet,
    subjects: BTreeSet<String>,
}

impl<C: ConnectionTrait> Loader<'_, C> {
    /// Takes in all rows now known of the records that meet a condition.
    async fn take(&mut self, condition: &str, values: Vec<Value>) -> Result<(), PersistenceError> {
        let sql = format!("SELECT * FROM record_version WHERE recorded_to = {} AND {condition}", i64::MAX);
        let rows = self.connection.query_all_raw(statement(self.connection, sql, values)).await?;
        let mut records: HashMap<RecordKey, Vec<Row>> = HashMap::new();
        for row in rows {
            let model = record_version::Model::from_query_result(&row, "")?;
            let key = key_of(&model)?;
            records.entry(key).or_default().push(open_row(&model)?);
            self.subjects.insert(model.subject);
        }
        for (key, rows) in records {
            self.set.load(key, rows);
        }
        Ok(())
    }

    async fn by_keys(&mut self, keys: &[RecordKey]) -> Result<(), PersistenceError> {
        let ids: BTreeSet<_> = keys.iter().filter(|key| !self.set.has(**key)).map(|key| key.id.to_string()).collect();
        // A head may exist of a subject of which nothing is known any more: rescinded.
        self.subjects.extend(keys.iter().map(ToString::to_string));
        self.by_texts("id", ids).await
    }

    async fn by_texts(&mut self, column: &str, texts: BTreeSet<String>) -> Result<(), PersistenceError> {
        if texts.is_empty() {
            return Ok(());
        }
        let list = serde_json::Value::from(texts.into_iter().collect::<Vec<_>>()).to_string();
        self.take(&among(self.connection, column, 1), vec![list.into()]).await
    }

    /// The bearers of names, with everything known of them.
    async fn by_claims(&mut self, needs: &Needs) -> Result<(), PersistenceError> {
        let nil = yulin_domain::journal::DistrictId(uuid::Uuid::nil());
        let codes = needs.parcel_codes.iter().map(|code| claim_text(&Claim::ParcelCode(nil, code.clone())));
        self.bearers(needs.claims.iter().map(claim_text).chain(codes).collect()).await
    }

    async fn bearers(&mut self, names: BTreeSet<String>) -> Result<(), PersistenceError> {
        if names.is_empty() {
            return Ok(());
        }
        let list: Value = serde_json::Value::from(names.into_iter().collect::<Vec<_>>()).to_string().into();
        let bearing = format!(
            "SELECT id FROM record_version WHERE recorded_to = {open} AND {} \
             UNION SELECT id FROM record_version WHERE recorded_to = {open} AND {}",
            among(self.connection, "claim_a", 1),
            among(self.connection, "claim_b", 1),
            open = i64::MAX,
        );
        self.take(&format!("id IN ({bearing})"), vec![list]).await
    }

    async fn on_parcels(&mut self, parcels: &[yulin_domain::journal::ParcelId]) -> Result<(), PersistenceError> {
        self.by_texts("parcel", parcels.iter().map(ToString::to_string).collect()).await
    }

    /// Parcels near the footprints that acts bring, and near the parcels they change.
    async fn neighbours(
        &mut self,
        acts: &[(&Act, &PreparedFootprints)],
        needs: &Needs,
    ) -> Result<(), PersistenceError> {
        let brought = acts.iter().flat_map(|(_, prepared)| prepared.0.values());
        let mut boxes: Vec<[f64; 4]> = brought.map(|prepared| prepared.footprint.bounds_lonlat()).collect();
        for parcel in &needs.neighbours_of {
            let rows = self.set.timeline(*parcel).map(yulin_domain::journal::Timeline::rows).unwrap_or_default();
            boxes.extend(rows.iter().filter_map(box_of));
        }
        self.near(&boxes).await
    }

    async fn near(&mut self, boxes: &[[f64; 4]]) -> Result<(), PersistenceError> {
        if boxes.is_empty() {
            return Ok(());
        }
        let list = serde_json::to_string(boxes).map_err(|why| PersistenceError::corrupt("parcel_index", "-", why))?;
        let near =
            self.connection.query_all_raw(statement(self.connection, in_boxes(self.connection), vec![list.into()]));
        let mut ids = BTreeSet::new();
        for row in near.await? {
            let id: String = row.try_get("", "id")?;
            let key: RecordKey = format!("parcel:{id}").parse().map_err(|why| corrupt_id(&id, why))?;
            if !self.set.has(key) {
                ids.insert(id);
            }
        }
        self.by_texts("id", ids).await
    }

    /// All districts: they are few, and every act on land asks for its own.
    async fn districts(&mut self) -> Result<(), PersistenceError> {
        self.take("kind = 'district'", vec![]).await
    }

    async fn heads(&mut self) -> Result<(), PersistenceError> {
        let list = serde_json::Value::from(self.subjects.iter().cloned().collect::<Vec<_>>()).to_string();
        let sql = format!(
            "SELECT subject, max(seq) AS seq FROM subject_entry WHERE {} GROUP BY subject",
            among(self.connection, "subject", 1)
        );
        for row in self.connection.query_all_raw(statement(self.connection, sql, vec![list.into()])).await? {
            let text: String = row.try_get("", "subject")?;
            let subject: Subject = text.parse().map_err(|why| corrupt_id(&text, why))?;
            self.set.load_head(subject, row.try_get("", "seq")?);
        }
        Ok(())
    }

    /// What is needed to rescind entries: the rows known before each, and what was recorded on the strength of it.
    async fn entries(&mut self, seqs: &[i64]) -> Result<(), PersistenceError> {
        for seq in seqs {
            let Some(entry) = journal::Entity::find_by_id(*seq).one(self.connection).await? else { continue };
            let body = EntryBody::decode(&entry.body).and_then(|body| body.read_changes());
            let changes = body.map_err(|why| PersistenceError::corrupt("journal", seq, why))?;
            let act = entry.act_id.parse().map_err(|why| PersistenceError::corrupt("journal", seq, why))?;
            let mut before: BTreeMap<RecordKey, (Subject, Vec<Row>)> = BTreeMap::new();
            for change in changes {
                let rows = self.before(change.key, *seq).await?;
                self.subjects.insert(change.subject.to_string());
                before.insert(change.key, (change.subject, rows));
            }
            let keys: Vec<_> = before.keys().copied().collect();
            self.by_keys(&keys).await?;
            let made = before.iter().filter(|(_, (_, rows))| rows.is_empty()).map(|(key, _)| *key);
            let dependents = self.dependents(&made.collect::<Vec<_>>(), *seq).await?;
            // What would be known again meets what has been recorded since.
            let again: Vec<_> = before.values().flat_map(|(_, rows)| rows).collect();
            self.near(&again.iter().copied().filter_map(box_of).collect::<Vec<_>>()).await?;
            self.bearers(again.iter().flat_map(|row| row.state.claims()).map(|claim| claim_text(&claim)).collect())
                .await?;
            let before = before.into_iter().map(|(key, (subject, rows))| (subject, key, rows)).collect();
            self.set.load_rescindable(*seq, Rescindable { act, before, dependents });
        }
        Ok(())
    }

    async fn before(&self, key: RecordKey, seq: i64) -> Result<Vec<Row>, PersistenceError> {
        let sql =
            "SELECT * FROM record_version WHERE kind = $1 AND id = $2 AND recorded_from < $3 AND recorded_to >= $3";
        let values = vec![key.kind.tag().into(), key.id.to_string().into(), seq.into()];
        let rows = self.connection.query_all_raw(statement(self.connection, sql, values)).await?;
        rows.iter().map(|row| open_row(&record_version::Model::from_query_result(row, "")?)).collect()
    }

    /// Later entries whose records name a party or a district that the entry made.
    async fn dependents(&self, keys: &[RecordKey], seq: i64) -> Result<Vec<i64>, PersistenceError> {
        let mut found = Vec::new();
        for key in keys {
            let Some(naming) = naming(self.connection, key.kind) else { continue };
            let sql = format!(
                "SELECT DISTINCT recorded_from AS seq FROM ({naming}) AS naming \
                 WHERE recorded_from > $2 AND recorded_to = {} ORDER BY 1 LIMIT 100",
                i64::MAX
            );
            let values = vec![key.id.to_string().into(), seq.into()];
            for row in self.connection.query_all_raw(statement(self.connection, sql, values)).await? {
                found.push(row.try_get("", "seq")?);
            }
        }
        Ok(found)
    }
}

fn box_of(row: &Row) -> Option<[f64; 4]> {
    match &*row.state {
        Record::Parcel(parcel) => parcel.footprint.as_ref().map(Footprint::bounds_lonlat),
        _ => None,
    }
}

/// The versions of records that name the record of a kind whose id is the first parameter.
fn naming(connection: &impl ConnectionTrait, kind: RecordKind) -> Option<String> {
    match kind {
        RecordKind::Party => Some(format!(
            "SELECT v.recorded_from, v.recorded_to FROM party_record n \
             JOIN record_version v ON v.kind = n.kind AND v.id = n.id WHERE n.party = $1 AND {}",
            holds(connection, "v.parties", 1)
        )),
        RecordKind::District => Some(
            "SELECT recorded_from, recorded_to FROM parcel_index WHERE district = $1 \
             UNION ALL SELECT recorded_from, recorded_to FROM record_version \
             WHERE kind IN ('zone', 'feature', 'district') AND district = $1"
                .to_owned(),
        ),
        RecordKind::Erasure
        | RecordKind::Principal
        | RecordKind::Parcel
        | RecordKind::Right
        | RecordKind::Restriction
        | RecordKind::Freeze
        | RecordKind::Zone
        | RecordKind::Feature
        | RecordKind::Schedule => None,
    }
}

fn key_of(model: &record_version::Model) -> Result<RecordKey, PersistenceError> {
    let text = format!("{}:{}", model.kind, model.id);
    text.parse().map_err(|why| PersistenceError::corrupt("record_version", model.row_id, why))
}

fn corrupt_id(id: &str, why: String) -> PersistenceError {
    PersistenceError::corrupt("record_version", id, why)
}
