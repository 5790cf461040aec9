//! One feature as it stood in a file.
//!
//! Neutral: no code lists, no grid, no registry act. Its geometry is in the CRS of the file, x before y.

use std::collections::BTreeMap;

use geo_types::Geometry;

use super::{AttributeValue, FeatureProblem};

/// A feature of a file: every one comes out exactly once, with a geometry, with none, or with the problem it has.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceFeature {
    /// Place in the file, from 1.
    pub number: u64,
    /// The geometry in the file's CRS (x, y; heights and measures are left out), `None` where the feature has none.
    pub geometry: Result<Option<Geometry<f64>>, FeatureProblem>,
    /// The attributes by field name; what could be read of them even when the geometry has a problem.
    pub attributes: BTreeMap<String, AttributeValue>,
}

impl SourceFeature {
    /// A feature of which nothing could be read.
    pub(crate) fn unreadable(number: u64, problem: FeatureProblem) -> Self {
        Self { number, geometry: Err(problem), attributes: BTreeMap::new() }
    }
}
