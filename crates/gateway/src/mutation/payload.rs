//! What comes of an act: done, refused, or tried.

use std::sync::Arc;

use async_graphql::{Context, ID, Json, Object, Result, SimpleObject, Union};
use serde_json::Value;
use yulin_domain::codes::Lang;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{ActKind, Change, Receipt, ReconciliationId, Refused, Subject};
use yulin_persistence::{ActFilter, AsOf, Preview, RecordedAt};

use super::recorded::Recorded;
use crate::codes::Chosen;
use crate::errors::{fault, snapshot_error};
use crate::factor::{BalanceAfterObject, ReconciliationObject, reconciliations_by_ids};
use crate::journal::ChangeObject;
use crate::request::{registry, viewer};
use crate::scalars::{MessagesObject, Seq, Timestamp};

/// Entries that a conflict lists at most.
const BETWEEN_MAX: u64 = 100;

/// What comes of an act (登记结果).
#[derive(Debug, Clone, Union)]
pub enum ActPayload {
    /// It is recorded.
    Done(ActDone),
    /// The rules do not allow it.
    Refused(ActRefused),
    /// It was tried.
    Preview(ActPreview),
}

/// The receipt of a recorded act.
#[derive(Debug, Clone, Copy)]
pub struct ReceiptObject(Receipt);

/// That an act is recorded, and where (登记回执).
#[Object(name = "Receipt")]
impl ReceiptObject {
    /// The number of the entry: its place in the journal (登记序号).
    async fn seq(&self) -> Seq {
        Seq(self.0.seq)
    }

    /// The id its author gave the act (行为标识).
    async fn act_id(&self) -> ID {
        ID(self.0.act_id.to_string())
    }

    /// The kind of act (登记行为类型).
    async fn kind(&self) -> Chosen<ActKind> {
        self.0.kind.into()
    }

    /// Since when it holds (生效时间).
    async fn effective_at(&self) -> Timestamp {
        self.0.effective_at.into()
    }

    /// When it was recorded (登记时间).
    async fn recorded_at(&self) -> Timestamp {
        self.0.recorded_at.into()
    }

    /// SHA-256 of the entry, which chains all before it (登记哈希).
    async fn hash(&self) -> String {
        self.0.hash.to_string()
    }
}

/// An act that is recorded.
#[derive(Debug, Clone)]
pub struct ActDone {
    receipt: Receipt,
    among: Arc<Recorded>,
}

impl ActDone {
    /// An act that is recorded, among those sent with it.
    pub(super) fn of(receipt: Receipt, among: Arc<Recorded>) -> Self {
        Self { receipt, among }
    }
}

/// The act is recorded; the same id gives the same answer for ever (已登记).
#[Object]
impl ActDone {
    /// The receipt (回执).
    async fn receipt(&self) -> ReceiptObject {
        ReceiptObject(self.receipt)
    }

    /// Every record the act made or changed, as `kind:uuid` (变更对象).
    async fn changed(&self) -> Result<Vec<ID>> {
        self.among.changed(self.receipt.act_id).await
    }

    /// What a comparison of books found, with every difference; null for any other act (对账结果).
    async fn reconciliation(&self, ctx: &Context<'_>) -> Result<Option<ReconciliationObject>> {
        if self.receipt.kind != ActKind::ReconcileBooks {
            return Ok(None);
        }
        let as_of = AsOf { recorded: Some(RecordedAt::Seq(self.receipt.seq)), ..AsOf::default() };
        let then = registry(ctx).snapshot(as_of, None).await.map_err(|refused| snapshot_error(&refused))?;
        let id = ReconciliationId::made_by(self.receipt.act_id, 0, 0);
        Ok(reconciliations_by_ids(ctx, then, &[id]).await?.pop())
    }

    /// What lay on each account that the act touched when it was done, in base units; of those alone that the author sees
    /// (登记后余额).
    async fn balances(&self, ctx: &Context<'_>) -> Result<Vec<BalanceAfterObject>> {
        self.among.balances(&viewer(ctx), self.receipt.act_id).await
    }
}

