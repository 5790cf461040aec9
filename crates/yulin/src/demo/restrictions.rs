//! What weighs on some of the lots: mortgages, seizures, leases, duties and freezes.

use anyhow::Result;
use serde_json::json;
use yulin_domain::codes::{FreezeKind, StockStatus};
use yulin_domain::journal::{ActBody, ParcelId, Seen};
use yulin_domain::land::{PlaceFreeze, PlaceRestriction};

use super::chance::Chance;
use super::facts::Card;
use super::lot::Lot;
use super::parcels::Office;
use super::parties::Standing;
use super::pen::Day;

/// The legs that place what weighs on a lot; freezes last, because they block what follows.
pub(super) fn restrictions(
    office: &Office,
    lot: &Lot,
    card: &Card,
    parcel: Seen<ParcelId>,
    chance: &mut Chance,
) -> Result<Vec<ActBody>> {
    let mut legs = Vec::new();
    if chance.happens(mortgaged(card.standing.status)) {
        legs.push(mortgage(office, lot, card, parcel, chance)?);
    }
    if card.standing.status == StockStatus::SuppliedNotUsed {
        legs.push(duty(lot, card, parcel)?);
    }
    if chance.happens(4) {
        legs.push(seizure(lot, parcel)?);
    }
    legs.extend(freeze(card.standing.status, lot, parcel, chance));
    Ok(legs)
}

const fn mortgaged(status: StockStatus) -> u32 {
    match status {
        StockStatus::InUse => 110,
        StockStatus::Inefficient | StockStatus::BuiltNotUsed | StockStatus::UsedNotFull => 160,
        StockStatus::SuppliedNotUsed | StockStatus::Idle => 40,
        StockStatus::ApprovedNotSupplied | StockStatus::Banked | StockStatus::Ready => 0,
    }
}

fn mortgage(office: &Office, lot: &Lot, card: &Card, parcel: Seen<ParcelId>, chance: &mut Chance) -> Result<ActBody> {
    let bank = if chance.happens(500) { Standing::FirstBank } else { Standing::SecondBank };
    let fen = card.area.units() / 10_000 * i64::from(chance.between(150, 420)) * 100;
    let ends = Day(0).later(i32::try_from(chance.between(400, 1_500))?);
    placed(
        parcel,
        &json!({
            "nature": { "restriction": "MORTGAGE" },
            "right": office.right_id(lot),
            "in_favour_of": bank.id(&office.pen),
            "amount": fen,
            "starts_on": card.standing.since.date(),
            "ends_on": ends.date(),
            "document": format!("演示抵字第{:06}号", lot.number + 1),
        }),
    )
}

fn duty(lot: &Lot, card: &Card, parcel: Seen<ParcelId>) -> Result<ActBody> {
    placed(
        parcel,
        &json!({
            "nature": { "responsibility": "BUILD_IN_TIME" },
            "authority": "浦江经济开发区管理委员会（演示）",
            "starts_on": card.standing.since.date(),
            "document": format!("演示监管协议{:06}号", lot.number + 1),
        }),
    )
}

fn seizure(lot: &Lot, parcel: Seen<ParcelId>) -> Result<ActBody> {
    placed(
        parcel,
        &json!({
            "nature": { "restriction": "SEIZURE" },
            "authority": "演示人民法院",
            "document": format!("演示执字第{:06}号", lot.number + 1),
        }),
    )
}

fn placed(parcel: Seen<ParcelId>, particulars: &serde_json::Value) -> Result<ActBody> {
    let particulars = serde_json::from_value(particulars.clone())?;
    Ok(PlaceRestriction { parcel, particulars }.into())
}

fn freeze(status: StockStatus, lot: &Lot, parcel: Seen<ParcelId>, chance: &mut Chance) -> Option<ActBody> {
    let (kind, authority, per_mille) = match status {
        StockStatus::Idle => (FreezeKind::IdleDisposal, "浦江县自然资源和规划局（演示）", 80),
        StockStatus::Inefficient => (FreezeKind::Restructuring, "演示人民法院", 20),
        StockStatus::InUse | StockStatus::UsedNotFull | StockStatus::BuiltNotUsed => {
            (FreezeKind::Court, "演示人民法院", 3)
        }
        StockStatus::SuppliedNotUsed | StockStatus::ApprovedNotSupplied | StockStatus::Banked | StockStatus::Ready => {
            return None;
        }
    };
    let document = Some(format!("演示冻字第{:06}号", lot.number + 1));
    chance.happens(per_mille).then(|| PlaceFreeze { parcel, kind, authority: authority.to_owned(), document }.into())
}
