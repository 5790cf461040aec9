//! Points at which rings of one polygon touch, and whether they close a loop.
//!
//! A polygon's interior is connected exactly when rings and the points they share, taken as a graph, have no cycle.

use std::collections::{HashMap, HashSet};

use super::node::Node;
use super::shape::Origin;

/// Two rings of a part that share a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Touch {
    pub part: u32,
    pub rings: [u32; 2],
    pub at: Node,
    /// The edge of the first ring that touches.
    pub origin: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Vertex {
    Ring(u32, u32),
    Point(u32, Node),
}

/// The first touch that closes a loop of rings.
pub(super) fn first_loop(touches: &[Touch]) -> Option<Touch> {
    let mut parents: HashMap<Vertex, Vertex> = HashMap::new();
    let mut known: HashSet<(Vertex, Vertex)> = HashSet::new();
    touches.iter().copied().find(|touch| {
        let point = Vertex::Point(touch.part, touch.at);
        touch.rings.iter().any(|&ring| {
            let ring = Vertex::Ring(touch.part, ring);
            // Four edges meet in a shared vertex: the same incidence is reported up to four times.
            known.insert((ring, point)) && !join(&mut parents, ring, point)
        })
    })
}

/// Joins two trees; false when they were one already.
fn join(parents: &mut HashMap<Vertex, Vertex>, a: Vertex, b: Vertex) -> bool {
    let (root_a, root_b) = (root(parents, a), root(parents, b));
    if root_a == root_b {
        return false;
    }
    parents.insert(root_a, root_b);
    true
}

fn root(parents: &mut HashMap<Vertex, Vertex>, mut of: Vertex) -> Vertex {
    let mut path = Vec::new();
    while let Some(&next) = parents.get(&of) {
        path.push(of);
        of = next;
    }
    for step in path {
        parents.insert(step, of);
    }
    of
}
