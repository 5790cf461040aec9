//! The stock status of a lot and the facts of its contract that agree with it.

use std::collections::BTreeSet;

use yulin_domain::codes::{InefficiencyReason, StockStatus};
use yulin_domain::land::{ContractFacts, Stock};
use yulin_domain::quantity::{Area, Fen};

use super::block::Block;
use super::chance::Chance;
use super::lot::{Fate, Lot};
use super::pen::Day;

const WORKS: [(StockStatus, u32); 9] = [
    (StockStatus::InUse, 560),
    (StockStatus::ApprovedNotSupplied, 50),
    (StockStatus::SuppliedNotUsed, 55),
    (StockStatus::Idle, 70),
    (StockStatus::UsedNotFull, 60),
    (StockStatus::BuiltNotUsed, 45),
    (StockStatus::Inefficient, 90),
    (StockStatus::Banked, 35),
    (StockStatus::Ready, 35),
];
const TOWN: [(StockStatus, u32); 6] = [
    (StockStatus::InUse, 780),
    (StockStatus::ApprovedNotSupplied, 50),
    (StockStatus::SuppliedNotUsed, 60),
    (StockStatus::Idle, 20),
    (StockStatus::Banked, 40),
    (StockStatus::Ready, 50),
];
const REASONS: [InefficiencyReason; 5] = [
    InefficiencyReason::TaxPerMuLow,
    InefficiencyReason::TaxBelowIndustry,
    InefficiencyReason::PoorGrade,
    InefficiencyReason::LowIntensity,
    InefficiencyReason::DormantFirm,
];

/// A status and the day since when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    pub status: StockStatus,
    pub since: Day,
}

impl Standing {
    /// The status of a lot when it is registered.
    pub(super) fn of(lot: &Lot, chance: &mut Chance) -> Self {
        match lot.fate {
            Fate::Splits => Self { status: StockStatus::InUse, since: days(chance, [3_000, 4_000]) },
            Fate::MergesWith(_) | Fate::Merged => {
                Self { status: StockStatus::InUse, since: days(chance, [2_500, 3_500]) }
            }
            Fate::Turns => Self { status: StockStatus::SuppliedNotUsed, since: days(chance, [1_700, 2_600]) },
            Fate::Stays => Self::by_chance(&lot.block, chance),
        }
    }

    fn by_chance(block: &Block, chance: &mut Chance) -> Self {
        let weights: &[_] = if block.character.is_industrial() { &WORKS } else { &TOWN };
        let status = chance.weigh(weights).unwrap_or(StockStatus::InUse);
        let ago = match status {
            StockStatus::InUse => [400, 4_100],
            StockStatus::ApprovedNotSupplied => [40, 800],
            StockStatus::SuppliedNotUsed => [40, 480],
            StockStatus::Idle | StockStatus::Banked => [90, 1_500],
            StockStatus::UsedNotFull => [300, 2_500],
            StockStatus::BuiltNotUsed | StockStatus::Inefficient => [120, 1_300],
            StockStatus::Ready => [20, 700],
        };
        Self { status, since: days(chance, ago) }
    }

    /// The day from which the holder has the land; none while nobody holds it.
    pub(super) const fn handed_over(self) -> Option<Day> {
        match self.status {
            StockStatus::InUse => Some(self.since.earlier(1_050)),
            StockStatus::SuppliedNotUsed => Some(self.since),
            StockStatus::Idle => Some(self.since.earlier(500)),
            StockStatus::UsedNotFull => Some(self.since.earlier(1_200)),
            StockStatus::BuiltNotUsed => Some(self.since.earlier(1_400)),
            StockStatus::Inefficient => Some(self.since.earlier(2_600)),
            StockStatus::ApprovedNotSupplied | StockStatus::Banked | StockStatus::Ready => None,
        }
    }

