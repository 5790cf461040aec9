//! The journal, its head, and who is named by which entry.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let bytes = crate::words(manager).bytes;
        let statements = [
            format!(
                "CREATE TABLE journal (
                    seq BIGINT NOT NULL PRIMARY KEY CHECK (seq > 0),
                    act_id TEXT NOT NULL UNIQUE,
                    principal TEXT NOT NULL,
                    on_behalf_of TEXT,
                    kind TEXT NOT NULL,
                    format BIGINT NOT NULL,
                    effective_at BIGINT NOT NULL,
                    recorded_at BIGINT NOT NULL,
                    request_hash {bytes} NOT NULL,
                    reason TEXT,
                    legal_basis TEXT,
                    evidence_hashes TEXT NOT NULL,
                    approved_by TEXT,
                    body {bytes} NOT NULL,
                    prev_hash {bytes} NOT NULL,
                    hash {bytes} NOT NULL,
                    CHECK (effective_at <= recorded_at)
                )"
            ),
            "CREATE INDEX journal_recorded_at ON journal (recorded_at)".to_owned(),
            "CREATE INDEX journal_kind ON journal (kind, seq)".to_owned(),
            format!(
                "CREATE TABLE journal_head (
                    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
                    journal TEXT NOT NULL,
                    seq BIGINT NOT NULL,
                    recorded_at BIGINT NOT NULL,
                    hash {bytes} NOT NULL,
                    least_format BIGINT NOT NULL
                )"
            ),
            "CREATE TABLE subject_entry (
                subject TEXT NOT NULL,
                seq BIGINT NOT NULL,
                PRIMARY KEY (subject, seq)
            )"
            .to_owned(),
            "CREATE INDEX subject_entry_seq ON subject_entry (seq)".to_owned(),
        ];
        crate::run(manager, &statements).await
    }
}
