//! Events as the API shows them, and the pieces in which they are told.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Object, SimpleObject};
use yulin_domain::journal::{ActKind, Change, EntryBody, Subject};
use yulin_persistence::{FeedEvent, FeedScope};

use crate::codes::Chosen;
use crate::disclosure::{Reading, reading_of};
use crate::errors::fault;
use crate::journal::{ActObject, ChangeObject};
use crate::request::viewer;
use crate::scalars::{Seq, Timestamp};

/// An entry of the journal as one viewer may see it.
#[derive(Clone)]
pub struct EventObject {
    pub(crate) event: Arc<FeedEvent>,
    pub(crate) scope: FeedScope,
}

impl EventObject {
    /// The changes that the viewer may see.
    pub(crate) fn seen(&self) -> Result<Vec<Change>, Error> {
        let body = EntryBody::decode(&self.event.entry.body).and_then(|body| body.read_changes());
        let mut changes = body.map_err(|why| fault(&why))?;
        changes.retain(|change| self.scope.tells(&change.subject, self.event.entry.header.seq));
        Ok(changes)
    }

    /// The subjects of the changes that the viewer may see, each once.
    pub(crate) fn subjects_seen(&self) -> Result<Vec<Subject>, Error> {
        let mut subjects: Vec<_> = self.seen()?.into_iter().map(|change| change.subject).collect();
        subjects.sort_unstable();
        subjects.dedup();
        Ok(subjects)
    }
}

/// That an act was recorded, as the follower may see it (登记事件).
#[Object(name = "Event")]
impl EventObject {
    /// The number of its entry (登记序号).
    async fn seq(&self) -> Seq {
        Seq(self.event.entry.header.seq)
    }

    /// The event before it in this feed; null for the first. Who keeps the last one he took sees here that none is
    /// missing (前一事件序号).
    async fn previous_seq(&self) -> Option<Seq> {
        self.event.previous.map(Seq)
    }

    /// When it was recorded (登记时间).
    async fn recorded_at(&self) -> Timestamp {
        self.event.entry.header.recorded_at.into()
    }

    /// Since when it holds (生效时间).
    async fn effective_at(&self) -> Timestamp {
        self.event.entry.header.effective_at.into()
    }

    /// What the act does (登记行为类型).
    async fn kind(&self) -> Chosen<ActKind> {
        self.event.entry.header.kind.into()
    }

    /// The id its author gave the act, as its receipt tells it (登记行为标识).
    async fn act_id(&self) -> ID {
        ID(self.event.entry.header.act_id.to_string())
    }

    /// What it changed, as far as the follower may see it (登记主题).
    fn subjects(&self) -> Result<Vec<ID>, Error> {
        Ok(self.subjects_seen()?.iter().map(|subject| ID(subject.to_string())).collect())
    }

    /// The records that it changed, as far as the follower may see them (变更列表).
    fn changes(&self) -> Result<Vec<ChangeObject>, Error> {
        Ok(self.seen()?.iter().map(ChangeObject::of).collect())
    }

    /// The act as recorded; null for who may not read acts (登记行为).
    async fn act(&self, ctx: &Context<'_>) -> Option<ActObject> {
        match reading_of(&viewer(ctx), "Event", "act") {
            Reading::Yes => Some(ActObject::whole(Arc::new(self.event.entry.clone()))),
            Reading::OwnOnly | Reading::No => None,
        }
    }
}

/// A piece of a feed (事件批次).
#[derive(Clone, SimpleObject)]
pub struct EventBatch {
    /// The events, in the order of the journal; none in a sign of life (事件).
    pub nodes: Vec<EventObject>,
    /// Every event of this feed up to here has been told: in this piece, or before the place from which it was asked
    /// for. Give it as `after` to go on (完整至).
    pub complete_to: Seq,
    /// The name of this feed: of its filter, and of who follows it and what he sees. Give it back with `after`, and a
    /// change of any of them is told instead of passed over (订阅标识).
    pub feed: String,
}
