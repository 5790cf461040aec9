//! A district: its codes, grid, time and calendar.

use serde::{Deserialize, Serialize};

use crate::codes::CodeProfile;
use crate::geometry::{Crs, Footprint};
use crate::journal::DistrictId;

/// An area with a registry of its land; a tree, zones under counties.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct District {
    pub id: DistrictId,
    pub code: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<DistrictId>,
    /// The top of its tree: overlap and codes are judged under one root.
    pub root: DistrictId,
    pub profile: CodeProfile,
    /// The projected CRS of all footprints under the root; it never changes.
    pub grid: Crs,
    /// IANA time zone in which dates are read.
    pub time_zone: String,
    /// The working calendar by name.
    pub calendar: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boundary: Option<Footprint>,
    /// Generated for demonstration; shown wherever the district is.
    #[serde(default, skip_serializing_if = "is_false")]
    pub generated: bool,
}

// Serde hands a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_false(value: &bool) -> bool {
    !*value
}