    /// The stock facts of a lot of so much land.
    pub(super) fn stock(self, number: u32, area: Area, chance: &mut Chance) -> Stock {
        let reasons = match self.status {
            StockStatus::Inefficient => (0..2).filter_map(|_| chance.pick(&REASONS)).collect(),
            StockStatus::InUse
            | StockStatus::ApprovedNotSupplied
            | StockStatus::SuppliedNotUsed
            | StockStatus::Idle
            | StockStatus::UsedNotFull
            | StockStatus::BuiltNotUsed
            | StockStatus::Banked
            | StockStatus::Ready => BTreeSet::new(),
        };
        let contract = self.contract(number, area, chance);
        Stock { status: self.status, since: self.since.date(), reasons, contract }
    }

    fn contract(self, number: u32, area: Area, chance: &mut Chance) -> Option<ContractFacts> {
        let Some(handed) = self.handed_over() else {
            let approved_on = (self.status == StockStatus::ApprovedNotSupplied).then(|| self.since.date());
            return approved_on.map(|day| ContractFacts { approved_on: Some(day), ..ContractFacts::default() });
        };
        let signed = handed.earlier(35);
        let price = Fen::from_fen(area.units() / 10_000 * i64::from(chance.between(350, 800)) * 100);
        let agreed = i64::from(chance.between(3_000, 9_000)) * area.units() / 10_000 * 100;
        let made = agreed / 100 * i64::from(self.invested_percent(chance));
        let facts = ContractFacts {
            number: Some(format!("演示330726-{}-{:06}", signed.date().year(), number + 1)),
            signed_on: Some(signed.date()),
            handed_over_on: Some(handed.date()),
            start_by: Some(handed.later(365).date()),
            complete_by: Some(handed.later(1_095).date()),
            price: Some(price),
            investment_agreed: Some(Fen::from_fen(agreed)),
            investment_made: Some(Fen::from_fen(made)),
            area_to_develop: Some(area),
            ..ContractFacts::default()
        };
        Some(self.progress(facts, handed, area, chance))
    }

    fn invested_percent(self, chance: &mut Chance) -> u32 {
        match self.status {
            StockStatus::SuppliedNotUsed | StockStatus::Idle => chance.between(0, 12),
            StockStatus::UsedNotFull | StockStatus::Inefficient => chance.between(35, 75),
            StockStatus::InUse
            | StockStatus::BuiltNotUsed
            | StockStatus::ApprovedNotSupplied
            | StockStatus::Banked
            | StockStatus::Ready => chance.between(88, 115),
        }
    }

    /// How far building and production have come.
    fn progress(self, facts: ContractFacts, handed: Day, area: Area, chance: &mut Chance) -> ContractFacts {
        let started_on = Some(handed.later(200).date());
        let part = Area::from_units(area.units() / 100 * i64::from(chance.between(30, 65)));
        let whole = Some(area);
        match self.status {
            StockStatus::InUse => {
                ContractFacts { started_on, completed_on: Some(self.since.date()), area_developed: whole, ..facts }
            }
            StockStatus::UsedNotFull => {
                let completed_on = Some(handed.later(900).date());
                ContractFacts { started_on, completed_on, area_developed: Some(part), ..facts }
            }
            StockStatus::BuiltNotUsed => {
                let (completed_on, idle) = (Some(handed.later(950).date()), Some(self.since.date()));
                ContractFacts { started_on, completed_on, not_producing_since: idle, area_developed: whole, ..facts }
            }
            StockStatus::Inefficient => {
                let completed_on = Some(handed.later(1_000).date());
                ContractFacts { started_on, completed_on, area_developed: whole, ..facts }
            }
            StockStatus::Idle => {
                let suspended_days = chance.happens(200).then(|| chance.between(30, 200));
                ContractFacts { suspended_days, ..facts }
            }
            StockStatus::SuppliedNotUsed
            | StockStatus::ApprovedNotSupplied
            | StockStatus::Banked
            | StockStatus::Ready => facts,
        }
    }
}

fn days(chance: &mut Chance, [least, most]: [u32; 2]) -> Day {
    Day(i32::try_from(chance.between(least, most)).unwrap_or(0))
}
