//! The lots that a leg has changed or made, found by what they are, where they begin and where they end.

use std::collections::BTreeMap;

use super::{Lot, UnitRange};
use crate::journal::{IssuanceId, LotId};

/// Lots of one leg; a number lies in one of them at most.
#[derive(Debug, Default)]
pub struct LegLots {
    /// Each lot as it now is; none where it is no more, or is being moved.
    lots: BTreeMap<LotId, Option<Lot>>,
    begins: BTreeMap<(IssuanceId, i64), LotId>,
    ends: BTreeMap<(IssuanceId, i64), LotId>,
}

impl LegLots {
    /// Lays a lot down.
    pub fn put(&mut self, lot: Lot) {
        self.take_up(lot.id);
        self.begins.insert((lot.issuance, lot.units.from), lot.id);
        self.ends.insert((lot.issuance, lot.units.to), lot.id);
        self.lots.insert(lot.id, Some(lot));
    }

    /// Takes a lot up.
    pub fn take_up(&mut self, id: LotId) {
        if let Some(Some(lot)) = self.lots.insert(id, None) {
            self.begins.remove(&(lot.issuance, lot.units.from));
            self.ends.remove(&(lot.issuance, lot.units.to));
        }
    }

    /// Whether this leg has touched a lot.
    pub fn has(&self, id: LotId) -> bool {
        self.lots.contains_key(&id)
    }

    /// A lot that this leg has laid down.
    pub fn get(&self, id: LotId) -> Option<&Lot> {
        self.lots.get(&id)?.as_ref()
    }

    /// The lots that lie somewhere.
    pub fn laid(&self) -> impl Iterator<Item = &Lot> {
        self.lots.values().flatten()
    }

    /// The lots of an issuance that begin or end at a number.
    pub fn at(&self, issuance: IssuanceId, edge: i64) -> impl Iterator<Item = &Lot> {
        let found = [self.ends.get(&(issuance, edge)), self.begins.get(&(issuance, edge))];
        found.into_iter().flatten().filter_map(|id| self.get(*id))
    }

    /// The lot of an issuance in which a range lies.
    pub fn around(&self, issuance: IssuanceId, units: UnitRange) -> Option<&Lot> {
        let (_, id) = self.begins.range((issuance, i64::MIN)..=(issuance, units.from)).next_back()?;
        self.get(*id).filter(|lot| units.to <= lot.units.to)
    }

    /// Every lot that was touched, and what has become of it.
    pub fn into_all(self) -> BTreeMap<LotId, Option<Lot>> {
        self.lots
    }
}
