//! Rings snapped to a lattice: neighbours that fell together merged, rings opened and turned the right way.
//!
//! Each vertex keeps its number in the submitted ring, so that faults found after all this can still be named.

use super::flaw::{Flaw, Subject};
use super::node::{Node, cross};
use super::shape::{Origin, Shape};

/// An open ring of at least three different nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ring {
    nodes: Vec<Node>,
    /// The submitted number of each node.
    source: Vec<u32>,
    /// Whether it runs against the submitted direction.
    turned: bool,
}

/// Fewer than three different nodes were left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooShort {
    pub distinct: usize,
}

impl Ring {
    /// Merges consecutive equal nodes and drops the closing one.
    pub(super) fn of(nodes: impl Iterator<Item = Node>) -> Result<Self, TooShort> {
        let mut ring = Self { nodes: Vec::with_capacity(16), source: Vec::with_capacity(16), turned: false };
        for (number, node) in (0_u32..).zip(nodes) {
            if ring.nodes.last() != Some(&node) {
                ring.nodes.push(node);
                ring.source.push(number);
            }
        }
        while ring.nodes.len() > 1 && ring.nodes.first() == ring.nodes.last() {
            ring.nodes.pop();
            ring.source.pop();
        }
        match ring.distinct() {
            distinct @ 0..3 => Err(TooShort { distinct }),
            _ => Ok(ring),
        }
    }

    /// The count of different nodes, exact below three.
    fn distinct(&self) -> usize {
        let Some(&first) = self.nodes.first() else { return 0 };
        let Some(&second) = self.nodes.iter().find(|&&n| n != first) else { return 1 };
        2 + usize::from(self.nodes.iter().any(|&n| n != first && n != second))
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Twice the signed area, positive when counter-clockwise.
    pub(super) fn doubled_area(&self) -> i128 {
        let Some(&pivot) = self.nodes.first() else { return 0 };
        self.nodes.iter().zip(self.nodes.iter().skip(1)).map(|(&a, &b)| cross(pivot, a, b)).sum()
    }

    fn turn_round(&mut self) {
        // The first vertex stays first: surveyors number boundary points from it.
        if let Some((_, rest)) = self.nodes.split_first_mut() {
            rest.reverse();
        }
        if let Some((_, rest)) = self.source.split_first_mut() {
            rest.reverse();
        }
        self.turned = !self.turned;
    }

    fn submitted(&self, subject: Subject, vertex: u32) -> u32 {
        // Of a ring that was turned round, an edge begins where for the sender it ends.
        let position = match subject {
            Subject::Edge if self.turned => (vertex as usize + 1) % self.source.len().max(1),
            Subject::Edge | Subject::Vertex => vertex as usize,
        };
        self.source.get(position).copied().unwrap_or(vertex)
    }
}

/// The rings of each part; the first of a part is its shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rings(pub Vec<Vec<Ring>>);

impl Rings {
    /// Turns shells counter-clockwise and holes clockwise (RFC 7946, 3.1.6).
    pub(super) fn orient(&mut self) {
        for part in &mut self.0 {
            for (number, ring) in part.iter_mut().enumerate() {
                if (ring.doubled_area() < 0) == (number == 0) {
                    ring.turn_round();
                }
            }
        }
    }

    /// The edges of every part.
    pub(super) fn shape(&self) -> Shape {
        Shape::of_rings(self.numbered().map(|(part, number, ring)| (part, number, ring.nodes())))
    }

    /// Every ring with its part and ring number.
    pub(super) fn numbered(&self) -> impl Iterator<Item = (u32, u32, &Ring)> {
        (0_u32..)
            .zip(&self.0)
            .flat_map(|(part, rings)| (0_u32..).zip(rings).map(move |(number, ring)| (part, number, ring)))
    }

    /// The origin in the sender's numbering.
    pub(super) fn submitted(&self, subject: Subject, origin: Origin) -> Origin {
        let ring = self.0.get(origin.part as usize).and_then(|part| part.get(origin.ring as usize));
        Origin { vertex: ring.map_or(origin.vertex, |r| r.submitted(subject, origin.vertex)), ..origin }
    }

    /// The flaw in the sender's numbering.
    pub(super) fn submitted_flaw(&self, flaw: Flaw) -> Flaw {
        flaw.renumbered(|origin| self.submitted(flaw.subject, origin))
    }

    pub(super) fn vertices(&self) -> usize {
        self.numbered().map(|(_, _, ring)| ring.nodes.len()).sum()
    }
}
