//! How personal data are erased: the data go, that they were there stays.

use serde::{Deserialize, Serialize};

use crate::error_catalogue::ErrorCode;
use crate::journal::{Body, Change, Context, Decision, Needs, PartyId, PersonalId, RecordKey, Refused, Seen, Span};

/// That a set of personal data is erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    pub personal: PersonalId,
    pub party: PartyId,
}

/// Erases sets of personal data of a party, also of one whose registration was rescinded. Persistence deletes data and
/// salts in the same transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasePersonal {
    pub party: Seen<PartyId>,
    /// The sets to erase, as the author saw them in the party's history.
    pub personal: Vec<PersonalId>,
}

impl Body for ErasePersonal {
    fn needs(&self, needs: &mut Needs) {
        needs.records.push(self.party.id.into());
        needs.personal_of.push(self.party.id);
        needs.records.extend(self.personal.iter().map(|personal| RecordKey::from(*personal)));
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let party = self.party.id;
        if context.envelope.legal_basis.as_deref().is_none_or(|basis| basis.trim().is_empty()) {
            return Err(Refused::new(ErrorCode::LegalBasisRequired).at("legalBasis"));
        }
        let is_of_party = |personal: &PersonalId| context.set.is_personal_of(party, *personal);
        if context.set.timeline(party).is_none() && !self.personal.iter().any(is_of_party) {
            return Err(Refused::new(ErrorCode::PartyUnknown).at("party").told("party", party));
        }
        context.unchanged(self.party, "party")?;
        if let Some(place) = self.personal.iter().position(|personal| !is_of_party(personal)) {
            return Err(Refused::new(ErrorCode::NotFound).at(format!("personal[{place}]")).told("party", party));
        }
        let fresh = self.personal.iter().filter(|personal| context.set.timeline(**personal).is_none());
        let erased = fresh.map(|personal| {
            let erasure = Erasure { personal: *personal, party };
            Change::put(party.into(), (*personal).into(), Span::ALL, erasure)
        });
        Ok(erased.collect::<Vec<_>>().into())
    }
}
