//! What is asked of each kind of record; one statement a question, however long the list.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, Value};
use yulin_domain::calendar::WorkingCalendar;
use yulin_domain::codes::{FeatureKind, ParcelState, PartyKind, ZoneKind};
use yulin_domain::district::District;
use yulin_domain::journal::{
    Claim, DistrictId, ParcelId, PartyId, PersonalFields, PersonalId, PrincipalId, Record, RecordKind,
};
use yulin_domain::land::{Feature, Freeze, Parcel, Restriction, Right, Zone};
use yulin_domain::party::{Party, Principal};

use super::index::folded;
use super::read::pick;
use super::row::{bears, claim_text, state_of};
use super::snapshot::{Snapshot, Versioned};
use crate::dialect::{among, holds, statement, texts};
use crate::error::PersistenceError;
use crate::registry::Registry;

type Read<T> = Result<Vec<Versioned<T>>, PersistenceError>;

/// Which parties are asked for.
#[derive(Debug, Clone, Default)]
pub struct PartyFilter {
    /// Any substring of the name.
    pub text: Option<String>,
    pub kind: Option<PartyKind>,
    pub credit_code: Option<String>,
    /// `system/id` of another register.
    pub external: Option<String>,
}

impl Registry {
    /// Parcels of a district by code, unit code or lot number.
    pub async fn parcels_by_codes(&self, snapshot: &Snapshot, district: DistrictId, codes: &[String]) -> Read<Parcel> {
        let claims = codes.iter().map(|code| claim_text(&Claim::ParcelCode(district, code.clone())));
        let condition = format!("r.kind = 'parcel' AND r.district = $2 AND {}", bears(self.reader(), 1));
        let values = vec![texts(claims), district.to_string().into()];
        self.read(snapshot, (&condition, "r.id"), values, pick!(Parcel)).await
    }

    /// Planned lots of a district by lot number; they have no code yet.
    pub async fn planned_lots(&self, snapshot: &Snapshot, district: DistrictId, lots: &[String]) -> Read<Parcel> {
        let condition = format!(
            "r.id IN (SELECT p.id FROM parcel_index p WHERE p.district = $2 AND p.state = 'PLANNED' \
             AND p.recorded_to = {} AND {})",
            i64::MAX,
            among(self.reader(), "p.label", 1)
        );
        let values = vec![texts(lots), district.to_string().into()];
        let mut found = self.read(snapshot, (&condition, "r.id"), values, pick!(Parcel)).await?;
        found.retain(|lot| lot.state.state == ParcelState::Planned);
        Ok(found)
    }

    /// The rights on parcels.
    pub async fn rights_on(
        &self,
        snapshot: &Snapshot,
        parcels: &[ParcelId],
    ) -> Result<HashMap<ParcelId, Vec<Versioned<Right>>>, PersistenceError> {
        Ok(grouped(self.on_parcels(snapshot, RecordKind::Right, parcels, pick!(Right)).await?, |right| right.parcel))
    }

    /// The restrictions and responsibilities on parcels.
    pub async fn restrictions_on(
        &self,
        snapshot: &Snapshot,
        parcels: &[ParcelId],
    ) -> Result<HashMap<ParcelId, Vec<Versioned<Restriction>>>, PersistenceError> {
        let found = self.on_parcels(snapshot, RecordKind::Restriction, parcels, pick!(Restriction)).await?;
        Ok(grouped(found, |restriction| restriction.parcel))
    }

    /// The freezes of parcels.
    pub async fn freezes_on(
        &self,
        snapshot: &Snapshot,
        parcels: &[ParcelId],
    ) -> Result<HashMap<ParcelId, Vec<Versioned<Freeze>>>, PersistenceError> {
        let found = self.on_parcels(snapshot, RecordKind::Freeze, parcels, pick!(Freeze)).await?;
        Ok(grouped(found, |freeze| freeze.parcel))
    }

    async fn on_parcels<T>(
        &self,
        snapshot: &Snapshot,
        kind: RecordKind,
        parcels: &[ParcelId],
        pick: impl Fn(Record) -> Option<T>,
    ) -> Read<T> {
        let condition = format!("r.kind = '{}' AND {}", kind.tag(), among(self.reader(), "r.parcel", 1));
        self.read(snapshot, (&condition, "r.recorded_from, r.id"), vec![texts(parcels)], pick).await
    }

