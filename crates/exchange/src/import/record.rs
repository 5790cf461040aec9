//! Features whose record could not be read: no value of them is to be believed, whatever is imported.

use yulin_domain::journal::Refused;

use super::geometry::problem;
use crate::format::{FeatureProblem, SourceFeature};

/// The refusal of a feature whose record could not be read; none where it could, whatever its geometry is like.
pub fn record_refused(feature: &SourceFeature) -> Option<Refused> {
    let why = feature.geometry.as_ref().err()?;
    let field = match why {
        FeatureProblem::RecordCorrupt { .. } | FeatureProblem::RecordDeleted => "record",
        FeatureProblem::EncodingInvalid { field, .. } => field,
        // What reads no geometry may take the rest of such a feature.
        FeatureProblem::GeometryUnsupported { .. }
        | FeatureProblem::GeometryMalformed { .. }
        | FeatureProblem::RingNotClosed { .. }
        | FeatureProblem::CoordinateNotFinite { .. }
        | FeatureProblem::GeometryTooLarge { .. }
        | FeatureProblem::CrsMismatch { .. } => return None,
    };
    Some(problem(why).at(field))
}
