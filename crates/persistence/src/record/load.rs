//! Loading the working set of a batch: what its acts may look at, in a few statements whatever their number.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use yulin_domain::geometry::Footprint;
use yulin_domain::journal::{
    Act, ActBody, Claim, LedgerNeeds, Needs, PartyId, PreparedFootprints, PrincipalId, Record, RecordKey, Row, Subject,
    WorkingSet,
};

use super::read_kinds::personal_ever;
use super::row::{bearers, claim_text, open_row};
use crate::dialect::{self, among, in_boxes, listed, planned_anew, statement};
use crate::entity::record_version;
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
    let mut set = load_needs(connection, needs, acts).await?;
    if let Some(waiting) = waiting_under_narrowed(&set, acts) {
        set.join(load_needs(connection, waiting, &[]).await?);
    }
    Ok(set)
}

/// What the acts that wait look at, which somebody approves or takes back whose key is narrowed: whether that lies within is
/// seen from what they name.
fn waiting_under_narrowed(set: &WorkingSet, acts: &[(&Act, &PreparedFootprints)]) -> Option<Needs> {
    let narrowed = acts.iter().filter(|(act, _)| act.envelope.narrowing.is_some()).flat_map(|(act, _)| &act.legs);
    let schedules = narrowed.filter_map(|leg| match leg {
        ActBody::ApproveAct(approve) => Some(approve.schedule.id),
        ActBody::CancelSchedule(cancel) => Some(cancel.schedule.id),
        _ => None,
    });
    let mut needs = None;
    let rows = schedules.filter_map(|schedule| set.timeline(schedule)).flat_map(yulin_domain::journal::Timeline::rows);
    for row in rows {
        if let Record::Schedule(schedule) = &*row.state {
            let needs = needs.get_or_insert_with(Needs::default);
            schedule.legs.iter().for_each(|leg| leg.needs(needs));
        }
    }
    needs
}

/// What is named, loaded into a working set.
pub async fn load_needs(
    connection: &impl ConnectionTrait,
    mut needs: Needs,
    acts: &[(&Act, &PreparedFootprints)],
) -> Result<WorkingSet, PersistenceError> {
    needs.records.extend(needs.parcels.iter().map(|parcel| RecordKey::from(*parcel)));
    let mut loader = Loader { connection, set: WorkingSet::default(), subjects: BTreeSet::new() };
    loader.few(&needs).await?;
    loader.by_claims(&needs).await?;
    loader.by_keys(&needs.records).await?;
    loader.on_parcels(&needs.parcels).await?;
    loader.neighbours(acts, &needs).await?;
    loader.ledger(&needs.ledger).await?;
    loader.personal(&needs.personal_of).await?;
    loader.entries(&needs.entries).await?;
    loader.heads().await?;
    Ok(loader.set)
}

pub(crate) struct Loader<'a, C> {
    pub(crate) connection: &'a C,
    pub(crate) set: WorkingSet,
    pub(crate) subjects: BTreeSet<String>,
}