    /// Parties in order of id.
    pub async fn parties(
        &self,
        snapshot: &Snapshot,
        filter: &PartyFilter,
        after: Option<PartyId>,
        limit: u64,
    ) -> Read<Party> {
        let mut condition = "r.kind = 'party'".to_owned();
        let mut values: Vec<Value> = Vec::new();
        if let Some(after) = after {
            values.push(after.to_string().into());
            condition += &format!(" AND r.id > ${}", values.len());
        }
        if let Some(credit) = &filter.credit_code {
            values.push(claim_text(&Claim::CreditCode(credit.clone())).into());
            condition += &format!(" AND r.claim_a = ${}", values.len());
        }
        if let Some(external) = &filter.external {
            values.push(claim_text(&Claim::PartyExternal(external.clone())).into());
            condition += &format!(" AND (r.claim_a = ${at} OR r.claim_b = ${at})", at = values.len());
        }
        let order = if filter.text.is_none() && filter.kind.is_none() {
            format!("r.id LIMIT {limit}")
        } else {
            "r.id".to_owned()
        };
        let mut found = self.read(snapshot, (&condition, &order), values, pick!(Party)).await?;
        // Names are few beside parcels: they are compared here, the same on both databases.
        found.retain(|party| filter.kind.is_none_or(|kind| party.state.kind == kind));
        if let Some(text) = &filter.text {
            let needle = folded(text);
            found.retain(|party| party.state.name.as_ref().is_some_and(|name| folded(name).contains(&needle)));
        }
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }

    /// How many parties there are. Names and kinds are compared here, so all that may answer are read.
    pub async fn count_parties(&self, snapshot: &Snapshot, filter: &PartyFilter) -> Result<u64, PersistenceError> {
        Ok(self.parties(snapshot, filter, None, i64::MAX.unsigned_abs()).await?.len() as u64)
    }

    /// Principals in order of id, after one of them, at most `limit`.
    pub async fn principals_after(
        &self,
        snapshot: &Snapshot,
        after: Option<PrincipalId>,
        limit: u64,
    ) -> Result<Vec<Versioned<Principal>>, PersistenceError> {
        let after = after.map_or_else(String::new, |id| id.to_string());
        let order = format!("r.id LIMIT {limit}");
        self.read(snapshot, ("r.kind = 'principal' AND r.id > $1", &order), vec![after.into()], pick!(Principal)).await
    }

    /// How many principals there are.
    pub async fn count_principals(&self, snapshot: &Snapshot) -> Result<u64, PersistenceError> {
        self.count_records(snapshot, ("r.kind = 'principal'".to_owned(), Vec::new())).await
    }

    /// Personal data by reference; absent where erased.
    pub async fn personal(
        &self,
        references: &[PersonalId],
    ) -> Result<HashMap<PersonalId, PersonalFields>, PersistenceError> {
        let sql = format!("SELECT id, fields FROM personal WHERE {}", among(self.primary(), "id", 1));
        let rows = self.primary().query_all_raw(statement(self.primary(), sql, vec![texts(references)])).await?;
        let mut found = HashMap::new();
        for row in rows {
            let (id, fields): (String, String) = (row.try_get("", "id")?, row.try_get("", "fields")?);
            let corrupt = |why: String| PersistenceError::corrupt("personal", &id, why);
            let key: PersonalId = id.parse().map_err(|why: uuid::Error| corrupt(why.to_string()))?;
            found.insert(key, serde_json::from_str(&fields).map_err(|why| corrupt(why.to_string()))?);
        }
        Ok(found)
    }

    /// By which entries personal data were erased.
    pub async fn erasures(
        &self,
        snapshot: &Snapshot,
        references: &[PersonalId],
    ) -> Result<HashMap<PersonalId, i64>, PersistenceError> {
        let found = self.by_id(snapshot, RecordKind::Erasure, references, pick!(Erasure)).await?;
        Ok(found.into_iter().map(|erasure| (erasure.state.personal, erasure.recorded_from)).collect())
    }

    /// All personal data ever sealed for a party.
    pub async fn personal_of_party(&self, party: PartyId) -> Result<Vec<PersonalId>, PersistenceError> {
        Ok(self.personal_of_parties(&[party], i64::MAX).await?.remove(&party).unwrap_or_default())
    }

    /// All personal data ever sealed for parties up to an entry, erased or not.
    pub async fn personal_of_parties(
        &self,
        parties: &[PartyId],
        seq: i64,
    ) -> Result<HashMap<PartyId, Vec<PersonalId>>, PersistenceError> {
        personal_ever(self.reader(), parties, seq).await
    }

    /// All districts, in order of code.
    pub async fn districts(&self, snapshot: &Snapshot) -> Read<District> {
        self.read(snapshot, ("r.kind = 'district'", "r.claim_a"), vec![], pick!(District)).await
    }

