//! What one principal did, in order: asked before his registration is rescinded.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run(manager, &["CREATE INDEX journal_principal ON journal (principal, seq)".to_owned()]).await
    }
}
