//! What every act carries, whatever it does.

use async_graphql::{ID, InputObject};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{ActId, Digest, EVIDENCE_MAX, Envelope, Refused};
use yulin_domain::quantity::Instant;

use super::authority::Actor;
use super::read::{Read, text};
use crate::scalars::{LocalDate, Timestamp};

/// What an act carries beside what it does (登记行为要素).
#[derive(Debug, Clone, InputObject)]
pub struct ActEnvelopeInput {
    /// The id of the act, a UUID its author chooses (v7 advised). The same id with the same content gives the same
    /// receipt, however often it is sent (行为标识).
    pub act_id: ID,
    /// Since when it holds; never in the future. Left out: since it is recorded (生效时间).
    pub effective_at: Option<Timestamp>,
    /// Since when it holds, as the first instant of a local date of the district; instead of `effectiveAt` (生效日期).
    pub effective_on: Option<LocalDate>,
    /// The last instant at which it may be recorded (最晚登记时间).
    pub not_after: Option<Timestamp>,
    /// Why it is done (原因).
    pub reason: Option<String>,
    /// The legal basis (法律依据).
    pub legal_basis: Option<String>,
    /// SHA-256 of each piece of evidence, as hexadecimal (证据摘要).
    #[graphql(default)]
    pub evidence: Vec<String>,
    /// For whom it is done (代理对象).
    pub on_behalf_of: Option<String>,
    /// Whether the act is only tried: nothing is recorded, no id is used, the changes it would make are told (试算).
    #[graphql(default)]
    pub dry_run: bool,
}

/// Since when an act holds, as its author says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Recorded,
    At(Instant),
    On(jiff::civil::Date),
}

impl ActEnvelopeInput {
    /// Since when it holds; instant and date exclude each other.
    pub(super) fn effect(&self) -> Read<Effect> {
        match (&self.effective_at, &self.effective_on) {
            (None, None) => Ok(Effect::Recorded),
            (Some(at), None) => at.instant("effectiveAt").map(Effect::At),
            (None, Some(on)) => on.date("effectiveOn").map(Effect::On),
            (Some(_), Some(_)) => {
                Err(Refused::new(ErrorCode::Validation).at("effectiveOn").with("excludes", "effectiveAt"))
            }
        }
    }

    /// The envelope of an act of the actor.
    pub(super) fn read(self, actor: &Actor, effective_at: Option<Instant>) -> Read<Envelope> {
        let id: ActId = self.act_id.parse().map_err(|_| Refused::new(ErrorCode::IdInvalid).at("actId"))?;
        Ok(Envelope {
            id,
            principal: actor.principal,
            role: actor.role,
            narrowing: actor.narrowing.as_ref().map(|narrowed| narrowed.narrowing().clone()),
            on_behalf_of: text(self.on_behalf_of, "onBehalfOf")?,
            effective_at,
            not_after: self.not_after.map(|limit| limit.instant("notAfter")).transpose()?,
            reason: text(self.reason, "reason")?,
            legal_basis: text(self.legal_basis, "legalBasis")?,
            evidence: evidence(&self.evidence)?,
            // Personal data stand with a party, through which they can be erased; none stand here any more.
            personal_note: None,
        })
    }
}

fn evidence(given: &[String]) -> Read<Vec<Digest>> {
    if given.len() > EVIDENCE_MAX {
        let refused = Refused::new(ErrorCode::ListTooLong).at("evidence");
        return Err(refused.with("length", given.len()).with("most", EVIDENCE_MAX));
    }
    given.iter().enumerate().map(|(place, text)| digest(text, place)).collect()
}

fn digest(text: &str, place: usize) -> Read<Digest> {
    let mut bytes = [0; 32];
    let wrong = |_| {
        let refused = Refused::new(ErrorCode::Validation).at(format!("evidence[{place}]"));
        refused.with("expected", "64 hexadecimal digits")
    };
    hex::decode_to_slice(text, &mut bytes).map(|()| Digest(bytes)).map_err(wrong)
}
