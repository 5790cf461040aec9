//! A block between streets: a lattice of cells with bent lines, cut into lots of one to six cells.
//!
//! Lots of a block share every vertex of their common lines, because a vertex depends on its node of the lattice alone.

use super::chance::Chance;
use super::warp::Warp;

/// What a block is mostly for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Character {
    Heavy,
    Industry,
    Workshops,
    Commerce,
    Homes,
    Services,
}

impl Character {
    /// Width and depth of a cell in metres at full size.
    pub(super) const fn cell_m(self) -> [f64; 2] {
        match self {
            Self::Heavy => [112.0, 96.0],
            Self::Industry => [95.0, 84.0],
            Self::Workshops => [62.0, 58.0],
            Self::Commerce => [68.0, 60.0],
            Self::Homes => [104.0, 96.0],
            Self::Services => [98.0, 88.0],
        }
    }

    /// Whether the block is industrial land.
    pub(super) const fn is_industrial(self) -> bool {
        match self {
            Self::Heavy | Self::Industry | Self::Workshops => true,
            Self::Commerce | Self::Homes | Self::Services => false,
        }
    }
}

/// A rectangle of cells, named by the lattice lines around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cells {
    pub west: u32,
    pub east: u32,
    pub south: u32,
    pub north: u32,
}

impl Cells {
    const fn across(self) -> u32 {
        self.east - self.west
    }

    const fn up(self) -> u32 {
        self.north - self.south
    }

    /// How many cells.
    pub(super) const fn count(self) -> u32 {
        self.across() * self.up()
    }

    /// The two parts beside a line through the longer side; none for a single cell.
    pub(super) fn cut(self, chance: &mut Chance) -> Option<[Self; 2]> {
        if self.count() < 2 {
            None
        } else if self.across() >= self.up() {
            let line = self.west + chance.between(1, self.across() - 1);
            Some([Self { east: line, ..self }, Self { west: line, ..self }])
        } else {
            let line = self.south + chance.between(1, self.up() - 1);
            Some([Self { north: line, ..self }, Self { south: line, ..self }])
        }
    }

    /// The rectangle that two neighbours with a whole side in common make.
    pub(super) fn joined(self, other: Self) -> Option<Self> {
        let beside = self.south == other.south && self.north == other.north && self.east == other.west;
        let below = self.west == other.west && self.east == other.east && self.north == other.south;
        (beside || below).then_some(Self { east: other.east, north: other.north, ..self })
    }

    /// How often, of a thousand, a rectangle is left as one lot; beyond six cells never.
    fn whole_per_mille(self) -> u32 {
        match (self.across().max(self.up()), self.count()) {
            (_, 1) => 1_000,
            (_, 2) => 550,
            (3, 3) | (2, 4) => 450,
            (3, 6) => 400,
            _ => 0,
        }
    }
}

/// A block of the plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    pub seed: u64,
    pub column: u32,
    pub row: u32,
    /// Its number in the order of the plan.
    pub ordinal: u32,
    pub character: Character,
    /// West, south, east and north edge in metres of the plan.
    pub frame: [f64; 4],
    /// Cells across and up.
    pub cells: [u32; 2],
}

impl Block {
    fn chance<const N: usize>(&self, place: [u32; N]) -> Chance {
        let mut own = Chance::at(self.seed, [self.column, self.row]);
        let salt = own.between(0, u32::MAX - 1);
        Chance::at(self.seed ^ u64::from(salt), place)
    }

    /// The lots of the block, the largest first.
    pub(super) fn lots(&self) -> Vec<Cells> {
        let [east, north] = self.cells;
        let mut lots = Vec::new();
        divide(Cells { west: 0, east, south: 0, north }, &mut self.chance([1]), &mut lots);
        let largest = (0..lots.len()).rev().max_by_key(|place| lots.get(*place).map(|lot| lot.count()));
        if let Some(place) = largest {
            lots.swap(0, place);
        }
        lots
    }

    /// The boundary of some cells on the ground, counter-clockwise and closed.
    pub(super) fn ring(&self, cells: Cells, warp: &Warp) -> Vec<[f64; 2]> {
        let Cells { west, east, south, north } = cells;
        let mut plan = Vec::with_capacity(16);
        for i in west..east {
            plan.push(self.node(i, south));
            plan.extend(self.between(i, south));
        }
        plan.extend((south..north).map(|j| self.node(east, j)));
        for i in (west..east).rev() {
            plan.push(self.node(i + 1, north));
            plan.extend(self.between(i, north));
        }
        plan.extend((south + 1..=north).rev().map(|j| self.node(west, j)));
        warp.ring(plan)
    }

    /// A node of the lattice; on the block's edge it moves along the edge only.
    fn node(&self, i: u32, j: u32) -> [f64; 2] {
        let [across, up] = self.cells;
        let mut chance = self.chance([2, i, j]);
        let free = |line: u32, last: u32| if line == 0 || line == last { 0.0 } else { 0.17 };
        let (along, aside) = (free(i, across) * chance.swing(), free(j, up) * chance.swing());
        self.place(f64::from(i) + along, f64::from(j) + aside)
    }

    /// The vertex between two nodes of a line, which every second stretch has.
    fn between(&self, i: u32, j: u32) -> Option<[f64; 2]> {
        if !(i + j).is_multiple_of(2) {
            return None;
        }
        let mut chance = self.chance([3, i, j]);
        let ([west, south], [east, north]) = (self.node(i, j), self.node(i + 1, j));
        let share = 0.15f64.mul_add(chance.swing(), 0.5);
        let depth = (self.frame[3] - self.frame[1]) / f64::from(self.cells[1]);
        let edge = j == 0 || j == self.cells[1];
        let aside = if edge { 0.0 } else { 0.06 * depth * chance.swing() };
        Some([share.mul_add(east - west, west), share.mul_add(north - south, south) + aside])
    }

    fn place(&self, i: f64, j: f64) -> [f64; 2] {
        let [west, south, east, north] = self.frame;
        let [across, up] = self.cells.map(f64::from);
        [(east - west).mul_add(i / across, west), (north - south).mul_add(j / up, south)]
    }
}

fn divide(cells: Cells, chance: &mut Chance, lots: &mut Vec<Cells>) {
    let whole = chance.happens(cells.whole_per_mille());
    match cells.cut(chance) {
        Some(parts) if !whole => parts.into_iter().for_each(|part| divide(part, chance, lots)),
        Some(_) | None => lots.push(cells),
    }
}
