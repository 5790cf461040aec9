//! A polygon's edges on the lattice, with an index when there are many.
//!
//! The edges keep the place they came from (part, ring, vertex) so that whoever finds a fault can name it.

use std::cmp::Ordering;
use std::ops::ControlFlow;

use geo_types::{Coord, LineString, MultiPolygon};
use rstar::{AABB, RTree, RTreeObject};

use super::node::{Lattice, Node, between, turn};

/// From this many edges on an index is cheaper than looking at each.
const INDEX_FROM: usize = 48;

/// Where in its polygon an edge begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Origin {
    pub part: u32,
    /// Zero is the shell, holes follow.
    pub ring: u32,
    pub vertex: u32,
}

/// A directed edge of nonzero length; the interior lies left of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub a: Node,
    pub b: Node,
    /// Its position among the shape's edges.
    pub id: u32,
    /// Its ring's position among the shape's rings.
    pub ring_id: u32,
    pub origin: Origin,
}

impl Edge {
    pub(super) fn bounds(&self) -> Bounds {
        Bounds {
            min: [self.a.x.min(self.b.x), self.a.y.min(self.b.y)],
            max: [self.a.x.max(self.b.x), self.a.y.max(self.b.y)],
        }
    }
}

/// A closed box in lattice units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub min: [i64; 2],
    pub max: [i64; 2],
}

impl Bounds {
    /// The box of nothing, which meets no box.
    pub(super) const NOTHING: Self = Self { min: [i64::MAX; 2], max: [i64::MIN; 2] };

    /// The box of polygons snapped to a lattice. Rounding keeps order, so the corners may be rounded alone.
    pub(super) fn of(polygons: &MultiPolygon<f64>, lattice: Lattice) -> Self {
        let mut bounds = Self::NOTHING;
        let shells = polygons.0.iter().flat_map(|p| &p.exterior().0);
        let corners = shells.fold(None, |corners: Option<[f64; 4]>, at| {
            let [west, south, east, north] = corners.unwrap_or([at.x, at.y, at.x, at.y]);
            Some([west.min(at.x), south.min(at.y), east.max(at.x), north.max(at.y)])
        });
        if let Some([west, south, east, north]) = corners {
            bounds.include(lattice.node(Coord { x: west, y: south }));
            bounds.include(lattice.node(Coord { x: east, y: north }));
        }
        bounds
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        self.min[0] <= other.max[0]
            && other.min[0] <= self.max[0]
            && self.min[1] <= other.max[1]
            && other.min[1] <= self.max[1]
    }

    fn holds_doubled(&self, at: Node) -> bool {
        !self.is_nothing()
            && at.x >= self.min[0] * 2
            && at.x <= self.max[0] * 2
            && at.y >= self.min[1] * 2
            && at.y <= self.max[1] * 2
    }

    /// Whether nothing was included.
    pub(super) fn is_nothing(&self) -> bool {
        self.min[0] > self.max[0]
    }

    pub(super) fn include(&mut self, node: Node) {
        self.min = [self.min[0].min(node.x), self.min[1].min(node.y)];
        self.max = [self.max[0].max(node.x), self.max[1].max(node.y)];
    }
}

#[derive(Debug, Clone)]
struct Indexed {
    id: u32,
    bounds: AABB<[f64; 2]>,
}

impl RTreeObject for Indexed {
    type Envelope = AABB<[f64; 2]>;
    fn envelope(&self) -> Self::Envelope {
        self.bounds
    }
}

/// Where a point lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Locus {
    Inside,
    Boundary,
    Outside,
}

/// The edges of a polygon or several.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    edges: Vec<Edge>,
    /// The first node of each ring.
    ring_starts: Vec<Node>,
    bounds: Bounds,
    index: Option<RTree<Indexed>>,
}

