//! Mutations of point and line features.

use async_graphql::{ID, InputObject};
use yulin_domain::codes::FeatureKind;
use yulin_domain::geometry::GeometryRefused;
use yulin_domain::journal::Refused;
use yulin_domain::land::{FeatureGeometry, RegisterFeature, RetireFeature};

use super::common::{SeenInput, crs};
use super::lines::lines;
use super::read::{Read, Under, id, seen};
use super::roots::mutations;
use crate::codes::Chosen;
use crate::scalars::GeoJson;

/// Points or lines and the coordinate system of their ordinates, x east and y north (点线图形).
#[derive(Debug, Clone, InputObject)]
pub struct FeatureGeometryInput {
    /// A `Point`, `MultiPoint`, `LineString` or `MultiLineString`; its ordinates are those of `crs` (点线图形).
    pub geometry: GeoJson,
    /// EPSG code of the coordinate system (坐标系).
    #[graphql(default = 4326)]
    pub crs: i32,
}

impl TryFrom<FeatureGeometryInput> for FeatureGeometry {
    type Error = Refused;
    fn try_from(FeatureGeometryInput { geometry, crs: code }: FeatureGeometryInput) -> Read<Self> {
        let crs = crs(code, "crs")?;
        Ok(Self { crs, lines: lines(&geometry.0).map_err(|why| refused(&why))? })
    }
}

/// The domain's words for a wrong type are those of footprints.
fn refused(why: &GeometryRefused) -> Refused {
    let refused = why.refused("geometry");
    if let GeometryRefused::WrongType { found } = why {
        let needed = "a Point, MultiPoint, LineString or MultiLineString is needed";
        return refused.with("problem", format!("{needed}, not {found}"));
    }
    refused
}

/// A feature to be registered, or to replace one (登记要素).
#[derive(Debug, Clone, InputObject)]
pub struct RegisterFeatureInput {
    /// The district (辖区).
    pub district: ID,
    /// The kind of feature (要素类型).
    pub kind: Chosen<FeatureKind>,
    /// The code, unique in the district (代码).
    pub code: String,
    /// The name (名称).
    pub name: Option<String>,
    /// Where it is (位置).
    pub geometry: FeatureGeometryInput,
    /// The feature it replaces from the act's effect on (所替代的要素).
    pub replaces: Option<SeenInput>,
}

impl TryFrom<RegisterFeatureInput> for RegisterFeature {
    type Error = Refused;
    fn try_from(given: RegisterFeatureInput) -> Read<Self> {
        let RegisterFeatureInput { district, kind, code, name, geometry, replaces } = given;
        Ok(Self {
            district: id(&district, "district")?,
            kind: kind.0,
            code,
            name,
            geometry: geometry.try_into().under("geometry")?,
            replaces: replaces.map(|feature| seen(&feature, "replaces")).transpose()?,
        })
    }
}

/// A feature that ends (注销要素).
#[derive(Debug, Clone, InputObject)]
pub struct RetireFeatureInput {
    /// The feature (要素).
    pub feature: SeenInput,
}

impl TryFrom<RetireFeatureInput> for RetireFeature {
    type Error = Refused;
    fn try_from(RetireFeatureInput { feature }: RetireFeatureInput) -> Read<Self> {
        Ok(Self { feature: seen(&feature, "feature")? })
    }
}

mutations! {
    FeatureMutations:
    /// Registers a point or line feature, or replaces one (登记要素).
    register_feature(RegisterFeatureInput) = RegisterFeature;
    /// Ends a feature (注销要素).
    retire_feature(RetireFeatureInput) = RetireFeature;
}
