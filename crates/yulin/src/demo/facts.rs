//! The card of a lot: names, use, tenure, planning, price, connections, soil and stock facts.

use std::collections::BTreeSet;

use yulin_domain::codes::{
    GrantMethod, Infrastructure, LandPurpose, Ownership, RightNature, RightType, SoilGate, StockStatus, land_purpose,
    max_term_years,
};
use yulin_domain::land::{Limits, ParcelPatch, Planning, Price, Range, Tenure, UseShare};
use yulin_domain::quantity::{Area, FenPerSquareMetre, Ratio};

use super::chance::Chance;
use super::contract::Standing;
use super::lot::{Fate, Lot, unit_code};
use super::names::{street_along, street_up};
use super::pen::Day;
use super::uses::Uses;

/// Everything the parcel acts say of a lot besides its boundary and holders.
#[derive(Debug, Clone)]
pub(super) struct Card {
    pub standing: Standing,
    pub facts: ParcelPatch,
    /// Absent where nobody holds the land.
    pub tenure: Option<Tenure>,
    pub purpose: LandPurpose,
    /// Square metres within the boundary.
    pub area: Area,
}

impl Card {
    /// The card of a lot within a boundary.
    pub(super) fn of(lot: &Lot, ring: &[[f64; 2]], uses: &Uses, chance: &mut Chance) -> Self {
        let standing = Standing::of(lot, chance);
        let uses = uses.of(lot.block.character, chance);
        let purpose = uses.first().map_or(LandPurpose::Other, |part| land_purpose(part.land_use));
        let area = area_of(ring);
        let tenure = standing.handed_over().map(|day| tenure(&uses, purpose, day, chance));
        let street = street(lot);
        let along = if lot.place.is_multiple_of(2) { lot.block.column } else { lot.block.row };
        let house = along * 40 + lot.place * 2 + 1;
        let facts = ParcelPatch {
            name: Some(format!("{street}{house}号{}地块", purpose_word(purpose))),
            location: Some(format!("浦江经济开发区{street}{house}号（演示）")),
            street: Some(street),
            uses: Some(uses),
            ownership: Some(Ownership::State),
            tenure: tenure.clone(),
            registered_area: Some(registered(lot, area, chance)),
            surveyed_area: chance.happens(600).then_some(area),
            planning: Some(planning(purpose, chance)),
            price: Some(price(standing.status, purpose, chance)),
            infrastructure: Some(connections(standing.status, chance)),
            soil_gate: Some(soil(standing.status, purpose, chance)),
            stock: Some(standing.stock(lot.number, area, chance)),
            ..ParcelPatch::default()
        };
        Self { standing, facts, tenure, purpose, area }
    }

    /// The facts with the code of a registered parcel.
    pub(super) fn registered_as(&self, code: String) -> ParcelPatch {
        ParcelPatch { unit_code: Some(unit_code(&code)), code: Some(code), ..self.facts.clone() }
    }
}

fn street(lot: &Lot) -> String {
    if lot.place.is_multiple_of(2) { street_along(lot.block.row) } else { street_up(lot.block.column) }
}

const fn purpose_word(purpose: LandPurpose) -> &'static str {
    match purpose {
        LandPurpose::Industrial => "工业",
        LandPurpose::Commercial => "商业",
        LandPurpose::Residential => "住宅",
        LandPurpose::PublicService => "公共服务",
        LandPurpose::Other => "公用",
    }
}

/// The area of a closed ring on the grid, to 0.01 m² as certificates state it.
#[allow(clippy::cast_possible_truncation)] // a lot is far below 2^53 square centimetres
pub(super) fn area_of(ring: &[[f64; 2]]) -> Area {
    let [x0, y0] = ring.first().copied().unwrap_or_default();
    let doubled: f64 = ring
        .windows(2)
        .map(|edge| match edge {
            [[ax, ay], [bx, by]] => (ax - x0) * (by - y0) - (bx - x0) * (ay - y0),
            _ => 0.0,
        })
        .sum();
    Area::from_units((doubled / 2.0 * 100.0).round() as i64 * 100)
}

/// Old certificates differ now and then by a few hundredths from what was measured since; not where land is split or
/// merged, for then areas must agree.
fn registered(lot: &Lot, area: Area, chance: &mut Chance) -> Area {
    if lot.fate == Fate::Stays && chance.happens(15) {
        Area::from_units(area.units() / 10_000 * 103 / 100 * 10_000)
    } else {
        area
    }
}

fn tenure(uses: &[UseShare], purpose: LandPurpose, day: Day, chance: &mut Chance) -> Tenure {
    let starts_on = Some(day.date());
    let right_type = RightType::StateConstruction;
    match purpose {
        LandPurpose::PublicService | LandPurpose::Other => Tenure {
            right_type,
            nature: Some(RightNature::Allocated),
            grant_method: Some(GrantMethod::Allocation),
            starts_on,
            ends_on: None,
        },
        LandPurpose::Residential | LandPurpose::Industrial | LandPurpose::Commercial => {
            let longest = uses.first().map_or(40, |part| max_term_years(part.land_use));
            let short = purpose == LandPurpose::Industrial && chance.happens(180);
            let (years, method) = if short { (30, GrantMethod::FlexTerm) } else { (longest, granted(chance)) };
            let ends_on = Some(day.last_of(i32::from(years)));
            Tenure { right_type, nature: Some(RightNature::Granted), grant_method: Some(method), starts_on, ends_on }
        }
    }
}

