//! Footprints prepared: projected into the grid of the district they lie in, snapped and validated.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_orm::ConnectionTrait;
use yulin_domain::codes::CodeProfile;
use yulin_domain::geometry::{Crs, Footprint, FootprintRules, Strictness, SubmittedFootprint};
use yulin_domain::journal::{
    Act, ActBody, DistrictId, GridOf, ParcelId, PreparedFootprints, Record, RecordKind, Refused,
};

use crate::dialect::{among, statement, texts};
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
            for (nth, (strictness, grid, submitted)) in submitted(body).into_iter().enumerate() {
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
            GridOf::Parcel(parcel) => self.district_of(parcel, act, act.legs.len())?,
        };
        self.districts.get(&district).copied()
    }

    /// The district of a parcel that is known, or that one of the first legs of this very act makes.
    fn district_of(&self, parcel: ParcelId, act: &Act, legs: usize) -> Option<DistrictId> {
        if let Some(district) = self.parcels.get(&parcel) {
            return Some(*district);
        }
        let made_by = |leg, nth| ParcelId::made_by(act.envelope.id, leg, nth) == parcel;
        act.legs.iter().enumerate().take(legs).find_map(|(leg, body)| match body {
            ActBody::RegisterParcel(register) if made_by(leg, 0) => Some(register.district),
            ActBody::SplitParcel(split) if (0..split.children.len()).any(|nth| made_by(leg, nth)) => {
                self.district_of(split.parcel.id, act, leg)
            }
            ActBody::MergeParcels(merge) if made_by(leg, 0) => self.district_of(merge.parcels.first()?.id, act, leg),
            _ => None,
        })
    }
}

/// The footprints of a leg, each with the strictness that its kind of act calls for.
fn submitted(body: &ActBody) -> Vec<(Option<Strictness>, GridOf, &SubmittedFootprint)> {
    if let ActBody::ScheduleAct(schedule) = body {
        return schedule.legs.iter().flat_map(submitted).collect();
    }
    let strictness = strictness(body);
    body.footprints().into_iter().map(|(grid, submitted)| (strictness, grid, submitted)).collect()
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
    let sql = format!(
        "SELECT DISTINCT id, district FROM record_version WHERE kind = '{}' AND {}",
        RecordKind::Parcel.tag(),
        among(connection, "id", 1)
    );
    let mut found = HashMap::new();
    for row in connection.query_all_raw(statement(connection, sql, vec![texts(parcels)])).await? {
        let (id, district): (String, String) = (row.try_get("", "id")?, row.try_get("", "district")?);
        if let (Ok(parcel), Ok(district)) = (id.parse(), district.parse()) {
            found.insert(parcel, district);
        }
    }
    Ok(found)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use geo_types::MultiPolygon;
    use uuid::Uuid;
    use yulin_domain::codes::ParcelState;
    use yulin_domain::journal::{ActId, Envelope, Seen};
    use yulin_domain::land::{Child, ParcelPatch, RegisterParcel, SplitParcel};

    use super::*;

    #[test]
    fn a_parcel_made_in_a_bundle_has_the_grid_of_the_leg_that_makes_it() {
        let [one, other] = [1, 2].map(|nth| DistrictId(Uuid::from_u128(nth)));
        let [grid, another] = [4549, 4550].map(|epsg| (Crs::epsg(epsg).unwrap(), CodeProfile::Open));
        let grids = Grids { districts: [(one, grid), (other, another)].into(), parcels: HashMap::new() };
        let id = ActId(Uuid::from_u128(3));
        let register = |district| RegisterParcel {
            district,
            state: ParcelState::Registered,
            facts: ParcelPatch::default(),
            footprint: None,
        };
        let ring: Vec<(f64, f64)> = vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)];
        let square = geo_types::Polygon::new(ring.into(), vec![]);
        let footprint = SubmittedFootprint::new(grid.0, MultiPolygon(vec![square])).unwrap();
        let child = Child { facts: ParcelPatch::default(), footprint };
        let made = |leg, nth| ParcelId::made_by(id, leg, nth);
        let parcel = Seen { id: made(1, 0), seq: 0 };
        let split =
            SplitParcel { parcel, children: vec![child.clone(), child], dispositions: vec![], apportion: vec![] };
        let legs = vec![register(one).into(), register(other).into(), split.into()];
        let act = Act { envelope: Envelope::by_the_registry(id), legs };
        let of = |parcel| grids.grid(GridOf::Parcel(parcel), &act).map(|(grid, _)| grid);
        assert_eq!(of(made(0, 0)), Some(grid.0));
        assert_eq!(of(made(1, 0)), Some(another.0));
        assert_eq!(of(made(2, 1)), Some(another.0), "a child lies in its parent's district");
        assert_eq!(of(made(2, 2)), None);
    }
}
