//! The plan of the zone: columns and rows of blocks with streets between them.
//!
//! Straight lines only; `warp` lays the plan on the ground. The plan is small whatever the number of parcels, so that a
//! million of them are made one after another.

use super::block::{Block, Character};
use super::chance::Chance;
use super::warp::Warp;

/// How large a demo zone is made, and from which seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoScale {
    /// Parcels before any split or merge; at most [`DemoScale::PARCELS_MAX`].
    pub parcels: u32,
    /// The same seed and number of parcels give the same zone.
    pub seed: u64,
}

impl DemoScale {
    /// Most parcels of a demo zone.
    pub const PARCELS_MAX: u32 = 1_000_000;
}

impl Default for DemoScale {
    fn default() -> Self {
        Self { parcels: 3_000, seed: 330_726 }
    }
}

/// Land a parcel takes with its part of the streets at full size, in square metres.
const GROSS_M2: f64 = 21_000.0;
/// Land of a block with its streets at full size.
const BLOCK_M2: f64 = 200_000.0;
/// Land the largest zone covers: that of a county. Beyond it everything is made smaller.
const ZONE_M2_MAX: f64 = 1.3e9;
/// Every so many streets there is an arterial road.
pub(super) const ARTERIAL_EVERY: u32 = 5;
const STREET_M: f64 = 24.0;
const ARTERIAL_M: f64 = 44.0;
/// More rows than any zone has.
const ROWS_MAX: u32 = 20_000;

/// A column or row of blocks in metres of the plan; its street lies before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strip {
    pub from: f64,
    pub to: f64,
    /// Parcels in the rows before it; nothing for columns.
    first: u32,
}

/// The plan.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub scale: DemoScale,
    pub warp: Warp,
    shrink: f64,
    columns: Vec<Strip>,
    rows: Vec<Strip>,
}

impl Layout {
    /// The plan for so many parcels.
    pub(super) fn of(scale: DemoScale) -> Self {
        let scale = DemoScale { parcels: scale.parcels.clamp(1, DemoScale::PARCELS_MAX), ..scale };
        let gross = f64::from(scale.parcels) * GROSS_M2;
        let shrink = (ZONE_M2_MAX / gross).sqrt().min(1.0);
        let columns = columns_for((gross / BLOCK_M2).sqrt());
        let mut layout = Self { scale, warp: Warp::of(scale.seed), shrink, columns: Vec::new(), rows: Vec::new() };
        for column in 0..columns {
            let after = layout.columns.last().map_or(0.0, |strip| strip.to);
            let strip = layout.strip([1, column], after, [380, 620]);
            layout.columns.push(strip);
        }
        centre(&mut layout.columns);
        layout.lay_rows();
        layout
    }

    /// Rows are added until they hold the parcels.
    fn lay_rows(&mut self) {
        let mut held = 0;
        for row in 0..ROWS_MAX {
            let after = self.rows.last().map_or(0.0, |strip| strip.to);
            let strip = Strip { first: held, ..self.strip([2, row], after, [260, 420]) };
            self.rows.push(strip);
            let lots: usize = self.blocks_of(row).map(|block| block.lots().len()).sum();
            held = held.saturating_add(u32::try_from(lots).unwrap_or(u32::MAX));
            if held >= self.scale.parcels {
                break;
            }
        }
        centre(&mut self.rows);
    }

    fn strip(&self, place: [u32; 2], after: f64, [least, most]: [u32; 2]) -> Strip {
        let street = if place[1].is_multiple_of(ARTERIAL_EVERY) { ARTERIAL_M } else { STREET_M };
        let from = street.mul_add(self.shrink, after);
        let width = f64::from(Chance::at(self.scale.seed, place).between(least, most));
        Strip { from, to: width.mul_add(self.shrink, from), first: 0 }
    }

    pub(super) fn columns(&self) -> &[Strip] {
        &self.columns
    }

    pub(super) fn rows(&self) -> &[Strip] {
        &self.rows
    }

    /// The number of the first parcel of a row.
    pub(super) fn first_of(&self, row: u32) -> u32 {
        self.rows.get(row as usize).map_or(u32::MAX, |strip| strip.first)
    }

    /// Half the width and half the height of the zone in metres of the plan.
    pub(super) fn reach(&self) -> [f64; 2] {
        [reach(&self.columns), reach(&self.rows)]
    }

    /// The blocks of a row from west to east.
    pub(super) fn blocks_of(&self, row: u32) -> impl Iterator<Item = Block> + '_ {
        let strip = self.rows.get(row as usize).copied();
        let count = u32::try_from(self.columns.len()).unwrap_or(u32::MAX);
        (0..).zip(&self.columns).filter_map(move |(column, across)| {
            let up = strip?;
            let character = self.character(column, row);
            let frame = [across.from, up.from, across.to, up.to];
            let [wide, deep] = character.cell_m().map(|metres| metres * self.shrink);
            let cells = [cells_in(across.to - across.from, wide), cells_in(up.to - up.from, deep)];
            let ordinal = row.saturating_mul(count).saturating_add(column);
            Some(Block { seed: self.scale.seed, column, row, ordinal, character, frame, cells })
        })
    }

    /// Blocks of three by three make a quarter; every eighth or so is a town rather than works.
    fn character(&self, column: u32, row: u32) -> Character {
        let town = Chance::at(self.scale.seed, [3, column / 3, row / 3]).happens(130);
        let works = [(Character::Industry, 62), (Character::Workshops, 20), (Character::Heavy, 18)];
        let streets = [(Character::Homes, 45), (Character::Commerce, 35), (Character::Services, 20)];
        let mut chance = Chance::at(self.scale.seed, [4, column, row]);
        chance.weigh(if town { &streets } else { &works }).unwrap_or(Character::Industry)
    }
}

fn centre(strips: &mut [Strip]) {
    let middle = strips.last().map_or(0.0, |strip| strip.to / 2.0);
    for strip in strips {
        strip.from -= middle;
        strip.to -= middle;
    }
}

fn reach(strips: &[Strip]) -> f64 {
    strips.last().map_or(0.0, |strip| strip.to)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // between 1 and a few thousand
fn columns_for(root: f64) -> u32 {
    // Blocks are wider than deep: fewer columns than rows make the zone about square.
    (root * 0.72).ceil().clamp(1.0, 5_000.0) as u32
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a block has 2 to 12 cells a side
fn cells_in(metres: f64, cell: f64) -> u32 {
    (metres / cell).round().clamp(2.0, 12.0) as u32
}
