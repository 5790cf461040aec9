//! Where the boundaries of two polygons meet, and the stretches between.
//!
//! What the stretches mean is told in `survey.rs`; here they are only found, once for both sides.

use std::ops::ControlFlow;

use super::node::{Meeting, Node, meeting};
use super::shape::{Edge, Shape};

/// Whether two boundaries that run along each other have their interiors on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Same,
    Opposite,
}

/// How two boundaries meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Met {
    Nowhere,
    /// In points only, without a proper crossing of edges.
    Points,
    /// Along edges, all of them this way.
    Along(Way),
    AlongBothWays,
    /// An edge passes through an edge; the search for contacts ended there.
    Crossing,
}

impl Met {
    fn and_along(self, way: Way) -> Self {
        match self {
            Self::Nowhere | Self::Points => Self::Along(way),
            Self::Along(known) if known == way => self,
            Self::Along(_) | Self::AlongBothWays => Self::AlongBothWays,
            Self::Crossing => Self::Crossing,
        }
    }

    fn and_point(self) -> Self {
        if self == Self::Nowhere { Self::Points } else { self }
    }
}

/// A node of an edge where the other boundary meets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cut {
    edge: u32,
    at: Node,
}

/// A piece of an edge on which the other boundary runs; `from` is the lesser node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Shared {
    edge: u32,
    from: Node,
    to: Node,
}

/// The contacts of one of the two boundaries.
#[derive(Debug, Default)]
pub(super) struct OfOne {
    cuts: Vec<Cut>,
    shared: Vec<Shared>,
}

/// Every contact of two boundaries, unless they cross.
#[derive(Debug)]
pub(super) struct Contacts {
    pub met: Met,
    pub first: OfOne,
    pub second: OfOne,
}

impl Contacts {
    pub(super) fn between(first: &Shape, second: &Shape) -> Self {
        let mut contacts = Self { met: Met::Nowhere, first: OfOne::default(), second: OfOne::default() };
        let other = second.bounds();
        for e in first.edges() {
            let bounds = e.bounds();
            if bounds.meets(&other) && second.visit_near(&bounds, |f| contacts.note(e, f)).is_break() {
                contacts.met = Met::Crossing;
                return contacts;
            }
        }
        contacts.first.sort();
        contacts.second.sort();
        contacts
    }

    fn note(&mut self, e: &Edge, f: &Edge) -> ControlFlow<()> {
        match meeting(e.a, e.b, f.a, f.b) {
            Meeting::Apart => {}
            Meeting::Cross(_) => return ControlFlow::Break(()),
            Meeting::Touch(at) => {
                self.met = self.met.and_point();
                self.first.cuts.push(Cut { edge: e.id, at });
                self.second.cuts.push(Cut { edge: f.id, at });
            }
            Meeting::Along(from) => {
                // On one line the order of (x, y) is the order along the line.
                let to = e.a.max(e.b).min(f.a.max(f.b));
                let way = if (e.a < e.b) == (f.a < f.b) { Way::Same } else { Way::Opposite };
                self.met = self.met.and_along(way);
                self.first.share(e.id, from, to);
                self.second.share(f.id, from, to);
            }
        }
        ControlFlow::Continue(())
    }
}

impl OfOne {
    fn share(&mut self, edge: u32, from: Node, to: Node) {
        self.cuts.extend([from, to].map(|at| Cut { edge, at }));
        self.shared.push(Shared { edge, from, to });
    }

    fn sort(&mut self) {
        self.cuts.sort_unstable();
        self.shared.sort_unstable();
    }

    /// Visits the doubled midpoint of every stretch beside a contact, save those shared with the other boundary.
    pub(super) fn for_each_stretch(&self, shape: &Shape, mut visit: impl FnMut(Node)) {
        let mut nodes = Vec::with_capacity(8);
        for of_edge in self.cuts.chunk_by(|x, y| x.edge == y.edge) {
            let Some(edge) = of_edge.first().and_then(|cut| shape.edge(cut.edge)) else { continue };
            nodes.clear();
            nodes.extend(of_edge.iter().map(|cut| cut.at).chain([edge.a, edge.b]));
            nodes.sort_unstable();
            nodes.dedup();
            for (&from, &to) in nodes.iter().zip(nodes.iter().skip(1)) {
                if !self.is_shared(edge.id, from, to) {
                    visit(from.doubled_midpoint(to));
                }
            }
        }
    }

    fn is_shared(&self, edge: u32, from: Node, to: Node) -> bool {
        let begin = self.shared.partition_point(|shared| shared.edge < edge);
        let mut of_edge = self.shared.iter().skip(begin).take_while(|shared| shared.edge == edge);
        of_edge.any(|shared| shared.from <= from && to <= shared.to)
    }

    /// Visits a node of every ring that has no contact.
    pub(super) fn for_each_ring_without(&self, shape: &Shape, mut visit: impl FnMut(Node)) {
        let starts = shape.ring_starts();
        if starts.len() == 1 && !self.cuts.is_empty() {
            return;
        }
        let mut touched = vec![false; starts.len()];
        for cut in &self.cuts {
            if let Some(flag) = shape.edge(cut.edge).and_then(|edge| touched.get_mut(edge.ring_id as usize)) {
                *flag = true;
            }
        }
        for (&start, _) in starts.iter().zip(touched).filter(|(_, touched)| !touched) {
            visit(start);
        }
    }
}
