//! Webhooks: where events are delivered, how far that has come, and what could not be delivered yet.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let bytes = crate::words(manager).bytes;
        let statements = [
            format!(
                "CREATE TABLE webhook (
                    id TEXT NOT NULL PRIMARY KEY,
                    principal TEXT NOT NULL,
                    role TEXT NOT NULL,
                    url TEXT NOT NULL,
                    kinds TEXT NOT NULL,
                    subjects TEXT NOT NULL,
                    secret {bytes} NOT NULL,
                    previous_secret {bytes},
                    previous_until BIGINT,
                    state TEXT NOT NULL CHECK (state IN ('ACTIVE', 'PAUSED', 'DISABLED')),
                    disabled_because TEXT,
                    position BIGINT NOT NULL,
                    feed TEXT NOT NULL,
                    created_at BIGINT NOT NULL,
                    holder TEXT,
                    held_until BIGINT NOT NULL
                )"
            ),
            "CREATE INDEX webhook_principal ON webhook (principal)".to_owned(),
            "CREATE TABLE webhook_delivery (
                webhook TEXT NOT NULL,
                seq BIGINT NOT NULL,
                previous BIGINT,
                tries BIGINT NOT NULL,
                next_at BIGINT,
                failed_at BIGINT NOT NULL,
                failure TEXT NOT NULL,
                PRIMARY KEY (webhook, seq)
            )"
            .to_owned(),
            "CREATE INDEX webhook_delivery_next_at ON webhook_delivery (webhook, next_at)".to_owned(),
        ];
        crate::run(manager, &statements).await
    }
}
