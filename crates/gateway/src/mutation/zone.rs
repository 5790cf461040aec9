//! Mutations of restriction zones.

use async_graphql::{ID, InputObject};
use yulin_domain::codes::ZoneKind;
use yulin_domain::journal::Refused;
use yulin_domain::land::{RegisterZone, RetireZone};

use super::common::{FootprintInput, SeenInput};
use super::read::{Read, Under, id, seen};
use super::roots::mutations;
use crate::codes::Chosen;

/// A restriction zone to be registered, or to replace one (登记控制区).
#[derive(Debug, Clone, InputObject)]
pub struct RegisterZoneInput {
    /// The district (辖区).
    pub district: ID,
    /// The kind of zone (控制区类型).
    pub kind: Chosen<ZoneKind>,
    /// The code, unique in the district (代码).
    pub code: String,
    /// The name (名称).
    pub name: Option<String>,
    /// Who settled it, and by what document (依据).
    pub source: Option<String>,
    /// Where it is (范围).
    pub footprint: FootprintInput,
    /// The zone it replaces from the act's effect on (所替代的控制区).
    pub replaces: Option<SeenInput>,
}

impl TryFrom<RegisterZoneInput> for RegisterZone {
    type Error = Refused;
    fn try_from(given: RegisterZoneInput) -> Read<Self> {
        let RegisterZoneInput { district, kind, code, name, source, footprint, replaces } = given;
        Ok(Self {
            district: id(&district, "district")?,
            kind: kind.0,
            code,
            name,
            source,
            footprint: footprint.try_into().under("footprint")?,
            replaces: replaces.map(|zone| seen(&zone, "replaces")).transpose()?,
        })
    }
}

/// A zone that ends (注销控制区).
#[derive(Debug, Clone, InputObject)]
pub struct RetireZoneInput {
    /// The zone (控制区).
    pub zone: SeenInput,
}

impl TryFrom<RetireZoneInput> for RetireZone {
    type Error = Refused;
    fn try_from(RetireZoneInput { zone }: RetireZoneInput) -> Read<Self> {
        Ok(Self { zone: seen(&zone, "zone")? })
    }
}

mutations! {
    ZoneMutations:
    /// Registers a restriction zone, or replaces one (登记控制区).
    register_zone(RegisterZoneInput) = RegisterZone;
    /// Ends a restriction zone (注销控制区).
    retire_zone(RetireZoneInput) = RetireZone;
}
