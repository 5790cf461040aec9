//! What is told of every feature, and the sums.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use yulin_domain::codes::Lang;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::WebMapShift;
use yulin_domain::journal::Refused;
use yulin_domain::land::{Parcel, ParcelWarning};

/// What became of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// An act says it now.
    Stored,
    /// A dry run: an act would say it.
    WouldStore,
    /// The registry said it already.
    Unchanged,
    /// It was refused.
    Rejected,
}

/// The report line of one feature.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Its number in the file, from 1.
    pub feature: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    pub outcome: Outcome,
    /// The entry that says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<RefusalTold>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

/// A refusal as a report tells it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RefusalTold {
    pub code: ErrorCode,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, Value>,
    pub messages: Messages,
}

/// A message in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Messages {
    pub zh: &'static str,
    pub en: &'static str,
}

/// What a reader should know although the feature was taken.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Warning {
    pub code: &'static str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<&'static str, String>,
}

impl Warning {
    /// The data fit the district far better once this web map's offset is taken off.
    pub fn shifted(shift: WebMapShift) -> Self {
        Self { code: "CRS_SUSPECT", facts: BTreeMap::from([("fitsBetterUnshifted", shift_name(shift).to_owned())]) }
    }
}

/// The name of a web map's offset.
pub const fn shift_name(shift: WebMapShift) -> &'static str {
    match shift {
        WebMapShift::Gcj02 => "GCJ-02",
        WebMapShift::Bd09 => "BD-09",
    }
}

/// The sums of an import: read = stored + unchanged + rejected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub read: u64,
    pub stored: u64,
    pub unchanged: u64,
    pub rejected: u64,
    /// Registered in the district and not in the file; left alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absent: Option<u64>,
}

impl Tally {
    /// Counts what became of a feature.
    pub fn count(&mut self, outcome: Outcome) {
        self.read += 1;
        match outcome {
            Outcome::Stored | Outcome::WouldStore => self.stored += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Rejected => self.rejected += 1,
        }
    }

    /// Whether every feature read is accounted for.
    pub fn adds_up(&self) -> bool {
        self.read == self.stored + self.unchanged + self.rejected
    }
}

impl From<Refused> for RefusalTold {
    fn from(Refused { code, leg: _, field, facts }: Refused) -> Self {
        let messages = Messages { zh: code.message(Lang::Zh), en: code.message(Lang::En) };
        Self { code, field, facts, messages }
    }
}

/// What should be known of a parcel, with the areas where they differ.
pub fn warnings_of(parcel: &Parcel) -> Vec<Warning> {
    let told = |warning: &ParcelWarning| match warning {
        ParcelWarning::AreaDiffers => {
            let computed = parcel.footprint.as_ref().map(yulin_domain::geometry::Footprint::area_computed);
            let areas =
                [("registered", parcel.registered_area), ("surveyed", parcel.surveyed_area), ("computed", computed)];
            let facts = areas.into_iter().filter_map(|(name, area)| Some((name, area?.square_metres())));
            Warning { code: "AREA_DIFFERS", facts: facts.collect() }
        }
        ParcelWarning::VertexSpacing => Warning { code: "VERTEX_SPACING", facts: BTreeMap::new() },
        ParcelWarning::AreaSmall => Warning { code: "AREA_SMALL", facts: BTreeMap::new() },
    };
    parcel.warnings.iter().map(told).collect()
}
