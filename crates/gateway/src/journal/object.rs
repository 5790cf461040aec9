//! An act as it stands in the journal.

use std::sync::Arc;

use async_graphql::{ID, Object, SimpleObject};
use yulin_domain::journal::{ActId, ActKind, Change, Digest, Entry, EntryBody, RecordKind, Subject};

use crate::codes::Chosen;
use crate::errors::fault;
use crate::scalars::{Seq, Timestamp};

/// A recorded act; shared, since a page shows it as edge and as node.
#[derive(Clone)]
pub struct ActObject {
    entry: Arc<Entry>,
    /// The only subject of which changes are told; none: all are.
    only: Option<Subject>,
}

impl ActObject {
    /// An act with all that it changed.
    pub const fn whole(entry: Arc<Entry>) -> Self {
        Self { entry, only: None }
    }

    pub(crate) fn act_id(&self) -> ActId {
        self.entry.header.act_id
    }

    /// An act as far as it changed one subject: the same act may have changed what is another's.
    pub const fn on(entry: Arc<Entry>, subject: Subject) -> Self {
        Self { entry, only: Some(subject) }
    }
}

/// That an act changed a record (变更).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Change")]
pub struct ChangeObject {
    /// The record that heads the chain of entries (登记主题).
    pub subject: ID,
    /// The entry before this one in the subject's chain (前一登记序号).
    pub previous: Option<Seq>,
    /// The record that changed (变更记录).
    pub record: ID,
    /// What kind of record it is (记录类型).
    pub kind: Chosen<RecordKind>,
    /// Since when it holds; null from the beginning (有效起始).
    pub valid_from: Option<Timestamp>,
    /// Until when it holds; null without end (有效终止).
    pub valid_to: Option<Timestamp>,
}

fn texts(digests: &[Digest]) -> Vec<String> {
    digests.iter().map(ToString::to_string).collect()
}

/// An act of the registry, as recorded in its journal (登记行为).
#[Object(name = "Act")]
impl ActObject {
    /// The global id, `act:` and the id its author chose (标识).
    pub(crate) async fn id(&self) -> ID {
        ID(format!("act:{}", self.entry.header.act_id))
    }

    /// The number of its entry: the order of the journal (登记序号).
    async fn seq(&self) -> Seq {
        Seq(self.entry.header.seq)
    }

    /// What the act does (登记行为类型).
    async fn kind(&self) -> Chosen<ActKind> {
        self.entry.header.kind.into()
    }

    /// Who acted (操作主体).
    async fn principal(&self) -> ID {
        ID(format!("principal:{}", self.entry.header.principal))
    }

    /// On whose behalf (代表).
    async fn on_behalf_of(&self) -> Option<&str> {
        self.entry.header.on_behalf_of.as_deref()
    }

    /// Who approved it, where four eyes are needed (批准人).
    async fn approved_by(&self) -> Option<ID> {
        self.entry.header.approved_by.map(|principal| ID(format!("principal:{principal}")))
    }

    /// Since when it holds (生效时间).
    async fn effective_at(&self) -> Timestamp {
        self.entry.header.effective_at.into()
    }

    /// When it was recorded (登记时间).
    async fn recorded_at(&self) -> Timestamp {
        self.entry.header.recorded_at.into()
    }

    /// The reason given (理由).
    async fn reason(&self) -> Option<&str> {
        self.entry.header.reason.as_deref()
    }

    /// The legal basis given (法律依据).
    async fn legal_basis(&self) -> Option<&str> {
        self.entry.header.legal_basis.as_deref()
    }

    /// SHA-256 of the pieces of evidence, hexadecimal (证据摘要).
    async fn evidence(&self) -> Vec<String> {
        texts(&self.entry.header.evidence_hashes)
    }

    /// The hash of the entry, which chains all before it (条目摘要).
    async fn hash(&self) -> String {
        self.entry.hash.to_string()
    }

    /// The hash of the entry before (前一条目摘要).
    async fn previous_hash(&self) -> String {
        self.entry.header.prev_hash.to_string()
    }

    /// The records that it changed; in the history of what is one's own, those of that alone (变更列表).
    fn changes(&self) -> Result<Vec<ChangeObject>, async_graphql::Error> {
        let changes = EntryBody::decode(&self.entry.body).and_then(|body| body.read_changes());
        let changes = changes.map_err(|why| fault(&why))?;
        let told = changes.iter().filter(|change| self.only.is_none_or(|only| change.subject == only));
        Ok(told.map(ChangeObject::of).collect())
    }
}

impl ChangeObject {
    /// A change as it is shown: what the record became is not.
    pub(crate) fn of(change: &Change) -> Self {
        Self {
            subject: ID(change.subject.to_string()),
            previous: change.previous.map(Seq),
            record: ID(change.key.to_string()),
            kind: change.key.kind.into(),
            valid_from: Timestamp::bounded(change.span.from),
            valid_to: Timestamp::bounded(change.span.to),
        }
    }
}
