//! Inputs that several acts share: objects as seen, shares, footprints, references, periods.
//!
//! What an act alone asks for stands beside its mutation.

use async_graphql::{ID, InputObject};
use yulin_domain::codes::ExternalState;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::{Crs, SubmittedFootprint};
use yulin_domain::journal::{Refused, Span};
use yulin_domain::party::ExternalRef;
use yulin_domain::quantity::{Instant, Share};

use super::read::{Read, Under};
use crate::codes::Chosen;
use crate::scalars::{Decimal, GeoJson, LocalDate, Seq, Timestamp};

/// An object as its author last saw it; when it has changed since, the act is refused with CONFLICT (所见对象及其版本).
#[derive(Debug, Clone, InputObject)]
pub struct SeenInput {
    /// The id, as `kind:uuid` or as the UUID alone (标识).
    pub id: ID,
    /// The version seen: the number of the entry that last changed the object (所见版本).
    pub expected_seq: Seq,
}

/// An exact share of a whole: above zero, at most one (份额).
#[derive(Debug, Clone, InputObject)]
pub struct ShareInput {
    /// The numerator (分子).
    pub numerator: Decimal,
    /// The denominator (分母).
    pub denominator: Decimal,
}

impl TryFrom<ShareInput> for Share {
    type Error = Refused;
    fn try_from(ShareInput { numerator, denominator }: ShareInput) -> Read<Self> {
        let terms = (terms(&numerator, "numerator")?, terms(&denominator, "denominator")?);
        Self::new(terms.0, terms.1).map_err(|why| Refused::new(ErrorCode::ShareInvalid).told("problem", why))
    }
}

fn terms(given: &Decimal, field: &str) -> Read<u64> {
    let units = given.scaled(0, field)?;
    u64::try_from(units).map_err(|_| Refused::new(ErrorCode::ShareInvalid).at(field).with("found", units))
}

/// A footprint as surveyed: polygons and the coordinate system of their ordinates, x east and y north (宗地图形).
#[derive(Debug, Clone, InputObject)]
pub struct FootprintInput {
    /// A `Polygon` or `MultiPolygon`; its ordinates are those of `crs` (面状图形).
    pub geometry: GeoJson,
    /// EPSG code of the coordinate system (坐标系).
    #[graphql(default = 4326)]
    pub crs: i32,
}

impl TryFrom<FootprintInput> for SubmittedFootprint {
    type Error = Refused;
    fn try_from(FootprintInput { geometry, crs }: FootprintInput) -> Read<Self> {
        let crs = self::crs(crs, "crs")?;
        Self::from_geojson(&geometry.0, crs).map_err(|why| why.refused("geometry"))
    }
}

/// Reads an EPSG code.
pub(super) fn crs(code: i32, field: &str) -> Read<Crs> {
    let unknown = || Refused::new(ErrorCode::CrsUnknown).at(field).with("epsg", code);
    u32::try_from(code).ok().and_then(|code| Crs::epsg(code).ok()).ok_or_else(unknown)
}

/// Where another register keeps the same thing (外部登记引用).
#[derive(Debug, Clone, InputObject)]
pub struct ExternalRefInput {
    /// The other register by name (外部系统).
    pub system: String,
    /// The id it has there (外部标识).
    pub external_id: String,
    /// What that register is known to say of it (外部登记状态).
    pub state: Chosen<ExternalState>,
}

impl From<ExternalRefInput> for ExternalRef {
    fn from(ExternalRefInput { system, external_id, state }: ExternalRefInput) -> Self {
        Self { system, external_id, state: state.0 }
    }
}

/// A half-open period of valid time; an end left out is open (有效期间).
#[derive(Debug, Clone, InputObject)]
pub struct PeriodInput {
    /// From this instant on (起).
    pub from: Option<Timestamp>,
    /// Up to, but not including, this instant (止).
    pub to: Option<Timestamp>,
}

impl TryFrom<PeriodInput> for Span {
    type Error = Refused;
    fn try_from(PeriodInput { from, to }: PeriodInput) -> Read<Self> {
        let read = |at: Option<Timestamp>, field: &str| at.map(|at| at.instant(field)).transpose();
        let (from, to) = (read(from, "from")?, read(to, "to")?);
        Ok(Self { from: from.unwrap_or(Instant::MIN), to: to.unwrap_or(Instant::MAX) })
    }
}

/// Reads a date that may be absent.
pub(super) fn date(given: Option<LocalDate>, field: &str) -> Read<Option<jiff::civil::Date>> {
    given.map(|given| given.date(field)).transpose()
}

/// Reads the share of a use or a holder.
pub(super) fn share(given: ShareInput) -> Read<Share> {
    Share::try_from(given).under("share")
}
