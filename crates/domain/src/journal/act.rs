//! Acts as submitted: who does what, since when, on what grounds.

use serde::{Deserialize, Serialize};

use super::{ActBody, ActId, ActKind, Digest, Narrowing, PersonalText, PrincipalId, Unsealed};
use crate::codes::Role;
use crate::quantity::Instant;

/// Greatest number of legs of a bundle.
pub const LEGS_MAX: usize = 200;
/// Greatest number of pieces of evidence an act names.
pub const EVIDENCE_MAX: usize = 50;

/// An object as its author last saw it: its id and the `seq` of the entry that last changed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen<T> {
    pub id: T,
    pub seq: i64,
}

/// What every act carries, whatever it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    pub id: ActId,
    pub principal: PrincipalId,
    /// The role in which the principal acts.
    pub role: Role,
    /// Within what the key may act by which it was sent; absent where that is not narrowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub narrowing: Option<Narrowing>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
    /// Since when it holds; absent: since it is recorded. Never after it is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_at: Option<Instant>,
    /// The last instant at which it may be recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<Instant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Digest>,
    /// Free text about a natural person, sealed; read in entries that have one, no longer taken from anyone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal_note: Option<PersonalText>,
}

/// An act: an envelope and one leg, or the numbered legs of a bundle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Act {
    pub envelope: Envelope,
    pub legs: Vec<ActBody>,
}

impl Envelope {
    /// The envelope of an act of the registry itself.
    pub const fn by_the_registry(id: ActId) -> Self {
        Self {
            id,
            principal: PrincipalId::SYSTEM,
            role: Role::System,
            narrowing: None,
            on_behalf_of: None,
            effective_at: None,
            not_after: None,
            reason: None,
            legal_basis: None,
            evidence: Vec::new(),
            personal_note: None,
        }
    }
}

impl Act {
    /// The kind of its single leg, else a bundle.
    pub fn kind(&self) -> ActKind {
        match self.legs.as_slice() {
            [leg] => leg.kind(),
            _ => ActKind::Bundle,
        }
    }

    /// Seals the personal data in the act with salts that `fresh` makes, and hands out what was sealed.
    pub fn seal_personal(&mut self, mut fresh: impl FnMut() -> [u8; 32]) -> Vec<Unsealed> {
        let legs = self.legs.iter_mut().filter_map(ActBody::personal_mut);
        let texts = self.envelope.personal_note.iter_mut().chain(legs);
        texts.filter_map(|text| text.seal(fresh())).collect()
    }
}
