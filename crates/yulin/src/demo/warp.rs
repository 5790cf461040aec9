//! From the straight plan to the ground: streets bend a little and lie askew.
//!
//! Every vertex goes through one function of its place in the plan, so that parcels that share it in the plan share it
//! to the millimetre on the ground.

use super::chance::Chance;

/// Easting and northing of the middle of the zone in EPSG:4549.
pub(super) const CENTRE: [f64; 2] = [490_000.0, 3_260_000.0];
/// Reach of the bends in metres, their lengths in metres, and how far the plan is turned in radians.
const BEND_M: [f64; 2] = [70.0, 55.0];
const LENGTH_M: [f64; 2] = [2_600.0, 3_100.0];
const TURN: f64 = 0.14;

/// The bends of one zone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Warp {
    phase: [f64; 2],
}

impl Warp {
    /// The bends a seed gives.
    pub(super) fn of(seed: u64) -> Self {
        let mut chance = Chance::at(seed, [7, 7]);
        Self { phase: [chance.swing() * 3.0, chance.swing() * 3.0] }
    }

    /// The ground of a place of the plan: metres in EPSG:4549, to the millimetre.
    pub(super) fn apply(&self, [u, v]: [f64; 2]) -> [f64; 2] {
        let wave = |at: f64, length: f64, phase: f64| (at / length * std::f64::consts::TAU + phase).sin();
        let [phase_u, phase_v] = self.phase;
        let bent_u = BEND_M[0].mul_add(wave(v, LENGTH_M[0], phase_u), u);
        let bent_v = BEND_M[1].mul_add(wave(u, LENGTH_M[1], phase_v), v);
        let (sine, cosine) = TURN.sin_cos();
        [
            millimetres(CENTRE[0] + cosine * bent_u - sine * bent_v),
            millimetres(CENTRE[1] + sine * bent_u + cosine * bent_v),
        ]
    }

    /// The ground of a closed ring of the plan, its first vertex repeated at the end.
    pub(super) fn ring(&self, plan: impl IntoIterator<Item = [f64; 2]>) -> Vec<[f64; 2]> {
        let mut ring: Vec<_> = plan.into_iter().map(|at| self.apply(at)).collect();
        ring.extend(ring.first().copied());
        ring
    }
}

fn millimetres(metres: f64) -> f64 {
    (metres * 1_000.0).round() / 1_000.0
}