fn granted(chance: &mut Chance) -> GrantMethod {
    let methods = [(GrantMethod::Listing, 82), (GrantMethod::Auction, 10), (GrantMethod::Tender, 8)];
    chance.weigh(&methods).unwrap_or(GrantMethod::Listing)
}

/// Limits in ten-thousandths: an industrial lot has a least plot ratio, others a greatest.
fn planning(purpose: LandPurpose, chance: &mut Chance) -> Planning {
    let mut tenths = |least, most| i64::from(chance.between(least, most)) * 1_000;
    let (ratio, height) = match purpose {
        LandPurpose::Industrial => (range(Some(tenths(10, 20)), Some(tenths(25, 40))), tenths(240, 600)),
        LandPurpose::Commercial => (range(None, Some(tenths(20, 45))), tenths(300, 990)),
        LandPurpose::Residential => (range(Some(10_001), Some(tenths(16, 28))), tenths(330, 800)),
        LandPurpose::PublicService | LandPurpose::Other => (range(None, Some(tenths(6, 15))), tenths(120, 360)),
    };
    let (density, green) = match purpose {
        LandPurpose::Industrial => (range(Some(4_000), Some(6_500)), range(None, Some(1_500))),
        LandPurpose::Commercial => (range(None, Some(5_000)), range(Some(1_500), None)),
        LandPurpose::Residential => (range(None, Some(2_800)), range(Some(3_000), None)),
        LandPurpose::PublicService | LandPurpose::Other => (range(None, Some(3_500)), range(Some(3_500), None)),
    };
    let height = range(None, Some(height));
    Planning { plot_ratio: Some(ratio), density: Some(density), green_rate: Some(green), height_m: Some(height) }
}

fn range(min: Option<i64>, max: Option<i64>) -> Range {
    let bound = |units| (Ratio::from_units(units), Limits::Inclusive);
    Range { min: min.map(bound), max: max.map(bound) }
}

/// Land that may be had has an asking price, mostly with a floor under it.
fn price(status: StockStatus, purpose: LandPurpose, chance: &mut Chance) -> Price {
    let offered = match status {
        StockStatus::Ready => 1_000,
        StockStatus::Idle | StockStatus::Banked | StockStatus::BuiltNotUsed => 800,
        StockStatus::Inefficient | StockStatus::SuppliedNotUsed => 600,
        StockStatus::ApprovedNotSupplied | StockStatus::UsedNotFull => 400,
        StockStatus::InUse => 20,
    };
    if !chance.happens(offered) {
        return Price::default();
    }
    let tens_of_yuan = match purpose {
        LandPurpose::Industrial => chance.between(32, 95),
        LandPurpose::Commercial => chance.between(280, 720),
        LandPurpose::Residential => chance.between(420, 980),
        LandPurpose::PublicService | LandPurpose::Other => chance.between(40, 120),
    };
    let asking = i64::from(tens_of_yuan) * 1_000;
    let floor = chance.happens(700).then(|| FenPerSquareMetre::from_fen(asking * 4 / 5));
    Price { asking: Some(FenPerSquareMetre::from_fen(asking)), floor }
}

fn connections(status: StockStatus, chance: &mut Chance) -> BTreeSet<Infrastructure> {
    let laid = match status {
        StockStatus::Ready | StockStatus::InUse => 960,
        StockStatus::ApprovedNotSupplied | StockStatus::Banked => 550,
        StockStatus::SuppliedNotUsed
        | StockStatus::Idle
        | StockStatus::UsedNotFull
        | StockStatus::BuiltNotUsed
        | StockStatus::Inefficient => 850,
    };
    let rarer = [
        Infrastructure::Water,
        Infrastructure::Power,
        Infrastructure::Drainage,
        Infrastructure::Gas,
        Infrastructure::Heat,
        Infrastructure::Telecom,
        Infrastructure::Levelled,
    ];
    std::iter::once(Infrastructure::Road).chain(rarer.into_iter().filter(|_| chance.happens(laid))).collect()
}

fn soil(status: StockStatus, purpose: LandPurpose, chance: &mut Chance) -> SoilGate {
    match (status, purpose) {
        (StockStatus::Ready, _) => SoilGate::Pass,
        (_, LandPurpose::Industrial) => {
            let gates =
                [(SoilGate::Pass, 66), (SoilGate::Unknown, 18), (SoilGate::Investigate, 13), (SoilGate::Block, 3)];
            chance.weigh(&gates).unwrap_or(SoilGate::Unknown)
        }
        (_, LandPurpose::Residential | LandPurpose::Commercial | LandPurpose::PublicService | LandPurpose::Other) => {
            chance.weigh(&[(SoilGate::Pass, 90), (SoilGate::Unknown, 10)]).unwrap_or(SoilGate::Unknown)
        }
    }
}
