//! What has fallen due: found, tried once as its object stands, and not tried again until the object changes.

use std::collections::HashSet;

use geo::CoordsIter;
use sea_orm::{ConnectionTrait, EntityTrait, Set, sea_query::OnConflict};
use yulin_domain::journal::{Act, ActBody, ActId, Due, PreparedFootprints, Refused, Subject};
use yulin_domain::quantity::Instant;

use super::grids::Grids;

use crate::dialect::statement;
use crate::entity::due_refusal::{self, Column};
use crate::error::PersistenceError;

/// Acts that fall due and are done in one batch.
const DUE_MAX: u64 = 200;
/// Legs and vertices of these acts: a batch of them holds the order for moments. One act is always done.
const DUE_LEGS_MAX: usize = 400;
const DUE_VERTICES_MAX: usize = 20_000;

/// Rows that fall due and are not known to be refused as their object stands.
const WAITING: &str = "r.due_at IS NOT NULL AND r.recorded_to = 9223372036854775807 \
     AND r.valid_to = 9223372036854775807 AND NOT EXISTS (SELECT 1 FROM due_refusal f \
     WHERE f.kind = r.kind AND f.id = r.id AND f.due_at = r.due_at AND f.subject_seq >= \
     (SELECT max(e.seq) FROM subject_entry e WHERE e.subject = r.subject))";

/// What the writer knows of what falls due: as of an entry, nothing before an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// The last entry seen.
    pub head: i64,
    pub at: Option<Instant>,
    /// Whether something was refused, which a change of its object revives.
    revivable: bool,
}

impl Deadline {
    /// Asks the database.
    pub async fn look_up(connection: &impl ConnectionTrait, head: i64) -> Result<Self, PersistenceError> {
        let refused = due_refusal::Entity::find().one(connection).await?;
        Ok(Self { head, at: next_due(connection).await?, revivable: refused.is_some() })
    }

    /// What is known after entries up to `head`, of which the soonest falls due at `sooner`.
    pub async fn after(
        self,
        connection: &impl ConnectionTrait,
        head: i64,
        sooner: Option<Instant>,
    ) -> Result<Self, PersistenceError> {
        if self.revivable && head > self.head {
            return Self::look_up(connection, head).await;
        }
        Ok(Self { head, at: self.at.into_iter().chain(sooner).min(), ..self })
    }

    /// Whether something has fallen due by an instant.
    pub fn has_come(&self, now: Instant) -> bool {
        self.at.is_some_and(|at| at <= now)
    }
}

/// Something that has fallen due, ready to be decided.
#[derive(Debug)]
pub struct Fallen {
    row: i64,
    pub due: Due,
    pub subject: Subject,
    pub footprints: Result<PreparedFootprints, Refused>,
}

impl Fallen {
    /// The same, to be refused whatever it says.
    pub fn refused(&self, refused: Refused) -> Self {
        let Self { row, due, subject, footprints: _ } = self;
        Self { row: *row, due: due.clone(), subject: *subject, footprints: Err(refused) }
    }

    /// Whether it is among the rows that wait, and its time has come.
    pub fn is_among(&self, waiting: &HashSet<i64>, now: Instant) -> bool {
        waiting.contains(&self.row) && self.due.at <= now
    }

    /// What the decision will look at: of what is refused beforehand, only what its refusal says.
    pub fn looks_at(&self) -> (Act, PreparedFootprints) {
        match &self.footprints {
            Ok(footprints) => (self.due.act.clone(), footprints.clone()),
            Err(refused) => {
                let act = self.due.refusal(refused.clone()).unwrap_or_else(|| self.due.act.clone());
                (act, PreparedFootprints::default())
            }
        }
    }
}

/// When the next thing falls due.
async fn next_due(connection: &impl ConnectionTrait) -> Result<Option<Instant>, PersistenceError> {
    let sql = format!("SELECT r.due_at FROM record_version r WHERE {WAITING} ORDER BY r.due_at LIMIT 1");
    let row = connection.query_one_raw(statement(connection, sql, vec![])).await?;
    let due: Option<i64> = row.map(|row| row.try_get("", "due_at")).transpose()?;
    Ok(due.map(Instant::from_micros))
}

/// What has fallen due by now, earliest first and within the budget, its footprints prepared. Asked before the order is
/// taken; what of it still waits then is asked again.
pub async fn fallen(
    connection: &impl ConnectionTrait,
    now: Instant,
    key: &[u8; 32],
) -> Result<Vec<Fallen>, PersistenceError> {
    let sql = format!(
        "SELECT r.row_id, r.subject, r.state FROM record_version r WHERE {WAITING} AND r.due_at <= $1 \
         ORDER BY r.due_at, r.id LIMIT {DUE_MAX}"
    );
    let rows = connection.query_all_raw(statement(connection, sql, vec![now.micros().into()])).await?;
    let mut found = Vec::with_capacity(rows.len());
    let (mut legs, mut vertices) = (0, 0);
    for row in rows {
        let (row_id, subject, state): (i64, String, Vec<u8>) =
            (row.try_get("", "row_id")?, row.try_get("", "subject")?, row.try_get("", "state")?);
        let subject: Subject =
            subject.parse().map_err(|why| PersistenceError::corrupt("record_version", row_id, why))?;
        let Some(due) = crate::record::state_of(row_id, &state)?.due() else { continue };
        legs += due.act.legs.len();
        vertices += vertices_of(&due.act);
        if !found.is_empty() && (legs > DUE_LEGS_MAX || vertices > DUE_VERTICES_MAX) {
            break;
        }
        found.push((row_id, due.under(key), subject));
    }
    let grids = Grids::of(connection, found.iter().map(|(_, due, _)| &due.act)).await?;
    let ready =
        |(row, due, subject): (i64, Due, Subject)| Fallen { footprints: grids.prepare(&due.act), row, due, subject };
    Ok(found.into_iter().map(ready).collect())
}

fn vertices_of(act: &Act) -> usize {
    let footprints = act.legs.iter().flat_map(ActBody::footprints);
    footprints.map(|(_, submitted)| submitted.geometry().coords_count()).sum()
}

/// Which rows still wait, now that nobody else does anything about them.
pub async fn waiting(connection: &impl ConnectionTrait, fallen: &[Fallen]) -> Result<HashSet<i64>, PersistenceError> {
    let rows: Vec<_> = fallen.iter().map(|one| one.row.to_string()).collect();
    let sql = format!("SELECT r.row_id FROM record_version r WHERE r.row_id IN ({}) AND {WAITING}", rows.join(", "));
    let rows = connection.query_all_raw(statement(connection, sql, vec![])).await?;
    Ok(rows.iter().map(|row| row.try_get("", "row_id")).collect::<Result<_, _>>()?)
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
    let again = OnConflict::columns([Column::Kind, Column::Id, Column::DueAt])
        .update_columns([Column::SubjectSeq, Column::RefusedAt, Column::Refused])
        .to_owned();
    due_refusal::Entity::insert_many(refusals).on_conflict(again).exec_without_returning(connection).await?;
    Ok(())
}
