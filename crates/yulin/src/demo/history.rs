//! What happens to some parcels after they were registered: splits, mergers, changes of stock status.
//!
//! These acts name the version their author saw, so they are made from the receipts of the first ones.

use std::collections::{BTreeSet, HashMap};

use anyhow::Result;
use yulin_domain::codes::StockStatus;
use yulin_domain::journal::{Act, ActBody, ActId, ParcelId, Seen};
use yulin_domain::land::{Child, Disposition, MergeParcels, ParcelPatch, SetStockStatus, SplitParcel, Stock};

use super::chance::Chance;
use super::contract::Standing;
use super::facts::area_of;
use super::lot::{Fate, HISTORY_BLOCKS, Lot, lots_of, unit_code};
use super::parcels::{Office, grid};
use super::pen::{Day, footprint};

/// The lots that have a history, with the others of their blocks that it takes.
pub(super) fn subjects(office: &Office) -> Vec<Lot> {
    let rows = (0_u32..).zip(office.layout.rows()).map(|(row, _)| row);
    let early = rows.take_while(|row| {
        let first = office.layout.blocks_of(*row).next();
        first.is_some_and(|block| block.ordinal < HISTORY_BLOCKS)
    });
    early.flat_map(|row| lots_of(&office.layout, row)).filter(|lot| lot.fate != Fate::Stays).collect()
}

/// The acts of the history, from the entries that registered its lots.
pub(super) fn acts(office: &Office, entries: &HashMap<ActId, i64>) -> Result<Vec<Act>> {
    let lots = subjects(office);
    let mut acts = Vec::new();
    for lot in &lots {
        let Some(parcel) = seen(office, lot, entries) else { continue };
        let (body, ago): (Option<ActBody>, _) = match lot.fate {
            Fate::Splits => (split(office, lot, parcel)?.map(Into::into), [400, 900]),
            Fate::MergesWith(place) => {
                let same = |other: &&Lot| other.block.ordinal == lot.block.ordinal && other.place as usize == place;
                let other = lots.iter().find(same).and_then(|other| Some((other, seen(office, other, entries)?)));
                let merger = other.map(|other| merge(office, (lot, parcel), other)).transpose()?;
                (merger.flatten().map(Into::into), [300, 800])
            }
            Fate::Turns => {
                let day = later_day(office, lot, [200, 800]);
                (turn(office, lot, parcel, day).map(Into::into), [200, 800])
            }
            Fate::Stays | Fate::Merged => (None, [0, 0]),
        };
        let id = office.pen.id("later", lot.number);
        acts.extend(body.map(|body| office.pen.act(id, later_day(office, lot, ago), vec![body])));
    }
    Ok(acts)
}

fn seen(office: &Office, lot: &Lot, entries: &HashMap<ActId, i64>) -> Option<Seen<ParcelId>> {
    let seq = *entries.get(&office.act_id(lot))?;
    Some(Seen { id: office.parcel_id(lot), seq })
}

fn later_day(office: &Office, lot: &Lot, [least, most]: [u32; 2]) -> Day {
    let ago = Chance::at(office.pen.scale.seed, [6, lot.number]).between(least, most);
    Day(i32::try_from(ago).unwrap_or(0))
}

/// Two parcels along a line of the block; the second has stood idle since.
fn split(office: &Office, lot: &Lot, parcel: Seen<ParcelId>) -> Result<Option<SplitParcel>> {
    let mut chance = Chance::at(office.pen.scale.seed, [9, lot.number]);
    let Some(parts) = lot.cells.cut(&mut chance) else { return Ok(None) };
    let day = later_day(office, lot, [400, 900]);
    let children = (0_u32..).zip(parts).map(|(nth, cells)| {
        let ring = lot.block.ring(cells, &office.layout.warp);
        let area = area_of(&ring);
        let stock =
            (nth == 1).then(|| Standing { status: StockStatus::Idle, since: day }.stock(lot.number, area, &mut chance));
        let code = lot.heir_code(nth);
        let facts = ParcelPatch {
            unit_code: Some(unit_code(&code)),
            code: Some(code),
            registered_area: Some(area),
            stock,
            ..ParcelPatch::default()
        };
        Ok(Child { facts, footprint: footprint(&ring, grid()?)? })
    });
    let children = children.collect::<Result<_>>()?;
    let dispositions = vec![Disposition::Carried { record: office.right_id(lot).into(), onto: vec![0, 1] }];
    Ok(Some(SplitParcel { parcel, children, dispositions, apportion: vec![] }))
}

/// One parcel of two; the first one's right goes on, the second one's ends.
fn merge(
    office: &Office,
    (lot, parcel): (&Lot, Seen<ParcelId>),
    (other, with): (&Lot, Seen<ParcelId>),
) -> Result<Option<MergeParcels>> {
    let Some(cells) = lot.cells.joined(other.cells) else { return Ok(None) };
    let ring = lot.block.ring(cells, &office.layout.warp);
    let code = lot.heir_code(0);
    let areas = [lot, other].map(|part| area_of(&part.block.ring(part.cells, &office.layout.warp)));
    let facts = ParcelPatch {
        unit_code: Some(unit_code(&code)),
        code: Some(code),
        registered_area: areas
            .into_iter()
            .try_fold(yulin_domain::quantity::Area::default(), yulin_domain::quantity::Area::checked_add),
        ..ParcelPatch::default()
    };
    let dispositions = vec![
        Disposition::Carried { record: office.right_id(lot).into(), onto: vec![0] },
        Disposition::Ended { record: office.right_id(other).into() },
    ];
    let footprint = footprint(&ring, grid()?)?;
    Ok(Some(MergeParcels { parcels: vec![parcel, with], facts, footprint, dispositions }))
}

/// Land that was supplied comes into use or falls idle.
fn turn(office: &Office, lot: &Lot, parcel: Seen<ParcelId>, day: Day) -> Option<SetStockStatus> {
    let (card, _, _) = office.card(lot);
    let before = card.facts.stock?;
    let mut contract = before.contract?;
    let status = if lot.number.is_multiple_of(2) { StockStatus::Idle } else { StockStatus::InUse };
    if status == StockStatus::InUse {
        contract.started_on = Some(day.earlier(600).date());
        contract.completed_on = Some(day.date());
        contract.area_developed = contract.area_to_develop;
    }
    let stock = Stock { status, since: day.date(), reasons: BTreeSet::new(), contract: Some(contract) };
    Some(SetStockStatus { parcel, stock })
}
