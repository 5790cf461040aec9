//! Refusals of what fell due: not tried again until the object changes.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statements = ["CREATE TABLE due_refusal (
                kind TEXT NOT NULL,
                id TEXT NOT NULL,
                due_at BIGINT NOT NULL,
                act_id TEXT NOT NULL,
                subject_seq BIGINT NOT NULL,
                refused_at BIGINT NOT NULL,
                refused TEXT NOT NULL,
                PRIMARY KEY (kind, id, due_at)
            )"
        .to_owned()];
        crate::run(manager, &statements).await
    }
}
