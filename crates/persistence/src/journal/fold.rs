//! Folding entries into the projections, a page at a time, by the code with which the writer writes them.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{ConnectionTrait, FromQueryResult};
use yulin_domain::journal::{Change, RecordKey, Row};

use super::store::{Fold, Pending};
use crate::dialect::{among, statement, texts};
use crate::entity::{lot_version, record_version};
use crate::error::PersistenceError;
use crate::factor::open_lot;
use crate::record::open_row;

/// Folds the changes of a page of entries into what was folded before.
pub async fn fold_page(connection: &impl ConnectionTrait, page: &[(i64, Vec<Change>)]) -> Result<(), PersistenceError> {
    let mut fold = known(connection, page).await?;
    let mut pending = Pending::default();
    for (seq, changes) in page {
        let mut subjects = BTreeSet::new();
        for change in changes {
            pending.take(*seq, change.subject, change.key, fold.apply(change, *seq));
            subjects.insert(change.subject);
        }
        pending.name_subjects(subjects, *seq);
    }
    pending.write(connection).await
}

/// The open rows of the records that a page changes.
async fn known(connection: &impl ConnectionTrait, page: &[(i64, Vec<Change>)]) -> Result<Fold, PersistenceError> {
    let ids: BTreeSet<_> = page.iter().flat_map(|(_, changes)| changes).map(|one| one.key.id.to_string()).collect();
    let sql =
        format!("SELECT * FROM record_version WHERE recorded_to = {} AND {}", i64::MAX, among(connection, "id", 1));
    let mut records: HashMap<RecordKey, Vec<Row>> = HashMap::new();
    for row in connection.query_all_raw(statement(connection, sql, vec![texts(&ids)])).await? {
        let model = record_version::Model::from_query_result(&row, "")?;
        let key: Result<RecordKey, String> = format!("{}:{}", model.kind, model.id).parse();
        let key = key.map_err(|why| PersistenceError::corrupt("record_version", model.row_id, why))?;
        records.entry(key).or_default().push(open_row(&model)?);
    }
    let sql = format!("SELECT * FROM lot_version WHERE recorded_to = {} AND {}", i64::MAX, among(connection, "id", 1));
    for row in connection.query_all_raw(statement(connection, sql, vec![texts(ids)])).await? {
        let (key, row) = open_lot(&lot_version::Model::from_query_result(&row, "")?)?;
        records.entry(key).or_default().push(row);
    }
    let mut fold = Fold::default();
    for (key, rows) in records {
        fold.load(key, rows);
    }
    Ok(fold)
}
