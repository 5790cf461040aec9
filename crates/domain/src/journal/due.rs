//! What falls due: a term that ends, a scheduled act that begins.
//!
//! It is an act of the registry, under an id that follows from object, kind and deadline, so that several gateways and
//! a restart name the same act. A deadline's act is recorded at most once. The id is made under the registry's key:
//! nobody else can know it and record something under it beforehand.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::{Builder, Uuid};

use super::{Act, ActBody, ActId, Envelope, Record, RecordKey, Refused, Schedule, Seen, SettleSchedule, WorkingSet};
use crate::factor::{ExpireHold, ExpireLots};
use crate::land::{EndCause, EndRestriction, EndRight};
use crate::quantity::Instant;

/// Something that has fallen due, as an act.
#[derive(Debug, Clone)]
pub struct Due {
    /// The record whose deadline it is.
    pub key: RecordKey,
    pub at: Instant,
    pub act: Act,
    /// The id under which its refusal is recorded.
    refused_as: ActId,
}

impl Record {
    /// When this state falls due, if it ever does.
    pub fn due_at(&self) -> Option<Instant> {
        match self {
            Self::Right(right) => right.due_at,
            Self::Restriction(restriction) => restriction.due_at,
            Self::Schedule(schedule) => schedule.due_at(),
            Self::Hold(hold) => hold.due_at(),
            Self::Issuance(issuance) => issuance.due_at(),
            Self::District(_)
            | Self::Party(_)
            | Self::Erasure(_)
            | Self::Principal(_)
            | Self::Parcel(_)
            | Self::Freeze(_)
            | Self::Zone(_)
            | Self::Feature(_)
            | Self::Factor(_)
            | Self::Cap(_)
            | Self::Account(_)
            | Self::Lot(_)
            | Self::Posting(_)
            | Self::Transfer(_)
            | Self::Reconciliation(_)
            | Self::Calendar(_) => None,
        }
    }

    /// What falls due with this state.
    pub fn due(&self) -> Option<Due> {
        let at = self.due_at()?;
        match self {
            Self::Right(right) => {
                let parcel = Seen { id: right.parcel, seq: 0 };
                let end = EndRight { parcel, right: right.id, cause: EndCause::TermEnded };
                Some(Due::of(right.id.into(), at, "TERM_ENDED", vec![end.into()]))
            }
            Self::Restriction(restriction) => {
                let parcel = Seen { id: restriction.parcel, seq: 0 };
                let end = EndRestriction { parcel, restriction: restriction.id, cause: EndCause::TermEnded };
                Some(Due::of(restriction.id.into(), at, "TERM_ENDED", vec![end.into()]))
            }
            Self::Schedule(schedule) => Some(beginning(schedule, at)),
            Self::Hold(hold) => {
                let expire = ExpireHold { hold: hold.id };
                Some(Due::of(hold.id.into(), at, "EXPIRED", vec![expire.into()]))
            }
            Self::Issuance(issuance) => {
                let expire = ExpireLots { issuance: issuance.id, retirement: issuance.retirement? };
                Some(Due::of(issuance.id.into(), at, "LAPSED", vec![expire.into()]))
            }
            Self::District(_)
            | Self::Party(_)
            | Self::Erasure(_)
            | Self::Principal(_)
            | Self::Parcel(_)
            | Self::Freeze(_)
            | Self::Zone(_)
            | Self::Feature(_)
            | Self::Factor(_)
            | Self::Cap(_)
            | Self::Account(_)
            | Self::Lot(_)
            | Self::Posting(_)
            | Self::Transfer(_)
            | Self::Reconciliation(_)
            | Self::Calendar(_) => None,
        }
    }
}

/// The entry with which a scheduled act begins: that it does, then what it does.
fn beginning(schedule: &Schedule, at: Instant) -> Due {
    let settle = SettleSchedule { schedule: schedule.id, author: schedule.author, refused: None };
    let legs = std::iter::once(settle.into()).chain(schedule.legs.iter().cloned());
    let due = Due::of(schedule.id.into(), at, "BEGIN", legs.collect());
    due.for_the_author(schedule)
}

impl Due {
    fn of(key: RecordKey, at: Instant, kind: &str, legs: Vec<ActBody>) -> Self {
        let named = |kind| ActId(Uuid::new_v5(&key.id, format!("{kind}/{}", at.micros()).as_bytes()));
        let envelope = Envelope { effective_at: Some(at), ..Envelope::by_the_registry(named(kind)) };
        Self { key, at, act: Act { envelope, legs }, refused_as: named("REFUSE") }
    }

    /// Under ids that only who has the key can know.
    pub fn under(mut self, key: &[u8; 32]) -> Self {
        for id in [&mut self.act.envelope.id, &mut self.refused_as] {
            *id = keyed(*id, key);
        }
        self
    }

    /// The ids under which it may be recorded: done or refused.
    pub fn ids(&self) -> impl Iterator<Item = ActId> {
        [self.act.envelope.id, self.refused_as].into_iter()
    }

    fn for_the_author(mut self, schedule: &Schedule) -> Self {
        let envelope = &mut self.act.envelope;
        envelope.on_behalf_of = Some(RecordKey::from(schedule.author).to_string());
        envelope.reason.clone_from(&schedule.reason);
        envelope.legal_basis.clone_from(&schedule.legal_basis);
        envelope.evidence.clone_from(&schedule.evidence);
        self
    }

    /// A term's end is the registry's own act: it acts on what it sees at this very entry.
    pub fn see_heads(&mut self, set: &WorkingSet) {
        let Some(leg) = self.act.legs.first_mut() else { return };
        let parcel = match leg {
            ActBody::EndRight(end) => &mut end.parcel,
            ActBody::EndRestriction(end) => &mut end.parcel,
            _ => return,
        };
        parcel.seq = set.head(parcel.id).unwrap_or(0);
    }

    /// The act that records the refusal, where the object keeps what became of it.
    pub fn refusal(&self, refused: Refused) -> Option<Act> {
        let Some(ActBody::SettleSchedule(settle)) = self.act.legs.first() else { return None };
        let settle = SettleSchedule { refused: Some(refused), ..settle.clone() };
        let envelope = Envelope { id: self.refused_as, ..self.act.envelope.clone() };
        Some(Act { envelope, legs: vec![settle.into()] })
    }
}

fn keyed(id: ActId, key: &[u8; 32]) -> ActId {
    let Ok(mut mac) = <Hmac<Sha256> as Mac>::new_from_slice(key) else { return id };
    mac.update(b"due/");
    mac.update(id.0.as_bytes());
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(mac.finalize().into_bytes()).for_each(|(byte, made)| *byte = made);
    ActId(Builder::from_custom_bytes(bytes).into_uuid())
}
