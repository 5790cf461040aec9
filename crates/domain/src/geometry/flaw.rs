//! A fault of validity as the lattice sees it, before it is told in the sender's numbering and ordinates.

use super::node::Node;
use super::refused::{GeometryRefused, Place};
use super::shape::Origin;

/// What is wrong; the payload names the other side of the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Spike,
    SelfIntersection(Origin),
    SelfTouch(Origin),
    RingsCross(Origin),
    RingsShareEdge(Origin),
    HoleOutsideShell,
    HolesOverlap(Origin),
    InteriorDisconnected,
    PartsOverlap(Origin),
    PartsShareEdge(Origin),
    TooComplex(usize),
}

/// What an origin names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    Vertex,
    /// The edge that begins there.
    Edge,
}

/// A fault and where it is; `at` is in lattice units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Flaw {
    pub fault: Fault,
    pub origin: Origin,
    pub subject: Subject,
    pub at: [f64; 2],
}

impl Flaw {
    #[allow(clippy::cast_precision_loss)] // told to people, not judged
    pub(super) fn at_node(fault: Fault, origin: Origin, subject: Subject, node: Node) -> Self {
        Self { fault, origin, subject, at: [node.x as f64, node.y as f64] }
    }

    /// The refusal, with origins already in the sender's numbering.
    pub(super) fn told(self, place: Place) -> GeometryRefused {
        match self.fault {
            Fault::Spike => GeometryRefused::RingSpike { place },
            Fault::SelfIntersection(other) => {
                GeometryRefused::RingSelfIntersection { place, other_vertex: other.vertex }
            }
            Fault::SelfTouch(other) => GeometryRefused::RingSelfTouch { place, other_vertex: other.vertex },
            Fault::RingsCross(other) => GeometryRefused::RingsCross { place, other_ring: other.ring },
            Fault::RingsShareEdge(other) => GeometryRefused::RingsShareEdge { place, other_ring: other.ring },
            Fault::HoleOutsideShell => GeometryRefused::HoleOutsideShell { place },
            Fault::HolesOverlap(other) => GeometryRefused::HolesOverlap { place, other_ring: other.ring },
            Fault::InteriorDisconnected => GeometryRefused::InteriorDisconnected { place },
            Fault::PartsOverlap(other) => GeometryRefused::PartsOverlap { place, other_part: other.part },
            Fault::PartsShareEdge(other) => GeometryRefused::PartsShareEdge { place, other_part: other.part },
            Fault::TooComplex(max) => GeometryRefused::TooComplex { max },
        }
    }

    /// The same flaw with every vertex number mapped.
    pub(super) fn renumbered(self, map: impl Fn(Origin) -> Origin) -> Self {
        let fault = match self.fault {
            Fault::SelfIntersection(o) => Fault::SelfIntersection(map(o)),
            Fault::SelfTouch(o) => Fault::SelfTouch(map(o)),
            Fault::RingsCross(o) => Fault::RingsCross(map(o)),
            Fault::RingsShareEdge(o) => Fault::RingsShareEdge(map(o)),
            Fault::HolesOverlap(o) => Fault::HolesOverlap(map(o)),
            Fault::PartsOverlap(o) => Fault::PartsOverlap(map(o)),
            Fault::PartsShareEdge(o) => Fault::PartsShareEdge(map(o)),
            same @ (Fault::Spike | Fault::HoleOutsideShell | Fault::InteriorDisconnected | Fault::TooComplex(_)) => {
                same
            }
        };
        Self { fault, origin: map(self.origin), ..self }
    }
}
