//! What is done before the queue, since it depends on the request alone: hashing, sealing, projecting.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use hmac::{Hmac, Mac};
use rand::RngCore;
use sea_orm::{AccessMode, ConnectionTrait, IsolationLevel, TransactionTrait};
use sha2::Sha256;
use tokio::sync::{mpsc::error::TrySendError, oneshot};
use yulin_domain::codes::CodeProfile;
use yulin_domain::district::District;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::{Crs, Footprint, FootprintRules, Strictness};
use yulin_domain::journal::{
    Act, ActBody, Change, Digest, DistrictId, EVIDENCE_MAX, GridOf, LEGS_MAX, ParcelId, PreparedFootprints, Receipt,
    Refused, Unsealed, canonical_bytes, decide_entry,
};
use yulin_domain::quantity::Instant;

use crate::dialect::{among, clock, statement};
use crate::error::{PerformError, PersistenceError};
use crate::journal::head::{head_of, row};
use crate::record::{AsOf, load};
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

/// What an act would do, as of an entry.
#[derive(Debug, Clone)]
pub struct Preview {
    pub seq: i64,
    pub changes: Vec<Change>,
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
        let grids = match self.grids(&acts).await {
            Ok(grids) => grids,
            Err(fault) => {
                let told = fault.to_string();
                let failed = || PersistenceError::Database(sea_orm::DbErr::Custom(told.clone())).into();
                return acts.iter().map(|_| Err(failed())).collect();
            }
        };
        let key = self.server_key();
        let queued: Vec<_> = acts.into_iter().map(|act| self.queue_up(prepare(act, &grids, &key)?)).collect();
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

    /// Decides an act on a read snapshot; consumes no id, takes no lock, writes nothing.
    pub async fn preview(&self, act: Act) -> Result<Preview, PerformError> {
        let grids = self.grids(std::slice::from_ref(&act)).await?;
        let prepared = prepare(act, &grids, &self.server_key())?;
        let begun = self.reader().begin_with_config(Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly));
        let transaction = begun.await.map_err(PersistenceError::from)?;
        let head = head_of(&row(&transaction).await?)?;
        let now = clock(&transaction).await.map_err(PersistenceError::from)?;
        let now = Instant::from_micros(now.max(head.recorded_at.micros() + 1));
        let mut set = load(&transaction, &[(&prepared.act, &prepared.footprints)]).await?;
        let decided = decide_entry(&mut set, &prepared.act, &prepared.footprints, now, head.seq + 1);
        transaction.rollback().await.map_err(PersistenceError::from)?;
        let changes = decided.map_err(PerformError::Refused)?.changes;
        Ok(Preview { seq: head.seq, changes })
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
