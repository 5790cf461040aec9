//! A factor: what kind of resource, in which unit, under whose authority, tradable since when and by what law.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::codes::{EnergyBasis, FactorKind, UnitTracking};
use crate::journal::{DistrictId, FactorId, PrincipalId};

/// A unit in which amounts are shown: `1 symbol = 10^decimals` base units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisplayUnit {
    pub symbol: String,
    pub decimals: u8,
}

/// Whether a factor may be traded within a time, by which law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TradeRule {
    /// The first day on which it holds.
    pub from: Date,
    /// The last day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    pub tradable: bool,
    pub legal_basis: String,
    /// Where the rule was found, and whether it was verified.
    pub source: String,
}

/// Controls on movements of a factor: configuration of the zone, dated and with its source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Controls {
    /// A single transfer above so many base units needs a second pair of eyes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub four_eyes_above: Option<i64>,
    /// Working days from an approval to its effect, and until a trusted counterparty counts.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub delay_days: u16,
    /// Days within which a transfer may be reversed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub reversal_days: u16,
    /// How much of what lies on an account may be carried over into another year, in thousandths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carry_over_permille: Option<u16>,
    /// The outside register that confirms changes of holder, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_by: Option<String>,
    /// Since when these hold, and where they come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A factor resource that the ledger keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factor {
    pub id: FactorId,
    /// Unique: `COD`, `ENERGY_EQUIVALENT`, `CNY`.
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub kind: FactorKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<EnergyBasis>,
    pub tracking: UnitTracking,
    /// The unit in which amounts are kept, such as `g/a`.
    pub base_unit: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub display: Vec<DisplayUnit>,
    /// The outside register that is authoritative; none where the ledger here is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mirror_of: Option<String>,
    /// The first that covers a day says whether it is tradable then; none: it is not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trade_rules: Vec<TradeRule>,
    #[serde(default)]
    pub controls: Controls,
    /// Venues that may deal in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub venues: Vec<PrincipalId>,
    /// The last day of the closed periods of each district.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub closed: BTreeMap<DistrictId, Date>,
}

impl Factor {
    /// The rule in force on a day.
    pub fn trade_rule(&self, day: Date) -> Option<&TradeRule> {
        self.trade_rules.iter().find(|rule| rule.from <= day && rule.to.is_none_or(|to| day <= to))
    }

    /// Whether units are told apart by number.
    pub const fn is_numbered(&self) -> bool {
        matches!(self.tracking, UnitTracking::Numbered)
    }
}

// Serde hands a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_zero(days: &u16) -> bool {
    *days == 0
}
