//! What is done before the queue, since it depends on the request alone: hashing, sealing, projecting.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use hmac::{Hmac, Mac};
use rand::RngCore;
use sea_orm::ConnectionTrait;
use sha2::Sha256;
use tokio::sync::{mpsc::error::TrySendError, oneshot};
use yulin_domain::codes::CodeProfile;
use yulin_domain::district::District;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::{Crs, Footprint, FootprintRules, Strictness};
use yulin_domain::journal::{
    Act, ActBody, Digest, DistrictId, EVIDENCE_MAX, GridOf, LEGS_MAX, ParcelId, PreparedFootprints, Receipt, Refused,
    Unsealed, canonical_bytes,
};

use crate::dialect::{among, statement};
use crate::error::{PerformError, PersistenceError};
use crate::record::AsOf;
use crate::registry::{Registry, Waiting};

/// An act ready for the queue.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// As it will stand in the journal, personal data sealed.
    pub act: Act,
    pub footprints: PreparedFootprints,
    pub request_hash: Digest,
    pub unsealed: Vec<Unsealed>,
}

/// The grids that the acts of a list are prepared in.
struct Grids {
    districts: HashMap<DistrictId, District>,
    parcels: HashMap<ParcelId, DistrictId>,
}

impl Registry {
    /// Records an act; answers when it is durable.
    pub async fn perform(&self, act: Act) -> Result<Receipt, PerformError> {
        let mut answers = self.perform_all(vec![act]).await;
        answers.pop().unwrap_or(Err(PerformError::Busy))
    }

    /// Records a list of acts, each on its own; answers in the order of the list.
    pub async fn perform_all(&self, acts: Vec<Act>) -> Vec<Result<Receipt, PerformError>> {
        let count = acts.len();
        let prepared = match self.prepared(acts).await {
            Ok(prepared) => prepared,
            Err(fault) => {
                let told = fault.to_string();
                let failed = || PersistenceError::Database(sea_orm::DbErr::Custom(told.clone())).into();
                return (0..count).map(|_| Err(failed())).collect();
            }
        };
        let queued: Vec<_> = prepared.into_iter().map(|act| self.queue_up(act?)).collect();
        let mut answers = Vec::with_capacity(queued.len());
        for queued in queued {
            answers.push(match queued {
                // An answer that never comes leaves the outcome to be asked for again.
                Ok(answer) => answer.await.unwrap_or(Err(PerformError::OutcomeUnknown)),
                Err(error) => Err(error),
            });
        }
        answers
    }

    /// Acts ready to be decided; each that cannot be understood has its refusal instead.
    pub(super) async fn prepared(
        &self,
        acts: Vec<Act>,
    ) -> Result<Vec<Result<Prepared, PerformError>>, PersistenceError> {
        let grids = self.grids(&acts).await?;
        let key = self.server_key();
        Ok(acts.into_iter().map(|act| prepare(act, &grids, &key)).collect())
    }

    fn queue_up(&self, act: Prepared) -> Result<oneshot::Receiver<Result<Receipt, PerformError>>, PerformError> {
        let (answer, answered) = oneshot::channel();
        let queue = self.queue().ok_or(PersistenceError::Stopped)?;
        match queue.try_send(Waiting { act, answer }) {
            Ok(()) => Ok(answered),
            Err(TrySendError::Full(_)) => Err(PerformError::Busy),
            Err(TrySendError::Closed(_)) => Err(PersistenceError::Stopped.into()),
        }
    }

    async fn grids(&self, acts: &[Act]) -> Result<Grids, PersistenceError> {
        let named = || acts.iter().flat_map(|act| &act.legs).flat_map(ActBody::footprints);
        if named().next().is_none() {
            return Ok(Grids { districts: HashMap::new(), parcels: HashMap::new() });
        }
        let parcels: BTreeSet<_> = named()
            .filter_map(|(grid, _)| match grid {
                GridOf::Parcel(parcel) => Some(parcel),
                GridOf::District(_) | GridOf::Crs(_) => None,
            })
            .collect();
        let snapshot = match self.snapshot(AsOf::default(), None).await {
            Ok(snapshot) => snapshot,
            Err(crate::SnapshotRefused::Fault(fault)) => return Err(fault),
            Err(_) => return Ok(Grids { districts: HashMap::new(), parcels: HashMap::new() }),
        };
        let districts = self.districts(&snapshot).await?;
        let districts = districts.into_iter().map(|district| (district.state.id, district.state)).collect();
        Ok(Grids { districts, parcels: self.districts_of(parcels).await? })
    }

    async fn districts_of(
        &self,
        parcels: BTreeSet<ParcelId>,
    ) -> Result<HashMap<ParcelId, DistrictId>, PersistenceError> {
        if parcels.is_empty() {
            return Ok(HashMap::new());
        }
        let list = serde_json::Value::from(parcels.iter().map(ToString::to_string).collect::<Vec<_>>()).to_string();
        let sql = format!(
            "SELECT DISTINCT id, district FROM record_version WHERE kind = 'parcel' AND {}",
            among(self.reader(), "id", 1)
        );
        let mut found = HashMap::new();
        for row in self.reader().query_all_raw(statement(self.reader(), sql, vec![list.into()])).await? {
            let (id, district): (String, String) = (row.try_get("", "id")?, row.try_get("", "district")?);
            if let (Ok(parcel), Ok(district)) = (id.parse(), district.parse()) {
                found.insert(parcel, district);
            }
        }
        Ok(found)
    }
}

fn prepare(mut act: Act, grids: &Grids, key: &[u8; 32]) -> Result<Prepared, PerformError> {
    let malformed = |field: &str| PerformError::Malformed(Refused::new(ErrorCode::Validation).at(field));
    if act.legs.is_empty() || act.legs.len() > LEGS_MAX {
        return Err(malformed("legs"));
    }
    if act.envelope.evidence.len() > EVIDENCE_MAX {
        return Err(malformed("evidence"));
    }
    let canonical = canonical_bytes(&act).map_err(|_| malformed("act"))?;
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).map_err(|_| malformed("act"))?;
    mac.update(&canonical);
    let request_hash = Digest(mac.finalize().into_bytes().into());
    let footprints = footprints(&act, grids).map_err(PerformError::Malformed)?;
    let unsealed = act.seal_personal(|| {
        let mut salt = [0; 32];
        rand::rng().fill_bytes(&mut salt);
        salt
    });
    Ok(Prepared { act, footprints, request_hash, unsealed })
}

/// Projects and validates the footprints. Where the grid is not known the decision will refuse the act.
fn footprints(act: &Act, grids: &Grids) -> Result<PreparedFootprints, Refused> {
    let mut prepared = BTreeMap::new();
    for (leg, body) in act.legs.iter().enumerate() {
        let strictness = strictness(body);
        for (nth, (grid, submitted)) in body.footprints().into_iter().enumerate() {
            let Some((grid, profile)) = grids.of(grid, act) else { continue };
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

/// Areas that are not parcels are held to no survey's rule.
fn strictness(body: &ActBody) -> Option<Strictness> {
    match body {
        ActBody::RegisterDistrict(_) | ActBody::AmendDistrict(_) | ActBody::RegisterZone(_) => Some(Strictness::Warn),
        _ => None,
    }
}

impl Grids {
    fn of(&self, grid: GridOf, act: &Act) -> Option<(Crs, CodeProfile)> {
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
        self.districts.get(&district).map(|district| (district.grid, district.profile))
    }
}
