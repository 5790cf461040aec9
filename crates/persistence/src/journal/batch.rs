//! One batch: one transaction, one instant, many entries.

use std::collections::HashMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rand::RngCore;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, QueryFilter, Set,
    sea_query::OnConflict,
};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{
    Act, ActId, Change, Decided, Digest, ENTRY_FORMAT, Entry, EntryBody, Header, PreparedFootprints, Receipt,
    RecordKind, Refused, WorkingSet, decide_entry,
};
use yulin_domain::quantity::Instant;

use super::asked::{Known, already_asked};
use super::due::{self, Deadline, Fallen, waiting};
use super::head::{Head, head_of, row_and_clock};
use super::prepare::Prepared;
use super::read::row_of;
use super::store::Pending;
use crate::dialect::{begin_writing, is_locked, statement};
use crate::entity::{due_refusal, journal, personal, refusal};
use crate::error::{PerformError, PersistenceError};
use crate::forget;
use crate::record::load;

/// Host and database clocks may differ by so much.
const CLOCKS_APART_MAX: i64 = 2_000_000;
/// How long a refusal is remembered.
const REFUSAL_KEPT_MICROS: i64 = 30 * 24 * 3600 * 1_000_000;
/// Entries that a conflict names.
const BETWEEN_MAX: u64 = 50;

/// How long acts are taken into one batch: others wait for the order, and the database cuts off who says nothing.
const HELD_MAX: Duration = Duration::from_secs(2);

/// The answer to one act.
pub type Answer = Result<Receipt, PerformError>;

/// What came of a batch.
#[derive(Debug)]
pub struct Recorded {
    /// Answers to the acts, in order; the last acts have none where there was no time for them.
    pub answers: Vec<Answer>,
    /// What is now known of what falls due.
    pub deadline: Deadline,
    /// Whether personal data were taken away, which are to be forgotten.
    pub erased: bool,
    /// The newest entry before it.
    pub after: i64,
}

/// What became of a batch of acts.
#[derive(Debug)]
pub enum Outcome {
    Recorded(Recorded),
    /// Nothing was recorded: something has fallen due by an instant, and comes first.
    DueFirst(Instant),
}

/// Whether acts may be recorded though something earlier has fallen due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhatIsDue {
    ComesFirst,
    MayWait,
}

/// Why a batch was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum BatchFailed {
    /// Nothing was recorded.
    #[error("{0}")]
    Before(PersistenceError),
    /// Nothing was begun: somebody else holds the order.
    #[error("the order is held by another: {0}")]
    Locked(sea_orm::DbErr),
    /// Whether it was recorded is not known.
    #[error("at commit: {0}")]
    AtCommit(sea_orm::DbErr),
}

impl<E: Into<PersistenceError>> From<E> for BatchFailed {
    fn from(error: E) -> Self {
        Self::Before(error.into())
    }
}

/// What a batch leaves in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrote {
    Nothing,
    Rows,
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
    due_refusals: Vec<due_refusal::ActiveModel>,
    personal: Vec<personal::ActiveModel>,
    erased: Vec<String>,
    asked: HashMap<ActId, Known>,
}

impl<'a> Batch<'a> {
    async fn new(
        transaction: &'a DatabaseTransaction,
        (head, now): (Head, Instant),
        looks_at: &[(&Act, &PreparedFootprints)],
        ids: impl Iterator<Item = ActId>,
    ) -> Result<Self, PersistenceError> {
        Ok(Self {
            transaction,
            head,
            now,
            set: load(transaction, looks_at).await?,
            pending: Pending::default(),
            entries: Vec::new(),
            refusals: Vec::new(),
            due_refusals: Vec::new(),
            personal: Vec::new(),
            erased: Vec::new(),
            asked: already_asked(transaction, ids.map(|id| id.to_string()).collect()).await?,
        })
    }
}

