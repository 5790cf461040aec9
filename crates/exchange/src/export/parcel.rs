//! A parcel as a row of a file.
//!
//! Each column names the field of the API that tells the same fact: who may not read the field gets no column.

use geo_types::MultiPolygon;
use yulin_domain::geometry::{Crs, CrsError, Footprint, Transformation};
use yulin_domain::land::{ContractFacts, Limits, Parcel, Planning, Range, Tenure};
use yulin_domain::quantity::{Area, Fen, FenPerSquareMetre, Ratio};

use crate::format::{AttributeValue, FieldKind, FieldSpec};

use AttributeValue::{Date, Decimal, Integer, Text};

/// A column of a file of parcels.
#[derive(Debug, Clone, Copy)]
pub struct ParcelColumn {
    /// Its name: that of the fact an import takes from it.
    pub name: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// The type and the field of the API under which the same fact is read.
    pub reads: (&'static str, &'static str),
    value: fn(&Parcel) -> Option<AttributeValue>,
}

/// Which geometry of a parcel is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FootprintShown {
    /// The footprint as surveyed.
    Surveyed,
    /// The outline generalised to a metre, for the public.
    Outline,
}

const COMPUTED_AREA: &str = "computedArea";

/// A column as it stands in the table below.
type Row = (&'static str, FieldKind, (&'static str, &'static str), fn(&Parcel) -> Option<AttributeValue>);

/// What of a parcel is exported, in the order of the columns.
const ROWS: &[Row] = &[
    ("code", FieldKind::Text, ("Parcel", "code"), |p| text(p.code.as_ref())),
    ("unitCode", FieldKind::Text, ("Parcel", "unitCode"), |p| text(p.unit_code.as_ref())),
    ("lotNumber", FieldKind::Text, ("Parcel", "lotNumber"), |p| text(p.lot_number.as_ref())),
    ("parcelState", FieldKind::Text, ("Parcel", "state"), |p| shown(&p.state)),
    ("name", FieldKind::Text, ("Parcel", "name"), |p| text(p.name.as_ref())),
    ("location", FieldKind::Text, ("Parcel", "location"), |p| text(p.location.as_ref())),
    ("street", FieldKind::Text, ("Parcel", "street"), |p| text(p.street.as_ref())),
    ("parcelLayer", FieldKind::Text, ("Parcel", "layer"), |p| shown(&p.layer)),
    ("use", FieldKind::Text, ("Parcel", "landUses"), uses),
    ("ownership", FieldKind::Text, ("Parcel", "ownership"), |p| shown(&p.ownership)),
    ("rightType", FieldKind::Text, ("Parcel", "tenure"), |p| tenure(p, |t| shown(&t.right_type))),
    ("rightNature", FieldKind::Text, ("Parcel", "tenure"), |p| tenure(p, |t| t.nature.as_ref().and_then(shown))),
    ("grantMethod", FieldKind::Text, ("Parcel", "tenure"), |p| tenure(p, |t| t.grant_method.as_ref().and_then(shown))),
    ("termStart", FieldKind::Date, ("Parcel", "tenure"), |p| tenure(p, |t| date(t.starts_on))),
    ("termEnd", FieldKind::Date, ("Parcel", "tenure"), |p| tenure(p, |t| date(t.ends_on))),
    ("registeredArea", FieldKind::Decimal, ("Parcel", "area"), |p| area(p.registered_area)),
    ("surveyedArea", FieldKind::Decimal, ("Parcel", "area"), |p| area(p.surveyed_area)),
    (COMPUTED_AREA, FieldKind::Decimal, ("Parcel", "area"), |p| {
        area(p.footprint.as_ref().map(Footprint::area_computed))
    }),
    ("pointErrorMm", FieldKind::Integer, ("Parcel", "footprintSource"), |p| {
        p.point_error_mm.map(|mm| Integer(i64::from(mm)))
    }),
    ("plotRatioMin", FieldKind::Decimal, ("Parcel", "planning"), |p| least(p.planning.plot_ratio)),
    ("plotRatioMax", FieldKind::Decimal, ("Parcel", "planning"), |p| most(p.planning.plot_ratio)),
    ("densityMin", FieldKind::Decimal, ("Parcel", "planning"), |p| least(p.planning.density)),
    ("densityMax", FieldKind::Decimal, ("Parcel", "planning"), |p| most(p.planning.density)),
    ("greenRateMin", FieldKind::Decimal, ("Parcel", "planning"), |p| least(p.planning.green_rate)),
    ("greenRateMax", FieldKind::Decimal, ("Parcel", "planning"), |p| most(p.planning.green_rate)),
    ("heightMin", FieldKind::Decimal, ("Parcel", "planning"), |p| least(p.planning.height_m)),
    ("heightMax", FieldKind::Decimal, ("Parcel", "planning"), |p| most(p.planning.height_m)),
    ("exclusiveLimits", FieldKind::Text, ("Parcel", "planning"), exclusive_limits),
    ("askingPrice", FieldKind::Decimal, ("Price", "asking"), |p| price(p.price.asking)),
    ("floorPrice", FieldKind::Decimal, ("Price", "floor"), |p| price(p.price.floor)),
    ("infrastructure", FieldKind::Text, ("Parcel", "infrastructure"), |p| joined(p.infrastructure.iter())),
    ("soilGate", FieldKind::Text, ("Parcel", "soilGate"), |p| shown(&p.soil_gate)),
    ("stockStatus", FieldKind::Text, ("Stock", "status"), |p| p.stock.as_ref().and_then(|stock| shown(&stock.status))),
    ("stockSince", FieldKind::Date, ("Stock", "since"), |p| date(p.stock.as_ref().map(|stock| stock.since))),
    ("inefficiencyReasons", FieldKind::Text, ("Stock", "reasons"), |p| {
        p.stock.as_ref().and_then(|stock| joined(stock.reasons.iter()))
    }),
    ("contractNumber", FieldKind::Text, ("Stock", "contract"), |p| contract(p, |c| text(c.number.as_ref()))),
    ("approvedOn", FieldKind::Date, ("Stock", "contract"), |p| contract(p, |c| date(c.approved_on))),
    ("signedOn", FieldKind::Date, ("Stock", "contract"), |p| contract(p, |c| date(c.signed_on))),
    ("startBy", FieldKind::Date, ("Stock", "contract"), |p| contract(p, |c| date(c.start_by))),
    ("handedOverOn", FieldKind::Date, ("Stock", "contract"), |p| contract(p, |c| date(c.handed_over_on))),
    ("startedOn", FieldKind::Date, ("Stock", "contract"), |p| contract(p, |c| date(c.started_on))),
    ("stoppedOn", FieldKind::Date, ("Stock", "contract"), |p| contract(p, |c| date(c.stopped_on))),
    ("completeBy", FieldKind::Date, ("Stock", "contract"), |p| contract(p, |c| date(c.complete_by))),
    ("completedOn", FieldKind::Date, ("Stock", "contract"), |p| contract(p, |c| date(c.completed_on))),
    ("notProducingSince", FieldKind::Date, ("Stock", "contract"), |p| contract(p, |c| date(c.not_producing_since))),
    ("suspendedDays", FieldKind::Integer, ("Stock", "contract"), |p| {
        contract(p, |c| c.suspended_days.map(|days| Integer(i64::from(days))))
    }),
    ("contractPrice", FieldKind::Decimal, ("Stock", "contract"), |p| contract(p, |c| money(c.price))),
    ("investmentAgreed", FieldKind::Decimal, ("Stock", "contract"), |p| contract(p, |c| money(c.investment_agreed))),
    ("investmentMade", FieldKind::Decimal, ("Stock", "contract"), |p| contract(p, |c| money(c.investment_made))),
    ("areaToDevelop", FieldKind::Decimal, ("Stock", "contract"), |p| contract(p, |c| area(c.area_to_develop))),
    ("areaDeveloped", FieldKind::Decimal, ("Stock", "contract"), |p| contract(p, |c| area(c.area_developed))),
    ("externalSystem", FieldKind::Text, ("Parcel", "externalRef"), |p| {
        text(p.external.as_ref().map(|external| &external.system))
    }),
    ("externalId", FieldKind::Text, ("Parcel", "externalRef"), |p| {
        text(p.external.as_ref().map(|external| &external.external_id))
    }),
    ("externalState", FieldKind::Text, ("Parcel", "externalRef"), |p| {
        p.external.as_ref().and_then(|external| shown(&external.state))
    }),
];

/// The columns of a file of parcels.
pub fn parcel_columns() -> impl Iterator<Item = ParcelColumn> {
    ROWS.iter().map(|(name, kind, reads, value)| ParcelColumn { name, kind: *kind, reads: *reads, value: *value })
}

impl ParcelColumn {
    /// The column as a file declares it.
    pub fn field(&self) -> FieldSpec {
        FieldSpec { name: self.name.to_owned(), kind: self.kind }
    }

    /// The value of a parcel; the computed area is that of the geometry shown.
    pub fn value(&self, parcel: &Parcel, shown: FootprintShown) -> Option<AttributeValue> {
        match shown {
            FootprintShown::Outline if self.name == COMPUTED_AREA => {
                area(parcel.footprint.as_ref().and_then(Footprint::outline_area))
            }
            FootprintShown::Outline | FootprintShown::Surveyed => (self.value)(parcel),
        }
    }
}

/// The geometry of a parcel in `target`, from the grid it is registered in; none of a lot without one.
pub fn parcel_geometry(
    parcel: &Parcel,
    shown: FootprintShown,
    grid: Crs,
    target: Crs,
) -> Result<Option<MultiPolygon<f64>>, CrsError> {
    parcel.footprint.as_ref().map_or(Ok(None), |footprint| footprint_geometry(footprint, shown, grid, target))
}

/// A footprint in `target`, from the grid it is registered in; none where its outline is too small to be shown.
pub fn footprint_geometry(
    footprint: &Footprint,
    shown: FootprintShown,
    grid: Crs,
    target: Crs,
) -> Result<Option<MultiPolygon<f64>>, CrsError> {
    let (polygons, from) = match shown {
        FootprintShown::Outline => match footprint.outline() {
            Some(outline) => (outline, grid.geographic()),
            None => return Ok(None),
        },
        FootprintShown::Surveyed if target == grid.geographic() => (footprint.lonlat(), target),
        FootprintShown::Surveyed => (footprint.grid(), grid),
    };
    Transformation::between(from, target)?.apply(polygons).map(Some)
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

/// The columns whose number itself is beyond the limit.
fn exclusive_limits(parcel: &Parcel) -> Option<AttributeValue> {
    let Planning { plot_ratio, density, green_rate, height_m } = parcel.planning;
    let ranges = [
        (plot_ratio, ["plotRatioMin", "plotRatioMax"]),
        (density, ["densityMin", "densityMax"]),
        (green_rate, ["greenRateMin", "greenRateMax"]),
        (height_m, ["heightMin", "heightMax"]),
    ];
    let is_exclusive = |bound: Option<(Ratio, Limits)>| bound.is_some_and(|(_, limits)| limits == Limits::Exclusive);
    let bounds = ranges.into_iter().filter_map(|(range, names)| Some((range?, names)));
    joined(
        bounds
            .flat_map(|(range, [min, max])| [(range.min, min), (range.max, max)])
            .filter_map(|(bound, name)| is_exclusive(bound).then_some(name)),
    )
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
