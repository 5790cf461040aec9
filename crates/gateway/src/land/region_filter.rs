//! The parts of a question that speak of space.

use async_graphql::{Enum, InputObject};
use yulin_domain::codes::FeatureKind;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::{Region, SpatialRelation};
use yulin_domain::journal::Refused;

use crate::codes::Chosen;
use crate::scalars::{Decimal, GeoJson};

/// Parts in a million: the decimals of a share of area.
const SHARE_DECIMALS: u32 = 6;
const WHOLE_PPM: u32 = 1_000_000;

/// How a parcel must lie to an area (空间关系).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "SpatialRelation")]
pub enum Relation {
    /// The parcel lies in the area; boundaries may touch (位于其内).
    Covered,
    /// Parcel and area have a point in common, be it of their boundaries (相交).
    Intersects,
    /// At least `minShare` of the parcel's area lies in the area (面积占比).
    AreaShare,
}

/// An area and how parcels must lie to it (空间范围).
#[derive(Debug, Clone, InputObject)]
pub struct AreaFilterInput {
    /// `Polygon` or `MultiPolygon`, longitude and latitude (几何图形).
    pub geometry: GeoJson,
    /// How a parcel must lie to it (空间关系).
    #[graphql(default_with = "Relation::Intersects")]
    pub relation: Relation,
    /// With `AREA_SHARE`: the least share, above 0 and at most 1 (最小占比).
    pub min_share: Option<Decimal>,
}

/// A point, longitude and latitude in degrees (点).
#[derive(Debug, Clone, Copy, InputObject)]
pub struct PointInput {
    /// Degrees east (经度).
    pub lon: f64,
    /// Degrees north (纬度).
    pub lat: f64,
}

/// Places to be near to: a point, features of some kinds, or whichever of both is nearer. Distances are measured in the
/// grid of the districts asked about: as soon as districts have different grids, `filter.district` is needed, or
/// `filter.districts` of such as share one (邻近条件).
#[derive(Debug, Clone, InputObject)]
pub struct NearInput {
    /// A point (点).
    pub point: Option<PointInput>,
    /// Features of these kinds (要素类型).
    pub features: Option<Vec<Chosen<FeatureKind>>>,
    /// At most so many metres in a straight line from the parcel's edge (距离上限，米).
    pub within_m: Decimal,
}

impl AreaFilterInput {
    pub(super) fn read(&self) -> Result<(Region, SpatialRelation), Refused> {
        let region = self.geometry.region("filter.area.geometry")?;
        Ok((region, self.relation()?))
    }

    fn relation(&self) -> Result<SpatialRelation, Refused> {
        const FIELD: &str = "filter.area.minShare";
        match (self.relation, &self.min_share) {
            (Relation::Covered, None) => Ok(SpatialRelation::Covered),
            (Relation::Intersects, None) => Ok(SpatialRelation::Intersects),
            (Relation::AreaShare, None) => Err(Refused::new(ErrorCode::MinShareRequired).at(FIELD)),
            (Relation::AreaShare, Some(share)) => {
                let ppm = u32::try_from(share.scaled(SHARE_DECIMALS, FIELD)?).ok();
                let ppm = ppm.filter(|ppm| (1..=WHOLE_PPM).contains(ppm));
                let refused = || Refused::new(ErrorCode::NumberInvalid).at(FIELD).with("above", 0).with("most", 1);
                Ok(SpatialRelation::AreaShare { min_share_ppm: ppm.ok_or_else(refused)? })
            }
            (Relation::Covered | Relation::Intersects, Some(_)) => {
                Err(Refused::new(ErrorCode::FilterInvalid).at(FIELD).with("only", "AREA_SHARE"))
            }
        }
    }
}

impl PointInput {
    /// Longitude and latitude within their range.
    pub(super) fn read(self, field: &str) -> Result<(f64, f64), Refused> {
        // Comparisons with a number that is none are false, so that it is refused as well.
        if self.lon.abs() <= 180.0 && self.lat.abs() <= 90.0 {
            return Ok((self.lon, self.lat));
        }
        Err(Refused::new(ErrorCode::CoordinateOutOfRange).at(field).told("lon", self.lon).told("lat", self.lat))
    }
}
