//! One batch: one transaction, one instant, many entries.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use rand::RngCore;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, QueryFilter, Set,
    sea_query::OnConflict,
};
use uuid::Uuid;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{
    Act, ActBody, ActId, Change, Decided, Digest, ENTRY_FORMAT, Entry, EntryBody, Header, PreparedFootprints,
    PrincipalId, Receipt, Record, RecordKey, RecordKind, Refused, Seen, WorkingSet, decide_entry,
};
use yulin_domain::land::{EndCause, EndRestriction, EndRight};
use yulin_domain::quantity::Instant;

use super::head::{Head, head_of, row};
use super::prepare::Prepared;
use super::read::{entry_of, row_of};
use super::store::Pending;
use crate::dialect::{among, begin_writing, clock, forget, statement};
use crate::entity::{journal, personal, refusal};
use crate::error::{PerformError, PersistenceError};
use crate::keys::by_the_registry;
use crate::record::load;

/// Host and database clocks may differ by so much.
const CLOCKS_APART_MAX: i64 = 2_000_000;
/// Acts that fall due and are done in one batch.
const DUE_MAX: u64 = 200;
/// How long a refusal is remembered.
const REFUSAL_KEPT_MICROS: i64 = 30 * 24 * 3600 * 1_000_000;
/// Entries that a conflict names.
const BETWEEN_MAX: u64 = 50;

type Answer = Result<Receipt, PerformError>;

/// Why a batch was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum BatchFailed {
    /// Nothing was recorded.
    #[error("{0}")]
    Before(PersistenceError),
    /// Whether it was recorded is not known.
    #[error("at commit: {0}")]
    AtCommit(sea_orm::DbErr),
}

impl<E: Into<PersistenceError>> From<E> for BatchFailed {
    fn from(error: E) -> Self {
        Self::Before(error.into())
    }
}

/// A batch while it is decided.
pub struct Batch<'a> {
    transaction: &'a DatabaseTransaction,
    head: Head,
    now: Instant,
    set: WorkingSet,
    pending: Pending,
    entries: Vec<Entry>,
    refusals: Vec<refusal::ActiveModel>,
    personal: Vec<personal::ActiveModel>,
    erased: Vec<String>,
    asked: HashMap<ActId, Known>,
}

/// What is known of an act id.
#[derive(Debug, Clone)]
struct Known {
    request_hash: Digest,
    principal: PrincipalId,
    outcome: Result<Receipt, Refused>,
}

