//! The rules that every state of a parcel keeps, however it comes about.

use std::collections::BTreeSet;

use super::facts::{ContractFacts, Tenure, UseShare};
use super::overlap::check_overlap;
use super::parcel::{Parcel, ParcelWarning};
use crate::codes::{
    COMPETITION_FROM, CodeProfile, CodeRefused, GrantMethod, LandPurpose, Ownership, ParcelCode, RightNature,
    StockStatus, UnitCode, land_purpose, max_term_years,
};
use crate::district::{District, check_given, division_over};
use crate::error_catalogue::ErrorCode;
use crate::geometry::area_tolerance;
use crate::journal::{Claim, Context, ParcelId, Refused, Span};
use crate::party::ExternalRef;
use crate::quantity::{Ratio, sum_is_one};

/// Uses that a card may name.
const USES_MAX: usize = 50;
/// Mean error of boundary points of the best grade, where a card states none.
const POINT_ERROR_MM: u32 = 50;
/// Mean errors of boundary points by grade of survey (domain reference 1.4).
const POINT_ERRORS_MM: [u32; 3] = [50, 75, 100];
const POINT_ERROR_MAX_MM: u32 = 1_000;

/// Checks a state of a parcel in a span, and marks what should be known although it passes.
///
/// `apart` are parcels that give way to it in the same act.
pub(super) fn check_parcel(
    context: &Context<'_>,
    parcel: &mut Parcel,
    span: Span,
    apart: &[ParcelId],
) -> Result<(), Refused> {
    let district = context.district(parcel.district)?;
    check_texts(parcel)?;
    check_codes(context, district, parcel)?;
    check_uses(parcel)?;
    check_tenure(parcel, district)?;
    check_planning(parcel)?;
    check_price(parcel)?;
    check_stock(context, district, parcel, span)?;
    check_area(parcel, district)?;
    check_overlap(context.set, parcel, span, apart)
}

fn check_texts(parcel: &Parcel) -> Result<(), Refused> {
    let texts = [
        (&parcel.lot_number, "lotNumber"),
        (&parcel.name, "name"),
        (&parcel.location, "location"),
        (&parcel.street, "street"),
    ];
    texts.into_iter().try_for_each(|(text, field)| check_given(text.as_deref(), field))?;
    ExternalRef::check(parcel.external.as_ref())
}

/// A registered parcel has a code of its district's profile; no code under one root is ever borne by two.
fn check_codes(context: &Context<'_>, district: &District, parcel: &Parcel) -> Result<(), Refused> {
    match (&parcel.code, parcel.is_registered()) {
        (None, true) => return Err(Refused::new(ErrorCode::CodeRequired).at("code")),
        (Some(_), false) if parcel.state == crate::codes::ParcelState::Planned => {
            return Err(Refused::new(ErrorCode::State).at("code").with("state", "PLANNED"));
        }
        (None, false) if parcel.lot_number.is_none() => {
            return Err(Refused::new(ErrorCode::LotNumberRequired).at("lotNumber"));
        }
        (Some(_) | None, _) => {}
    }
    check_given(parcel.code.as_deref(), "code")?;
    check_given(parcel.unit_code.as_deref(), "unitCode")?;
    if district.profile == CodeProfile::CnGbt37346 {
        let code = parcel.code.as_deref().map(ParcelCode::parse).transpose().map_err(|why| coded(&why, "code"))?;
        let unit = parcel.unit_code.as_deref().map(UnitCode::parse).transpose();
        let unit = unit.map_err(|why| coded(&why, "unitCode"))?;
        code.map_or(Ok(()), |code| check_letters(&code, parcel))?;
        if let (Some(code), Some(unit)) = (&code, &unit)
            && unit.parcel_code() != *code
        {
            return Err(Refused::new(ErrorCode::UnitCodeMismatch).at("unitCode").with("code", code.as_str()));
        }
        if let Some(county) = division_over(context, district)? {
            let within = |code: ParcelCode, field| code.check_county(county).map_err(|why| coded(&why, field));
            code.map_or(Ok(()), |code| within(code, "code"))?;
            unit.map_or(Ok(()), |unit| within(unit.parcel_code(), "unitCode"))?;
        }
    }
    for claim in parcel.claims() {
        if let Some(other) = context.set.claimants(&claim).find(|key| *key != parcel.id.into()) {
            let Claim::ParcelCode(_, code) = &claim else { continue };
            return Err(Refused::new(ErrorCode::CodeDuplicate)
                .at("code")
                .with("code", code.clone())
                .told("parcel", other.id));
        }
    }
    Ok(())
}

/// The letters of a code say whose the land is and in which layer it lies (GB/T 37346-2019); the card says the same.
fn check_letters(code: &ParcelCode, parcel: &Parcel) -> Result<(), Refused> {
    let undetermined = [code.ownership(), parcel.ownership].contains(&Ownership::Undetermined);
    if !undetermined && code.ownership() != parcel.ownership {
        let refused = Refused::new(ErrorCode::OwnershipMismatch).at("ownership").with("code", code.as_str());
        return Err(refused.told("expected", code.ownership()));
    }
    match code.layer().filter(|layer| *layer != parcel.layer) {
        Some(layer) => {
            let refused = Refused::new(ErrorCode::LayerMismatch).at("layer").with("code", code.as_str());
            Err(refused.told("expected", layer))
        }
        None => Ok(()),
    }
}

