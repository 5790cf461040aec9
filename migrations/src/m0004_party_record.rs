//! Which records have ever named which party, so that holdings and dependents are found without looking through all.
//!
//! The database keeps the table itself, from what is inserted: a gateway that does not know this step yet goes on
//! writing, and nothing it writes is missed.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut statements = vec![
            "CREATE TABLE IF NOT EXISTS party_record (
                party TEXT NOT NULL,
                kind TEXT NOT NULL,
                id TEXT NOT NULL,
                PRIMARY KEY (party, kind, id)
            )"
            .to_owned(),
        ];
        match manager.get_database_backend() {
            sea_orm::DatabaseBackend::Postgres => statements.extend(postgres()),
            _ => statements.extend(sqlite()),
        }
        crate::run(manager, &statements).await
    }
}

/// The trigger comes first: what is inserted while the rest is filled in is not missed.
fn sqlite() -> Vec<String> {
    // Ids are joined by single spaces and hold no character that JSON reads otherwise.
    let ids = |column: &str| format!("json_each('[\"' || replace({column}, ' ', '\",\"') || '\"]')");
    vec![
        format!(
            "CREATE TRIGGER IF NOT EXISTS record_version_named AFTER INSERT ON record_version
                WHEN new.parties IS NOT NULL BEGIN
                INSERT OR IGNORE INTO party_record SELECT value, new.kind, new.id FROM {};
            END",
            ids("new.parties")
        ),
        format!(
            "INSERT OR IGNORE INTO party_record
                SELECT n.value, r.kind, r.id FROM record_version r, {} n WHERE r.parties IS NOT NULL",
            ids("r.parties")
        ),
    ]
}

fn postgres() -> Vec<String> {
    [
        "CREATE FUNCTION record_version_named() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO party_record
                SELECT DISTINCT named, new.kind, new.id FROM unnest(string_to_array(new.parties, ' ')) AS named
                ON CONFLICT DO NOTHING;
            RETURN NULL;
        END $$",
        "CREATE TRIGGER record_version_named AFTER INSERT ON record_version FOR EACH ROW
            WHEN (new.parties IS NOT NULL) EXECUTE FUNCTION record_version_named()",
        "INSERT INTO party_record
            SELECT DISTINCT named, r.kind, r.id
            FROM record_version r, unnest(string_to_array(r.parties, ' ')) AS named
            ON CONFLICT DO NOTHING",
    ]
    .map(str::to_owned)
    .into()
}
