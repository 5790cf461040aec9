//! Geometry: reference systems, footprints and what is asked of them.

mod area;
mod axis_order;
mod clip;
mod contacts;
mod crs;
mod crs_definition;
mod distance;
mod flaw;
mod footprint;
mod geojson_read;
mod geojson_write;
mod node;
mod outline;
mod overlap;
mod prepare;
mod raster;
mod refused;
mod region;
mod rings;
mod shape;
mod spacing;
mod submitted;
mod survey;
mod touches;
mod transformation;
mod validity;
mod web_map_shift;
mod wkb;

#[cfg(test)]
mod crs_tests;
#[cfg(test)]
mod data_tests;
#[cfg(test)]
mod footprint_tests;
#[cfg(test)]
mod oracle_tests;
#[cfg(test)]
mod overlap_tests;
#[cfg(test)]
mod reading_tests;
#[cfg(test)]
mod region_tests;
#[cfg(test)]
mod timing_tests;
#[cfg(test)]
mod validity_tests;

pub use area::{area_tolerance, overlap_limit};
pub use axis_order::{AxisOrder, axis_order, looks_northing_first};
pub use crs::{Crs, CrsUnknown, DatumKind};
pub use distance::{contains_point, distance_m, project_point};
pub use footprint::Footprint;
pub use geojson_write::to_geojson;
pub use node::snapped;
pub use overlap::{GeometryFault, Measured, UNION_VERTICES_MAX, interiors_overlap, overlap_area, union_mismatch};
pub use prepare::{FootprintRules, Prepared, Strictness};
pub use refused::{GeometryRefused, GeometryWarning, Place};
pub use region::{Region, SpatialRelation};
pub use submitted::{RINGS_MAX, SubmittedFootprint, VERTICES_MAX};
pub use transformation::{CrsError, Transformation};
pub use web_map_shift::{WebMapShift, bd09_to_wgs84, fits_better_unshifted, gcj02_to_wgs84, wgs84_to_gcj02};
pub use wkb::{multipolygon_from_wkb, wkb_of};
