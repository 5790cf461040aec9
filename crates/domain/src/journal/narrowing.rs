//! What a key is narrowed to: districts, factors or both.
//!
//! Whether an act stays within is asked of the working set, in `within`; what may be read is asked by the gateway.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{DistrictId, FactorId};

/// Districts, and factors, to which one key may be narrowed.
pub const NARROWED_MAX: usize = 100;
/// Levels of districts that are looked at.
const LEVELS_MAX: usize = 64;

/// What a key is narrowed to: districts with all that lies below them, and factors. Where one of the two is empty, it is not
/// narrowed in that.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Narrowing {
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    districts: BTreeSet<DistrictId>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    factors: BTreeSet<FactorId>,
}

/// To what something belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Land lies in a district.
    District(DistrictId),
    /// What is booked is of a factor.
    Factor(FactorId),
    /// The registry undivided: parties, principals, calendars, districts and factors themselves.
    Undivided,
}

impl Narrowing {
    /// To these districts and factors; none where there are neither.
    pub fn to(districts: BTreeSet<DistrictId>, factors: BTreeSet<FactorId>) -> Option<Self> {
        (!districts.is_empty() || !factors.is_empty()).then_some(Self { districts, factors })
    }

    /// The districts as they were named; empty where land is not narrowed.
    pub const fn districts(&self) -> &BTreeSet<DistrictId> {
        &self.districts
    }

    /// The factors; empty where the ledger is not narrowed.
    pub const fn factors(&self) -> &BTreeSet<FactorId> {
        &self.factors
    }

    /// Whether what belongs there lies within; `parent_of` tells the district in which one lies.
    pub fn holds(&self, place: Place, parent_of: impl Fn(DistrictId) -> Option<DistrictId>) -> bool {
        match place {
            Place::District(district) => {
                let mut upwards = std::iter::successors(Some(district), |one| parent_of(*one)).take(LEVELS_MAX);
                self.districts.is_empty() || upwards.any(|one| self.districts.contains(&one))
            }
            Place::Factor(factor) => self.factors.is_empty() || self.factors.contains(&factor),
            Place::Undivided => false,
        }
    }

    /// Whether nothing lies within this that does not lie within another.
    pub fn lies_within(&self, other: &Self, parent_of: impl Fn(DistrictId) -> Option<DistrictId>) -> bool {
        let in_land = other.districts.is_empty()
            || (!self.districts.is_empty()
                && self.districts.iter().all(|district| other.holds(Place::District(*district), &parent_of)));
        let in_ledger =
            other.factors.is_empty() || (!self.factors.is_empty() && self.factors.is_subset(&other.factors));
        in_land && in_ledger
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn narrowing(districts: &[u128], factors: &[u128]) -> Narrowing {
        let districts = districts.iter().map(|id| DistrictId(Uuid::from_u128(*id))).collect();
        let factors = factors.iter().map(|id| FactorId(Uuid::from_u128(*id))).collect();
        Narrowing { districts, factors }
    }

    /// District 11 lies in 1, and 111 in 11.
    fn parent_of(district: DistrictId) -> Option<DistrictId> {
        let above = district.0.as_u128() / 10;
        (above > 0).then(|| DistrictId(Uuid::from_u128(above)))
    }

    fn district(id: u128) -> Place {
        Place::District(DistrictId(Uuid::from_u128(id)))
    }

    fn factor(id: u128) -> Place {
        Place::Factor(FactorId(Uuid::from_u128(id)))
    }

    #[test]
    fn a_district_holds_what_lies_below_it_and_nothing_beside_or_above() {
        let narrowing = narrowing(&[11], &[]);
        let held = |id| narrowing.holds(district(id), parent_of);
        assert_eq!([1, 11, 12, 111, 2].map(held), [false, true, false, true, false]);
    }

    #[test]
    fn what_is_narrowed_in_one_respect_alone_is_open_in_the_other() {
        assert!(narrowing(&[1], &[]).holds(factor(7), parent_of));
        assert!(narrowing(&[], &[7]).holds(district(1), parent_of));
        assert!(!narrowing(&[1], &[7]).holds(factor(8), parent_of));
        assert!(!narrowing(&[1], &[7]).holds(district(2), parent_of));
    }

    #[test]
    fn what_belongs_to_neither_is_held_by_nothing() {
        assert!([narrowing(&[1], &[]), narrowing(&[], &[7])].iter().all(|one| !one.holds(Place::Undivided, parent_of)));
    }

    #[test]
    fn the_narrower_lies_within_the_wider_and_not_the_other_way_about() {
        let (wide, narrow) = (narrowing(&[1], &[]), narrowing(&[11, 12], &[7]));
        assert!(narrow.lies_within(&wide, parent_of) && !wide.lies_within(&narrow, parent_of));
        assert!(!narrowing(&[], &[7]).lies_within(&wide, parent_of));
    }
}
