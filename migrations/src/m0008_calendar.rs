//! Working calendars are few among many records, and all of them are asked for at once.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = "CREATE INDEX record_version_calendar ON record_version (recorded_to) WHERE kind = 'calendar'";
        crate::run(manager, &[index.to_owned()]).await
    }
}
