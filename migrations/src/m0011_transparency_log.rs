//! The transparency log: full tiles of the tree over the journal, and the checkpoints that were signed.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let bytes = crate::words(manager).bytes;
        let statements = [
            format!(
                "CREATE TABLE log_tile (
                    level BIGINT NOT NULL,
                    number BIGINT NOT NULL,
                    hashes {bytes} NOT NULL,
                    PRIMARY KEY (level, number)
                )"
            ),
            // Each names the one before it, and a row of its own the last: one that is taken away leaves a trace.
            "CREATE TABLE checkpoint (
                size BIGINT NOT NULL PRIMARY KEY CHECK (size > 0),
                previous BIGINT,
                note TEXT NOT NULL
            )"
            .to_owned(),
            "CREATE TABLE checkpoint_head (
                id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
                size BIGINT NOT NULL
            )"
            .to_owned(),
            "INSERT INTO checkpoint_head (id, size) VALUES (1, 0)".to_owned(),
        ];
        crate::run(manager, &statements).await
    }
}