    /// Zones of a district, or of all, of some kinds, or of all.
    pub async fn zones(&self, snapshot: &Snapshot, district: Option<DistrictId>, kinds: &[ZoneKind]) -> Read<Zone> {
        let (condition, values) = in_district("zone", district);
        let mut found = self.read(snapshot, (&condition, "r.claim_a"), values, pick!(Zone)).await?;
        found.retain(|zone| kinds.is_empty() || kinds.contains(&zone.state.kind));
        Ok(found)
    }

    /// Features of a district, or of all, of some kinds, or of all.
    pub async fn features(
        &self,
        snapshot: &Snapshot,
        district: Option<DistrictId>,
        kinds: &[FeatureKind],
    ) -> Read<Feature> {
        let (condition, values) = in_district("feature", district);
        let mut found = self.read(snapshot, (&condition, "r.claim_a"), values, pick!(Feature)).await?;
        found.retain(|feature| kinds.is_empty() || kinds.contains(&feature.state.kind));
        Ok(found)
    }

    /// A zone by its code.
    pub async fn zone_by_code(&self, snapshot: &Snapshot, district: DistrictId, code: &str) -> Read<Zone> {
        let claim = claim_text(&Claim::ZoneCode(district, code.to_owned()));
        self.read(snapshot, ("r.claim_a = $1", "r.id"), vec![claim.into()], pick!(Zone)).await
    }

    /// A feature by its code.
    pub async fn feature_by_code(&self, snapshot: &Snapshot, district: DistrictId, code: &str) -> Read<Feature> {
        let claim = claim_text(&Claim::FeatureCode(district, code.to_owned()));
        self.read(snapshot, ("r.claim_a = $1", "r.id"), vec![claim.into()], pick!(Feature)).await
    }

    /// All principals, in order of name.
    pub async fn principals(&self, snapshot: &Snapshot) -> Read<Principal> {
        self.read(snapshot, ("r.kind = 'principal'", "r.claim_a"), vec![], pick!(Principal)).await
    }

    /// All working calendars, in order of name.
    pub async fn calendars(&self, snapshot: &Snapshot) -> Read<WorkingCalendar> {
        let mut found = self.read(snapshot, ("r.kind = 'calendar'", "r.id"), vec![], pick!(Calendar)).await?;
        found.sort_by(|one, other| one.state.name.cmp(&other.state.name));
        Ok(found)
    }

    /// The parcels in which a party holds a right, as a condition on the id of a parcel row; the parameters are
    /// the party and, from `first` on, the snapshot.
    pub(crate) fn held_by(&self, column: &str, party: usize, first: usize) -> String {
        format!("{column} IN (SELECT h.parcel {})", self.rights_of(party, first))
    }

    /// The rights `h` of a party, from `FROM` on; the parameters are the party and, from `first` on, the snapshot.
    pub(crate) fn rights_of(&self, party: usize, first: usize) -> String {
        format!(
            "FROM party_record n JOIN record_version h ON h.kind = n.kind AND h.id = n.id \
             WHERE n.party = ${party} AND n.kind = 'right' AND {} AND {}",
            super::read::as_of("h", first),
            holds(self.reader(), "h.parties", party)
        )
    }
}

/// All personal data ever sealed for parties up to an entry, erased or not.
pub(super) async fn personal_ever(
    connection: &impl ConnectionTrait,
    parties: &[PartyId],
    seq: i64,
) -> Result<HashMap<PartyId, Vec<PersonalId>>, PersistenceError> {
    let sql = format!(
        "SELECT row_id, state FROM record_version WHERE kind = 'party' AND {} AND recorded_from <= $2 \
         ORDER BY recorded_from",
        among(connection, "id", 1)
    );
    let mut found: HashMap<PartyId, Vec<PersonalId>> = HashMap::new();
    for row in connection.query_all_raw(statement(connection, sql, vec![texts(parties), seq.into()])).await? {
        let state: Vec<u8> = row.try_get("", "state")?;
        if let Record::Party(party) = state_of(row.try_get("", "row_id")?, &state)?
            && let Some(sealed) = party.personal
        {
            let known = found.entry(party.id).or_default();
            if !known.contains(&sealed.personal) {
                known.push(sealed.personal);
            }
        }
    }
    Ok(found)
}

fn in_district(kind: &str, district: Option<DistrictId>) -> (String, Vec<Value>) {
    match district {
        Some(district) => (format!("r.kind = '{kind}' AND r.district = $1"), vec![district.to_string().into()]),
        None => (format!("r.kind = '{kind}'"), Vec::new()),
    }
}

fn grouped<T>(found: Vec<Versioned<T>>, parcel: impl Fn(&T) -> ParcelId) -> HashMap<ParcelId, Vec<Versioned<T>>> {
    let mut groups: HashMap<ParcelId, Vec<Versioned<T>>> = HashMap::new();
    for version in found {
        groups.entry(parcel(&version.state)).or_default().push(version);
    }
    groups
}
