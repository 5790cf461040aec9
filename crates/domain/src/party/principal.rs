//! Principals: who acts, and in which roles. Their keys are operational and stand elsewhere.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::codes::Role;
use crate::district::check_text;
use crate::error_catalogue::ErrorCode;
use crate::journal::{
    Body, Change, Claim, Context, Decision, Needs, PartyId, PrincipalId, Record, RecordKey, Refused, Seen,
};

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    pub id: PrincipalId,
    /// A name of office or service, never of a natural person.
    pub name: String,
    /// The party whose own data an ENTERPRISE sees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<PartyId>,
    pub roles: BTreeSet<Role>,
}

/// Registers a principal, with its first roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterPrincipal {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<PartyId>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub roles: BTreeSet<Role>,
}

/// Grants a role to a principal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantRole {
    pub principal: Seen<PrincipalId>,
    pub role: Role,
}

/// Takes a role from a principal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokeRole {
    pub principal: Seen<PrincipalId>,
    pub role: Role,
}

impl Body for RegisterPrincipal {
    fn needs(&self, needs: &mut Needs) {
        needs.claims.push(Claim::PrincipalName(self.name.clone()));
        needs.records.extend(self.party.map(RecordKey::from));
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        check_text(&self.name, "name")?;
        self.roles.iter().try_for_each(|role| grantable(*role))?;
        if context.set.claimants(&Claim::PrincipalName(self.name.clone())).next().is_some() {
            return Err(Refused::new(ErrorCode::CodeDuplicate).at("name").with("name", self.name.clone()));
        }
        if let Some(party) = self.party
            && context.set.timeline(party).is_none()
        {
            return Err(Refused::new(ErrorCode::PartyUnknown).at("party").told("party", party));
        }
        let id = PrincipalId::made_by(context.envelope.id, context.leg, 0);
        let principal = Principal { id, name: self.name.clone(), party: self.party, roles: self.roles.clone() };
        Ok(vec![Change::put(id.into(), id.into(), context.span(), principal)].into())
    }
}

impl Body for GrantRole {
    fn needs(&self, needs: &mut Needs) {
        needs.records.push(self.principal.id.into());
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        grantable(self.role)?;
        revise(context, self.principal, |roles| roles.insert(self.role))
    }
}

impl Body for RevokeRole {
    fn needs(&self, needs: &mut Needs) {
        needs.records.push(self.principal.id.into());
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        revise(context, self.principal, |roles| roles.remove(&self.role))
    }
}

/// The registry's own role is nobody else's.
fn grantable(role: Role) -> Result<(), Refused> {
    if role == Role::System {
        return Err(Refused::new(ErrorCode::Forbidden).at("role").told("role", role));
    }
    Ok(())
}

fn revise(
    context: &Context<'_>,
    seen: Seen<PrincipalId>,
    change: impl FnOnce(&mut BTreeSet<Role>) -> bool,
) -> Result<Decision, Refused> {
    context.unchanged(seen, "principal")?;
    context.nothing_later(seen.id, "principal")?;
    let Some(Record::Principal(principal)) = context.set.state(seen.id, context.effective) else {
        return Err(Refused::new(ErrorCode::NotFound).at("principal").told("principal", seen.id));
    };
    let mut principal = (**principal).clone();
    if !change(&mut principal.roles) {
        return Ok(Decision::default());
    }
    Ok(vec![Change::put(seen.id.into(), seen.id.into(), context.span(), principal)].into())
}
