//! Records by their ids, for nodes and for pages of related things: one statement a kind, however long the list.

use yulin_domain::calendar::WorkingCalendar as Calendar;
use yulin_domain::factor::{Account, Factor, Hold, Issuance, Reconciliation, Transfer};
use yulin_domain::journal::{
    AccountId, CalendarId, FactorId, FeatureId, FreezeId, HoldId, IssuanceId, ParcelId, PartyId, PrincipalId,
    ReconciliationId, Record, RecordKind, RestrictionId, RightId, Schedule, ScheduleId, TransferId, ZoneId,
};
use yulin_domain::land::{Feature, Freeze, Parcel, Restriction, Right, Zone};
use yulin_domain::party::{Party, Principal};

use super::read::pick;
use super::snapshot::{Snapshot, Versioned};
use crate::dialect::{among, texts};
use crate::error::PersistenceError;
use crate::registry::Registry;

/// Declares how records of a kind are read by id.
macro_rules! by_id {
    ($($(#[$doc:meta])+ $name:ident($id:ident) = $kind:ident;)+) => {
        impl Registry {
            $(
                $(#[$doc])+
                pub async fn $name(
                    &self,
                    snapshot: &Snapshot,
                    ids: &[$id],
                ) -> Result<Vec<Versioned<$kind>>, PersistenceError> {
                    self.by_id(snapshot, RecordKind::$kind, ids, pick!($kind)).await
                }
            )+
        }
    };
}

by_id! {
    /// Parcels by id, in no particular order.
    parcels_by_ids(ParcelId) = Parcel;
    /// Parties by id, in no particular order.
    parties_by_ids(PartyId) = Party;
    /// Scheduled acts by id, in no particular order.
    schedules_by_ids(ScheduleId) = Schedule;
    /// Rights by id, in no particular order.
    rights_by_ids(RightId) = Right;
    /// Restrictions and responsibilities by id, in no particular order.
    restrictions_by_ids(RestrictionId) = Restriction;
    /// Freezes by id, in no particular order.
    freezes_by_ids(FreezeId) = Freeze;
    /// Zones by id, in no particular order.
    zones_by_ids(ZoneId) = Zone;
    /// Features by id, in no particular order.
    features_by_ids(FeatureId) = Feature;
    /// Principals by id, in no particular order.
    principals_by_ids(PrincipalId) = Principal;
    /// Working calendars by id, in no particular order.
    calendars_by_ids(CalendarId) = Calendar;
    /// Accounts by id, in order of id.
    accounts_by_ids(AccountId) = Account;
    /// Holds by id, in order of id.
    holds_by_ids(HoldId) = Hold;
    /// Transfers by id, in order of id.
    transfers_by_ids(TransferId) = Transfer;
    /// Issuances by id, in order of id.
    issuances_by_ids(IssuanceId) = Issuance;
    /// Factors by id, in order of id.
    factors_by_ids(FactorId) = Factor;
    /// Comparisons of books by id, in order of id.
    reconciliations_by_ids(ReconciliationId) = Reconciliation;
}

impl Registry {
    pub(super) async fn by_id<T>(
        &self,
        snapshot: &Snapshot,
        kind: RecordKind,
        ids: &[impl std::fmt::Display],
        pick: impl Fn(Record) -> Option<T>,
    ) -> Result<Vec<Versioned<T>>, PersistenceError> {
        let condition = format!("r.kind = '{}' AND {}", kind.tag(), among(self.reader(), "r.id", 1));
        self.read(snapshot, (&condition, "r.id"), vec![texts(ids)], pick).await
    }
}
