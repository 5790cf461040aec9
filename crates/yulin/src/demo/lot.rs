//! A lot of the plan: its number, code and boundary, and what will become of it.
//!
//! What the land is used for and who holds it is not here.

use super::block::{Block, Cells};
use super::layout::Layout;

/// The county whose code begins every parcel code of the demo.
pub(super) const COUNTY: &str = "330726";
/// Blocks whose lots may have a history; a bound, so that a large zone does not keep them all in mind.
pub(super) const HISTORY_BLOCKS: u32 = 270;
/// Blocks a side of a cadastral subdistrict.
const SUBDISTRICT: u32 = 8;

/// What becomes of a lot after it was registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nothing.
    Stays,
    /// It is split in two.
    Splits,
    /// It is merged with the lot of this place in its block.
    MergesWith(usize),
    /// It is merged by the lot before it.
    Merged,
    /// Its stock status changes.
    Turns,
}

/// A lot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lot {
    /// From zero, without gaps.
    pub number: u32,
    /// Its place in its block.
    pub place: u32,
    /// Its place in its row of blocks within the cadastral subdistrict.
    serial: u32,
    pub block: Block,
    pub cells: Cells,
    pub fate: Fate,
}

impl Lot {
    /// Its parcel code: county, cadastral district and subdistrict, state-owned construction land, serial.
    pub(super) fn code(&self) -> String {
        self.coded(self.block.row % SUBDISTRICT * 10_000 + self.serial + 1)
    }

    /// The code of the nth parcel that takes its place.
    pub(super) fn heir_code(&self, nth: u32) -> String {
        let in_subdistrict = self.block.row % SUBDISTRICT * SUBDISTRICT + self.block.column % SUBDISTRICT;
        self.coded(90_000 + in_subdistrict * 10 + nth + 1)
    }

    fn coded(&self, serial: u32) -> String {
        let (district, subdistrict) = (self.block.row / SUBDISTRICT + 1, self.block.column / SUBDISTRICT + 1);
        format!("{COUNTY}{district:03}{subdistrict:03}GB{serial:05}")
    }

    /// Its number as a lot of the plan, which it bears until it is registered.
    pub(super) fn lot_number(&self) -> String {
        format!("PJ-{:04}-{:02}", self.block.ordinal + 1, self.place + 1)
    }
}

/// The unit code of bare land with a parcel code.
pub(super) fn unit_code(code: &str) -> String {
    format!("{code}W00000000")
}

/// The lots of a row of blocks, as far as the zone goes.
pub(super) fn lots_of(layout: &Layout, row: u32) -> Vec<Lot> {
    let (mut number, mut serial, mut subdistrict) = (layout.first_of(row), 0, 0);
    let mut lots = Vec::new();
    for block in layout.blocks_of(row) {
        if subdistrict != block.column / SUBDISTRICT {
            (serial, subdistrict) = (0, block.column / SUBDISTRICT);
        }
        let cells = block.lots();
        for (place, own) in (0_u32..).zip(&cells) {
            if number >= layout.scale.parcels {
                return lots;
            }
            let fate = fate(&block, &cells, place);
            lots.push(Lot { number, place, serial, block, cells: *own, fate });
            number += 1;
            serial += 1;
        }
    }
    lots
}

fn fate(block: &Block, cells: &[Cells], place: u32) -> Fate {
    if block.ordinal >= HISTORY_BLOCKS || !block.character.is_industrial() && block.ordinal > 0 {
        return Fate::Stays;
    }
    let own = cells.get(place as usize);
    match (block.ordinal % 9, place) {
        (0, 0) if own.is_some_and(|own| own.count() > 1) => Fate::Splits,
        (4, _) => merger(cells, place as usize),
        (2 | 7, 1) => Fate::Turns,
        _ => Fate::Stays,
    }
}

/// The first pair of lots in the block that make a rectangle together is merged.
fn merger(cells: &[Cells], place: usize) -> Fate {
    let mut pairs = cells.iter().enumerate().flat_map(|(first, one)| {
        let beside = move |(second, other): (usize, &Cells)| one.joined(*other).map(|_| (first, second));
        cells.iter().enumerate().filter_map(beside)
    });
    match pairs.find(|(first, second)| first < second) {
        Some((first, second)) if first == place => Fate::MergesWith(second),
        Some((_, second)) if second == place => Fate::Merged,
        Some(_) | None => Fate::Stays,
    }
}
