//! Acts at random, on some land and some parties, so that there is something to follow.

use rand::{Rng, rngs::StdRng, seq::IndexedRandom};
use yulin_domain::codes::RestrictionKind;
use yulin_domain::journal::{DistrictId, ParcelId};
use yulin_domain::land::{PlaceRestriction, RestrictionNature};
use yulin_persistence::PerformError;

use crate::{TestRegistry, acts, full};

/// Land on which acts are performed at random.
#[derive(Debug, Clone)]
pub struct Stirred {
    pub district: DistrictId,
    pub parcels: Vec<ParcelId>,
    made: u32,
}

impl Stirred {
    /// Some parcels in a district of its own, beside others that exist.
    pub async fn beside(t: &TestRegistry, parcels: Vec<ParcelId>) -> Self {
        Self { district: t.district("STIR").await, parcels, made: 0 }
    }

    /// Performs so many acts.
    pub async fn stir(&mut self, t: &TestRegistry, random: &mut StdRng, times: usize) {
        for _ in 0..times {
            self.made += 1;
            match random.random_range(0..4) {
                0 => drop(t.done(full::firm(&format!("企业 {}", self.made))).await),
                1 => {
                    let west = f64::from(self.made) * 20.0;
                    let bounds = [west, 2_000.0, west + 20.0, 2_020.0];
                    self.parcels.push(t.parcel(self.district, &format!("S{}", self.made), bounds).await);
                }
                legs => self.burden(t, random, legs - 1).await,
            }
        }
    }

    /// Places restrictions on one or two parcels, as one act.
    async fn burden(&self, t: &TestRegistry, random: &mut StdRng, legs: usize) {
        let chosen: Vec<_> = self.parcels.choose_multiple(random, legs).copied().collect();
        let mut bodies = Vec::new();
        for parcel in chosen {
            let nature = RestrictionNature::Restriction(RestrictionKind::Easement);
            bodies
                .push(PlaceRestriction { parcel: t.seen(parcel).await, particulars: acts::particulars(nature) }.into());
        }
        if bodies.is_empty() {
            return;
        }
        let mut act = acts::act(t.admin, bodies.swap_remove(0));
        act.legs.extend(bodies);
        match t.registry.perform(act).await {
            Ok(_) | Err(PerformError::Refused(_)) => {}
            Err(other) => panic!("not performed: {other}"),
        }
    }
}