fn coded(why: &CodeRefused, field: &str) -> Refused {
    Refused::new(why.error_code()).at(field).told("why", why)
}

fn check_uses(parcel: &Parcel) -> Result<(), Refused> {
    if parcel.uses.len() > USES_MAX {
        return Err(Refused::new(ErrorCode::Validation).at("uses").with("most", USES_MAX));
    }
    if parcel.uses.windows(2).any(|uses| matches!(uses, [one, next] if one.land_use.scheme() != next.land_use.scheme()))
    {
        return Err(Refused::new(ErrorCode::UseSchemeMismatch).at("uses"));
    }
    let classes: BTreeSet<_> = parcel.uses.iter().map(|part| part.land_use.as_str()).collect();
    if classes.len() < parcel.uses.len() {
        return Err(Refused::new(ErrorCode::Validation)
            .at("uses")
            .with("classes", classes.into_iter().collect::<Vec<_>>()));
    }
    if !parcel.uses.is_empty() && !sum_is_one(parcel.uses.iter().map(|part| part.share)) {
        let shares: Vec<_> = parcel.uses.iter().map(|part| part.share.to_string()).collect();
        return Err(Refused::new(ErrorCode::SharesNotOne).at("uses").with("shares", shares));
    }
    Ok(())
}

/// In a national district land is held for a term, unless it was allocated, and the term has a maximum by use.
pub(super) fn check_term(
    tenure: &Tenure,
    principal_use: Option<&crate::codes::LandUseCode>,
    district: &District,
) -> Result<(), Refused> {
    if let (Some(start), Some(end)) = (tenure.starts_on, tenure.ends_on)
        && end < start
    {
        return Err(Refused::new(ErrorCode::TermInvalid)
            .at("tenure.endsOn")
            .told("startsOn", start)
            .told("endsOn", end));
    }
    if district.profile == CodeProfile::Open {
        return Ok(());
    }
    let granted = tenure.nature.is_some_and(|nature| nature != RightNature::Allocated);
    let (Some(start), Some(end)) = (tenure.starts_on, tenure.ends_on) else {
        // A card may be silent about nature and term; a grant that is named has an end.
        return if granted && tenure.ends_on.is_none() {
            Err(Refused::new(ErrorCode::TermRequired).at("tenure.endsOn"))
        } else {
            Ok(())
        };
    };
    let Some(years) = principal_use.copied().map(max_term_years) else { return Ok(()) };
    let last = jiff::Span::new().try_years(i64::from(years)).and_then(|span| start.checked_add(span));
    match last {
        Ok(limit) if end >= limit => {
            Err(Refused::new(ErrorCode::TermExceedsMax).at("tenure.endsOn").with("years", years).told("endsOn", end))
        }
        Ok(_) => Ok(()),
        Err(_) => Err(Refused::new(ErrorCode::Validation).at("tenure.startsOn").told("startsOn", start)),
    }
}

/// In a national district industrial and commercial land is not granted by agreement (Civil Code art. 347); a grant that
/// began before there was such a rule stands.
pub(super) fn check_method(tenure: &Tenure, uses: &[UseShare], district: &District) -> Result<(), Refused> {
    let by_agreement = tenure.grant_method == Some(GrantMethod::Agreement)
        && tenure.nature.is_none_or(|nature| nature == RightNature::Granted)
        && tenure.starts_on.is_none_or(|start| start >= COMPETITION_FROM);
    let business = uses.iter().map(|part| land_purpose(part.land_use)).find(|purpose| match purpose {
        LandPurpose::Industrial | LandPurpose::Commercial => true,
        LandPurpose::Residential | LandPurpose::PublicService | LandPurpose::Other => false,
    });
    match business {
        Some(purpose) if by_agreement && district.profile == CodeProfile::CnGbt37346 => {
            Err(Refused::new(ErrorCode::MethodNotAllowed).at("tenure.grantMethod").told("purpose", purpose))
        }
        Some(_) | None => Ok(()),
    }
}

fn check_tenure(parcel: &Parcel, district: &District) -> Result<(), Refused> {
    let Some(tenure) = &parcel.tenure else { return Ok(()) };
    check_method(tenure, &parcel.uses, district)?;
    check_term(tenure, parcel.uses.first().map(|part| &part.land_use), district)
}

fn check_planning(parcel: &Parcel) -> Result<(), Refused> {
    for (name, range) in parcel.planning.ranges() {
        let Some(range) = range else { continue };
        for (bound, side) in [(range.min, "min"), (range.max, "max")] {
            if let Some((limit, _)) = bound.filter(|(limit, _)| limit.units() < 0) {
                let refused = Refused::new(ErrorCode::NumberInvalid).at(format!("planning.{name}.{side}"));
                return Err(refused.told("limit", limit));
            }
        }
        let whole = [range.min, range.max].into_iter().flatten().any(|(limit, _)| limit > Ratio::ONE);
        if whole && ["density", "greenRate"].contains(&name) {
            return Err(Refused::new(ErrorCode::NumberInvalid).at(format!("planning.{name}")).with("most", "1"));
        }
        if !range.is_ordered() {
            return Err(Refused::new(ErrorCode::PlanningRange).at(format!("planning.{name}")));
        }
    }
    Ok(())
}

