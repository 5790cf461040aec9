//! What a row says of a right: on which parcel, of what kind and term, and who holds it.

use std::collections::HashMap;

use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{PartyId, Refused, Seen};
use yulin_domain::land::{GrantRight, HolderShare, Parcel, RecordTitle, Right, Tenure};
use yulin_domain::party::ExternalRef;
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

/// What the legal register says of a right, and may say otherwise later.
const TITLE_KEYS: [&str; 2] = ["certificate", "externalId"];

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

/// What the rows of one right say of it.
#[derive(Debug)]
struct Said {
    tenure: Tenure,
    holders: Vec<HolderShare>,
    certificate: Option<String>,
    external: Option<ExternalRef>,
}

/// Plans what is to be done about a right; `parcel` bears the row's code and `rights` stand on it.
///
/// `others` are further rows of the same right, each with other holders of it. Of a right that stands, only the title
/// is brought up to date: other holders or another term are dealings, which no sheet performs.
pub fn plan_right(
    row: &Row<'_>,
    others: &[Row<'_>],
    parcel: Option<Existing<'_, Parcel>>,
    rights: &[&Right],
    parties: &HashMap<PartyKey, PartyId>,
) -> Result<Plan, Refused> {
    let code = row.required("code")?;
    let parcel = parcel.ok_or_else(|| Refused::new(ErrorCode::NotFound).at("code").with("code", code))?;
    let parcel = Seen { id: parcel.state.id, seq: parcel.seq };
    let (said, standing) = said_of(row, others, rights, parties)?;
    let differs = standing.map(|right| said.differs_from(right));
    let Said { tenure, holders, certificate, external } = said;
    Ok(match (standing, differs.as_deref()) {
        (Some(_), Some([])) => Plan::Unchanged,
        (Some(right), Some(differs)) if differs.iter().all(|name| TITLE_KEYS.contains(name)) => {
            Plan::perform(RecordTitle { parcel, right: right.id, certificate, external })
        }
        (Some(_) | None, _) => Plan::perform(GrantRight { parcel, tenure, holders, certificate, external }),
    })
}

/// The facts that the rows of a right give otherwise than the right of its type that stands on the parcel.
pub fn right_differs(
    row: &Row<'_>,
    others: &[Row<'_>],
    rights: &[&Right],
    parties: &HashMap<PartyKey, PartyId>,
) -> Result<Vec<&'static str>, Refused> {
    let (said, standing) = said_of(row, others, rights, parties)?;
    Ok(standing.map(|right| said.differs_from(right)).unwrap_or_default())
}

/// Reads the rows of a right, beside the right of its type that stands on the parcel.
fn said_of<'a>(
    row: &Row<'_>,
    others: &[Row<'_>],
    rights: &[&'a Right],
    parties: &HashMap<PartyKey, PartyId>,
) -> Result<(Said, Option<&'a Right>), Refused> {
    let tenure = tenure_of(row, None)?.ok_or_else(|| Refused::new(ErrorCode::FieldRequired).at("rightType"))?;
    let standing = rights.iter().copied().find(|right| right.tenure.right_type == tenure.right_type);
    let registered = standing.and_then(|right| right.external.as_ref());
    let mut refs = holders_of(row)?;
    let (certificate, external) = (row.text("certificate"), external_of(row, registered)?);
    for other in others {
        refs.extend(holders_of(other)?);
        let same = [tenure_of(other, None)? == Some(tenure.clone()), other.text("certificate") == certificate];
        if same.contains(&false) || external_of(other, registered)? != external {
            let refused = Refused::new(ErrorCode::Validation).at("rightType").with("code", row.required("code")?);
            return Err(refused.with("rowsDiffer", [row.feature.number, other.feature.number].as_slice()));
        }
    }
    let named = |holder: HolderRef| {
        let unknown = || refused_value(ErrorCode::PartyUnknown, "holders", &holder.party.to_string());
        let party = *parties.get(&holder.party).ok_or_else(unknown)?;
        Ok(HolderShare { party, share: holder.share })
    };
    let holders = refs.into_iter().map(named).collect::<Result<Vec<_>, Refused>>()?;
    Ok((Said { tenure, holders, certificate, external }, standing))
}

impl Said {
    /// The facts that are given and registered otherwise; what is not given is left as it is.
    fn differs_from(&self, right: &Right) -> Vec<&'static str> {
        let (given, known) = (&self.tenure, &right.tenure);
        let compared = [
            ("rightNature", is_other(given.nature, known.nature)),
            ("grantMethod", is_other(given.grant_method, known.grant_method)),
            ("termStart", is_other(given.starts_on, known.starts_on)),
            ("termEnd", is_other(given.ends_on, known.ends_on)),
            ("holders", by_party(&self.holders) != by_party(&right.holders)),
            ("certificate", is_other(self.certificate.as_ref(), right.certificate.as_ref())),
            ("externalId", is_other(self.external.as_ref(), right.external.as_ref())),
        ];
        compared.into_iter().filter(|(_, is_other)| *is_other).map(|(name, _)| name).collect()
    }
}

fn is_other<T: PartialEq + Copy>(given: Option<T>, known: Option<T>) -> bool {
    given.is_some() && given != known
}

fn by_party(holders: &[HolderShare]) -> Vec<HolderShare> {
    let mut holders = holders.to_vec();
    holders.sort_by_key(|holder| holder.party);
    holders
}
