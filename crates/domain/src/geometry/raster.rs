//! A coarse grid of cells over a region, each known to be wholly inside, wholly outside, or neither.
//!
//! Most parcels of a search lie clear of the region's boundary; their box falls on cells of one kind and the answer
//! is known without looking at an edge. A cell is called mixed when in doubt, so the answer stays exact.

use super::node::Node;
use super::shape::{Bounds, Edge, Locus, Shape};

/// Cells a side.
const SIDE: i64 = 64;

/// Regions with fewer edges are quicker to test than to rasterise.
const EDGES_MIN: usize = 8;

/// What a set of cells is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cells {
    Inside,
    Outside,
    Mixed,
}

/// The cells over a region's box, row by row from its south-west corner.
#[derive(Debug, Clone)]
pub(super) struct Raster {
    bounds: Bounds,
    /// Width and height of a cell in lattice units.
    cell: [i64; 2],
    cells: Vec<Cells>,
}

impl Raster {
    /// Rasterises a region; none where it is simple enough without.
    pub(super) fn of(shape: &Shape) -> Option<Self> {
        let bounds = shape.bounds();
        if shape.edges().len() < EDGES_MIN || bounds.is_nothing() {
            return None;
        }
        // One more than the quotient, so that the last cell reaches the far side.
        let cell = [(bounds.max[0] - bounds.min[0]) / SIDE + 1, (bounds.max[1] - bounds.min[1]) / SIDE + 1];
        let count = usize::try_from(SIDE * SIDE).ok()?;
        let mut raster = Self { bounds, cell, cells: vec![Cells::Outside; count] };
        shape.edges().iter().for_each(|edge| raster.mark(edge));
        raster.fill(shape);
        Some(raster)
    }

    /// Marks every cell an edge may touch.
    fn mark(&mut self, edge: &Edge) {
        let bounds = edge.bounds();
        let [first_row, last_row] = [self.row(bounds.min[1]), self.row(bounds.max[1])];
        for row in first_row..=last_row {
            let (west, east) = self.reach_in_row(edge, row);
            for column in self.column(west)..=self.column(east) {
                if let Some(cell) = Self::position(column, row).and_then(|at| self.cells.get_mut(at)) {
                    *cell = Cells::Mixed;
                }
            }
        }
    }

    /// The least and greatest x of an edge within a row, rounded outward by a unit.
    fn reach_in_row(&self, edge: &Edge, row: i64) -> (i64, i64) {
        let bounds = edge.bounds();
        let (low, high) = if edge.a.y <= edge.b.y { (edge.a, edge.b) } else { (edge.b, edge.a) };
        let south = self.bounds.min[1] + row * self.cell[1];
        let at = |y: i64| -> i64 {
            let y = y.clamp(low.y, high.y);
            if high.y == low.y {
                return low.x;
            }
            let run = i128::from(high.x - low.x) * i128::from(y - low.y) / i128::from(high.y - low.y);
            low.x + i64::try_from(run).unwrap_or(0)
        };
        if high.y == low.y {
            return (bounds.min[0], bounds.max[0]);
        }
        let (one, other) = (at(south), at(south + self.cell[1]));
        (one.min(other) - 1, one.max(other) + 1)
    }

    /// Decides the unmarked cells: neighbours without an edge between them are of one kind.
    fn fill(&mut self, shape: &Shape) {
        for row in 0..SIDE {
            let mut known = None;
            for column in 0..SIDE {
                let Some(at) = Self::position(column, row) else { continue };
                if self.cells.get(at) == Some(&Cells::Mixed) {
                    known = None;
                    continue;
                }
                let kind = *known.get_or_insert_with(|| match shape.locate(self.corner(column, row)) {
                    Locus::Inside => Cells::Inside,
                    Locus::Outside => Cells::Outside,
                    Locus::Boundary => Cells::Mixed,
                });
                if let Some(cell) = self.cells.get_mut(at) {
                    *cell = kind;
                }
            }
        }
    }

    /// What the cells under a box are, taken together; the box must meet the region's.
    pub(super) fn cells_under(&self, bounds: &Bounds) -> Cells {
        let sticks_out = bounds.min[0] < self.bounds.min[0]
            || bounds.min[1] < self.bounds.min[1]
            || bounds.max[0] > self.bounds.max[0]
            || bounds.max[1] > self.bounds.max[1];
        let mut kinds = (self.row(bounds.min[1])..=self.row(bounds.max[1]))
            .flat_map(|row| (self.column(bounds.min[0])..=self.column(bounds.max[0])).map(move |column| (column, row)));
        let kind = |(column, row)| {
            Self::position(column, row).and_then(|at| self.cells.get(at)).copied().unwrap_or(Cells::Mixed)
        };
        let Some(first) = kinds.next().map(kind) else { return Cells::Mixed };
        // Beyond the region's box all is outside, so only an inside answer needs the box to hold.
        let holds = match first {
            Cells::Mixed => false,
            Cells::Inside => !sticks_out,
            Cells::Outside => true,
        };
        if holds && kinds.all(|at| kind(at) == first) { first } else { Cells::Mixed }
    }

    fn corner(&self, column: i64, row: i64) -> Node {
        Node { x: self.bounds.min[0] + column * self.cell[0], y: self.bounds.min[1] + row * self.cell[1] }
    }

    fn column(&self, x: i64) -> i64 {
        ((x - self.bounds.min[0]) / self.cell[0]).clamp(0, SIDE - 1)
    }

    fn row(&self, y: i64) -> i64 {
        ((y - self.bounds.min[1]) / self.cell[1]).clamp(0, SIDE - 1)
    }

    fn position(column: i64, row: i64) -> Option<usize> {
        usize::try_from(row * SIDE + column).ok()
    }
}
