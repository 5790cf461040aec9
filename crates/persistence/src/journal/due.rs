//! What has fallen due: found, tried once as its object stands, and not tried again until the object changes.

use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, Set, sea_query::OnConflict};
use yulin_domain::journal::{ActId, Due, Refused, Subject};
use yulin_domain::quantity::Instant;

use crate::dialect::statement;
use crate::entity::due_refusal;
use crate::error::PersistenceError;

/// Acts that fall due and are done in one batch.
const DUE_MAX: u64 = 200;

/// Rows that fall due and are not known to be refused as their object stands.
const WAITING: &str = "r.due_at IS NOT NULL AND r.recorded_to = 9223372036854775807 \
     AND r.valid_to = 9223372036854775807 AND NOT EXISTS (SELECT 1 FROM due_refusal f \
     WHERE f.kind = r.kind AND f.id = r.id AND f.due_at = r.due_at AND f.subject_seq >= \
     (SELECT max(e.seq) FROM subject_entry e WHERE e.subject = r.subject))";

/// What the writer knows of what falls due: as of an entry, nothing before an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// The last entry seen; none where something was refused, since a change of its object revives it.
    pub head: Option<i64>,
    pub at: Option<Instant>,
}

impl Deadline {
    /// Asks the database.
    pub async fn look_up(connection: &impl ConnectionTrait, head: i64) -> Result<Self, PersistenceError> {
        let refused = due_refusal::Entity::find().one(connection).await?;
        Ok(Self { head: refused.is_none().then_some(head), at: next_due(connection).await? })
    }

    /// Whether as of an entry nothing falls due by an instant.
    pub fn rules_out(&self, head: i64, now: Instant) -> bool {
        self.head == Some(head) && self.at.is_none_or(|at| at > now)
    }
}

/// When the next thing falls due.
async fn next_due(connection: &impl ConnectionTrait) -> Result<Option<Instant>, PersistenceError> {
    let sql = format!("SELECT r.due_at FROM record_version r WHERE {WAITING} ORDER BY r.due_at LIMIT 1");
    let row = connection.query_one_raw(statement(connection, sql, vec![])).await?;
    let due: Option<i64> = row.map(|row| row.try_get("", "due_at")).transpose()?;
    Ok(due.map(Instant::from_micros))
}

/// What has fallen due by now, earliest first, each with the head of the chain it belongs to.
pub async fn fallen_due(
    transaction: &DatabaseTransaction,
    now: Instant,
) -> Result<Vec<(Due, Subject)>, PersistenceError> {
    let sql = format!(
        "SELECT r.row_id, r.subject, r.state FROM record_version r WHERE {WAITING} AND r.due_at <= $1 \
         ORDER BY r.due_at, r.id LIMIT {DUE_MAX}"
    );
    let rows = transaction.query_all_raw(statement(transaction, sql, vec![now.micros().into()])).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let (row_id, subject, state): (i64, String, Vec<u8>) =
            (row.try_get("", "row_id")?, row.try_get("", "subject")?, row.try_get("", "state")?);
        let subject = subject.parse().map_err(|why| PersistenceError::corrupt("record_version", row_id, why))?;
        found.extend(crate::record::state_of(row_id, &state)?.due().map(|due| (due, subject)));
    }
    Ok(found)
}

/// A refusal of what fell due, with the entry as of which its object was looked at.
pub fn remembered(
    due: &Due,
    subject_seq: i64,
    now: Instant,
    refused: &Refused,
) -> Result<due_refusal::ActiveModel, PersistenceError> {
    let id: ActId = due.act.envelope.id;
    let text = serde_json::to_string(refused).map_err(|why| PersistenceError::corrupt("due_refusal", id, why))?;
    Ok(due_refusal::ActiveModel {
        kind: Set(due.key.kind.tag().to_owned()),
        id: Set(due.key.id.to_string()),
        due_at: Set(due.at.micros()),
        act_id: Set(id.to_string()),
        subject_seq: Set(subject_seq),
        refused_at: Set(now.micros()),
        refused: Set(text),
    })
}

/// Writes refusals in the place of what was remembered of the same deadlines.
pub async fn remember(
    connection: &impl ConnectionTrait,
    refusals: Vec<due_refusal::ActiveModel>,
) -> Result<(), PersistenceError> {
    if refusals.is_empty() {
        return Ok(());
    }
    use due_refusal::Column::{DueAt, Id, Kind, Refused, RefusedAt, SubjectSeq};
    let again = OnConflict::columns([Kind, Id, DueAt]).update_columns([SubjectSeq, RefusedAt, Refused]).to_owned();
    due_refusal::Entity::insert_many(refusals).on_conflict(again).exec_without_returning(connection).await?;
    Ok(())
}
