//! The area by which parcels are found and counted for the public: registered, else surveyed, else that of the outline
//! which the public is shown.
//!
//! The database fills it in itself where it is not given, from the state that was written before: a gateway that does
//! not know this step yet goes on writing, and its rows are no others.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut statements = vec!["ALTER TABLE parcel_index ADD COLUMN public_area BIGINT".to_owned()];
        match manager.get_database_backend() {
            sea_orm::DatabaseBackend::Postgres => statements.extend(postgres()),
            _ => statements.extend(sqlite()),
        }
        crate::run(manager, &statements).await
    }
}

/// The version of a record whose index row has a name.
fn version_of(row: &str) -> String {
    format!(
        "r.kind = 'parcel' AND r.id = {row}.id AND r.recorded_from = {row}.recorded_from
                        AND r.valid_from = {row}.valid_from"
    )
}

fn sqlite() -> [String; 2] {
    let area = |row: &str| {
        let card = |path: &str| format!("json_extract(CAST(r.state AS TEXT), '$.parcel.{path}')");
        format!(
            "(SELECT coalesce({},
                        {},
                        {})
                    FROM record_version r WHERE {})",
            card("registered_area"),
            card("surveyed_area"),
            card("footprint.outline.area"),
            version_of(row)
        )
    };
    [
        format!(
            "CREATE TRIGGER parcel_index_public_area AFTER INSERT ON parcel_index WHEN new.public_area IS NULL BEGIN
                UPDATE parcel_index SET public_area = {}
                    WHERE row_id = new.row_id;
            END",
            area("new")
        ),
        format!("UPDATE parcel_index SET public_area = {}", area("parcel_index")),
    ]
}

fn postgres() -> [String; 3] {
    let area = |row: &str| {
        let card = |path: &str| format!("(s.card #>> '{{parcel,{path}}}')::bigint");
        format!(
            "(SELECT coalesce({}, {},
                        {})
                    FROM (SELECT convert_from(r.state, 'UTF8')::jsonb AS card FROM record_version r
                        WHERE {}) s)",
            card("registered_area"),
            card("surveyed_area"),
            card("footprint,outline,area"),
            version_of(row)
        )
    };
    [
        format!(
            "CREATE FUNCTION parcel_index_public_area() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                new.public_area := {};
                RETURN new;
            END $$",
            area("new")
        ),
        "CREATE TRIGGER parcel_index_public_area BEFORE INSERT ON parcel_index FOR EACH ROW
            WHEN (new.public_area IS NULL) EXECUTE FUNCTION parcel_index_public_area()"
            .to_owned(),
        format!("UPDATE parcel_index SET public_area = {}", area("parcel_index")),
    ]
}
