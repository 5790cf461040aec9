//! The overlap rule: registered parcels of one layer share no land beyond the limit at any common valid instant.

use geo::CoordsIter;

use super::parcel::Parcel;
use crate::error_catalogue::ErrorCode;
use crate::geometry::{Measured, overlap_limit};
use crate::journal::{ParcelId, Refused, Span, WorkingSet};
use crate::quantity::Area;

/// Neighbours of one footprint that are looked at under the lock, and vertices of all of them.
pub const NEIGHBOURS_MAX: usize = 20_000;
const VERTICES_LOOKED_AT_MAX: usize = 1_000_000;
/// Overlaps that are looked for, and that a refusal names; there may be more.
const NAMED_MAX: usize = 50;

/// Land that two parcels share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    pub with: ParcelId,
    pub label: String,
    pub area: Area,
    /// What the rule would let pass.
    pub limit: Area,
}

impl Overlap {
    fn told(&self) -> serde_json::Value {
        serde_json::json!({
            "parcel": self.with.to_string(),
            "code": self.label,
            "squareMetres": self.area.square_metres(),
            "limitSquareMetres": self.limit.square_metres(),
        })
    }
}

/// The overlaps of a parcel, valid in `span`, with registered neighbours other than `apart`; of very many the first.
pub fn overlaps(set: &WorkingSet, parcel: &Parcel, span: Span, apart: &[ParcelId]) -> Result<Vec<Overlap>, Refused> {
    let Some(footprint) = &parcel.footprint else { return Ok(Vec::new()) };
    let near = set.neighbours(footprint.bounds_lonlat(), parcel.layer, parcel.root_district, span);
    let ours = Measured::of(footprint);
    let mut found: Vec<Overlap> = Vec::new();
    let mut vertices = 0;
    for (count, (other, _)) in near.enumerate() {
        let Some(theirs) = &other.footprint else { continue };
        if other.id == parcel.id || apart.contains(&other.id) {
            continue;
        }
        vertices += theirs.grid().coords_count();
        if count >= NEIGHBOURS_MAX || vertices > VERTICES_LOOKED_AT_MAX {
            let refused = Refused::new(ErrorCode::TooManyNeighbours).at("footprint").with("most", NEIGHBOURS_MAX);
            return Err(refused.with("mostVertices", VERTICES_LOOKED_AT_MAX));
        }
        if found.len() >= NAMED_MAX {
            break;
        }
        let area = ours.shared_with(theirs).map_err(|fault| fault.refused("footprint"))?;
        let limit = overlap_limit(footprint.area_computed(), theirs.area_computed());
        if area > limit && !found.iter().any(|known| known.with == other.id) {
            found.push(Overlap { with: other.id, label: other.label(), area, limit });
        }
    }
    Ok(found)
}

/// Refuses a registered parcel that overlaps others, and names each with the size of the overlap.
pub(crate) fn check_overlap(set: &WorkingSet, parcel: &Parcel, span: Span, apart: &[ParcelId]) -> Result<(), Refused> {
    if !parcel.is_registered() {
        return Ok(());
    }
    let found = overlaps(set, parcel, span, apart)?;
    if found.is_empty() {
        return Ok(());
    }
    let count = found.len();
    let named: Vec<_> = found.iter().map(Overlap::told).collect();
    Err(Refused::new(ErrorCode::ParcelOverlap).at("footprint").with("count", count).with("overlaps", named))
}
