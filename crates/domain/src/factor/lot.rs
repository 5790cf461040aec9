//! Lots: half-open ranges of unit numbers of one issuance that lie on one account and share one fate.
//!
//! Numbers are given out once a factor and never again, so that a range names its units for ever. Cutting a lot leaves
//! its id with what remains; lots that touch and differ in nothing are joined.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::codes::{LotOrigin, MoveKind};
use crate::journal::{AccountId, FactorId, HoldId, IssuanceId, LotId};
use crate::quantity::Units;

/// Unit numbers from `from` up to, but not including, `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct UnitRange {
    pub from: i64,
    pub to: i64,
}

impl UnitRange {
    /// How many units it holds; none where it is upside down.
    pub fn units(self) -> Units {
        Units::of(self.to.saturating_sub(self.from).max(0))
    }

    /// The common part, if any.
    pub fn meets(self, other: Self) -> Option<Self> {
        let common = Self { from: self.from.max(other.from), to: self.to.min(other.to) };
        (common.from < common.to).then_some(common)
    }
}

/// What makes units interchangeable (domain.md 10.1): when they lapse and for which water or air unit they count.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LotClass {
    /// The last day on which they are valid; none: they do not lapse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<Date>,
    /// The control unit (water body, air shed) they belong to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control_unit: Option<String>,
}

impl LotClass {
    /// As one text, by which lots are found and ordered: what lapses first comes first, what does not lapse last.
    pub fn key(&self) -> String {
        let expires = self.expires_on.map_or_else(|| "9999-12-31".to_owned(), |date| date.to_string());
        format!("{expires}/{}", self.control_unit.as_deref().unwrap_or_default())
    }
}

/// Units of one issuance on one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    pub id: LotId,
    pub factor: FactorId,
    pub issuance: IssuanceId,
    pub account: AccountId,
    pub units: UnitRange,
    pub origin: LotOrigin,
    /// The year it counts for.
    pub vintage: i16,
    pub class: LotClass,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permit: Option<String>,
    /// What it is set aside for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_by: Option<HoldId>,
    /// How it was retired, surrendered or lapsed; it moves no more but by a reversal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_as: Option<MoveKind>,
    /// The lot it was cut from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_from: Option<LotId>,
}

impl Lot {
    /// Whether it is neither set aside nor retired.
    pub const fn is_free(&self) -> bool {
        self.held_by.is_none() && self.retired_as.is_none()
    }

    /// The declared order in which units are taken: earliest expiry, then lowest number.
    pub fn order(&self) -> (Date, i64) {
        (self.class.expires_on.unwrap_or(Date::MAX), self.units.from)
    }

    /// Whether the two are one lot but for their numbers, ids and lineage.
    pub fn is_like(&self, other: &Self) -> bool {
        let Self { id, units, cut_from, .. } = other;
        *other == Self { id: *id, units: *units, cut_from: *cut_from, ..self.clone() }
    }

    /// Whether the two touch and may be joined.
    pub fn joins(&self, other: &Self) -> bool {
        (self.units.to == other.units.from || other.units.to == self.units.from) && self.is_like(other)
    }
}
