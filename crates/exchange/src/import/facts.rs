//! The facts of a parcel's card as columns give them.
//!
//! Facts that the registry keeps as one (planning limits, prices, tenure, stock) begin from what is registered, so that
//! a sheet with one column of them leaves the others as they are.

use yulin_domain::codes::{ExternalState, LandUseCode};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_domain::land::{ContractFacts, Limits, Parcel, ParcelPatch, Planning, Price, Range, Stock, Tenure, UseShare};
use yulin_domain::party::ExternalRef;
use yulin_domain::quantity::Share;

use super::row::{Row, refused_value};

/// The facts of a parcel that a file may give.
pub const PARCEL_KEYS: &[&str] = &[
    "code",
    "unitCode",
    "lotNumber",
    "name",
    "location",
    "street",
    "parcelLayer",
    "parcelState",
    "use",
    "ownership",
    "rightType",
    "rightNature",
    "grantMethod",
    "termStart",
    "termEnd",
    "registeredArea",
    "surveyedArea",
    "pointErrorMm",
    "plotRatioMin",
    "plotRatioMax",
    "densityMin",
    "densityMax",
    "greenRateMin",
    "greenRateMax",
    "heightMin",
    "heightMax",
    "exclusiveLimits",
    "askingPrice",
    "floorPrice",
    "infrastructure",
    "soilGate",
    "stockStatus",
    "stockSince",
    "inefficiencyReasons",
    "contractNumber",
    "approvedOn",
    "signedOn",
    "startBy",
    "handedOverOn",
    "startedOn",
    "stoppedOn",
    "completeBy",
    "completedOn",
    "notProducingSince",
    "suspendedDays",
    "contractPrice",
    "investmentAgreed",
    "investmentMade",
    "areaToDevelop",
    "areaDeveloped",
    "externalSystem",
    "externalId",
    "externalState",
];

const LIMIT_KEYS: [&str; 8] = [
    "plotRatioMin",
    "plotRatioMax",
    "densityMin",
    "densityMax",
    "greenRateMin",
    "greenRateMax",
    "heightMin",
    "heightMax",
];
const TENURE_KEYS: &[&str] = &["rightType", "rightNature", "grantMethod", "termStart", "termEnd"];
const STOCK_KEYS: &[&str] = &["stockStatus", "stockSince", "inefficiencyReasons"];
const CONTRACT_KEYS: &[&str] = &[
    "contractNumber",
    "approvedOn",
    "signedOn",
    "startBy",
    "handedOverOn",
    "startedOn",
    "stoppedOn",
    "completeBy",
    "completedOn",
    "notProducingSince",
    "suspendedDays",
    "contractPrice",
    "investmentAgreed",
    "investmentMade",
    "areaToDevelop",
    "areaDeveloped",
];

/// What a row gives of a parcel, beginning from the parcel as registered.
pub(super) fn patch_of(row: &Row<'_>, base: Option<&Parcel>) -> Result<ParcelPatch, Refused> {
    Ok(ParcelPatch {
        code: row.text("code"),
        unit_code: row.text("unitCode"),
        lot_number: row.text("lotNumber"),
        name: row.text("name"),
        location: row.text("location"),
        street: row.text("street"),
        layer: row.listed("parcelLayer")?,
        uses: uses_of(row)?,
        ownership: row.listed("ownership")?,
        tenure: tenure_of(row, base.and_then(|parcel| parcel.tenure.as_ref()))?,
        registered_area: row.area("registeredArea")?,
        surveyed_area: row.area("surveyedArea")?,
        point_error_mm: row.count("pointErrorMm")?,
        planning: planning_of(row, base)?,
        price: price_of(row, base)?,
        infrastructure: row.listed_all("infrastructure")?,
        soil_gate: row.listed("soilGate")?,
        stock: stock_of(row, base.and_then(|parcel| parcel.stock.as_ref()))?,
        external: external_of(row, base.and_then(|parcel| parcel.external.as_ref()))?,
        clear: std::collections::BTreeSet::new(),
    })
}

