//! Snapshots: the recorded and the valid instant as of which an operation answers.

use sea_orm::{ConnectionTrait, Value};
use yulin_domain::journal::Span;
use yulin_domain::quantity::Instant;

use crate::dialect::{clock, statement};
use crate::error::{PersistenceError, SnapshotRefused};
use crate::journal::Head;
use crate::registry::Registry;

/// As of when a question is asked; what is not said is now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AsOf {
    pub valid: Option<Instant>,
    pub recorded: Option<RecordedAt>,
}

/// A point in recorded time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordedAt {
    Seq(i64),
    /// The greatest `seq` recorded by then.
    At(Instant),
}

/// What an operation answers as of; the same snapshot, the same answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshot {
    pub seq: i64,
    pub recorded_at: Instant,
    pub valid: Instant,
}

/// A state with what its author must have seen to act on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Versioned<T> {
    pub state: T,
    /// The last entry, as of the snapshot, that changed the subject: what `expectedSeq` wants.
    pub version: i64,
    pub valid: Span,
    pub recorded_from: i64,
}

impl Registry {
    /// Pins a snapshot. Without a valid instant it is that at which the last entry seen was recorded, so that
    /// the same `seq` gives the same answer whenever it is asked.
    pub async fn snapshot(&self, as_of: AsOf, at_least: Option<i64>) -> Result<Snapshot, SnapshotRefused> {
        let head = self.head_for(as_of.recorded, at_least).await?;
        let asked = match as_of.recorded {
            Some(RecordedAt::Seq(seq)) => Some(seq),
            Some(RecordedAt::At(instant)) if instant > head.recorded_at => {
                self.is_over(instant).await?;
                None
            }
            Some(RecordedAt::At(instant)) => Some(self.last_by(instant).await?),
            None => None,
        };
        let needed = asked.into_iter().chain(at_least).max().unwrap_or(0);
        if needed > head.seq {
            return Err(SnapshotRefused::BeyondHead { asked: needed, head: head.seq });
        }
        let (seq, recorded_at) = match asked {
            Some(seq) if seq < head.seq => (seq, self.recorded_at(seq).await?),
            Some(_) | None => (head.seq, head.recorded_at),
        };
        Ok(Snapshot { seq, recorded_at, valid: as_of.valid.unwrap_or(recorded_at) })
    }

    /// Pins the present as whoever writes has it, for what is to be decided or must hold at once.
    pub async fn latest(&self) -> Result<Snapshot, PersistenceError> {
        let Head { seq, recorded_at, .. } = self.head().await?;
        self.pin(seq);
        Ok(Snapshot { seq, recorded_at, valid: recorded_at })
    }

    /// Refuses an instant by which something may yet be recorded: what is said of it would not stay said.
    async fn is_over(&self, asked: Instant) -> Result<(), SnapshotRefused> {
        let now = Instant::from_micros(clock(self.reader()).await.map_err(PersistenceError::from)?);
        if asked > now { Err(SnapshotRefused::NotOver { asked, now }) } else { Ok(()) }
    }

    async fn last_by(&self, instant: Instant) -> Result<i64, SnapshotRefused> {
        let sql = "SELECT seq FROM journal WHERE recorded_at <= $1 ORDER BY recorded_at DESC, seq DESC LIMIT 1";
        let row = self.reader().query_one_raw(statement(self.reader(), sql, vec![instant.micros().into()])).await;
        let row = row.map_err(PersistenceError::from)?.ok_or(SnapshotRefused::BeforeBeginning(instant))?;
        Ok(row.try_get("", "seq").map_err(PersistenceError::from)?)
    }

    async fn recorded_at(&self, seq: i64) -> Result<Instant, SnapshotRefused> {
        let sql = "SELECT recorded_at FROM journal WHERE seq = $1";
        let row = self.reader().query_one_raw(statement(self.reader(), sql, vec![Value::from(seq)])).await;
        match row.map_err(PersistenceError::from)? {
            Some(row) => {
                let micros = row.try_get("", "recorded_at").map_err(PersistenceError::from)?;
                Ok(Instant::from_micros(micros))
            }
            None => Err(SnapshotRefused::BeforeBeginning(Instant::MIN)),
        }
    }
}
