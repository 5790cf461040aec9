//! The histories of many subjects at once: what a page of parcels or parties shows of each, in one statement.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, FromQueryResult};
use yulin_domain::journal::{Entry, Subject};

use super::read::entry_of;
use crate::dialect::{among, statement, texts};
use crate::entity::journal;
use crate::error::PersistenceError;
use crate::record::Snapshot;
use crate::registry::Registry;

impl Registry {
    /// The first entries of each subject up to the snapshot, oldest first, at most `each` of every one.
    pub async fn histories(
        &self,
        snapshot: &Snapshot,
        subjects: &[Subject],
        each: i64,
    ) -> Result<HashMap<Subject, Vec<Entry>>, PersistenceError> {
        let sql = format!(
            "SELECT j.*, n.subject AS of_subject FROM (SELECT e.subject, e.seq, \
             row_number() OVER (PARTITION BY e.subject ORDER BY e.seq) AS place FROM subject_entry e \
             WHERE {} AND e.seq <= $2) n JOIN journal j ON j.seq = n.seq WHERE n.place <= $3 ORDER BY n.seq",
            among(self.reader(), "e.subject", 1)
        );
        let values = vec![texts(subjects), snapshot.seq.into(), each.into()];
        let mut found: HashMap<Subject, Vec<Entry>> = HashMap::new();
        for row in self.reader().query_all_raw(statement(self.reader(), sql, values)).await? {
            let subject = subject_of(&row.try_get::<String>("", "of_subject")?)?;
            found.entry(subject).or_default().push(entry_of(journal::Model::from_query_result(&row, "")?)?);
        }
        Ok(found)
    }

    /// How many entries each subject has up to the snapshot; a subject without any is left out.
    pub async fn history_lengths(
        &self,
        snapshot: &Snapshot,
        subjects: &[Subject],
    ) -> Result<HashMap<Subject, u64>, PersistenceError> {
        let sql = format!(
            "SELECT e.subject, count(*) AS n FROM subject_entry e WHERE {} AND e.seq <= $2 GROUP BY e.subject",
            among(self.reader(), "e.subject", 1)
        );
        let values = vec![texts(subjects), snapshot.seq.into()];
        let mut found = HashMap::new();
        for row in self.reader().query_all_raw(statement(self.reader(), sql, values)).await? {
            let (subject, count): (String, i64) = (row.try_get("", "subject")?, row.try_get("", "n")?);
            found.insert(subject_of(&subject)?, count.unsigned_abs());
        }
        Ok(found)
    }
}

fn subject_of(text: &str) -> Result<Subject, PersistenceError> {
    text.parse().map_err(|why: String| PersistenceError::corrupt("subject_entry", text, why))
}