/// `SCHEME:CODE`, or several with their shares: `MNR2023:100101=2/3;MNR2023:0901=1/3`.
fn uses_of(row: &Row<'_>) -> Result<Option<Vec<UseShare>>, Refused> {
    let Some(text) = row.text("use") else { return Ok(None) };
    let parts = text.split([';', '|']).map(str::trim).filter(|part| !part.is_empty());
    let uses = parts.map(|part| {
        let (code, share) = part.split_once('=').unwrap_or((part, "1"));
        let land_use = LandUseCode::parse(code.trim());
        let land_use = land_use.map_err(|why| refused_value(why.error_code(), "use", part).told("why", why))?;
        Ok(UseShare { land_use, share: share_of(share, "use")? })
    });
    uses.collect::<Result<Vec<_>, _>>().map(Some)
}

/// A share as `1/3`, `0.25`, `25%` or `1`: always exact.
pub(super) fn share_of(text: &str, key: &str) -> Result<Share, Refused> {
    let refused = || refused_value(ErrorCode::ShareInvalid, key, text);
    let number = |text: &str| text.trim().parse::<u64>().map_err(|_| refused());
    let text = text.trim();
    let (decimal, whole) = text.strip_suffix('%').map_or((text, 1), |percent| (percent.trim(), 100_u64));
    let (numerator, denominator) = match (text.split_once('/'), decimal.split_once('.')) {
        (Some((numerator, denominator)), _) => (number(numerator)?, number(denominator)?),
        (None, None) => (number(decimal)?, whole),
        (None, Some((units, places))) => {
            let scale = u32::try_from(places.len()).ok().and_then(|places| 10_u64.checked_pow(places));
            let denominator = scale.and_then(|scale| scale.checked_mul(whole)).ok_or_else(refused)?;
            (number(&format!("{units}{places}"))?, denominator)
        }
    };
    Share::new(numerator, denominator).map_err(|why| refused().told("why", why))
}

/// The tenure of a card; rows that give none of it leave it as it is.
pub(super) fn tenure_of(row: &Row<'_>, base: Option<&Tenure>) -> Result<Option<Tenure>, Refused> {
    if !row.any(TENURE_KEYS) {
        return Ok(None);
    }
    let right_type = row.listed("rightType")?.or(base.map(|tenure| tenure.right_type));
    Ok(Some(Tenure {
        right_type: right_type.ok_or_else(|| Refused::new(ErrorCode::FieldRequired).at("rightType"))?,
        nature: row.listed("rightNature")?.or(base.and_then(|tenure| tenure.nature)),
        grant_method: row.listed("grantMethod")?.or(base.and_then(|tenure| tenure.grant_method)),
        starts_on: row.date("termStart")?.or(base.and_then(|tenure| tenure.starts_on)),
        ends_on: row.date("termEnd")?.or(base.and_then(|tenure| tenure.ends_on)),
    }))
}

fn planning_of(row: &Row<'_>, base: Option<&Parcel>) -> Result<Option<Planning>, Refused> {
    let before = base.map(|parcel| parcel.planning).unwrap_or_default();
    let exclusive = exclusive_of(row)?;
    let after = Planning {
        plot_ratio: range_of(row, ["plotRatioMin", "plotRatioMax"], &exclusive, before.plot_ratio)?,
        density: range_of(row, ["densityMin", "densityMax"], &exclusive, before.density)?,
        green_rate: range_of(row, ["greenRateMin", "greenRateMax"], &exclusive, before.green_rate)?,
        height_m: range_of(row, ["heightMin", "heightMax"], &exclusive, before.height_m)?,
    };
    Ok((after != before).then_some(after))
}

