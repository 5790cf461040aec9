//! Freezes: what blocks every dealing in a parcel until two persons release it.

use serde::{Deserialize, Serialize};

use crate::codes::FreezeKind;
use crate::district::{check_given, check_text};
use crate::error_catalogue::ErrorCode;
use crate::journal::{Body, Change, Context, Decision, FreezeId, Needs, ParcelId, PrincipalId, Record, Refused, Seen};

/// A freeze of a parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    pub id: FreezeId,
    pub parcel: ParcelId,
    pub kind: FreezeKind,
    /// Who ordered it; only on its word is it released.
    pub authority: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Who proposed the release, once someone has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release_proposed_by: Option<PrincipalId>,
}

/// Freezes a parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceFreeze {
    pub parcel: Seen<ParcelId>,
    pub kind: FreezeKind,
    pub authority: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

/// Proposes that a freeze be released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposeFreezeRelease {
    pub parcel: Seen<ParcelId>,
    pub freeze: FreezeId,
    /// The authority on whose word it is released.
    pub authority: String,
}

/// Approves the release that someone else proposed; with it the freeze ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApproveFreezeRelease {
    pub parcel: Seen<ParcelId>,
    pub freeze: FreezeId,
}

impl Body for PlaceFreeze {
    fn needs(&self, needs: &mut Needs) {
        needs.parcels.push(self.parcel.id);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let parcel = context.registered_parcel(self.parcel, "parcel")?;
        check_text(&self.authority, "authority")?;
        check_given(self.document.as_deref(), "document")?;
        let id = FreezeId::made_by(context.envelope.id, context.leg, 0);
        let freeze = Freeze {
            id,
            parcel: parcel.id,
            kind: self.kind,
            authority: self.authority.clone(),
            document: self.document.clone(),
            release_proposed_by: None,
        };
        Ok(vec![Change::put(parcel.id.into(), id.into(), context.span(), freeze)].into())
    }
}

impl Body for ProposeFreezeRelease {
    fn needs(&self, needs: &mut Needs) {
        needs.parcels.push(self.parcel.id);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let freeze = standing(context, self.parcel, self.freeze)?;
        if freeze.authority != self.authority {
            let refused = Refused::new(ErrorCode::Forbidden).at("authority");
            return Err(refused.with("authority", freeze.authority.clone()));
        }
        let proposed = Freeze { release_proposed_by: Some(context.principal()), ..freeze.clone() };
        if proposed == *freeze {
            return Ok(Decision::default());
        }
        Ok(vec![Change::put(self.parcel.id.into(), self.freeze.into(), context.span(), proposed)].into())
    }
}

impl Body for ApproveFreezeRelease {
    fn needs(&self, needs: &mut Needs) {
        needs.parcels.push(self.parcel.id);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let freeze = standing(context, self.parcel, self.freeze)?;
        let Some(proposer) = freeze.release_proposed_by else {
            return Err(Refused::new(ErrorCode::State).at("freeze").with("state", "NOT_PROPOSED"));
        };
        if proposer == context.principal() {
            return Err(Refused::new(ErrorCode::FourEyes).at("freeze").told("proposedBy", proposer));
        }
        let changes = vec![Change::void(self.parcel.id.into(), self.freeze.into(), context.span())];
        Ok(Decision { changes, approved_by: Some(context.principal()) })
    }
}

/// The freeze as it stands at the act's effect, nothing later being known of it.
fn standing<'a>(context: &Context<'a>, seen: Seen<ParcelId>, id: FreezeId) -> Result<&'a Freeze, Refused> {
    context.parcel(seen, "parcel")?;
    context.nothing_later(id, "freeze")?;
    match context.set.state(id, context.effective) {
        Some(Record::Freeze(freeze)) if freeze.parcel == seen.id => Ok(freeze),
        _ => Err(Refused::new(ErrorCode::NotFound).at("freeze").told("freeze", id)),
    }
}