/// An act that the rules do not allow.
#[derive(Debug, Clone)]
pub struct ActRefused(pub Refused);

/// The rules do not allow the act; nothing has changed. The same id gives the same answer for thirty days (不予登记).
#[Object]
impl ActRefused {
    /// The code, as in the error catalogue (错误代码).
    async fn code(&self) -> Chosen<ErrorCode> {
        self.0.code.into()
    }

    /// The message in one language (消息).
    async fn message(
        &self,
        #[graphql(desc = "Language of the message (语言)", default_with = "Chosen(Lang::Zh)")] lang: Chosen<Lang>,
    ) -> &'static str {
        self.0.code.message(lang.0)
    }

    /// The message in both languages (双语消息).
    async fn messages(&self) -> MessagesObject {
        self.0.code.into()
    }

    /// The path of the field that is wrong (字段).
    async fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// The leg of a bundle that was refused, from 0 (组合中的序号).
    async fn leg(&self) -> Option<u32> {
        self.0.leg.and_then(|leg| u32::try_from(leg).ok())
    }

    /// What the message speaks of, by name (相关事实).
    async fn facts(&self) -> Json<Value> {
        Json(self.0.facts.clone().into_iter().collect())
    }

    /// Of a CONFLICT: the entries between the version its author saw and the present one, oldest first, at most 100
    /// (其间的登记).
    async fn between(&self, ctx: &Context<'_>) -> Result<Vec<ReceiptObject>> {
        let Some((subject, expected, actual)) = self.conflict() else { return Ok(Vec::new()) };
        // As of now: the refusal may be newer than what the operation read first.
        let now = registry(ctx).latest().await.map_err(|why| fault(&why))?;
        let filter = ActFilter {
            subject: Some(subject),
            kinds: Vec::new(),
            from_seq: expected.checked_add(1),
            to_seq: Some(actual),
        };
        let entries = registry(ctx).acts(&now, &filter, None, BETWEEN_MAX).await.map_err(|why| fault(&why))?;
        Ok(entries.iter().map(|entry| ReceiptObject(entry.receipt())).collect())
    }
}

impl ActRefused {
    /// The subject, the version seen and the present one.
    fn conflict(&self) -> Option<(Subject, i64, i64)> {
        if self.0.code != ErrorCode::Conflict {
            return None;
        }
        let seq = |name: &str| self.0.facts.get(name)?.as_i64();
        let subject = self.0.facts.get("subject")?.as_str()?.parse().ok()?;
        Some((subject, seq("expectedSeq")?, seq("actualSeq")?))
    }
}

/// What an act would do; nothing was recorded and its id is not used (试算结果).
#[derive(Debug, Clone, SimpleObject)]
pub struct ActPreview {
    /// The entry as of which it was tried; null where a refusal was decided while others recorded (所依据的登记序号).
    pub as_of_seq: Option<Seq>,
    /// The changes it would make; none where it would be refused (拟变更事项).
    pub changes: Vec<ChangeObject>,
    /// Why it would be refused (不予登记的原因).
    pub refusal: Option<ActRefused>,
}

impl ActPreview {
    /// An act that would be recorded.
    pub(super) fn changing(preview: Preview) -> Self {
        let Preview { seq, changes } = preview;
        let changes = changes.iter().map(shown).collect();
        Self { as_of_seq: Some(Seq(seq)), changes, refusal: None }
    }

    /// An act that would be refused.
    pub(super) fn refused(refused: Refused, as_of: Option<i64>) -> Self {
        Self { as_of_seq: as_of.map(Seq), changes: Vec::new(), refusal: Some(ActRefused(refused)) }
    }
}

fn shown(change: &Change) -> ChangeObject {
    ChangeObject {
        subject: ID(change.subject.to_string()),
        previous: change.previous.map(Seq),
        record: ID(change.key.to_string()),
        kind: change.key.kind.into(),
        valid_from: Timestamp::bounded(change.span.from),
        valid_to: Timestamp::bounded(change.span.to),
    }
}
