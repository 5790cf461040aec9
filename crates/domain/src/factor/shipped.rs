//! The factors that the registry brings along, as registrations: what law or rule each rests on, and what of it was not
//! verified. A zone loads them and then amends what it knows better.

use jiff::civil::{Date, date};

use super::{Controls, DisplayUnit, RegisterFactor, TradeRule};
use crate::codes::{EnergyBasis, FactorKind, UnitTracking};

/// Zhejiang's rule on the paid use and trade of discharge rights.
const DISCHARGE_RULE: &str = "浙政办发〔2023〕18号";
const DISCHARGE_SINCE: Date = date(2023, 3, 14);
/// Zhejiang's rule on trade in energy-use rights.
const ENERGY_RULE: &str = "浙政办发〔2018〕84号";
const ENERGY_SINCE: Date = date(2018, 1, 1);
const READ: &str = "read in a copy; confirm against the official text before legal use";
const UNVERIFIED: &str = "not verified for Jinhua; configuration of the zone decides";
/// Since when the controls below are proposed, and by whom.
const PROPOSED: Date = date(2026, 1, 1);
const PROPOSAL: &str = "proposed with the registry, not verified; configuration of the zone decides";

/// A pollutant: code, names, and whether it is traded in Zhejiang by the rule found.
const POLLUTANTS: [(&str, &str, &str, Traded); 8] = [
    ("COD", "化学需氧量排污权", "Chemical oxygen demand", Traded::ByRule),
    ("NH3-N", "氨氮排污权", "Ammonia nitrogen", Traded::ByRule),
    ("SO2", "二氧化硫排污权", "Sulphur dioxide", Traded::ByRule),
    ("NOx", "氮氧化物排污权", "Nitrogen oxides", Traded::ByRule),
    ("TP", "总磷排污权", "Total phosphorus", Traded::NotVerified),
    ("TN", "总氮排污权", "Total nitrogen", Traded::NotVerified),
    ("VOCs", "挥发性有机物排污权", "Volatile organic compounds", Traded::NotVerified),
    // Of use for offsets alone.
    ("PM", "烟粉尘（颗粒物）排污权", "Particulate matter", Traded::NotVerified),
];

#[derive(Clone, Copy)]
enum Traded {
    ByRule,
    NotVerified,
}

/// Every factor that is brought along.
pub fn shipped() -> Vec<RegisterFactor> {
    let pollutants = POLLUTANTS.iter().map(|(code, zh, en, traded)| {
        let rules = match traded {
            Traded::ByRule => vec![rule(DISCHARGE_SINCE, true, DISCHARGE_RULE, READ)],
            Traded::NotVerified => vec![rule(DISCHARGE_SINCE, false, DISCHARGE_RULE, UNVERIFIED)],
        };
        let factor = base(code, (zh, en), FactorKind::EmissionRight, ("g/a", "t/a", 6));
        RegisterFactor { trade_rules: rules, controls: controls(), ..factor }
    });
    pollutants.chain(energy()).chain(carbon()).chain(budgets()).collect()
}

/// Energy on its two bases, which are never added; traded on the equivalent one.
fn energy() -> impl Iterator<Item = RegisterFactor> {
    let on = |code, names, basis, tradable| RegisterFactor {
        basis: Some(basis),
        trade_rules: vec![rule(ENERGY_SINCE, tradable, ENERGY_RULE, READ)],
        controls: controls(),
        ..base(code, names, FactorKind::EnergyQuota, ("kgce", "tce", 3))
    };
    let calorific = ("能耗指标（当量值）", "Energy quota, calorific value");
    let equivalent = ("用能权（等价值）", "Energy-use right, equivalent value");
    [
        on("ENERGY-CALORIFIC", calorific, EnergyBasis::Calorific, false),
        on("ENERGY-EQUIVALENT", equivalent, EnergyBasis::Equivalent, true),
    ]
    .into_iter()
}

/// The zone's own budget, and the mirror of the national allowance, which is never transferred here.
fn carbon() -> impl Iterator<Item = RegisterFactor> {
    let zone =
        base("ZCB", ("园区碳预算", "Carbon budget of the zone"), FactorKind::CarbonBudget, ("kgCO2e", "tCO2e", 3));
    let internal = rule(PROPOSED, true, "internal management of the zone, no security", PROPOSAL);
    let national =
        base("CEA", ("全国碳排放配额", "National carbon allowance"), FactorKind::CarbonAllowance, ("t", "t", 0));
    let forbidden = rule(date(2021, 2, 1), false, "碳排放权交易管理办法（试行）; 国务院令第775号", READ);
    [
        RegisterFactor { trade_rules: vec![internal], controls: controls(), ..zone },
        RegisterFactor {
            trade_rules: vec![forbidden],
            mirror_of: Some("全国碳排放权注册登记系统".to_owned()),
            ..national
        },
    ]
    .into_iter()
}

/// Land of the yearly plan, a fund programme, and money on settlement accounts.
fn budgets() -> impl Iterator<Item = RegisterFactor> {
    let land = base(
        "LAND-NEW",
        ("新增建设用地计划指标", "Quota of new construction land"),
        FactorKind::LandQuota,
        ("cm2", "m2", 4),
    );
    let fund = base(
        "FUND-CAGE",
        ("腾笼换鸟专项经费", "Fund for renewing industrial land"),
        FactorKind::Fund,
        ("fen", "CNY", 2),
    );
    let money = base("CNY", ("人民币结算资金", "Money on settlement accounts"), FactorKind::Money, ("fen", "CNY", 2));
    [
        land,
        RegisterFactor { tracking: UnitTracking::Amount, ..fund },
        RegisterFactor {
            tracking: UnitTracking::Amount,
            mirror_of: Some("结算银行".to_owned()),
            controls: controls(),
            ..money
        },
    ]
    .into_iter()
}

fn base(
    code: &str,
    (name_zh, name_en): (&str, &str),
    kind: FactorKind,
    (base_unit, symbol, decimals): (&str, &str, u8),
) -> RegisterFactor {
    RegisterFactor {
        code: code.to_owned(),
        name_zh: name_zh.to_owned(),
        name_en: name_en.to_owned(),
        kind,
        basis: None,
        tracking: UnitTracking::Numbered,
        base_unit: base_unit.to_owned(),
        display: vec![DisplayUnit { symbol: symbol.to_owned(), decimals }],
        mirror_of: None,
        trade_rules: Vec::new(),
        controls: Controls::default(),
    }
}

fn rule(from: Date, tradable: bool, legal_basis: &str, source: &str) -> TradeRule {
    TradeRule { from, to: None, tradable, legal_basis: legal_basis.to_owned(), source: source.to_owned() }
}

/// Two working days before a trusted counterparty or an approval counts, five days in which a transfer may be reversed.
fn controls() -> Controls {
    Controls {
        delay_days: 2,
        reversal_days: 5,
        dated: Some(PROPOSED),
        source: Some(PROPOSAL.to_owned()),
        ..Controls::default()
    }
}
