//! What is erased goes out of the database's files too. A reader of an older state keeps it there: then a mark stays,
//! and it is tried again until it is done.

use std::time::{Duration, Instant};

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, QueryFilter, Set};

use crate::dialect;
use crate::entity::setting;
use crate::error::PersistenceError;

const TO_FORGET: &str = "to_forget";
/// How soon it is tried again.
const AGAIN: Duration = Duration::from_secs(5);

/// Marks, together with an erasure, that something is to be forgotten. The mark of a later erasure is another.
pub async fn mark(transaction: &DatabaseTransaction, seq: i64) -> Result<(), PersistenceError> {
    let mark = setting::ActiveModel { name: Set(TO_FORGET.to_owned()), value: Set(seq.to_be_bytes().to_vec()) };
    let newer = OnConflict::column(setting::Column::Name).update_column(setting::Column::Value).to_owned();
    setting::Entity::insert(mark).on_conflict(newer).exec_without_returning(transaction).await?;
    Ok(())
}

/// What the writer knows of the mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// There may be one: it is looked for at once.
    MayStand,
    /// It could not be done at this time.
    Stands(Instant),
    Absent,
}

/// The writer's part: it forgets after it has answered, and again until nothing is left.
#[derive(Debug)]
pub struct Forgetting(Known);

impl Forgetting {
    /// Nothing is known yet: an erasure of an earlier run may have left its mark.
    pub const fn unknown() -> Self {
        Self(Known::MayStand)
    }

    /// How long nothing is to be tried; none where nothing is to be forgotten.
    pub fn rests(&self) -> Option<Duration> {
        match self.0 {
            Known::MayStand => Some(Duration::ZERO),
            Known::Stands(tried) => Some(AGAIN.saturating_sub(tried.elapsed())),
            Known::Absent => None,
        }
    }

    /// Tries, where it is time to.
    pub async fn turn(&mut self, connection: &DatabaseConnection) {
        if self.rests() != Some(Duration::ZERO) {
            return;
        }
        let left = match forget_marked(connection).await {
            Ok(true) => {
                self.0 = Known::Absent;
                return;
            }
            Ok(false) => "a reader of an older state, or another writer".to_owned(),
            Err(error) => error.to_string(),
        };
        if self.0 == Known::MayStand {
            tracing::warn!(left, "copies of erased personal data still lie in the database's files; tried again");
        }
        self.0 = Known::Stands(Instant::now());
    }
}

/// Forgets what is marked; whether nothing is left.
async fn forget_marked(connection: &DatabaseConnection) -> Result<bool, PersistenceError> {
    let Some(mark) = setting::Entity::find_by_id(TO_FORGET).one(connection).await? else { return Ok(true) };
    if !dialect::forget(connection).await? {
        return Ok(false);
    }
    // Another gateway may have erased, and marked, since the mark was read.
    let same = setting::Column::Value.eq(mark.value);
    setting::Entity::delete_by_id(TO_FORGET).filter(same).exec(connection).await?;
    tracing::info!(
        "erased personal data are out of the database's tables; logs kept for recovery and backups go by their own terms"
    );
    Ok(true)
}
