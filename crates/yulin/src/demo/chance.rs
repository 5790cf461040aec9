//! The demo's own seeded chance.
//!
//! Kept in the file so that a seed gives the same zone whatever the versions of other crates.

/// A stream of numbers that depends on a seed and a place alone (the splitmix64 generator).
#[derive(Debug, Clone)]
pub(super) struct Chance(u64);

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Chance {
    /// The stream of one place, such as a lot or a node of a lattice.
    pub(super) fn at<const N: usize>(seed: u64, place: [u32; N]) -> Self {
        place.into_iter().fold(Self(seed), |chance, part| {
            let mut next = Self(chance.0 ^ u64::from(part).wrapping_add(1).wrapping_mul(STEP));
            Self(next.next())
        })
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`; zero where the limit is zero.
    pub(super) fn below(&mut self, limit: u32) -> u32 {
        let scaled = (self.next() >> 32) * u64::from(limit);
        u32::try_from(scaled >> 32).unwrap_or(0)
    }

    /// A number from `least` to `most`, both included.
    pub(super) fn between(&mut self, least: u32, most: u32) -> u32 {
        least + self.below((most + 1).saturating_sub(least))
    }

    /// A number from -1 to 1.
    pub(super) fn swing(&mut self) -> f64 {
        f64::from(self.below(2_000_001)) / 1_000_000.0 - 1.0
    }

    /// Whether something that happens in so many of a thousand cases happens.
    pub(super) fn happens(&mut self, per_mille: u32) -> bool {
        self.below(1_000) < per_mille
    }

    /// One of several; none where there is none.
    pub(super) fn pick<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        let limit = u32::try_from(of.len()).unwrap_or(u32::MAX);
        of.get(self.below(limit) as usize).copied()
    }

    /// One of several by weight; none where the weights are all zero.
    pub(super) fn weigh<T: Copy>(&mut self, of: &[(T, u32)]) -> Option<T> {
        let mut left = self.below(of.iter().map(|(_, weight)| weight).sum());
        for (item, weight) in of {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return Some(*item),
            }
        }
        None
    }
}