fn check_price(parcel: &Parcel) -> Result<(), Refused> {
    for (price, field) in [(parcel.price.asking, "price.asking"), (parcel.price.floor, "price.floor")] {
        if let Some(price) = price.filter(|price| price.fen() < 0) {
            return Err(Refused::new(ErrorCode::PriceInvalid).at(field).with("yuan", price.yuan()));
        }
    }
    if let (Some(asking), Some(floor)) = (parcel.price.asking, parcel.price.floor)
        && asking < floor
    {
        let refused = Refused::new(ErrorCode::BelowFloorPrice).at("price.asking");
        return Err(refused.with("asking", asking.yuan()).with("floor", floor.yuan()));
    }
    Ok(())
}

/// A status has begun where it is recorded, inefficiency has a reason, and no amount is negative.
fn check_stock(context: &Context<'_>, district: &District, parcel: &Parcel, span: Span) -> Result<(), Refused> {
    let Some(stock) = &parcel.stock else { return Ok(()) };
    if stock.status == StockStatus::Inefficient && stock.reasons.is_empty() {
        return Err(Refused::new(ErrorCode::InefficiencyReasonRequired).at("stock.reasons"));
    }
    let latest = context.effective.max(span.from).date_in(&district.time_zone);
    if let Ok(latest) = latest
        && stock.since > latest
    {
        return Err(Refused::new(ErrorCode::DateInvalid)
            .at("stock.since")
            .told("since", stock.since)
            .told("effectiveOn", latest));
    }
    stock.contract.as_ref().map_or(Ok(()), check_contract)
}

fn check_contract(contract: &ContractFacts) -> Result<(), Refused> {
    check_given(contract.number.as_deref(), "stock.contract.number")?;
    let money = [
        (contract.price, "price"),
        (contract.investment_agreed, "investmentAgreed"),
        (contract.investment_made, "investmentMade"),
    ];
    for (amount, field) in money {
        if let Some(amount) = amount.filter(|amount| amount.fen() < 0) {
            let refused = Refused::new(ErrorCode::PriceInvalid).at(format!("stock.contract.{field}"));
            return Err(refused.with("yuan", amount.yuan()));
        }
    }
    for (area, field) in [(contract.area_to_develop, "areaToDevelop"), (contract.area_developed, "areaDeveloped")] {
        if let Some(area) = area.filter(|area| area.units() < 0) {
            let refused = Refused::new(ErrorCode::AreaInvalid).at(format!("stock.contract.{field}"));
            return Err(refused.told("area", area));
        }
    }
    Ok(())
}

/// A survey of the national cadastre is of one of its grades; no other is worse than a metre.
fn check_point_error(error: Option<u32>, district: &District) -> Result<(), Refused> {
    let Some(error) = error else { return Ok(()) };
    let is_known = match district.profile {
        CodeProfile::CnGbt37346 => POINT_ERRORS_MM.contains(&error),
        CodeProfile::Open => error <= POINT_ERROR_MAX_MM,
    };
    let refused = || Refused::new(ErrorCode::NumberInvalid).at("pointErrorMm").with("grades", POINT_ERRORS_MM);
    is_known.then_some(()).ok_or_else(refused)
}

/// The surveyed area must agree with the footprint in a national district; elsewhere, and for areas of
/// certificates, a difference is marked.
fn check_area(parcel: &mut Parcel, district: &District) -> Result<(), Refused> {
    parcel.warnings.remove(&ParcelWarning::AreaDiffers);
    for (area, field) in [(parcel.registered_area, "registeredArea"), (parcel.surveyed_area, "surveyedArea")] {
        if area.is_some_and(|area| area.units() <= 0) {
            return Err(Refused::new(ErrorCode::AreaInvalid).at(field));
        }
    }
    check_point_error(parcel.point_error_mm, district)?;
    let Some(footprint) = &parcel.footprint else { return Ok(()) };
    let tolerance = area_tolerance(footprint.grid(), parcel.point_error_mm.unwrap_or(POINT_ERROR_MM));
    let computed = footprint.area_computed();
    if let Some(surveyed) = parcel.surveyed_area
        && district.profile == CodeProfile::CnGbt37346
        && surveyed.abs_diff(computed) > tolerance
    {
        return Err(Refused::new(ErrorCode::AreaMismatch)
            .at("surveyedArea")
            .with("surveyed", surveyed.square_metres())
            .with("computed", computed.square_metres())
            .with("tolerance", tolerance.square_metres()));
    }
    let stated = [parcel.surveyed_area, parcel.registered_area];
    if stated.into_iter().flatten().any(|area| area.abs_diff(computed) > tolerance) {
        parcel.warnings.insert(ParcelWarning::AreaDiffers);
    }
    Ok(())
}