impl Batch<'_> {
    /// Records acts in their order; answers each that there was time for.
    pub async fn record(
        connection: &DatabaseConnection,
        acts: &[Prepared],
        known: Option<Deadline>,
        due: WhatIsDue,
    ) -> Result<Outcome, BatchFailed> {
        let transaction = begin(connection).await?;
        let decided = Self::decide(&transaction, acts, known, due).await;
        finish(transaction, decided).await
    }

    /// Records what has fallen due and still waits; what is then known of what falls due.
    pub async fn record_due(connection: &DatabaseConnection, fallen: &[Fallen]) -> Result<Deadline, BatchFailed> {
        let transaction = begin(connection).await?;
        let decided = Self::decide_due(&transaction, fallen).await;
        finish(transaction, decided).await
    }

    /// Remembers a refusal of what can be neither done nor refused by an act.
    pub async fn give_up(connection: &DatabaseConnection, one: &Fallen, refused: &Refused) -> Result<(), BatchFailed> {
        let transaction = begin(connection).await?;
        let remembered = Self::remember_due(&transaction, one, refused).await;
        finish(transaction, remembered.map(|()| ((), Wrote::Rows))).await
    }

    async fn remember_due(
        transaction: &DatabaseTransaction,
        one: &Fallen,
        refused: &Refused,
    ) -> Result<(), PersistenceError> {
        let (head, now) = head_and_instant(transaction).await?;
        due::remember(transaction, vec![due::remembered(&one.due, head.seq, now, refused)?]).await
    }

    async fn decide(
        transaction: &DatabaseTransaction,
        acts: &[Prepared],
        known: Option<Deadline>,
        what_is_due: WhatIsDue,
    ) -> Result<(Outcome, Wrote), PersistenceError> {
        let began = std::time::Instant::now();
        let (head, now) = head_and_instant(transaction).await?;
        let known = match known.filter(|known| known.head == head.seq && !known.has_come(now)) {
            Some(known) => known,
            None => Deadline::look_up(transaction, head.seq).await?,
        };
        if known.has_come(now) && what_is_due == WhatIsDue::ComesFirst {
            return Ok((Outcome::DueFirst(now), Wrote::Nothing));
        }
        if acts.is_empty() {
            let recorded = Recorded { answers: Vec::new(), deadline: known, erased: false, after: head.seq };
            return Ok((Outcome::Recorded(recorded), Wrote::Nothing));
        }
        let looks_at: Vec<_> = acts.iter().map(|act| (&act.act, &act.footprints)).collect();
        let ids = acts.iter().map(|act| act.act.envelope.id);
        let after = head.seq;
        let mut batch = Batch::new(transaction, (head, now), &looks_at, ids).await?;
        let mut answers = Vec::with_capacity(acts.len());
        for act in acts {
            answers.push(batch.answer(act).await?);
            if began.elapsed() > HELD_MAX {
                break;
            }
        }
        let erased = !batch.erased.is_empty();
        let (head, sooner) = (batch.head.seq, batch.pending.earliest_due());
        batch.write().await?;
        let deadline = known.after(transaction, head, sooner).await?;
        // What is answered from memory is committed too: where commits wait for a standby, this one waits until the standby
        // has what the first answer may not have waited for.
        Ok((Outcome::Recorded(Recorded { answers, deadline, erased, after }), Wrote::Rows))
    }

    async fn decide_due(
        transaction: &DatabaseTransaction,
        fallen: &[Fallen],
    ) -> Result<(Deadline, Wrote), PersistenceError> {
        let began = std::time::Instant::now();
        let (head, now) = head_and_instant(transaction).await?;
        let waiting = waiting(transaction, fallen).await?;
        let fallen: Vec<_> = fallen.iter().filter(|one| one.is_among(&waiting, now)).collect();
        let looks_at: Vec<_> = fallen.iter().map(|one| one.looks_at()).collect();
        let looks_at: Vec<_> = looks_at.iter().map(|(act, footprints)| (act, footprints)).collect();
        let ids = fallen.iter().flat_map(|one| one.due.ids());
        let mut batch = Batch::new(transaction, (head, now), &looks_at, ids).await?;
        for one in fallen {
            batch.fall_due(one).await?;
            if began.elapsed() > HELD_MAX {
                break;
            }
        }
        let (wrote, head) = (batch.wrote(), batch.head.seq);
        batch.write().await?;
        Ok((Deadline::look_up(transaction, head).await?, wrote))
    }

    fn wrote(&self) -> Wrote {
        if self.entries.is_empty() && self.refusals.is_empty() && self.due_refusals.is_empty() {
            Wrote::Nothing
        } else {
            Wrote::Rows
        }
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
            Err(refused) if matches!(refused.code, ErrorCode::RoleNotGranted | ErrorCode::Forbidden) => {
                // What a key is narrowed to is held against what the act would do: that is an answer, and another key
                // may get another.
                let is_narrowed = act.envelope.narrowing.is_some();
                let told = if is_narrowed { PerformError::Refused } else { PerformError::Malformed };
                return Ok(Err(told(refused)));
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
    async fn fall_due(&mut self, one: &Fallen) -> Result<(), PersistenceError> {
        let mut due = one.due.clone();
        due.see_heads(&self.set);
        let seen = self.set.head(one.subject).unwrap_or(0);
        let outcome = match &one.footprints {
            Ok(footprints) => self.enter_once(&due.act, footprints)?,
            Err(refused) => Err(refused.clone()),
        };
        let Err(mut refused) = outcome else { return Ok(()) };
        if refused.code == ErrorCode::Conflict {
            refused = self.between(refused).await?;
        }
        if let Some(act) = due.refusal(refused.clone())
            && self.enter_once(&act, &PreparedFootprints::default())?.is_ok()
        {
            return Ok(());
        }
        tracing::warn!(%refused, act = %due.act.envelope.id, "what has fallen due was refused");
        self.due_refusals.push(due::remembered(&due, seen, self.now, &refused)?);
        Ok(())
    }

    /// Enters an act of the registry. One that was recorded before, and rescinded since, is not done again.
    fn enter_once(
        &mut self,
        act: &Act,
        footprints: &PreparedFootprints,
    ) -> Result<Result<Receipt, Refused>, PersistenceError> {
        let id = act.envelope.id;
        match self.asked.get(&id) {
            Some(Known { outcome: Ok(receipt), .. }) => {
                Ok(Err(Refused::new(ErrorCode::IdReused).told("actId", id).with("seq", receipt.seq)))
            }
            Some(Known { outcome: Err(_), .. }) | None => self.enter(act, footprints, Digest([0; 32])),
        }
    }

    async fn write(self) -> Result<(), PersistenceError> {
        let Batch { transaction, head, pending, entries, refusals, due_refusals, personal, erased, now, .. } = self;
        for chunk in entries.chunks(200) {
            journal::Entity::insert_many(chunk.iter().map(row_of)).exec_without_returning(transaction).await?;
        }
        pending.write(transaction).await?;
        if !refusals.is_empty() || !due_refusals.is_empty() {
            forget_refusals(transaction, now).await?;
        }
        if !refusals.is_empty() {
            let again = OnConflict::column(refusal::Column::ActId).do_nothing().to_owned();
            let insert = refusal::Entity::insert_many(refusals).on_conflict(again);
            insert.exec_without_returning(transaction).await?;
        }
        due::remember(transaction, due_refusals).await?;
        if !personal.is_empty() {
            personal::Entity::insert_many(personal).exec_without_returning(transaction).await?;
        }
        if !erased.is_empty() {
            let gone = personal::Entity::delete_many().filter(personal::Column::Id.is_in(erased));
            gone.exec(transaction).await?;
            forget::mark(transaction, head.seq).await?;
        }
        if entries.is_empty() {
            return Ok(());
        }
        let sql = "UPDATE journal_head SET seq = $1, recorded_at = $2, hash = $3 WHERE id = 1";
        let values = vec![head.seq.into(), head.recorded_at.micros().into(), head.hash.0.to_vec().into()];
        transaction.execute_raw(statement(transaction, sql, values)).await?;
        Ok(())
    }
}

/// Takes away what is remembered longer than it must be, whenever more is to be remembered.
async fn forget_refusals(transaction: &DatabaseTransaction, now: Instant) -> Result<(), PersistenceError> {
    for sql in ["DELETE FROM refusal WHERE refused_at < $1", "DELETE FROM due_refusal WHERE refused_at < $1"] {
        let forgotten = vec![(now.micros() - REFUSAL_KEPT_MICROS).into()];
        transaction.execute_raw(statement(transaction, sql, forgotten)).await?;
    }
    Ok(())
}

fn erased(change: &Change) -> Option<String> {
    (change.key.kind == RecordKind::Erasure).then(|| change.key.id.to_string())
}

async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, BatchFailed> {
    begin_writing(connection)
        .await
        .map_err(|error| if is_locked(&error) { BatchFailed::Locked(error) } else { error.into() })
}

async fn finish<T>(
    transaction: DatabaseTransaction,
    decided: Result<(T, Wrote), PersistenceError>,
) -> Result<T, BatchFailed> {
    match decided {
        Ok((done, Wrote::Rows)) => {
            transaction.commit().await.map_err(BatchFailed::AtCommit)?;
            Ok(done)
        }
        Ok((done, Wrote::Nothing)) => {
            transaction.rollback().await?;
            Ok(done)
        }
        Err(fault) => {
            // What failed is told, not what failed because of it.
            if let Err(error) = transaction.rollback().await {
                tracing::warn!(%error, "a batch that failed could not be rolled back");
            }
            Err(BatchFailed::Before(fault))
        }
    }
}

/// The head of the journal, and the instant of the batch: the database's clock, and later than the last entry.
async fn head_and_instant(transaction: &DatabaseTransaction) -> Result<(Head, Instant), PersistenceError> {
    let (row, database) = row_and_clock(transaction).await?;
    let head = head_of(&row)?;
    let host = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
    let apart = i64::try_from(host).unwrap_or(i64::MAX).saturating_sub(database);
    if apart.abs() > CLOCKS_APART_MAX {
        return Err(PersistenceError::Clocks { micros: apart });
    }
    Ok((head, Instant::from_micros(database.max(head.recorded_at.micros() + 1))))
}
