//! Lots by number, open holds and open accounts without what they were before: what the writer looks for under its lock.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let open = i64::MAX;
        let statements = [
            format!("CREATE INDEX lot_version_units ON lot_version (account, unit_from) WHERE recorded_to = {open}"),
            "DROP INDEX hold_index_account".to_owned(),
            "CREATE INDEX hold_index_account ON hold_index (account, state, recorded_to)".to_owned(),
            "CREATE INDEX account_index_known ON account_index (recorded_to)".to_owned(),
        ];
        crate::run(manager, &statements).await
    }
}
