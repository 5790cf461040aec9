//! Mutations of districts: how one is registered and amended.

use async_graphql::{ID, InputObject};
use yulin_domain::codes::CodeProfile;
use yulin_domain::district::{AmendDistrict, RegisterDistrict};
use yulin_domain::journal::Refused;

use super::common::{FootprintInput, SeenInput, crs};
use super::read::{Read, maybe, maybe_id, seen};
use super::roots::mutations;
use crate::codes::Chosen;

/// A district to be registered (登记辖区).
#[derive(Debug, Clone, InputObject)]
pub struct RegisterDistrictInput {
    /// The code, unique in the registry (辖区代码).
    pub code: String,
    /// The name (名称).
    pub name: String,
    /// The district it lies in (上级辖区).
    pub parent: Option<ID>,
    /// The rules its parcel codes follow (宗地编码规则).
    pub profile: Chosen<CodeProfile>,
    /// EPSG code of the projected grid of all footprints; it never changes (平面坐标系).
    pub grid: i32,
    /// IANA time zone in which dates are read (时区).
    pub time_zone: String,
    /// The working calendar by name (工作日历).
    pub calendar: String,
    /// The boundary (边界).
    pub boundary: Option<FootprintInput>,
}

impl TryFrom<RegisterDistrictInput> for RegisterDistrict {
    type Error = Refused;
    fn try_from(input: RegisterDistrictInput) -> Read<Self> {
        let RegisterDistrictInput { code, name, parent, profile, grid, time_zone, calendar, boundary } = input;
        Ok(Self {
            code,
            name,
            parent: maybe_id(parent.as_ref(), "parent")?,
            profile: profile.0,
            grid: crs(grid, "grid")?,
            time_zone,
            calendar,
            boundary: maybe(boundary, "boundary")?,
            // Generated land is laid out by the demonstration alone, not sent by callers.
            generated: false,
        })
    }
}

/// What changes of a district; code, profile and grid never do (变更辖区).
#[derive(Debug, Clone, InputObject)]
pub struct AmendDistrictInput {
    /// The district (辖区).
    pub district: SeenInput,
    /// Its new name (名称).
    pub name: Option<String>,
    /// Its new working calendar (工作日历).
    pub calendar: Option<String>,
    /// Its new boundary (边界).
    pub boundary: Option<FootprintInput>,
}

impl TryFrom<AmendDistrictInput> for AmendDistrict {
    type Error = Refused;
    fn try_from(input: AmendDistrictInput) -> Read<Self> {
        let AmendDistrictInput { district, name, calendar, boundary } = input;
        let boundary = maybe(boundary, "boundary")?;
        Ok(Self { district: seen(&district, "district")?, name, calendar, boundary })
    }
}

mutations! {
    DistrictMutations:
    /// Registers a district (登记辖区).
    register_district(RegisterDistrictInput) = RegisterDistrict;
    /// Changes name, calendar or boundary of a district (变更辖区).
    amend_district(AmendDistrictInput) = AmendDistrict;
}
