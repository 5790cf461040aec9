//! Why a geometry was refused, and where.
//!
//! One closed list for reading, projecting and validating, since a sender sees one step: "my geometry was refused".
//! Places are told in the sender's own numbering and ordinates; he cannot look up ours.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::crs::Crs;
use crate::quantity::Area;

/// A place in a geometry as it was submitted; counts start at zero, ring 0 is the shell.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The polygon among those submitted.
    pub part: u32,
    /// The ring of that polygon.
    pub ring: u32,
    /// The vertex of that ring, or the vertex at which the faulty edge begins.
    pub vertex: u32,
    /// The coordinate `[x, y]` in the submitted system; none where it is not a finite number.
    pub at: Option<[f64; 2]>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "part {}, ring {}, vertex {}", self.part, self.ring, self.vertex)?;
        match self.at {
            Some([x, y]) => write!(f, " ({x}, {y})"),
            None => Ok(()),
        }
    }
}

/// Why a geometry was refused. Validity follows OGC Simple Feature Access (ISO 19125-1), section 6.1.11 and 6.1.14.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GeometryRefused {
    /// The text or bytes are not a geometry.
    #[error("{pointer}: {problem}")]
    Malformed { pointer: String, problem: String },
    /// A ring does not end where it begins.
    #[error("{pointer}: the ring does not end where it begins")]
    RingNotClosed { pointer: String },
    /// A geometry of another kind than polygon or multipolygon.
    #[error("a polygon or multipolygon is needed, not {found}")]
    WrongType { found: String },
    /// No polygon, or one without vertices.
    #[error("the geometry is empty")]
    Empty,
    /// More vertices than one geometry may have.
    #[error("{found} vertices; at most {max} are taken")]
    TooManyVertices { found: usize, max: usize },
    /// More polygons or rings than one geometry may have.
    #[error("{found} rings; at most {max} are taken")]
    TooManyRings { found: usize, max: usize },
    /// Its edges lie so thickly over each other that checking them would hold others up.
    #[error("more than {max} pairs of edges lie close to each other")]
    TooComplex { max: usize },
    /// A coordinate is not a finite number.
    #[error("the coordinate is not a finite number at {place}")]
    NotFinite { place: Place },
    /// A coordinate lies outside what its reference system can describe.
    #[error("the coordinate is out of the range of {crs} at {place}")]
    OutOfRange { place: Place, crs: Crs },
    /// The coordinates do not lie where the reference system is used, in either axis order.
    #[error("the coordinates do not lie where {crs} is used, at {place}")]
    CrsSuspect { place: Place, crs: Crs },
    /// No transformation is known between the two reference systems.
    #[error("no transformation from {from} to {to}: {problem}")]
    NoTransformation { from: Crs, to: Crs, problem: String },
    /// The grid is not a projected system in metres.
    #[error("{crs} is not a projected system in metres")]
    NotAGrid { crs: Crs },
    /// Fewer than three different vertices.
    #[error("the ring has {distinct} different vertices, at least 3 are needed, at {place}")]
    RingTooShort { place: Place, distinct: usize },
    /// The ring turns back on itself.
    #[error("the ring turns back on itself at {place}")]
    RingSpike { place: Place },
    /// Two edges of a ring cross or run along each other.
    #[error("the ring crosses itself at {place}, meeting the edge after vertex {other_vertex}")]
    RingSelfIntersection { place: Place, other_vertex: u32 },
    /// A ring passes twice through one point.
    #[error("the ring touches itself at {place}, meeting the edge after vertex {other_vertex}")]
    RingSelfTouch { place: Place, other_vertex: u32 },
    /// Two rings of a polygon cross.
    #[error("the ring crosses ring {other_ring} at {place}")]
    RingsCross { place: Place, other_ring: u32 },
    /// Two rings of a polygon share an edge.
    #[error("the ring shares an edge with ring {other_ring} at {place}")]
    RingsShareEdge { place: Place, other_ring: u32 },
    /// A hole lies outside its shell.
    #[error("the hole does not lie inside the shell, at {place}")]
    HoleOutsideShell { place: Place },
    /// Two holes overlap, or one lies in the other.
    #[error("the hole overlaps hole {other_ring} at {place}")]
    HolesOverlap { place: Place, other_ring: u32 },
    /// The rings touch so that the interior falls apart.
    #[error("the rings touch so that the interior is disconnected, at {place}")]
    InteriorDisconnected { place: Place },
    /// Two parts cross or overlap.
    #[error("the part overlaps part {other_part} at {place}")]
    PartsOverlap { place: Place, other_part: u32 },
    /// Two parts share an edge; they are one part.
    #[error("the part shares an edge with part {other_part} at {place}")]
    PartsShareEdge { place: Place, other_part: u32 },
    /// Nothing is left of the area.
    #[error("the area is zero")]
    ZeroArea,
    /// Neighbouring vertices are closer than the least spacing (`domain.md` 1.4).
    #[error("neighbouring vertices are {spacing_um} µm apart, at least {min_mm} mm are needed, at {place}")]
    VertexSpacing { place: Place, spacing_um: u64, min_mm: u32 },
    /// The area is below the least area (`domain.md` 1.4).
    #[error("the area is {} m², at least {} m² are needed", area.square_metres(), min.square_metres())]
    AreaTooSmall { area: Area, min: Area },
}

