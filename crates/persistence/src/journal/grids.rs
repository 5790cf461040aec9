//! Footprints prepared: projected into the grid of the district they lie in, snapped and validated.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_orm::ConnectionTrait;
use yulin_domain::codes::CodeProfile;
use yulin_domain::geometry::{Crs, Footprint, FootprintRules, Strictness};
use yulin_domain::journal::{
    Act, ActBody, DistrictId, GridOf, ParcelId, PreparedFootprints, Record, RecordKind, Refused,
};

use crate::dialect::{among, statement};
use crate::error::PersistenceError;
use crate::record::state_of;

/// The grids that acts are prepared in.
#[derive(Debug, Default)]
pub struct Grids {
    districts: HashMap<DistrictId, (Crs, CodeProfile)>,
    parcels: HashMap<ParcelId, DistrictId>,
}

impl Grids {
    /// What the footprints of acts need; nothing is asked where they have none.
    pub async fn of<'a>(
        connection: &impl ConnectionTrait,
        acts: impl IntoIterator<Item = &'a Act>,
    ) -> Result<Self, PersistenceError> {
        let named = acts.into_iter().flat_map(|act| &act.legs).flat_map(ActBody::footprints);
        let named: Vec<_> = named.map(|(grid, _)| grid).collect();
        if named.is_empty() {
            return Ok(Self::default());
        }
        let parcels: BTreeSet<_> = named
            .iter()
            .filter_map(|grid| match grid {
                GridOf::Parcel(parcel) => Some(*parcel),
                GridOf::District(_) | GridOf::Crs(_) => None,
            })
            .collect();
        Ok(Self { districts: districts(connection).await?, parcels: districts_of(connection, parcels).await? })
    }

    /// Projects and validates the footprints. Where the grid is not known the decision will refuse the act.
    pub fn prepare(&self, act: &Act) -> Result<PreparedFootprints, Refused> {
        let mut prepared = BTreeMap::new();
        for (leg, body) in act.legs.iter().enumerate() {
            let strictness = strictness(body);
            for (nth, (grid, submitted)) in body.footprints().into_iter().enumerate() {
                let Some((grid, profile)) = self.grid(grid, act) else { continue };
                let rules = FootprintRules::standard(strictness.unwrap_or(match profile {
                    CodeProfile::CnGbt37346 => Strictness::Refuse,
                    CodeProfile::Open => Strictness::Warn,
                }));
                let footprint = Footprint::prepare(submitted, grid, &rules).map_err(|why| why.refused("footprint"))?;
                prepared.insert((leg, nth), footprint);
            }
        }
        Ok(PreparedFootprints(prepared))
    }

    fn grid(&self, grid: GridOf, act: &Act) -> Option<(Crs, CodeProfile)> {
        let district = match grid {
            GridOf::Crs(grid) => return Some((grid, CodeProfile::Open)),
            GridOf::District(district) => district,
            GridOf::Parcel(parcel) => match self.parcels.get(&parcel) {
                Some(district) => *district,
                // A parcel that an earlier leg registers lies in that leg's district.
                None => act.legs.iter().find_map(|leg| match leg {
                    ActBody::RegisterParcel(register) => Some(register.district),
                    _ => None,
                })?,
            },
        };
        self.districts.get(&district).copied()
    }
}

/// Areas that are not parcels are held to no survey's rule.
fn strictness(body: &ActBody) -> Option<Strictness> {
    match body {
        ActBody::RegisterDistrict(_) | ActBody::AmendDistrict(_) | ActBody::RegisterZone(_) => Some(Strictness::Warn),
        _ => None,
    }
}

async fn districts(
    connection: &impl ConnectionTrait,
) -> Result<HashMap<DistrictId, (Crs, CodeProfile)>, PersistenceError> {
    let sql = format!(
        "SELECT row_id, state FROM record_version WHERE kind = '{}' AND recorded_to = {open} AND valid_to = {open}",
        RecordKind::District.tag(),
        open = i64::MAX
    );
    let mut found = HashMap::new();
    for row in connection.query_all_raw(statement(connection, sql, vec![])).await? {
        let state: Vec<u8> = row.try_get("", "state")?;
        if let Record::District(district) = state_of(row.try_get("", "row_id")?, &state)? {
            found.insert(district.id, (district.grid, district.profile));
        }
    }
    Ok(found)
}

async fn districts_of(
    connection: &impl ConnectionTrait,
    parcels: BTreeSet<ParcelId>,
) -> Result<HashMap<ParcelId, DistrictId>, PersistenceError> {
    if parcels.is_empty() {
        return Ok(HashMap::new());
    }
    let list = serde_json::Value::from(parcels.iter().map(ToString::to_string).collect::<Vec<_>>()).to_string();
    let sql = format!(
        "SELECT DISTINCT id, district FROM record_version WHERE kind = '{}' AND {}",
        RecordKind::Parcel.tag(),
        among(connection, "id", 1)
    );
    let mut found = HashMap::new();
    for row in connection.query_all_raw(statement(connection, sql, vec![list.into()])).await? {
        let (id, district): (String, String) = (row.try_get("", "id")?, row.try_get("", "district")?);
        if let (Ok(parcel), Ok(district)) = (id.parse(), district.parse()) {
            found.insert(parcel, district);
        }
    }
    Ok(found)
}
