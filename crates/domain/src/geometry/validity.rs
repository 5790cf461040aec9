//! Whether snapped rings are a valid multipolygon by OGC Simple Features (ISO 19125-1), and where not.
//!
//! Two passes: every pair of edges that come near each other, then how rings and parts lie to each other. The first
//! fault found is told. All of it is exact; nothing here repairs anything, since a boundary is the surveyor's to mend.

use std::ops::ControlFlow;

use super::flaw::{Fault, Flaw, Subject};
use super::node::{Meeting, Node, meeting, turns_back};
use super::rings::{Ring, Rings};
use super::shape::{Bounds, Edge, Origin, Shape};
use super::survey::Survey;
use super::touches::{Touch, first_loop};

/// Most pairs of edges with meeting boxes that one geometry may have; about a quarter of a second.
pub(super) const EDGE_PAIRS_MAX: usize = 10_000_000;

/// Finds the first fault of oriented rings.
pub(super) fn first_flaw(rings: &Rings) -> Option<Flaw> {
    // Before the pairs: a spike's edges also touch and overlap others, which tells less.
    if let Some(spike) = first_spike(rings) {
        return Some(spike);
    }
    let shape = rings.shape();
    let mut touches = Vec::new();
    if let ControlFlow::Break(flaw) = check_edges(&shape, rings, &mut touches) {
        return Some(flaw);
    }
    if let [part] = rings.0.as_slice()
        && part.len() == 1
    {
        return None;
    }
    check_holes(rings).or_else(|| check_parts(rings)).or_else(|| {
        let Touch { origin, at, .. } = first_loop(&touches)?;
        Some(Flaw::at_node(Fault::InteriorDisconnected, origin, Subject::Edge, at))
    })
}

/// The first vertex at which a ring turns back on itself.
fn first_spike(rings: &Rings) -> Option<Flaw> {
    rings.numbered().find_map(|(part, ring, of_ring)| {
        let nodes = of_ring.nodes();
        let turns = nodes.iter().zip(nodes.iter().cycle().skip(1)).zip(nodes.iter().cycle().skip(2));
        let tip = (1_u32..).zip(turns).find(|(_, ((a, b), c))| turns_back(**a, **b, **c));
        tip.map(|(vertex, ((_, &b), _))| {
            // The last turn is about the first vertex.
            let vertex = if vertex as usize == nodes.len() { 0 } else { vertex };
            Flaw::at_node(Fault::Spike, Origin { part, ring, vertex }, Subject::Vertex, b)
        })
    })
}

/// Looks at every pair of edges whose boxes meet, and notes where rings of one part touch.
fn check_edges(shape: &Shape, rings: &Rings, touches: &mut Vec<Touch>) -> ControlFlow<Flaw> {
    let mut pairs = 0_usize;
    for e in shape.edges() {
        shape.visit_near(&e.bounds(), |f| {
            if f.id <= e.id {
                return ControlFlow::Continue(());
            }
            pairs += 1;
            if pairs > EDGE_PAIRS_MAX {
                return ControlFlow::Break(Flaw::at_node(
                    Fault::TooComplex(EDGE_PAIRS_MAX),
                    e.origin,
                    Subject::Edge,
                    e.a,
                ));
            }
            check_pair(e, f, rings, touches)
        })?;
    }
    ControlFlow::Continue(())
}

fn check_pair(e: &Edge, f: &Edge, rings: &Rings, touches: &mut Vec<Touch>) -> ControlFlow<Flaw> {
    let met = meeting(e.a, e.b, f.a, f.b);
    let fault = match (met, relation(e, f, rings)) {
        (Meeting::Apart, _) | (Meeting::Touch(_), Relation::Neighbours | Relation::Parts) => {
            return ControlFlow::Continue(());
        }
        (Meeting::Touch(at), Relation::Rings) => {
            touches.push(Touch { part: e.origin.part, rings: [e.origin.ring, f.origin.ring], at, origin: e.origin });
            return ControlFlow::Continue(());
        }
        (Meeting::Touch(at), Relation::Ring) => {
            return ControlFlow::Break(Flaw::at_node(Fault::SelfTouch(f.origin), e.origin, Subject::Edge, at));
        }
        (Meeting::Along(_), Relation::Neighbours) => {
            // The spike's tip is the shared vertex, where the later of the two edges begins.
            let tip = if e.b == f.a { f } else { e };
            return ControlFlow::Break(Flaw::at_node(Fault::Spike, tip.origin, Subject::Vertex, tip.a));
        }
        (Meeting::Along(_) | Meeting::Cross(_), Relation::Ring) | (Meeting::Cross(_), Relation::Neighbours) => {
            Fault::SelfIntersection(f.origin)
        }
        (Meeting::Along(_), Relation::Rings) => Fault::RingsShareEdge(f.origin),
        (Meeting::Cross(_), Relation::Rings) => Fault::RingsCross(f.origin),
        (Meeting::Along(_), Relation::Parts) => Fault::PartsShareEdge(f.origin),
        (Meeting::Cross(_), Relation::Parts) => Fault::PartsOverlap(f.origin),
    };
    ControlFlow::Break(match met {
        Meeting::Cross(at) => Flaw { fault, origin: e.origin, subject: Subject::Edge, at },
        Meeting::Along(node) | Meeting::Touch(node) => Flaw::at_node(fault, e.origin, Subject::Edge, node),
        Meeting::Apart => Flaw::at_node(fault, e.origin, Subject::Edge, e.a),
    })
}