impl GeometryRefused {
    /// The stable code of the error catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "GEOMETRY_MALFORMED",
            Self::RingNotClosed { .. } => "RING_NOT_CLOSED",
            Self::WrongType { .. } => "GEOMETRY_TYPE",
            Self::Empty => "GEOMETRY_EMPTY",
            Self::TooManyVertices { .. } => "TOO_MANY_VERTICES",
            Self::TooManyRings { .. } => "TOO_MANY_RINGS",
            Self::TooComplex { .. } => "GEOMETRY_TOO_COMPLEX",
            Self::NotFinite { .. } => "GEOMETRY_NOT_FINITE",
            Self::OutOfRange { .. } => "COORDINATE_OUT_OF_RANGE",
            Self::CrsSuspect { .. } => "CRS_SUSPECT",
            Self::NoTransformation { .. } => "CRS_NO_TRANSFORMATION",
            Self::NotAGrid { .. } => "CRS_NOT_A_GRID",
            Self::RingTooShort { .. } => "RING_TOO_SHORT",
            Self::RingSpike { .. } => "RING_SPIKE",
            Self::RingSelfIntersection { .. } => "RING_SELF_INTERSECTION",
            Self::RingSelfTouch { .. } => "RING_SELF_TOUCH",
            Self::RingsCross { .. } => "RINGS_CROSS",
            Self::RingsShareEdge { .. } => "RINGS_SHARE_EDGE",
            Self::HoleOutsideShell { .. } => "HOLE_OUTSIDE",
            Self::HolesOverlap { .. } => "HOLES_OVERLAP",
            Self::InteriorDisconnected { .. } => "INTERIOR_DISCONNECTED",
            Self::PartsOverlap { .. } => "PARTS_OVERLAP",
            Self::PartsShareEdge { .. } => "PARTS_SHARE_EDGE",
            Self::ZeroArea => "AREA_ZERO",
            Self::VertexSpacing { .. } => "VERTEX_SPACING",
            Self::AreaTooSmall { .. } => "AREA_TOO_SMALL",
        }
    }

    /// Where in the submitted geometry the fault lies, when it lies at one place.
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::NotFinite { place }
            | Self::OutOfRange { place, .. }
            | Self::CrsSuspect { place, .. }
            | Self::RingTooShort { place, .. }
            | Self::RingSpike { place }
            | Self::RingSelfIntersection { place, .. }
            | Self::RingSelfTouch { place, .. }
            | Self::RingsCross { place, .. }
            | Self::RingsShareEdge { place, .. }
            | Self::HoleOutsideShell { place }
            | Self::HolesOverlap { place, .. }
            | Self::InteriorDisconnected { place }
            | Self::PartsOverlap { place, .. }
            | Self::PartsShareEdge { place, .. }
            | Self::VertexSpacing { place, .. } => Some(*place),
            Self::Malformed { .. }
            | Self::RingNotClosed { .. }
            | Self::WrongType { .. }
            | Self::Empty
            | Self::TooManyVertices { .. }
            | Self::TooManyRings { .. }
            | Self::TooComplex { .. }
            | Self::NoTransformation { .. }
            | Self::NotAGrid { .. }
            | Self::ZeroArea
            | Self::AreaTooSmall { .. } => None,
        }
    }
}

/// What a footprint was taken in spite of, where the district warns instead of refusing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GeometryWarning {
    /// Neighbouring vertices are closer than the least spacing; the first place is named.
    VertexSpacing { place: Place, spacing_um: u64, min_mm: u32 },
    /// The area is below the least area.
    AreaTooSmall { area: Area, min: Area },
    /// Vertices that fell on their neighbour when snapped, and were left out.
    VerticesDropped { count: usize },
}
