//! What a row says of a right: on which parcel, of what kind and term, and who holds it.

use std::collections::HashMap;

use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{PartyId, Refused, Seen};
use yulin_domain::land::{GrantRight, HolderShare, Parcel, Right};
use yulin_domain::quantity::Share;

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

/// The holders of a row: `KEY=1/3;KEY=2/3`, a key being a credit code or `system/id`; without shares all hold equal ones.
pub fn holders_of(row: &Row<'_>) -> Result<Vec<HolderRef>, Refused> {
    let text = row.required("holders")?;
    let parts: Vec<&str> = text.split([';', '|']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let count = u64::try_from(parts.len()).unwrap_or(u64::MAX);
    let equal = || {
        Share::new(1, count).map_err(|why| refused_value(ErrorCode::ShareInvalid, "holders", &text).told("why", why))
    };
    let holder = |part: &&str| {
        let (key, share) = match part.split_once('=') {
            Some((key, share)) => (key.trim(), share_of(share, "holders")?),
            None => (*part, equal()?),
        };
        let is_external = key.contains(SEPARATOR);
        let party = if is_external { PartyKey::External(key.to_owned()) } else { PartyKey::CreditCode(key.to_owned()) };
        Ok(HolderRef { party, share })
    };
    parts.iter().map(holder).collect()
}

/// Plans what is to be done about a right; `parcel` bears the row's code and `rights` stand on it.
pub fn plan_right(
    row: &Row<'_>,
    parcel: Option<Existing<'_, Parcel>>,
    rights: &[&Right],
    parties: &HashMap<PartyKey, PartyId>,
) -> Result<Plan, Refused> {
    let code = row.required("code")?;
    let parcel = parcel.ok_or_else(|| Refused::new(ErrorCode::NotFound).at("code").with("code", code))?;
    let tenure = tenure_of(row, None)?.ok_or_else(|| Refused::new(ErrorCode::FieldRequired).at("rightType"))?;
    let named = |holder: HolderRef| {
        let unknown = || refused_value(ErrorCode::PartyUnknown, "holders", &holder.party.to_string());
        let party = *parties.get(&holder.party).ok_or_else(unknown)?;
        Ok(HolderShare { party, share: holder.share })
    };
    let holders = holders_of(row)?.into_iter().map(named).collect::<Result<Vec<_>, Refused>>()?;
    let (certificate, external) = (row.text("certificate"), external_of(row)?);
    let stands = rights.iter().any(|right| {
        right.tenure == tenure
            && right.holders == holders
            && (certificate.is_none() || right.certificate == certificate)
            && (external.is_none() || right.external == external)
    });
    if stands {
        return Ok(Plan::Unchanged);
    }
    let parcel = Seen { id: parcel.state.id, seq: parcel.seq };
    Ok(Plan::perform(GrantRight { parcel, tenure, holders, certificate, external }))
}