/// What two edges are to each other.
enum Relation {
    /// Consecutive in one ring.
    Neighbours,
    /// Apart in one ring.
    Ring,
    /// In two rings of one part.
    Rings,
    /// In two parts.
    Parts,
}

fn relation(e: &Edge, f: &Edge, rings: &Rings) -> Relation {
    if e.origin.part != f.origin.part {
        return Relation::Parts;
    }
    if e.origin.ring != f.origin.ring {
        return Relation::Rings;
    }
    let ring = rings.0.get(e.origin.part as usize).and_then(|part| part.get(e.origin.ring as usize));
    let last = ring.map_or(0, |r| r.nodes().len() - 1);
    let gap = f.origin.vertex.abs_diff(e.origin.vertex) as usize;
    if gap == 1 || gap == last { Relation::Neighbours } else { Relation::Ring }
}

/// Holes inside their shell, and beside each other. Boundaries are known not to cross or share edges.
fn check_holes(rings: &Rings) -> Option<Flaw> {
    (0_u32..).zip(&rings.0).filter(|(_, part)| part.len() > 1).find_map(|(part, of_part)| {
        let shapes: Vec<(Origin, Shape)> =
            (0_u32..).zip(of_part).map(|(ring, r)| (Origin { part, ring, vertex: 0 }, filled(part, ring, r))).collect();
        let ((_, shell), holes) = shapes.split_first()?;
        let stray = holes.iter().find(|(_, hole)| !Survey::of(hole, shell).first_is_covered());
        if let Some((origin, hole)) = stray {
            return flaw_at_start(Fault::HoleOutsideShell, *origin, hole);
        }
        let (origin, other, hole) = first_overlap(holes)?;
        flaw_at_start(Fault::HolesOverlap(other), origin, hole)
    })
}

/// A ring as the polygon it bounds, whichever way it runs.
fn filled(part: u32, ring: u32, nodes: &Ring) -> Shape {
    let mut turned;
    let nodes = if ring == 0 {
        nodes.nodes()
    } else {
        turned = nodes.nodes().to_vec();
        if let Some((_, rest)) = turned.split_first_mut() {
            rest.reverse();
        }
        turned.as_slice()
    };
    Shape::of_rings(std::iter::once((part, ring, nodes)))
}

/// Parts beside each other.
fn check_parts(rings: &Rings) -> Option<Flaw> {
    if rings.0.len() < 2 {
        return None;
    }
    let shapes: Vec<(Origin, Shape)> = (0_u32..)
        .zip(&rings.0)
        .map(|(part, of_part)| {
            let numbered = (0_u32..).zip(of_part).map(|(ring, r)| (part, ring, r.nodes()));
            (Origin { part, ring: 0, vertex: 0 }, Shape::of_rings(numbered))
        })
        .collect();
    let (origin, other, part) = first_overlap(&shapes)?;
    flaw_at_start(Fault::PartsOverlap(other), origin, part)
}

/// The first pair whose interiors meet, found by a sweep over the boxes from west to east.
fn first_overlap(shapes: &[(Origin, Shape)]) -> Option<(Origin, Origin, &Shape)> {
    let mut order: Vec<&(Origin, Shape)> = shapes.iter().collect();
    order.sort_by_key(|(_, shape)| shape.bounds().min[0]);
    let mut found: Option<(Origin, Origin, &Shape)> = None;
    for (position, (origin, shape)) in order.iter().enumerate() {
        let bounds: Bounds = shape.bounds();
        let near = order.iter().skip(position + 1).take_while(|(_, other)| other.bounds().min[0] <= bounds.max[0]);
        for (other_origin, other) in near {
            if other.bounds().meets(&bounds) && Survey::of(shape, other).overlaps() {
                // The later of the pair is told as the offender, the earlier as the other side.
                let pair = if origin < other_origin {
                    (*other_origin, *origin, other)
                } else {
                    (*origin, *other_origin, shape)
                };
                found = found.filter(|known| known.0 <= pair.0).or(Some(pair));
            }
        }
        if found.is_some() {
            break;
        }
    }
    found
}

fn flaw_at_start(fault: Fault, origin: Origin, shape: &Shape) -> Option<Flaw> {
    let start: Node = *shape.ring_starts().first()?;
    Some(Flaw::at_node(fault, origin, Subject::Vertex, start))
}