impl Batch<'_> {
    /// Records acts in their order, after what has fallen due; answers each.
    pub async fn record(connection: &DatabaseConnection, acts: &[Prepared]) -> Result<Vec<Answer>, BatchFailed> {
        let transaction = begin_writing(connection).await?;
        let (answers, wrote) = match Self::decide(&transaction, acts).await {
            Ok(done) => done,
            Err(fault) => {
                transaction.rollback().await?;
                return Err(fault);
            }
        };
        if wrote {
            transaction.commit().await.map_err(BatchFailed::AtCommit)?;
            if acts.iter().any(erases) {
                forget_erased(connection).await;
            }
        } else {
            transaction.rollback().await?;
        }
        Ok(answers)
    }

    async fn decide(transaction: &DatabaseTransaction, acts: &[Prepared]) -> Result<(Vec<Answer>, bool), BatchFailed> {
        let head = head_of(&row(transaction).await?)?;
        let now = instant(transaction, &head).await?;
        let due = fallen_due(transaction, now).await?;
        if due.is_empty() && acts.is_empty() {
            return Ok((Vec::new(), false));
        }
        let none = PreparedFootprints::default();
        let together = due.iter().map(|act| (act, &none));
        let together: Vec<_> = together.chain(acts.iter().map(|act| (&act.act, &act.footprints))).collect();
        let set = load(transaction, &together).await?;
        let mut batch = Batch {
            transaction,
            head,
            now,
            set,
            pending: Pending::default(),
            entries: Vec::new(),
            refusals: Vec::new(),
            personal: Vec::new(),
            erased: Vec::new(),
            asked: already_asked(transaction, acts).await?,
        };
        for act in due {
            batch.fall_due(act)?;
        }
        let mut answers = Vec::with_capacity(acts.len());
        for act in acts {
            answers.push(batch.answer(act).await?);
        }
        let wrote = !batch.entries.is_empty() || !batch.refusals.is_empty();
        batch.write().await?;
        Ok((answers, wrote))
    }

    /// Answers one act: from memory where it was asked before, else by deciding it.
    async fn answer(&mut self, prepared: &Prepared) -> Result<Answer, PersistenceError> {
        let Prepared { act, footprints, request_hash, unsealed } = prepared;
        if let Some(known) = self.asked.get(&act.envelope.id) {
            return Ok(known.answer(act, *request_hash));
        }
        let outcome = self.enter(act, footprints, *request_hash)?;
        let outcome = match outcome {
            Ok(receipt) => {
                self.personal.extend(unsealed.iter().map(|sealed| personal::ActiveModel {
                    id: Set(sealed.id.to_string()),
                    fields: Set(serde_json::to_string(&sealed.fields).unwrap_or_default()),
                    salt: Set(sealed.salt.to_vec()),
                }));
                Ok(receipt)
            }
            // Authority is asked again with every request; its lack is not a decision about the act.
            Err(refused) if refused.code == ErrorCode::RoleNotGranted => {
                return Ok(Err(PerformError::Malformed(refused)));
            }
            Err(refused) => Err(self.remember(act, *request_hash, refused).await?),
        };
        let known = Known { request_hash: *request_hash, principal: act.envelope.principal, outcome: outcome.clone() };
        self.asked.insert(act.envelope.id, known);
        Ok(outcome.map_err(PerformError::Refused))
    }

    /// Decides an act as the next entry and chains it.
    fn enter(
        &mut self,
        act: &Act,
        footprints: &PreparedFootprints,
        request_hash: Digest,
    ) -> Result<Result<Receipt, Refused>, PersistenceError> {
        let seq = self.head.seq + 1;
        let decided = match decide_entry(&mut self.set, act, footprints, self.now, seq) {
            Ok(decided) => decided,
            Err(refused) => return Ok(Err(refused)),
        };
        self.set.keep();
        let entry = self.seal(act, &decided, request_hash)?;
        let receipt = entry.receipt();
        self.head = Head { seq, recorded_at: self.now, hash: entry.hash };
        self.entries.push(entry);
        self.erased.extend(decided.changes.iter().filter_map(erased));
        for (change, (key, effects)) in decided.changes.iter().zip(decided.effects) {
            self.pending.take(seq, change.subject, key, effects);
        }
        self.pending.name_subjects(decided.subjects, seq);
        Ok(Ok(receipt))
    }

    fn seal(&self, act: &Act, decided: &Decided, request_hash: Digest) -> Result<Entry, PersistenceError> {
        let mut salt = [0; 32];
        rand::rng().fill_bytes(&mut salt);
        let envelope = &act.envelope;
        let header = Header {
            seq: self.head.seq + 1,
            act_id: envelope.id,
            principal: envelope.principal,
            on_behalf_of: envelope.on_behalf_of.clone(),
            kind: act.kind(),
            format: ENTRY_FORMAT,
            effective_at: decided.effective_at,
            recorded_at: self.now,
            request_hash,
            reason: envelope.reason.clone(),
            legal_basis: envelope.legal_basis.clone(),
            evidence_hashes: envelope.evidence.clone(),
            approved_by: decided.approved_by,
            prev_hash: self.head.hash,
        };
        let sealed = EntryBody::of(salt, act, &decided.changes).and_then(|parts| Entry::seal(header, &parts));
        sealed.map_err(|why| PersistenceError::corrupt("journal", envelope.id, why))
    }

    /// Remembers a refusal, and tells of a conflict what was recorded in between.
    async fn remember(
        &mut self,
        act: &Act,
        request_hash: Digest,
        mut refused: Refused,
    ) -> Result<Refused, PersistenceError> {
        if refused.code == ErrorCode::Conflict {
            refused = self.between(refused).await?;
        }
        let text = serde_json::to_string(&refused);
        self.refusals.push(refusal::ActiveModel {
            act_id: Set(act.envelope.id.to_string()),
            request_hash: Set(request_hash.0.to_vec()),
            principal: Set(act.envelope.principal.to_string()),
            refused_at: Set(self.now.micros()),
            refused: Set(text.map_err(|why| PersistenceError::corrupt("refusal", act.envelope.id, why))?),
        });
        Ok(refused)
    }

    async fn between(&self, refused: Refused) -> Result<Refused, PersistenceError> {
        let subject = refused.facts.get("subject").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let expected = refused.facts.get("expectedSeq").and_then(serde_json::Value::as_i64).unwrap_or(i64::MAX);
        let sql = format!(
            "SELECT e.seq, j.kind, j.act_id FROM subject_entry e JOIN journal j ON j.seq = e.seq \
             WHERE e.subject = $1 AND e.seq > $2 ORDER BY e.seq LIMIT {BETWEEN_MAX}"
        );
        let values = vec![subject.into(), expected.into()];
        let rows = self.transaction.query_all_raw(statement(self.transaction, sql, values)).await?;
        let mut between = Vec::with_capacity(rows.len());
        for row in rows {
            let (seq, kind, act): (i64, String, String) =
                (row.try_get("", "seq")?, row.try_get("", "kind")?, row.try_get("", "act_id")?);
            between.push(serde_json::json!({ "seq": seq, "kind": kind, "actId": act }));
        }
        Ok(refused.with("between", between))
    }

    /// Records what has fallen due. It is an act of the registry, named by object, kind and deadline.
    fn fall_due(&mut self, mut act: Act) -> Result<(), PersistenceError> {
        if let Some(leg) = act.legs.first_mut() {
            see_head(leg, &self.set);
        }
        let hash = Digest([0; 32]);
        if let Err(refused) = self.enter(&act, &PreparedFootprints::default(), hash)? {
            tracing::error!(%refused, act = %act.envelope.id, "what has fallen due was refused");
        }
        Ok(())
    }

    async fn write(self) -> Result<(), PersistenceError> {
        let Batch { transaction, head, pending, entries, refusals, personal, erased, now, .. } = self;
        for chunk in entries.chunks(200) {
            journal::Entity::insert_many(chunk.iter().map(row_of)).exec_without_returning(transaction).await?;
        }
        pending.write(transaction).await?;
        if !refusals.is_empty() {
            let again = OnConflict::column(refusal::Column::ActId).do_nothing().to_owned();
            let insert = refusal::Entity::insert_many(refusals).on_conflict(again);
            insert.exec_without_returning(transaction).await?;
        }
        if !personal.is_empty() {
            personal::Entity::insert_many(personal).exec_without_returning(transaction).await?;
        }
        if !erased.is_empty() {
            let gone = personal::Entity::delete_many().filter(personal::Column::Id.is_in(erased));
            gone.exec(transaction).await?;
        }
        if entries.is_empty() {
            return Ok(());
        }
        let sql = "UPDATE journal_head SET seq = $1, recorded_at = $2, hash = $3 WHERE id = 1";
        let values = vec![head.seq.into(), head.recorded_at.micros().into(), head.hash.0.to_vec().into()];
        transaction.execute_raw(statement(transaction, sql, values)).await?;
        let sql = "DELETE FROM refusal WHERE refused_at < $1";
        let forgotten = vec![(now.micros() - REFUSAL_KEPT_MICROS).into()];
        transaction.execute_raw(statement(transaction, sql, forgotten)).await?;
        Ok(())
    }
}

