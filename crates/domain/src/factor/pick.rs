//! Which units are taken from the lots of an account: by number, or in the declared order within one class.

use serde::{Deserialize, Serialize};

use super::{Lot, LotClass, UnitRange};
use crate::error_catalogue::ErrorCode;
use crate::journal::{LotId, Refused};
use crate::quantity::Units;

/// How the owner chooses units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Selection {
    /// Earliest expiry first, then lowest number, within one class; the class named, else that of the first lot.
    InOrder {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        class: Option<LotClass>,
    },
    /// These numbers.
    Numbers { units: Vec<UnitRange> },
}

impl Default for Selection {
    fn default() -> Self {
        Self::InOrder { class: None }
    }
}

/// Units of one lot that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    pub lot: LotId,
    pub units: UnitRange,
}

/// The first units of lots that come in order, all of one class.
pub fn in_order<'l>(
    lots: impl Iterator<Item = &'l Lot>,
    amount: Units,
    class: Option<&LotClass>,
) -> Result<Vec<Piece>, Refused> {
    let mut class = class;
    let of_class = lots.filter(|lot| *class.get_or_insert(&lot.class) == &lot.class);
    let taken = first(of_class, amount);
    taken.map_err(|refused| match class {
        Some(class) => refused.with("class", class.key()),
        None => refused,
    })
}

/// The first units of lots that come in order, of whatever class: what is set aside is given back whole.
pub fn first<'l>(lots: impl Iterator<Item = &'l Lot>, amount: Units) -> Result<Vec<Piece>, Refused> {
    let (mut pieces, mut wanted) = (Vec::new(), amount.count());
    for lot in lots {
        if wanted == 0 {
            break;
        }
        let taken = wanted.min(lot.units.units().count());
        let units = UnitRange { from: lot.units.from, to: lot.units.from + taken };
        pieces.push(Piece { lot: lot.id, units });
        wanted -= taken;
    }
    if wanted == 0 { Ok(pieces) } else { Err(super::book::insufficient(amount, Units::of(amount.count() - wanted))) }
}

/// The units of these numbers, which must all be there and be as many as are asked for.
pub fn within(lots: &[&Lot], numbers: &[UnitRange], amount: Units) -> Result<Vec<Piece>, Refused> {
    let mut named = numbers.to_vec();
    named.sort_unstable();
    let upside_down = named.iter().find(|range| range.from >= range.to);
    let twice = named.iter().zip(named.iter().skip(1)).find(|(one, next)| one.to > next.from).map(|(one, _)| one);
    if let Some(range) = upside_down.or(twice) {
        return Err(Refused::new(ErrorCode::UnitsInvalid).at("units").with("from", range.from).with("to", range.to));
    }
    let told: i64 = named.iter().map(|range| range.units().count()).fold(0, i64::saturating_add);
    if told != amount.count() {
        let refused = Refused::new(ErrorCode::UnitsInvalid).at("units");
        return Err(refused.with("named", told).told("amount", amount.count()));
    }
    // A number is in one lot alone, so that lots in order of their first numbers end in order too.
    let mut in_place = lots.to_vec();
    in_place.sort_unstable_by_key(|lot| lot.units);
    let mut pieces = Vec::new();
    for range in named {
        let start = in_place.partition_point(|lot| lot.units.to <= range.from);
        let near = in_place.iter().skip(start).take_while(|lot| lot.units.from < range.to);
        let met: Vec<_> = near.filter_map(|lot| Some(Piece { lot: lot.id, units: lot.units.meets(range)? })).collect();
        let found: i64 = met.iter().map(|piece| piece.units.units().count()).sum();
        if found != range.units().count() {
            let refused = Refused::new(ErrorCode::LotNotHeld).at("units").with("from", range.from);
            return Err(refused.with("to", range.to).with("held", found));
        }
        pieces.extend(met);
    }
    Ok(pieces)
}
