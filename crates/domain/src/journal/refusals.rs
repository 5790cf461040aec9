//! How what other parts of the domain refuse is told as a refusal of an act.

use super::Refused;
use crate::error_catalogue::ErrorCode;
use crate::geometry::{CrsError, GeometryFault, GeometryRefused};

impl GeometryRefused {
    /// The refusal of the act that carries the geometry; the place is told as a fact.
    pub fn refused(&self, field: &str) -> Refused {
        let code = self.code().parse().unwrap_or(ErrorCode::Validation);
        let refused = Refused::new(code).at(field).told("problem", self);
        match self.place().map(serde_json::to_value) {
            Some(Ok(place)) => refused.with("place", place),
            Some(Err(_)) | None => refused,
        }
    }
}

impl CrsError {
    /// The refusal of the act whose coordinates cannot be transformed.
    pub fn refused(&self, field: &str) -> Refused {
        let code = match self {
            Self::Unknown(_) | Self::Unsupported { .. } => ErrorCode::CrsUnknown,
            Self::NoDatumShift { .. } => ErrorCode::CrsNoTransformation,
            Self::OutOfRange { .. } => ErrorCode::CoordinateOutOfRange,
        };
        Refused::new(code).at(field).told("problem", self)
    }
}

impl GeometryFault {
    /// The refusal of the act whose geometry is too large to be measured under the lock.
    pub fn refused(&self, field: &str) -> Refused {
        Refused::new(ErrorCode::GeometryTooComplex).at(field).told("problem", self)
    }
}
