//! Who may send which act: asked before anything of the act is read.
//!
//! The table itself stands in the domain; here a viewer is held against it.

use std::sync::Arc;

use async_graphql::Error;
use yulin_domain::codes::Role;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{ActKind, PrincipalId, Refused, may_perform};
use yulin_persistence::Narrowed;

use crate::errors::refused_error;
use crate::request::Viewer;

/// Who acts, and in which role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Actor {
    pub principal: PrincipalId,
    pub role: Role,
    /// What his key is narrowed to: whether an act stays within is decided with the act.
    pub narrowing: Option<Arc<Narrowed>>,
}

/// The viewer as someone who may act at all; the anonymous public may not.
pub(super) fn actor(viewer: &Viewer) -> Result<Actor, Error> {
    let identity = viewer.identity.as_ref().ok_or_else(|| refused_error(&Refused::new(ErrorCode::Unauthenticated)))?;
    Ok(Actor { principal: identity.principal, role: viewer.role, narrowing: identity.narrowing.clone() })
}

/// Whether the actor may perform every leg; refused with the first kind of act that he may not.
pub(super) fn authorised(actor: &Actor, kinds: impl IntoIterator<Item = ActKind>) -> Result<(), Refused> {
    let barred = kinds.into_iter().enumerate().find(|(_, kind)| !may_perform(actor.role, *kind));
    barred.map_or(Ok(()), |(leg, kind)| {
        Err(Refused::new(ErrorCode::Forbidden).told("act", kind).told("role", actor.role).in_leg(leg))
    })
}
