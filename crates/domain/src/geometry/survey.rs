//! How two polygons lie to each other: apart, touching, overlapping, one covered by the other. Exact.
//!
//! The boundary of each is cut where it meets the other's; a stretch between cuts lies wholly on one side.
//! Only stretches beside a contact and one node of each ring without contact need a look, so neighbours of a
//! cadastre, which share boundaries and nothing else, are told apart in about a microsecond.

use std::ops::ControlFlow;

use super::node::{Meeting, Node, between, meeting, turn};
use super::shape::{Bounds, Edge, Locus, Shape};

/// What two polygons share.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Survey {
    /// Boundaries pass through each other.
    crossed: bool,
    /// Boundaries have a point in common.
    contact: bool,
    /// Stretches of the first boundary, seen from the second polygon.
    first_inside: bool,
    first_outside: bool,
    first_same_way: bool,
    first_other_way: bool,
    second_inside: bool,
}

impl Survey {
    /// Surveys two polygons whose interiors lie left of their edges.
    pub(super) fn of(first: &Shape, second: &Shape) -> Self {
        let mut survey = Self::default();
        if !first.bounds().meets(&second.bounds()) {
            survey.first_outside = true;
            return survey;
        }
        let mut contacts = Contacts::default();
        if contacts.collect(first, second).is_break() {
            return Self { crossed: true, contact: true, first_outside: true, ..survey };
        }
        survey.contact = !contacts.first.is_empty();
        contacts.sort();
        survey.look_from_first(first, second, &contacts.first);
        survey.second_inside = any_inside(second, first, &contacts.second);
        survey
    }

    /// The closed polygons have a point in common.
    pub(super) fn meets(self) -> bool {
        self.contact || self.overlaps()
    }

    /// The interiors have a point in common.
    pub(super) fn overlaps(self) -> bool {
        self.crossed || self.first_inside || self.first_same_way || self.second_inside
    }

    /// The first lies in the second; boundaries may touch.
    pub(super) fn first_is_covered(self) -> bool {
        let strays = self.crossed || self.first_outside || self.first_other_way || self.second_inside;
        !strays && (self.first_inside || self.first_same_way)
    }

    fn look_from_first(&mut self, first: &Shape, second: &Shape, cuts: &[Cut]) {
        for stretch in stretches(first, cuts) {
            match second.locate_doubled(stretch.from.doubled_midpoint(stretch.to)) {
                Locus::Inside => self.first_inside = true,
                Locus::Outside => self.first_outside = true,
                Locus::Boundary if runs_along(second, &stretch) => self.first_same_way = true,
                Locus::Boundary => self.first_other_way = true,
            }
        }
        for sample in samples_without_contact(first, cuts) {
            match second.locate(sample) {
                Locus::Inside => self.first_inside = true,
                Locus::Outside => self.first_outside = true,
                // No edge of this ring has a contact: its node cannot lie on the boundary.
                Locus::Boundary => {}
            }
        }
    }
}

/// A node of an edge where the other boundary meets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cut {
    edge: u32,
    at: Node,
}

#[derive(Debug, Default)]
struct Contacts {
    first: Vec<Cut>,
    second: Vec<Cut>,
}

impl Contacts {
    /// Finds every contact; breaks at the first proper crossing, which settles everything.
    fn collect(&mut self, first: &Shape, second: &Shape) -> ControlFlow<()> {
        let other = second.bounds();
        for e in first.edges() {
            let bounds = e.bounds();
            if bounds.meets(&other) {
                second.visit_near(&bounds, |f| self.note(e, f))?;
            }
        }
        ControlFlow::Continue(())
    }

    fn note(&mut self, e: &Edge, f: &Edge) -> ControlFlow<()> {
        match meeting(e.a, e.b, f.a, f.b) {
            Meeting::Apart => {}
            Meeting::Cross(_) => return ControlFlow::Break(()),
            Meeting::Touch(at) => {
                self.first.push(Cut { edge: e.id, at });
                self.second.push(Cut { edge: f.id, at });
            }
            Meeting::Along(_) => {
                let on_first = [f.a, f.b].into_iter().filter(|&at| between(e.a, e.b, at));
                self.first.extend(on_first.map(|at| Cut { edge: e.id, at }));
                let on_second = [e.a, e.b].into_iter().filter(|&at| between(f.a, f.b, at));
                self.second.extend(on_second.map(|at| Cut { edge: f.id, at }));
                // The stretch may cover one edge wholly, whose own ends are then the cuts.
                self.first.push(Cut { edge: e.id, at: e.a });
                self.second.push(Cut { edge: f.id, at: f.a });
            }
        }
        ControlFlow::Continue(())
    }

    fn sort(&mut self) {
        self.first.sort_unstable();
        self.second.sort_unstable();
    }
}

/// A piece of an edge that meets the other boundary only at its ends or along its whole length.
struct Stretch {
    from: Node,
    to: Node,
}

/// The pieces of every edge that has a cut.
fn stretches<'a>(shape: &'a Shape, cuts: &'a [Cut]) -> impl Iterator<Item = Stretch> + 'a {
    cuts.chunk_by(|x, y| x.edge == y.edge).flat_map(|of_edge| {
        let edge = of_edge.first().and_then(|cut| shape.edge(cut.edge));
        edge.map(|edge| pieces(edge, of_edge)).unwrap_or_default()
    })
}

/// The pieces of one edge, in its direction.
fn pieces(edge: &Edge, cuts: &[Cut]) -> Vec<Stretch> {
    let mut nodes: Vec<Node> = cuts.iter().map(|cut| cut.at).chain([edge.a, edge.b]).collect();
    nodes.sort_unstable();
    nodes.dedup();
    if edge.b < edge.a {
        nodes.reverse();
    }
    nodes.iter().zip(nodes.iter().skip(1)).map(|(&from, &to)| Stretch { from, to }).collect()
}

/// Whether the other boundary, on which the stretch lies, runs the same way there.
fn runs_along(other: &Shape, stretch: &Stretch) -> bool {
    let mut bounds = Bounds::NOTHING;
    bounds.include(stretch.from);
    bounds.include(stretch.to);
    let found = other.visit_near(&bounds, |edge| {
        let holds = |at| turn(edge.a, edge.b, at).is_eq() && between(edge.a, edge.b, at);
        if holds(stretch.from) && holds(stretch.to) {
            // On one line the order of (x, y) tells the direction.
            return ControlFlow::Break((edge.a < edge.b) == (stretch.from < stretch.to));
        }
        ControlFlow::Continue(())
    });
    matches!(found, ControlFlow::Break(true))
}

/// Whether any stretch or contact-free ring of `shape` lies inside `other`.
fn any_inside(shape: &Shape, other: &Shape, cuts: &[Cut]) -> bool {
    stretches(shape, cuts).any(|s| other.locate_doubled(s.from.doubled_midpoint(s.to)) == Locus::Inside)
        || samples_without_contact(shape, cuts).any(|at| other.locate(at) == Locus::Inside)
}

/// A node of each ring that has no contact.
fn samples_without_contact<'a>(shape: &'a Shape, cuts: &[Cut]) -> impl Iterator<Item = Node> + 'a {
    let mut touched = vec![false; shape.ring_starts().len()];
    for cut in cuts {
        if let Some(flag) = shape.edge(cut.edge).and_then(|e| touched.get_mut(e.ring_id as usize)) {
            *flag = true;
        }
    }
    shape.ring_starts().iter().zip(touched).filter(|(_, touched)| !touched).map(|(&start, _)| start)
}