impl<C: ConnectionTrait> Loader<'_, C> {
    /// Takes in all rows now known of the records that meet a condition.
    pub(crate) async fn take(&mut self, condition: &str, values: Vec<Value>) -> Result<(), PersistenceError> {
        self.take_rows(known(condition), values).await
    }

    async fn take_rows(&mut self, sql: String, values: Vec<Value>) -> Result<(), PersistenceError> {
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

    pub(crate) async fn by_keys(&mut self, keys: &[RecordKey]) -> Result<(), PersistenceError> {
        let ids: BTreeSet<_> = keys.iter().filter(|key| !self.set.has(**key)).map(|key| key.id.to_string()).collect();
        // A head may exist of a subject of which nothing is known any more: rescinded.
        self.subjects.extend(keys.iter().map(ToString::to_string));
        self.by_texts("id", ids).await
    }

    async fn by_texts(&mut self, column: &str, texts: BTreeSet<String>) -> Result<(), PersistenceError> {
        if texts.is_empty() {
            return Ok(());
        }
        self.take(&among(self.connection, column, 1), vec![dialect::texts(texts)]).await
    }

    /// The bearers of names, with everything known of them.
    async fn by_claims(&mut self, needs: &Needs) -> Result<(), PersistenceError> {
        let nil = yulin_domain::journal::DistrictId(uuid::Uuid::nil());
        let codes = needs.parcel_codes.iter().map(|code| claim_text(&Claim::ParcelCode(nil, code.clone())));
        self.bearers(needs.claims.iter().map(claim_text).chain(codes).collect()).await
    }

    pub(crate) async fn bearers(&mut self, names: BTreeSet<String>) -> Result<(), PersistenceError> {
        if names.is_empty() {
            return Ok(());
        }
        self.take(&format!("id IN ({})", bearers(self.connection, 1)), vec![dialect::texts(names)]).await
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

    pub(super) async fn near(&mut self, boxes: &[[f64; 4]]) -> Result<(), PersistenceError> {
        if boxes.is_empty() {
            return Ok(());
        }
        let list = serde_json::to_string(boxes).map_err(|why| PersistenceError::corrupt("parcel_index", "-", why))?;
        let near = statement(self.connection, in_boxes(self.connection), vec![list.into()]);
        let mut ids = BTreeSet::new();
        for row in planned_anew(self.connection, near).await? {
            let id: String = row.try_get("", "id")?;
            let key: RecordKey = format!("parcel:{id}").parse().map_err(|why| corrupt_id(&id, why))?;
            if !self.set.has(key) {
                ids.insert(id);
            }
        }
        self.by_texts("id", ids).await
    }

    /// All records of kinds of which there are few: districts, for which every act asks; factors and caps, where one of
    /// the acts is on the ledger; working calendars, where one counts working days.
    async fn few(&mut self, needs: &Needs) -> Result<(), PersistenceError> {
        // Each has an index of its own.
        let of_ledger = (needs.ledger != LedgerNeeds::default()).then_some("kind IN ('factor', 'cap')");
        let calendars = needs.calendars.then_some("kind = 'calendar'");
        let asked = ["kind = 'district'"].into_iter().chain(of_ledger).chain(calendars);
        self.take_rows(asked.map(known).collect::<Vec<_>>().join(" UNION ALL "), vec![]).await
    }

    /// Every set of personal data ever sealed for parties, in whatever state it stood.
    async fn personal(&mut self, parties: &[PartyId]) -> Result<(), PersistenceError> {
        if parties.is_empty() {
            return Ok(());
        }
        for (party, sealed) in personal_ever(self.connection, parties, i64::MAX).await? {
            for personal in sealed {
                self.set.load_personal(party, personal);
            }
        }
        Ok(())
    }

    async fn heads(&mut self) -> Result<(), PersistenceError> {
        let sql = format!(
            "SELECT a.value AS subject, h.seq FROM {} JOIN subject_entry h ON h.subject = a.value AND h.seq = \
             (SELECT max(e.seq) FROM subject_entry e WHERE e.subject = a.value)",
            listed(self.connection, "a", 1)
        );
        for row in
            self.connection.query_all_raw(statement(self.connection, sql, vec![dialect::texts(&self.subjects)])).await?
        {
            let text: String = row.try_get("", "subject")?;
            let subject: Subject = text.parse().map_err(|why| corrupt_id(&text, why))?;
            self.set.load_head(subject, row.try_get("", "seq")?);
        }
        Ok(())
    }
}

/// The rows now known of the records that meet a condition.
fn known(condition: &str) -> String {
    format!("SELECT * FROM record_version WHERE recorded_to = {} AND {condition}", i64::MAX)
}

pub(super) fn box_of(row: &Row) -> Option<[f64; 4]> {
    match &*row.state {
        Record::Parcel(parcel) => parcel.footprint.as_ref().map(Footprint::bounds_lonlat),
        _ => None,
    }
}

pub(super) fn key_of(model: &record_version::Model) -> Result<RecordKey, PersistenceError> {
    let text = format!("{}:{}", model.kind, model.id);
    text.parse().map_err(|why| PersistenceError::corrupt("record_version", model.row_id, why))
}

fn corrupt_id(id: &str, why: String) -> PersistenceError {
    PersistenceError::corrupt("record_version", id, why)
}