impl Known {
    fn answer(&self, act: &Act, request_hash: Digest) -> Answer {
        if self.request_hash != request_hash || self.principal != act.envelope.principal {
            let refused = Refused::new(ErrorCode::IdReused).at("actId").told("actId", act.envelope.id);
            return Err(PerformError::Malformed(refused));
        }
        self.outcome.clone().map_err(PerformError::Refused)
    }
}

fn erases(act: &Prepared) -> bool {
    act.act.legs.iter().any(|leg| matches!(leg, ActBody::ErasePersonal(_)))
}

/// The erasure stands whatever comes of this; what could not be cut off now goes with the next erasure.
async fn forget_erased(connection: &DatabaseConnection) {
    if let Err(error) = forget(connection).await {
        tracing::warn!(%error, "copies of erased personal data may still lie in the database's files");
    }
}

fn erased(change: &Change) -> Option<String> {
    (change.key.kind == RecordKind::Erasure).then(|| change.key.id.to_string())
}

/// The instant of the batch: the database's clock, and later than the last entry.
async fn instant(transaction: &DatabaseTransaction, head: &Head) -> Result<Instant, PersistenceError> {
    let database = clock(transaction).await?;
    let host = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
    let apart = i64::try_from(host).unwrap_or(i64::MAX).saturating_sub(database);
    if apart.abs() > CLOCKS_APART_MAX {
        return Err(PersistenceError::Clocks { micros: apart });
    }
    Ok(Instant::from_micros(database.max(head.recorded_at.micros() + 1)))
}

