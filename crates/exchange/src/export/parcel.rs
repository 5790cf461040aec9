//! A parcel as a row of a file.

use geo_types::MultiPolygon;
use yulin_domain::geometry::{Crs, CrsError, Transformation};
use yulin_domain::land::{ContractFacts, Parcel, Range, Tenure};
use yulin_domain::quantity::{Area, Fen, FenPerSquareMetre};

use crate::format::{AttributeValue, FieldKind, FieldSpec};

use AttributeValue::{Date, Decimal, Integer, Text};

/// A column: its name, what it holds, and the value a parcel has in it.
type Column = (&'static str, FieldKind, fn(&Parcel) -> Option<AttributeValue>);

/// What of a parcel is exported, in the order of the columns.
const COLUMNS: &[Column] = &[
    ("code", FieldKind::Text, |p| text(p.code.as_ref())),
    ("unitCode", FieldKind::Text, |p| text(p.unit_code.as_ref())),
    ("lotNumber", FieldKind::Text, |p| text(p.lot_number.as_ref())),
    ("name", FieldKind::Text, |p| text(p.name.as_ref())),
    ("location", FieldKind::Text, |p| text(p.location.as_ref())),
    ("street", FieldKind::Text, |p| text(p.street.as_ref())),
    ("parcelLayer", FieldKind::Text, |p| shown(&p.layer)),
    ("use", FieldKind::Text, uses),
    ("ownership", FieldKind::Text, |p| shown(&p.ownership)),
    ("rightType", FieldKind::Text, |p| tenure(p, |t| shown(&t.right_type))),
    ("rightNature", FieldKind::Text, |p| tenure(p, |t| t.nature.as_ref().and_then(shown))),
    ("grantMethod", FieldKind::Text, |p| tenure(p, |t| t.grant_method.as_ref().and_then(shown))),
    ("termStart", FieldKind::Date, |p| tenure(p, |t| date(t.starts_on))),
    ("termEnd", FieldKind::Date, |p| tenure(p, |t| date(t.ends_on))),
    ("registeredArea", FieldKind::Decimal, |p| area(p.registered_area)),
    ("surveyedArea", FieldKind::Decimal, |p| area(p.surveyed_area)),
    ("computedArea", FieldKind::Decimal, |p| {
        area(p.footprint.as_ref().map(yulin_domain::geometry::Footprint::area_computed))
    }),
    ("pointErrorMm", FieldKind::Integer, |p| p.point_error_mm.map(|mm| Integer(i64::from(mm)))),
    ("plotRatioMin", FieldKind::Decimal, |p| least(p.planning.plot_ratio)),
    ("plotRatioMax", FieldKind::Decimal, |p| most(p.planning.plot_ratio)),
    ("densityMin", FieldKind::Decimal, |p| least(p.planning.density)),
    ("densityMax", FieldKind::Decimal, |p| most(p.planning.density)),
    ("greenRateMin", FieldKind::Decimal, |p| least(p.planning.green_rate)),
    ("greenRateMax", FieldKind::Decimal, |p| most(p.planning.green_rate)),
    ("heightMin", FieldKind::Decimal, |p| least(p.planning.height_m)),
    ("heightMax", FieldKind::Decimal, |p| most(p.planning.height_m)),
    ("askingPrice", FieldKind::Decimal, |p| price(p.price.asking)),
    ("floorPrice", FieldKind::Decimal, |p| price(p.price.floor)),
    ("infrastructure", FieldKind::Text, |p| joined(p.infrastructure.iter())),
    ("soilGate", FieldKind::Text, |p| shown(&p.soil_gate)),
    ("stockStatus", FieldKind::Text, |p| p.stock.as_ref().and_then(|stock| shown(&stock.status))),
    ("stockSince", FieldKind::Date, |p| date(p.stock.as_ref().map(|stock| stock.since))),
    ("inefficiencyReasons", FieldKind::Text, |p| p.stock.as_ref().and_then(|stock| joined(stock.reasons.iter()))),
    ("contractNumber", FieldKind::Text, |p| contract(p, |c| text(c.number.as_ref()))),
    ("approvedOn", FieldKind::Date, |p| contract(p, |c| date(c.approved_on))),
    ("signedOn", FieldKind::Date, |p| contract(p, |c| date(c.signed_on))),
    ("startBy", FieldKind::Date, |p| contract(p, |c| date(c.start_by))),
    ("handedOverOn", FieldKind::Date, |p| contract(p, |c| date(c.handed_over_on))),
    ("startedOn", FieldKind::Date, |p| contract(p, |c| date(c.started_on))),
    ("stoppedOn", FieldKind::Date, |p| contract(p, |c| date(c.stopped_on))),
    ("completeBy", FieldKind::Date, |p| contract(p, |c| date(c.complete_by))),
    ("completedOn", FieldKind::Date, |p| contract(p, |c| date(c.completed_on))),
    ("notProducingSince", FieldKind::Date, |p| contract(p, |c| date(c.not_producing_since))),
    ("suspendedDays", FieldKind::Integer, |p| contract(p, |c| c.suspended_days.map(|days| Integer(i64::from(days))))),
    ("contractPrice", FieldKind::Decimal, |p| contract(p, |c| money(c.price))),
    ("investmentAgreed", FieldKind::Decimal, |p| contract(p, |c| money(c.investment_agreed))),
    ("investmentMade", FieldKind::Decimal, |p| contract(p, |c| money(c.investment_made))),
    ("areaToDevelop", FieldKind::Decimal, |p| contract(p, |c| area(c.area_to_develop))),
    ("areaDeveloped", FieldKind::Decimal, |p| contract(p, |c| area(c.area_developed))),
    ("externalSystem", FieldKind::Text, |p| text(p.external.as_ref().map(|external| &external.system))),
    ("externalId", FieldKind::Text, |p| text(p.external.as_ref().map(|external| &external.external_id))),
    ("externalState", FieldKind::Text, |p| p.external.as_ref().and_then(|external| shown(&external.state))),
];

/// The columns of a file of parcels.
pub fn parcel_fields() -> Vec<FieldSpec> {
    COLUMNS.iter().map(|(name, kind, _)| FieldSpec { name: (*name).to_owned(), kind: *kind }).collect()
}

/// The values of a parcel, one a column.
pub fn parcel_values(parcel: &Parcel) -> Vec<Option<AttributeValue>> {
    COLUMNS.iter().map(|(_, _, value)| value(parcel)).collect()
}

/// The footprint of a parcel in `target`, from the grid it is registered in; none of a lot without one.
pub fn parcel_geometry(parcel: &Parcel, grid: Crs, target: Crs) -> Result<Option<MultiPolygon<f64>>, CrsError> {
    let Some(footprint) = &parcel.footprint else { return Ok(None) };
    if target == grid {
        return Ok(Some(footprint.grid().clone()));
    }
    if target == grid.geographic() {
        return Ok(Some(footprint.lonlat().clone()));
    }
    Transformation::between(grid, target)?.apply(footprint.grid()).map(Some)
}

fn text(value: Option<&String>) -> Option<AttributeValue> {
    value.cloned().map(Text)
}

#[expect(clippy::unnecessary_wraps, reason = "a column's value may be absent")]
fn shown(value: &impl std::fmt::Display) -> Option<AttributeValue> {
    Some(Text(value.to_string()))
}

fn date(value: Option<jiff::civil::Date>) -> Option<AttributeValue> {
    value.map(|day| Date(day.to_string()))
}

fn area(value: Option<Area>) -> Option<AttributeValue> {
    value.map(|area| Decimal(area.square_metres()))
}

fn money(value: Option<Fen>) -> Option<AttributeValue> {
    value.map(|fen| Decimal(fen.yuan()))
}

fn price(value: Option<FenPerSquareMetre>) -> Option<AttributeValue> {
    value.map(|price| Decimal(price.yuan()))
}

fn least(range: Option<Range>) -> Option<AttributeValue> {
    range?.min.map(|(ratio, _)| Decimal(ratio.to_string()))
}

fn most(range: Option<Range>) -> Option<AttributeValue> {
    range?.max.map(|(ratio, _)| Decimal(ratio.to_string()))
}

fn tenure(parcel: &Parcel, of: impl FnOnce(&Tenure) -> Option<AttributeValue>) -> Option<AttributeValue> {
    parcel.tenure.as_ref().and_then(of)
}

fn contract(parcel: &Parcel, of: impl FnOnce(&ContractFacts) -> Option<AttributeValue>) -> Option<AttributeValue> {
    parcel.stock.as_ref()?.contract.as_ref().and_then(of)
}

fn joined<T: std::fmt::Display>(values: impl Iterator<Item = T>) -> Option<AttributeValue> {
    let parts: Vec<String> = values.map(|value| value.to_string()).collect();
    (!parts.is_empty()).then(|| Text(parts.join(";")))
}

/// As an import takes it: `SCHEME:CODE`, with shares where there are several.
fn uses(parcel: &Parcel) -> Option<AttributeValue> {
    let told = |part: &yulin_domain::land::UseShare| match parcel.uses.len() {
        1 => part.land_use.to_string(),
        _ => format!("{}={}", part.land_use, part.share),
    };
    joined(parcel.uses.iter().map(told))
}
