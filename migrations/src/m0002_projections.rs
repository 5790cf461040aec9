//! What the journal folds into: versions of records, and the index in which parcels are searched.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let words = crate::words(manager);
        let mut statements = records(&words);
        statements.extend(parcels(&words));
        match manager.get_database_backend() {
            sea_orm::DatabaseBackend::Postgres => statements.extend(postgis()),
            _ => statements.extend(rtree()),
        }
        crate::run(manager, &statements).await
    }
}

fn records(words: &crate::Words) -> Vec<String> {
    let (key, bytes) = (words.key, words.bytes);
    vec![
        format!(
            "CREATE TABLE record_version (
                row_id {key},
                kind TEXT NOT NULL,
                id TEXT NOT NULL,
                subject TEXT NOT NULL,
                parcel TEXT,
                district TEXT,
                claim_a TEXT,
                claim_b TEXT,
                parties TEXT,
                valid_from BIGINT NOT NULL,
                valid_to BIGINT NOT NULL,
                recorded_from BIGINT NOT NULL,
                recorded_to BIGINT NOT NULL,
                due_at BIGINT,
                state {bytes} NOT NULL,
                UNIQUE (kind, id, recorded_from, valid_from),
                CHECK (valid_from < valid_to),
                CHECK (recorded_from < recorded_to)
            )"
        ),
        "CREATE INDEX record_version_id ON record_version (id)".to_owned(),
        "CREATE INDEX record_version_parcel ON record_version (parcel, kind) WHERE parcel IS NOT NULL".to_owned(),
        "CREATE INDEX record_version_claim_a ON record_version (claim_a) WHERE claim_a IS NOT NULL".to_owned(),
        "CREATE INDEX record_version_claim_b ON record_version (claim_b) WHERE claim_b IS NOT NULL".to_owned(),
        format!(
            "CREATE INDEX record_version_due ON record_version (due_at) \
             WHERE due_at IS NOT NULL AND recorded_to = {open} AND valid_to = {open}",
            open = i64::MAX
        ),
        "CREATE INDEX record_version_rare ON record_version (kind, district, recorded_to) \
         WHERE kind IN ('district', 'principal', 'zone', 'feature', 'party')"
            .to_owned(),
    ]
}

fn parcels(words: &crate::Words) -> Vec<String> {
    let (key, bytes, real) = (words.key, words.bytes, words.real);
    vec![
        format!(
            "CREATE TABLE parcel_index (
                row_id {key},
                id TEXT NOT NULL,
                valid_from BIGINT NOT NULL,
                valid_to BIGINT NOT NULL,
                recorded_from BIGINT NOT NULL,
                recorded_to BIGINT NOT NULL,
                district TEXT NOT NULL,
                root TEXT NOT NULL,
                label TEXT NOT NULL,
                state TEXT NOT NULL,
                layer TEXT NOT NULL,
                status TEXT,
                since TEXT,
                use_code TEXT,
                area BIGINT,
                price BIGINT,
                asking BIGINT,
                plot_ratio BIGINT,
                soil_gate TEXT NOT NULL,
                infrastructure BIGINT NOT NULL,
                street TEXT,
                search TEXT NOT NULL,
                min_x {real}, min_y {real}, max_x {real}, max_y {real},
                footprint {bytes},
                outline {bytes},
                grid {bytes},
                UNIQUE (id, recorded_from, valid_from)
            )"
        ),
        "CREATE INDEX parcel_index_label ON parcel_index (label, id)".to_owned(),
        "CREATE INDEX parcel_index_district ON parcel_index (district, label, id)".to_owned(),
        "CREATE INDEX parcel_index_status ON parcel_index (status, price) WHERE status IS NOT NULL".to_owned(),
    ]
}

/// The R*Tree over the boxes, kept by the database itself.
fn rtree() -> Vec<String> {
    [
        "CREATE VIRTUAL TABLE parcel_box USING rtree(row_id, min_x, max_x, min_y, max_y)",
        "CREATE TRIGGER parcel_index_inserted AFTER INSERT ON parcel_index WHEN new.min_x IS NOT NULL BEGIN
            INSERT INTO parcel_box VALUES (new.row_id, new.min_x, new.max_x, new.min_y, new.max_y);
        END",
        "CREATE TRIGGER parcel_index_deleted AFTER DELETE ON parcel_index BEGIN
            DELETE FROM parcel_box WHERE row_id = old.row_id;
        END",
    ]
    .map(str::to_owned)
    .into()
}

/// The geometry that PostGIS indexes and desktop systems read; derived by the database from the stored bytes.
fn postgis() -> Vec<String> {
    [
        "CREATE EXTENSION IF NOT EXISTS postgis",
        "ALTER TABLE parcel_index ADD COLUMN geom geometry(Geometry, 4326)
            GENERATED ALWAYS AS (ST_SetSRID(ST_GeomFromWKB(footprint), 4326)) STORED",
        "CREATE INDEX parcel_index_geom ON parcel_index USING gist (geom)",
    ]
    .map(str::to_owned)
    .into()
}
