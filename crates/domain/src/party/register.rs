//! How a party is registered and its particulars amended.

use serde::{Deserialize, Serialize};

use super::Party;
use super::party::{ExternalRef, external_claim};
use crate::codes::{CreditCode, PartyKind};
use crate::district::check_text;
use crate::error_catalogue::ErrorCode;
use crate::journal::{
    Body, Change, Claim, Context, Decision, Needs, PartyId, PersonalText, Record, Refused, Seen, Span,
};

/// Registers a party.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegisterParty {
    pub kind: PartyKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_code: Option<CreditCode>,
    /// Name and contacts of a natural person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal: Option<PersonalText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalRef>,
}

/// Changes the particulars of a party that are given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AmendParty {
    pub party: Seen<PartyId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_code: Option<CreditCode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal: Option<PersonalText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalRef>,
}

impl Body for RegisterParty {
    fn needs(&self, needs: &mut Needs) {
        needs.claims.extend(claims(self.credit_code.as_ref(), self.external.as_ref()));
    }

    fn personal_mut(&mut self) -> Option<&mut PersonalText> {
        self.personal.as_mut()
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let id = PartyId::made_by(context.envelope.id, context.leg, 0);
        let party = Party {
            id,
            kind: self.kind,
            name: self.name.clone(),
            credit_code: self.credit_code,
            personal: self.personal.as_ref().and_then(PersonalText::sealed),
            external: self.external.clone(),
        };
        check(&party, context)?;
        // Who a party is does not begin with its entry: a right of last year may be recorded of it today.
        Ok(vec![Change::put(id.into(), id.into(), Span::ALL, party)].into())
    }
}

impl Body for AmendParty {
    fn needs(&self, needs: &mut Needs) {
        needs.records.push(self.party.id.into());
        needs.claims.extend(claims(self.credit_code.as_ref(), self.external.as_ref()));
    }

    fn personal_mut(&mut self) -> Option<&mut PersonalText> {
        self.personal.as_mut()
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let id = self.party.id;
        context.unchanged(self.party, "party")?;
        context.nothing_later(id, "party")?;
        let Some(Record::Party(before)) = context.set.state(id, context.effective) else {
            return Err(Refused::new(ErrorCode::PartyUnknown).at("party").told("party", id));
        };
        let given = self.clone();
        let sealed = self.personal.as_ref().and_then(PersonalText::sealed);
        let after = Party {
            id,
            kind: before.kind,
            name: given.name.or_else(|| before.name.clone()),
            credit_code: given.credit_code.or(before.credit_code),
            personal: sealed.or(before.personal),
            external: given.external.or_else(|| before.external.clone()),
        };
        if after == **before {
            return Ok(Decision::default());
        }
        check(&after, context)?;
        Ok(vec![Change::put(id.into(), id.into(), context.span(), after)].into())
    }
}

fn claims<'a>(credit: Option<&'a CreditCode>, external: Option<&'a ExternalRef>) -> impl Iterator<Item = Claim> + 'a {
    let credit = credit.into_iter().map(|code| Claim::CreditCode(code.as_str().to_owned()));
    credit.chain(external.into_iter().map(external_claim))
}

/// A natural person's name is personal data; everybody else has an open one, and codes are borne by one party.
fn check(party: &Party, context: &Context<'_>) -> Result<(), Refused> {
    match (party.kind, &party.name) {
        (PartyKind::NaturalPerson, Some(_)) => {
            return Err(Refused::new(ErrorCode::PersonalDataOpen).at("name"));
        }
        // Somebody must be able to tell who it is.
        (PartyKind::NaturalPerson, None) if party.personal.is_none() && party.external.is_none() => {
            return Err(Refused::new(ErrorCode::FieldRequired).at("personal"));
        }
        (PartyKind::NaturalPerson, None) => {}
        (_, Some(name)) => check_text(name, "name")?,
        (_, None) => return Err(Refused::new(ErrorCode::FieldRequired).at("name")),
    }
    ExternalRef::check(party.external.as_ref())?;
    for claim in party.claims() {
        if let Some(other) = context.set.claimants(&claim).find(|key| *key != party.id.into()) {
            let field = if matches!(claim, Claim::CreditCode(_)) { "creditCode" } else { "external" };
            return Err(Refused::new(ErrorCode::CodeDuplicate).at(field).told("party", other.id));
        }
    }
    Ok(())
}
