//! Records by their ids, for nodes and for pages of related things: one statement a kind, however long the list.

use sea_orm::Value;
use yulin_domain::journal::{FeatureId, FreezeId, PrincipalId, Record, RecordKind, RestrictionId, RightId, ZoneId};
use yulin_domain::land::{Feature, Freeze, Restriction, Right, Zone};
use yulin_domain::party::Principal;

use super::snapshot::{Snapshot, Versioned};
use crate::dialect::among;
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
                    let pick = |record| match record {
                        Record::$kind(state) => Some(*state),
                        _ => None,
                    };
                    self.by_id(snapshot, RecordKind::$kind, ids, pick).await
                }
            )+
        }
    };
}

by_id! {
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
}

impl Registry {
    async fn by_id<T>(
        &self,
        snapshot: &Snapshot,
        kind: RecordKind,
        ids: &[impl ToString],
        pick: impl Fn(Record) -> Option<T>,
    ) -> Result<Vec<Versioned<T>>, PersistenceError> {
        let texts: Vec<_> = ids.iter().map(ToString::to_string).collect();
        let list: Value = serde_json::Value::from(texts).to_string().into();
        let condition = format!("r.kind = '{}' AND {}", kind.tag(), among(self.reader(), "r.id", 1));
        self.read(snapshot, (&condition, "r.id"), vec![list], pick).await
    }
}
