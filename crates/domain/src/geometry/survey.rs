//! How two polygons lie to each other: apart, touching, overlapping, one covered by the other. Exact.
//!
//! The boundary of each is cut where it meets the other's; a stretch between cuts lies wholly on one side.
//! Only stretches beside a contact and one node of each ring without contact need a look, so neighbours of a
//! cadastre, which share boundaries and nothing else, are told apart in a microsecond or two.

use super::contacts::{Contacts, Met, OfOne, Way};
use super::shape::{Locus, Shape};

/// Where stretches of one boundary lie in the other polygon.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    inside: bool,
    outside: bool,
}

/// What two polygons share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Survey {
    met: Met,
    first: Seen,
    second: Seen,
}

impl Survey {
    /// Surveys two polygons whose interiors lie left of their edges; quicker when the smaller is the first.
    pub(super) fn of(first: &Shape, second: &Shape) -> Self {
        let apart = Seen { inside: false, outside: true };
        if !first.bounds().meets(&second.bounds()) {
            return Self { met: Met::Nowhere, first: apart, second: apart };
        }
        let contacts = Contacts::between(first, second);
        if contacts.met == Met::Crossing {
            // Each boundary lies on both sides of the other; nothing more can be learnt.
            let both = Seen { inside: true, outside: true };
            return Self { met: Met::Crossing, first: both, second: both };
        }
        let (seen_first, seen_second) = (look(first, second, &contacts.first), look(second, first, &contacts.second));
        Self { met: contacts.met, first: seen_first, second: seen_second }
    }

    /// The closed polygons have a point in common.
    pub(super) fn meets(self) -> bool {
        self.met != Met::Nowhere || self.overlaps()
    }

    /// The interiors have a point in common.
    pub(super) fn overlaps(self) -> bool {
        self.first.inside || self.second.inside || self.runs(Way::Same)
    }

    /// The first lies in the second; boundaries may touch.
    pub(super) fn first_is_covered(self) -> bool {
        let strays = self.first.outside || self.second.inside || self.runs(Way::Opposite);
        !strays && (self.first.inside || self.runs(Way::Same))
    }

    /// Whether boundaries run along each other this way somewhere: the same way, the interiors lie on one side.
    fn runs(self, way: Way) -> bool {
        match self.met {
            Met::Nowhere | Met::Points | Met::Crossing => false,
            Met::Along(found) => found == way,
            Met::AlongBothWays => true,
        }
    }
}

/// Where the boundary of `shape` lies in `other`, given the contacts of `shape`.
fn look(shape: &Shape, other: &Shape, contacts: &OfOne) -> Seen {
    let mut seen = Seen::default();
    let mut note = |locus: Locus| match locus {
        Locus::Inside => seen.inside = true,
        Locus::Outside => seen.outside = true,
        // Stretches along the other boundary were noted as such; nothing else lies on it.
        Locus::Boundary => {}
    };
    contacts.for_each_stretch(shape, |midpoint| note(other.locate_doubled(midpoint)));
    contacts.for_each_ring_without(shape, |start| note(other.locate(start)));
    seen
}