impl Shape {
    /// The shape of open rings given with their part and ring numbers.
    pub(super) fn of_rings<'a>(rings: impl Iterator<Item = (u32, u32, &'a [Node])>) -> Self {
        let mut shape = Self { edges: Vec::new(), ring_starts: Vec::new(), bounds: Bounds::NOTHING, index: None };
        for (part, ring, nodes) in rings {
            shape.push_ring(part, ring, nodes);
        }
        shape.build_index();
        shape
    }

    /// The shape of a multipolygon snapped to a lattice.
    pub(super) fn of(polygons: &MultiPolygon<f64>, lattice: Lattice) -> Self {
        let mut shape =
            Self { edges: Vec::with_capacity(16), ring_starts: Vec::new(), bounds: Bounds::NOTHING, index: None };
        let mut nodes = Vec::with_capacity(16);
        for (part, polygon) in (0_u32..).zip(&polygons.0) {
            for (ring, line) in (0_u32..).zip(std::iter::once(polygon.exterior()).chain(polygon.interiors())) {
                nodes.clear();
                open_nodes(line, lattice, &mut nodes);
                shape.push_ring(part, ring, &nodes);
            }
        }
        shape.build_index();
        shape
    }

    fn push_ring(&mut self, part: u32, ring: u32, nodes: &[Node]) {
        let Some((&first, rest)) = nodes.split_first() else { return };
        let ring_id = u32::try_from(self.ring_starts.len()).unwrap_or(u32::MAX);
        let mut a = first;
        for (vertex, &b) in (0_u32..).zip(rest.iter().chain(std::iter::once(&first))) {
            self.bounds.include(a);
            // Rounding to the lattice may bring neighbours together; an edge of no length has no side.
            if a != b {
                let id = u32::try_from(self.edges.len()).unwrap_or(u32::MAX);
                self.edges.push(Edge { a, b, id, ring_id, origin: Origin { part, ring, vertex } });
            }
            a = b;
        }
        self.ring_starts.push(first);
    }

    fn build_index(&mut self) {
        if self.edges.len() >= INDEX_FROM {
            let boxes = self.edges.iter().map(|e| Indexed { id: e.id, bounds: envelope(&e.bounds()) });
            self.index = Some(RTree::bulk_load(boxes.collect()));
        }
    }

    pub(super) fn edges(&self) -> &[Edge] {
        &self.edges
    }

    pub(super) fn edge(&self, id: u32) -> Option<&Edge> {
        self.edges.get(id as usize)
    }

    pub(super) fn ring_starts(&self) -> &[Node] {
        &self.ring_starts
    }

    pub(super) fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Visits every edge whose box meets `bounds`, until the visitor breaks.
    pub(super) fn visit_near<B>(
        &self,
        bounds: &Bounds,
        mut visit: impl FnMut(&Edge) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        match &self.index {
            None => self.edges.iter().filter(|e| e.bounds().meets(bounds)).try_for_each(visit),
            Some(index) => index
                .locate_in_envelope_intersecting(&envelope(bounds))
                .filter_map(|found| self.edge(found.id))
                .try_for_each(&mut visit),
        }
    }

    /// Where a node lies; a shape's parts do not overlap, so the even-odd rule is its interior.
    pub(super) fn locate(&self, at: Node) -> Locus {
        self.locate_doubled(at.doubled())
    }

    /// Where a node of the doubled lattice lies.
    pub(super) fn locate_doubled(&self, at: Node) -> Locus {
        if !self.bounds.holds_doubled(at) {
            return Locus::Outside;
        }
        let mut inside = false;
        let found = match &self.index {
            None => self.edges.iter().try_for_each(|edge| cast(edge, at, &mut inside)),
            Some(index) => index
                .locate_in_envelope_intersecting(&self.ray(at))
                .filter_map(|found| self.edge(found.id))
                .try_for_each(|edge| cast(edge, at, &mut inside)),
        };
        match (found, inside) {
            (ControlFlow::Break(()), _) => Locus::Boundary,
            (ControlFlow::Continue(()), true) => Locus::Inside,
            (ControlFlow::Continue(()), false) => Locus::Outside,
        }
    }

    /// The box of the ray from a doubled node eastward to the end of the shape.
    #[allow(clippy::cast_precision_loss)] // ordinates stay below 2^52, halves included
    fn ray(&self, at: Node) -> AABB<[f64; 2]> {
        let (x, y) = (at.x as f64 / 2.0, at.y as f64 / 2.0);
        AABB::from_corners([x, y], [x.max(self.bounds.max[0] as f64), y])
    }
}

/// Counts the edge when the ray from `at` (doubled) eastward crosses it; breaks when `at` lies on it.
fn cast(edge: &Edge, at: Node, inside: &mut bool) -> ControlFlow<()> {
    let (a, b) = (edge.a.doubled(), edge.b.doubled());
    if at.y < a.y.min(b.y) || at.y > a.y.max(b.y) || at.x > a.x.max(b.x) {
        return ControlFlow::Continue(());
    }
    let (low, high) = if a.y <= b.y { (a, b) } else { (b, a) };
    let side = turn(low, high, at);
    if side == Ordering::Equal && between(a, b, at) {
        return ControlFlow::Break(());
    }
    // Half-open in y, so that a vertex on the ray counts once.
    if low.y <= at.y && at.y < high.y && side == Ordering::Greater {
        *inside = !*inside;
    }
    ControlFlow::Continue(())
}

#[allow(clippy::cast_precision_loss)] // ordinates stay below 2^53
fn envelope(bounds: &Bounds) -> AABB<[f64; 2]> {
    AABB::from_corners([bounds.min[0] as f64, bounds.min[1] as f64], [bounds.max[0] as f64, bounds.max[1] as f64])
}

/// The nodes of a closed line without its repeated end.
pub(super) fn open_nodes(line: &LineString<f64>, lattice: Lattice, into: &mut Vec<Node>) {
    into.extend(line.0.iter().map(|&at| lattice.node(at)));
    if into.len() > 1 && into.first() == into.last() {
        into.pop();
    }
}
