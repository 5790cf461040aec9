//! A party: an enterprise, a department, a platform company or a natural person.

use serde::{Deserialize, Serialize};

use crate::codes::{CreditCode, ExternalState, PartyKind};
use crate::district::check_text;
use crate::error_catalogue::ErrorCode;
use crate::journal::{Claim, PartyId, Refused, Sealed};

/// Where another register keeps the same thing, and whether it has confirmed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalRef {
    pub system: String,
    pub external_id: String,
    pub state: ExternalState,
}

impl ExternalRef {
    /// Refuses a reference without a system or an id; the two make one name, so that the first holds no slash.
    pub(crate) fn check(given: Option<&Self>) -> Result<(), Refused> {
        let Some(Self { system, external_id, state: _ }) = given else { return Ok(()) };
        check_text(system, "external.system")?;
        if system.contains('/') {
            return Err(Refused::new(ErrorCode::TextInvalid).at("external.system").with("without", "/"));
        }
        check_text(external_id, "external.externalId")
    }
}

/// Who may hold rights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    pub id: PartyId,
    pub kind: PartyKind,
    /// The registered name; a natural person's is personal data and stands elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_code: Option<CreditCode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal: Option<Sealed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalRef>,
}

impl Party {
    /// The names no other party may bear.
    pub fn claims(&self) -> Vec<Claim> {
        let credit = self.credit_code.iter().map(|code| Claim::CreditCode(code.as_str().to_owned()));
        let external = self.external.iter().map(external_claim);
        credit.chain(external).collect()
    }
}

/// The claim that a reference in another register makes.
pub(super) fn external_claim(reference: &ExternalRef) -> Claim {
    Claim::PartyExternal(format!("{}/{}", reference.system, reference.external_id))
}
