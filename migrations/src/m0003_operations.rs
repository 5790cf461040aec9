//! What is not folded from the journal: remembered refusals, personal data, keys, and the registry's own settings.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let bytes = crate::words(manager).bytes;
        let statements = [
            format!(
                "CREATE TABLE refusal (
                    act_id TEXT NOT NULL PRIMARY KEY,
                    request_hash {bytes} NOT NULL,
                    principal TEXT NOT NULL,
                    refused_at BIGINT NOT NULL,
                    refused TEXT NOT NULL
                )"
            ),
            "CREATE INDEX refusal_refused_at ON refusal (refused_at)".to_owned(),
            format!(
                "CREATE TABLE personal (id TEXT NOT NULL PRIMARY KEY, fields TEXT NOT NULL, salt {bytes} NOT NULL)"
            ),
            format!(
                "CREATE TABLE api_key (
                    hash {bytes} NOT NULL PRIMARY KEY,
                    principal TEXT NOT NULL,
                    role TEXT NOT NULL,
                    created_at BIGINT NOT NULL,
                    expires_at BIGINT,
                    revoked_at BIGINT
                )"
            ),
            format!("CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value {bytes} NOT NULL)"),
        ];
        crate::run(manager, &statements).await
    }
}