/// What was asked before under the ids of these acts: receipts and remembered refusals.
async fn already_asked(
    transaction: &DatabaseTransaction,
    acts: &[Prepared],
) -> Result<HashMap<ActId, Known>, PersistenceError> {
    let ids: Vec<_> = acts.iter().map(|act| act.act.envelope.id.to_string()).collect();
    let mut known = HashMap::new();
    if ids.is_empty() {
        return Ok(known);
    }
    let list = serde_json::Value::from(ids).to_string();
    let sql = format!("SELECT * FROM journal WHERE {}", among(transaction, "act_id", 1));
    let found = journal::Entity::find().from_raw_sql(statement(transaction, sql, vec![list.clone().into()]));
    for row in found.all(transaction).await? {
        let entry = entry_of(row)?;
        let Header { act_id, request_hash, principal, .. } = entry.header;
        known.insert(act_id, Known { request_hash, principal, outcome: Ok(entry.receipt()) });
    }
    let sql = format!("SELECT * FROM refusal WHERE {}", among(transaction, "act_id", 1));
    let found = refusal::Entity::find().from_raw_sql(statement(transaction, sql, vec![list.into()]));
    for refusal::Model { act_id, request_hash, principal, refused_at: _, refused } in found.all(transaction).await? {
        let corrupt = |why: String| PersistenceError::corrupt("refusal", &act_id, why);
        let remembered = Known {
            request_hash: Digest::from_slice(&request_hash).ok_or_else(|| corrupt("hash".to_owned()))?,
            principal: principal.parse().map_err(|why: uuid::Error| corrupt(why.to_string()))?,
            outcome: Err(serde_json::from_str(&refused).map_err(|why| corrupt(why.to_string()))?),
        };
        known.insert(act_id.parse().map_err(|why: uuid::Error| corrupt(why.to_string()))?, remembered);
    }
    Ok(known)
}

const DUE: &str = "due_at IS NOT NULL AND recorded_to = 9223372036854775807 AND valid_to = 9223372036854775807";

/// When the next thing falls due.
pub async fn next_due(connection: &impl ConnectionTrait) -> Result<Option<Instant>, PersistenceError> {
    let sql = format!("SELECT min(due_at) AS due FROM record_version WHERE {DUE}");
    let row = connection.query_one_raw(statement(connection, sql, vec![])).await?;
    let due: Option<i64> = row.map(|row| row.try_get("", "due")).transpose()?.flatten();
    Ok(due.map(Instant::from_micros))
}

/// The acts of what has fallen due by now, earliest first.
async fn fallen_due(transaction: &DatabaseTransaction, now: Instant) -> Result<Vec<Act>, PersistenceError> {
    let sql = format!(
        "SELECT row_id, state FROM record_version WHERE {DUE} AND due_at <= $1 ORDER BY due_at, id LIMIT {DUE_MAX}"
    );
    let rows = transaction.query_all_raw(statement(transaction, sql, vec![now.micros().into()])).await?;
    let mut acts = Vec::with_capacity(rows.len());
    for row in rows {
        let state: Vec<u8> = row.try_get("", "state")?;
        let record = crate::record::state_of(row.try_get("", "row_id")?, &state)?;
        acts.extend(ending(&record));
    }
    Ok(acts)
}

/// The act by which a term ends.
fn ending(record: &Record) -> Option<Act> {
    let (key, due, leg): (RecordKey, Instant, ActBody) = match record {
        Record::Right(right) => {
            let parcel = Seen { id: right.parcel, seq: 0 };
            (right.id.into(), right.due_at?, EndRight { parcel, right: right.id, cause: EndCause::TermEnded }.into())
        }
        Record::Restriction(old) => {
            let parcel = Seen { id: old.parcel, seq: 0 };
            let end = EndRestriction { parcel, restriction: old.id, cause: EndCause::TermEnded };
            (old.id.into(), old.due_at?, end.into())
        }
        _ => return None,
    };
    let id = ActId(Uuid::new_v5(&key.id, format!("TERM_ENDED/{}", due.micros()).as_bytes()));
    let mut envelope = by_the_registry(id);
    envelope.effective_at = Some(due);
    Some(Act { envelope, legs: vec![leg] })
}

/// The registry acts on what it sees at this very entry.
fn see_head(leg: &mut ActBody, set: &WorkingSet) {
    let parcel = match leg {
        ActBody::EndRight(end) => &mut end.parcel,
        ActBody::EndRestriction(end) => &mut end.parcel,
        _ => return,
    };
    parcel.seq = set.head(parcel.id).unwrap_or(0);
}
