//! Rebuilding: the projections are emptied and folded anew from the journal, which is only read.
//!
//! It happens under the lock of the order and in one transaction: nobody writes meanwhile, readers go on with what was,
//! and an interrupted rebuilding leaves everything as it was. Whether the journal is whole is asked of `verify`.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use yulin_domain::journal::EntryBody;

use super::fold::fold_page;
use super::head::{head_of, row};
use crate::database;
use crate::dialect::begin_writing;
use crate::entity::journal;
use crate::error::{OpenError, PersistenceError};
use crate::log;
use crate::servers::primary_of;

/// Entries that are folded at once.
const PAGE: u64 = 500;
/// What is folded from the journal; the database keeps what hangs on these itself.
const FOLDED: [&str; 8] = [
    "subject_entry",
    "parcel_index",
    "party_record",
    "record_version",
    "lot_version",
    "ledger_entry",
    "account_index",
    "hold_index",
];

/// Rebuilds the projections of the registry at an address; the number of entries folded.
pub async fn rebuild(url: &str, progress: &mut (impl FnMut(u64) + Send)) -> Result<u64, OpenError> {
    let connection = database::connect_writer(&primary_of(url).await?, database::ALONE).await?;
    if database::lacks_steps(&connection).await? {
        return Err(OpenError::NotMigrated);
    }
    let transaction = begin_writing(&connection).await?;
    // A journal that this program cannot read keeps what was folded from it.
    head_of(&row(&transaction).await?)?;
    for table in FOLDED {
        transaction.execute_unprepared(&format!("DELETE FROM {table}")).await?;
    }
    let (mut last, mut folded) = (0_i64, 0);
    loop {
        let rows = journal::Entity::find().filter(journal::Column::Seq.gt(last));
        let rows = rows.order_by_asc(journal::Column::Seq).limit(PAGE).all(&transaction).await?;
        let mut page = Vec::with_capacity(rows.len());
        for row in rows {
            let changes = EntryBody::decode(&row.body).and_then(|body| body.read_changes());
            page.push((row.seq, changes.map_err(|why| PersistenceError::corrupt("journal", row.seq, why))?));
        }
        let Some((seq, _)) = page.last() else { break };
        last = *seq;
        fold_page(&transaction, &page).await?;
        folded += page.len() as u64;
        progress(folded);
    }
    log::refill(&transaction, last.unsigned_abs()).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(folded)
}
