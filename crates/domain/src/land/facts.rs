//! The facts of a parcel's card: uses, tenure, planning limits, prices, stock status.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::codes::{GrantMethod, InefficiencyReason, LandUseCode, RightNature, RightType, StockStatus};
use crate::quantity::{Area, Fen, FenPerSquareMetre, Ratio, Share};

/// One use of a parcel and its share of the land.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseShare {
    #[serde(rename = "use")]
    pub land_use: LandUseCode,
    pub share: Share,
}

/// How the land is held, as the card states it; the rights themselves are records of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenure {
    pub right_type: RightType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nature: Option<RightNature>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant_method: Option<GrantMethod>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<Date>,
    /// The last day of the term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<Date>,
}

/// Whether a bound itself is within the range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Limits {
    Inclusive,
    Exclusive,
}

/// A two-sided limit; either side may be open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<(Ratio, Limits)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<(Ratio, Limits)>,
}

impl Range {
    /// Whether the lower bound is not above the upper one.
    pub fn is_ordered(self) -> bool {
        match (self.min, self.max) {
            (Some((min, _)), Some((max, _))) => min <= max,
            (Some(_), None) | (None, Some(_) | None) => true,
        }
    }
}

/// Planning limits of a lot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planning {
    /// Floor area over land area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plot_ratio: Option<Range>,
    /// Built-up share of the land, as a ratio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub density: Option<Range>,
    /// Green share of the land, as a ratio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub green_rate: Option<Range>,
    /// Building height in metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height_m: Option<Range>,
}

impl Planning {
    /// The limits by name.
    pub const fn ranges(&self) -> [(&'static str, Option<Range>); 4] {
        [
            ("plotRatio", self.plot_ratio),
            ("density", self.density),
            ("greenRate", self.green_rate),
            ("heightM", self.height_m),
        ]
    }
}

/// What is asked for the land, and the least it may go for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asking: Option<FenPerSquareMetre>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<FenPerSquareMetre>,
}

impl Price {
    /// The price by which parcels are ordered: asking, else floor.
    pub fn ordering(self) -> Option<FenPerSquareMetre> {
        self.asking.or(self.floor)
    }
}

/// The stock status and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    pub status: StockStatus,
    pub since: Date,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub reasons: BTreeSet<InefficiencyReason>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractFacts>,
}

/// The facts of approval and contract that the clocks of stock land run on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContractFacts {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Conversion or requisition approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_on: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_on: Option<Date>,
    /// Agreed date of the start of construction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_by: Option<Date>,
    /// Actual handover of the land.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handed_over_on: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_on: Option<Date>,
    /// Since when construction has stood still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped_on: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complete_by: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed_on: Option<Date>,
    /// Since when a completed plant has not produced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_producing_since: Option<Date>,
    /// Days of delay that the government caused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspended_days: Option<u32>,
    /// Grant or allocation price of the whole parcel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Fen>,
    /// Investment agreed, without land price and taxes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub investment_agreed: Option<Fen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub investment_made: Option<Fen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area_to_develop: Option<Area>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area_developed: Option<Area>,
}
