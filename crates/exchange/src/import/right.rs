//! What a row says of a right: on which parcel, of what kind and term, and who holds it.

use std::collections::HashMap;

use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{PartyId, Refused, Seen};
use yulin_domain::land::{GrantRight, HolderShare, Parcel, Right};
use yulin_domain::quantity::{Share, sum_is_one};

use super::facts::{external_of, share_of, tenure_of};
use super::party::PartyKey;
use super::plan::{Existing, Plan};
use super::row::{Row, refused_value};

/// The facts of a right that a file may give; `code` is the parcel's.
pub const RIGHT_KEYS: &[&str] = &[
    "code",
    "rightType",
    "rightNature",
    "grantMethod",
    "termStart",
    "termEnd",
    "holders",
    "share",
    "certificate",
    "externalSystem",
    "externalId",
    "externalState",
];

/// Stands in every reference to another register and in no credit code.
const SEPARATOR: char = '/';

/// A holder as the file names him, with his share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolderRef {
    pub party: PartyKey,
    pub share: Share,
}

/// The holders of a row: `KEY=1/3;KEY=2/3`, a key being a credit code or `system/id`; without shares all hold equal
/// ones. One holder may have his share in a column of its own.
pub fn holders_of(row: &Row<'_>) -> Result<Vec<HolderRef>, Refused> {
    let text = row.required("holders")?;
    let parts: Vec<&str> = text.split([';', '|']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let share = row.text("share").map(|share| share_of(&share, "share")).transpose()?;
    if share.is_some() && parts.len() > 1 {
        return Err(refused_value(ErrorCode::ShareInvalid, "share", &text).with("holders", parts.len()));
    }
    let count = u64::try_from(parts.len()).unwrap_or(u64::MAX);
    let equal = || {
        Share::new(1, count).map_err(|why| refused_value(ErrorCode::ShareInvalid, "holders", &text).told("why", why))
    };
    let holder = |part: &&str| {
        let (key, share) = match part.split_once('=') {
            Some((key, share)) => (key.trim(), share_of(share, "holders")?),
            None => (*part, share.map_or_else(equal, Ok)?),
        };
        let is_external = key.contains(SEPARATOR);
        let party = if is_external { PartyKey::External(key.to_owned()) } else { PartyKey::CreditCode(key.to_owned()) };
        Ok(HolderRef { party, share })
    };
    parts.iter().map(holder).collect()
}

/// The right that a row is a part of, where it gives less than the whole: one of a type stands on a parcel.
pub fn part_of(row: &Row<'_>) -> Option<(String, String)> {
    let holders = holders_of(row).ok()?;
    let whole = sum_is_one(holders.iter().map(|holder| holder.share));
    (!whole).then_some((row.text("code")?, row.text("rightType")?))
}

/// Plans what is to be done about a right; `parcel` bears the row's code and `rights` stand on it.
///
/// `others` are further rows of the same right, each with other holders of it.
pub fn plan_right(
    row: &Row<'_>,
    others: &[Row<'_>],
    parcel: Option<Existing<'_, Parcel>>,
    rights: &[&Right],
    parties: &HashMap<PartyKey, PartyId>,
) -> Result<Plan, Refused> {
    let code = row.required("code")?;
    let parcel = parcel.ok_or_else(|| Refused::new(ErrorCode::NotFound).at("code").with("code", code.clone()))?;
    let tenure = tenure_of(row, None)?.ok_or_else(|| Refused::new(ErrorCode::FieldRequired).at("rightType"))?;
    let named = |holder: HolderRef| {
        let unknown = || refused_value(ErrorCode::PartyUnknown, "holders", &holder.party.to_string());
        let party = *parties.get(&holder.party).ok_or_else(unknown)?;
        Ok(HolderShare { party, share: holder.share })
    };
    let mut refs = holders_of(row)?;
    let (certificate, external) = (row.text("certificate"), external_of(row)?);
    for other in others {
        refs.extend(holders_of(other)?);
        let same = [tenure_of(other, None)? == Some(tenure.clone()), other.text("certificate") == certificate];
        if same.contains(&false) || external_of(other)? != external {
            let refused = Refused::new(ErrorCode::Validation).at("rightType").with("code", code);
            return Err(refused.with("rowsDiffer", [row.feature.number, other.feature.number].as_slice()));
        }
    }
    let holders = refs.into_iter().map(named).collect::<Result<Vec<_>, Refused>>()?;
    let sorted = |holders: &[HolderShare]| {
        let mut holders = holders.to_vec();
        holders.sort_by_key(|holder| holder.party);
        holders
    };
    let stands = rights.iter().any(|right| {
        right.tenure == tenure
            && sorted(&right.holders) == sorted(&holders)
            && (certificate.is_none() || right.certificate == certificate)
            && (external.is_none() || right.external == external)
    });
    if stands {
        return Ok(Plan::Unchanged);
    }
    let parcel = Seen { id: parcel.state.id, seq: parcel.seq };
    Ok(Plan::perform(GrantRight { parcel, tenure, holders, certificate, external }))
}
