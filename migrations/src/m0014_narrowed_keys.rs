//! What keys are narrowed to: districts and factors, by their ids. A key that was issued before is not narrowed.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run(manager, &["ALTER TABLE api_key ADD COLUMN narrowing TEXT".to_owned()]).await
    }
}