/// The limits whose number itself is beyond them, by their facts: `plotRatioMax;heightMax`.
fn exclusive_of(row: &Row<'_>) -> Result<Vec<&'static str>, Refused> {
    let text = row.text("exclusiveLimits").unwrap_or_default();
    let names = text.split([';', '|', ',']).map(str::trim).filter(|name| !name.is_empty());
    let known = |name: &str| LIMIT_KEYS.into_iter().find(|key| *key == name);
    let unknown = |name| refused_value(ErrorCode::ValueNotInList, "exclusiveLimits", name);
    names.map(|name| known(name).ok_or_else(|| unknown(name))).collect()
}

fn range_of(
    row: &Row<'_>,
    [min, max]: [&'static str; 2],
    exclusive: &[&str],
    before: Option<Range>,
) -> Result<Option<Range>, Refused> {
    let given = (row.ratio(min)?, row.ratio(max)?);
    if given == (None, None) {
        return Ok(before);
    }
    let before = before.unwrap_or_default();
    let kept = |given, key: &str, before: Option<_>| match (given, before) {
        (Some(number), _) if exclusive.contains(&key) => Some((number, Limits::Exclusive)),
        // The file says the number; whether the bound itself is within stays as registered where the number does.
        (Some(number), Some((same, limits))) if number == same => Some((number, limits)),
        (Some(number), _) => Some((number, Limits::Inclusive)),
        (None, before) => before,
    };
    Ok(Some(Range { min: kept(given.0, min, before.min), max: kept(given.1, max, before.max) }))
}

fn price_of(row: &Row<'_>, base: Option<&Parcel>) -> Result<Option<Price>, Refused> {
    let before = base.map(|parcel| parcel.price).unwrap_or_default();
    let asking = row.unit_price("askingPrice")?.or(before.asking);
    let after = Price { asking, floor: row.unit_price("floorPrice")?.or(before.floor) };
    Ok((after != before).then_some(after))
}

fn stock_of(row: &Row<'_>, base: Option<&Stock>) -> Result<Option<Stock>, Refused> {
    if !row.any(STOCK_KEYS) && !row.any(CONTRACT_KEYS) {
        return Ok(None);
    }
    let required = |key: &str| Refused::new(ErrorCode::FieldRequired).at(key);
    let status = row.listed("stockStatus")?.or(base.map(|stock| stock.status));
    let status = status.ok_or_else(|| required("stockStatus"))?;
    // A new status began on a day of its own: the day of the one before it would be a false clock.
    let since = base.filter(|stock| stock.status == status).map(|stock| stock.since);
    let since = row.date("stockSince")?.or(since).ok_or_else(|| required("stockSince"))?;
    let reasons = row.listed_all("inefficiencyReasons")?;
    let kept = || base.filter(|stock| stock.status == status).map(|stock| stock.reasons.clone());
    Ok(Some(Stock {
        status,
        since,
        reasons: reasons.or_else(kept).unwrap_or_default(),
        contract: contract_of(row, base.and_then(|stock| stock.contract.as_ref()))?,
    }))
}

fn contract_of(row: &Row<'_>, base: Option<&ContractFacts>) -> Result<Option<ContractFacts>, Refused> {
    let before = base.cloned();
    if !row.any(CONTRACT_KEYS) {
        return Ok(before);
    }
    let before = before.unwrap_or_default();
    Ok(Some(ContractFacts {
        number: row.text("contractNumber").or(before.number),
        approved_on: row.date("approvedOn")?.or(before.approved_on),
        signed_on: row.date("signedOn")?.or(before.signed_on),
        start_by: row.date("startBy")?.or(before.start_by),
        handed_over_on: row.date("handedOverOn")?.or(before.handed_over_on),
        started_on: row.date("startedOn")?.or(before.started_on),
        stopped_on: row.date("stoppedOn")?.or(before.stopped_on),
        complete_by: row.date("completeBy")?.or(before.complete_by),
        completed_on: row.date("completedOn")?.or(before.completed_on),
        not_producing_since: row.date("notProducingSince")?.or(before.not_producing_since),
        suspended_days: row.count("suspendedDays")?.or(before.suspended_days),
        price: row.yuan("contractPrice")?.or(before.price),
        investment_agreed: row.yuan("investmentAgreed")?.or(before.investment_agreed),
        investment_made: row.yuan("investmentMade")?.or(before.investment_made),
        area_to_develop: row.area("areaToDevelop")?.or(before.area_to_develop),
        area_developed: row.area("areaDeveloped")?.or(before.area_developed),
    }))
}

/// A reference to another register; both of its names are needed. Its state, where none is given, is as registered.
pub(super) fn external_of(row: &Row<'_>, base: Option<&ExternalRef>) -> Result<Option<ExternalRef>, Refused> {
    let Some(external_id) = row.text("externalId") else { return Ok(None) };
    let system = row.required("externalSystem")?;
    let known = base.filter(|base| (&base.system, &base.external_id) == (&system, &external_id));
    let state = row.listed("externalState")?.or(known.map(|known| known.state));
    Ok(Some(ExternalRef { system, external_id, state: state.unwrap_or(ExternalState::Pending) }))
}
