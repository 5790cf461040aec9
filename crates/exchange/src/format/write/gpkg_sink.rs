//! GeoPackage 1.3: one feature table in a package of its own (OGC 12-128r17).
//!
//! Ordinates go in as the doubles they are. The file is a temporary one until it is finished, so the database keeps no
//! journal of its own.

use geo::BoundingRect;
use geo_types::{MultiPolygon, Rect};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, params, params_from_iter};

use super::gpkg_srs;
use super::target::Draft;
use super::{FieldKind, FieldSpec, SinkError, SinkOptions};
use crate::format::number::fits_double;
use crate::format::{AttributeValue, wkb};

const SCHEMA: &str = "
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;
PRAGMA application_id=1196444487; PRAGMA user_version=10300;
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
BEGIN;";

/// A package being written.
#[derive(Debug)]
pub(super) struct GeoPackageSink {
    draft: Draft,
    connection: Connection,
    table: String,
    insert: String,
    srs_id: i32,
    bounds: Option<Rect<f64>>,
}

impl GeoPackageSink {
    pub(super) fn create(draft: Draft, options: &SinkOptions) -> Result<Self, SinkError> {
        let table = if options.layer.is_empty() { "features".to_owned() } else { options.layer.clone() };
        let reserved = ["gpkg_", "sqlite_", "rtree_"].iter().any(|prefix| table.to_lowercase().starts_with(prefix));
        if reserved || table.contains('\0') {
            return Err(SinkError::NameInvalid { name: table, reason: "the format keeps such names for itself" });
        }
        let taken = options.fields.iter().find(|field| ["fid", "geom"].contains(&field.name.to_lowercase().as_str()));
        if let Some(field) = taken {
            return Err(SinkError::NameInvalid {
                name: field.name.clone(),
                reason: "key and geometry are called fid and geom",
            });
        }
        let connection = Connection::open(draft.file.path()).map_err(SinkError::unwritable)?;
        connection.execute_batch(SCHEMA).map_err(SinkError::unwritable)?;
        let srs_id = insert_reference_systems(&connection, options.crs_epsg)?;
        create_table(&connection, &table, &options.fields, srs_id)?;
        let places: Vec<String> = (0..=options.fields.len()).map(|index| format!("?{}", index + 1)).collect();
        let mut columns = vec!["geom".to_owned()];
        columns.extend(options.fields.iter().map(|field| quoted(&field.name)));
        let insert = format!("INSERT INTO {} ({}) VALUES ({})", quoted(&table), columns.join(", "), places.join(", "));
        Ok(Self { draft, connection, table, insert, srs_id, bounds: None })
    }

    pub(super) fn write(
        &mut self,
        fields: &[FieldSpec],
        values: &[Option<&AttributeValue>],
        geometry: Option<&MultiPolygon<f64>>,
    ) -> Result<(), SinkError> {
        let blob = geometry.map(|shape| self.blob(shape));
        let mut row = vec![blob.map_or(ToSqlOutput::Owned(Value::Null), |blob| ToSqlOutput::Owned(Value::Blob(blob)))];
        for (field, value) in fields.iter().zip(values) {
            row.push(column_value(field, *value)?);
        }
        let mut statement = self.connection.prepare_cached(&self.insert).map_err(SinkError::unwritable)?;
        statement.execute(params_from_iter(row)).map_err(SinkError::unwritable)?;
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Draft, SinkError> {
        if let Some(bounds) = self.bounds {
            let (min, max) = (bounds.min(), bounds.max());
            let sql = "UPDATE gpkg_contents SET min_x = ?2, min_y = ?3, max_x = ?4, max_y = ?5 WHERE table_name = ?1";
            self.connection
                .execute(sql, params![self.table, min.x, min.y, max.x, max.y])
                .map_err(SinkError::unwritable)?;
        }
        self.connection.execute_batch("COMMIT").map_err(SinkError::unwritable)?;
        self.connection.close().map_err(|(_, error)| SinkError::unwritable(error))?;
        Ok(self.draft)
    }

    /// The header (little-endian, with an envelope unless empty) and the geometry as WKB.
    fn blob(&mut self, shape: &MultiPolygon<f64>) -> Vec<u8> {
        let envelope = shape.bounding_rect();
        let flags = if envelope.is_some() { 0b0000_0011 } else { 0b0001_0001 };
        let mut blob = vec![b'G', b'P', 0, flags];
        blob.extend_from_slice(&self.srs_id.to_le_bytes());
        if let Some(rect) = envelope {
            for ordinate in [rect.min().x, rect.max().x, rect.min().y, rect.max().y] {
                blob.extend_from_slice(&ordinate.to_le_bytes());
            }
            self.bounds = Some(self.bounds.map_or(rect, |so_far| joined(so_far, rect)));
        }
        blob.extend(wkb::encode(shape));
        blob
    }
}

fn joined(a: Rect<f64>, b: Rect<f64>) -> Rect<f64> {
    Rect::new(
        (a.min().x.min(b.min().x), a.min().y.min(b.min().y)),
        (a.max().x.max(b.max().x), a.max().y.max(b.max().y)),
    )
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Writes the reference systems; returns the number of the layer's.
fn insert_reference_systems(connection: &Connection, epsg: Option<u32>) -> Result<i32, SinkError> {
    let mut last = -1;
    for row in gpkg_srs::rows(epsg) {
        let sql = "INSERT INTO gpkg_spatial_ref_sys (srs_name, srs_id, organization, organization_coordsys_id, definition) VALUES (?1, ?2, ?3, ?2, ?4)";
        connection
            .execute(sql, params![row.name, row.id, row.organization, row.definition])
            .map_err(SinkError::unwritable)?;
        last = row.id;
    }
    Ok(last)
}

fn create_table(connection: &Connection, table: &str, fields: &[FieldSpec], srs_id: i32) -> Result<(), SinkError> {
    let mut columns = vec!["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL".to_owned(), "geom MULTIPOLYGON".to_owned()];
    columns.extend(fields.iter().map(|field| format!("{} {}", quoted(&field.name), column_type(field.kind))));
    let create = format!("CREATE TABLE {} ({})", quoted(table), columns.join(", "));
    connection.execute(&create, []).map_err(SinkError::unwritable)?;
    let contents =
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?1, 'features', ?1, ?2)";
    connection.execute(contents, params![table, srs_id]).map_err(SinkError::unwritable)?;
    let column = "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', 'MULTIPOLYGON', ?2, 0, 0)";
    connection.execute(column, params![table, srs_id]).map_err(SinkError::unwritable)?;
    Ok(())
}

fn column_type(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "TEXT",
        FieldKind::Integer => "INTEGER",
        FieldKind::Decimal => "DOUBLE",
        FieldKind::Boolean => "BOOLEAN",
        FieldKind::Date => "DATE",
    }
}

/// The value as the column stores it. A decimal is a double there: one with more digits is refused, not rounded.
fn column_value<'a>(field: &FieldSpec, value: Option<&'a AttributeValue>) -> Result<ToSqlOutput<'a>, SinkError> {
    let inexact = |text: &str| SinkError::DecimalInexact { field: field.name.clone(), value: text.to_owned() };
    Ok(match (field.kind, value) {
        (_, None | Some(AttributeValue::Null)) => ToSqlOutput::Owned(Value::Null),
        (FieldKind::Decimal, Some(value)) => {
            let text = value.as_text().unwrap_or_default();
            let number = text.parse::<f64>().ok().filter(|_| fits_double(&text)).ok_or_else(|| inexact(&text))?;
            ToSqlOutput::Owned(Value::Real(number))
        }
        (FieldKind::Integer | FieldKind::Boolean, Some(AttributeValue::Integer(value))) => {
            ToSqlOutput::Owned(Value::Integer(*value))
        }
        (FieldKind::Boolean, Some(AttributeValue::Boolean(value))) => {
            ToSqlOutput::Owned(Value::Integer(i64::from(*value)))
        }
        (_, Some(AttributeValue::Text(text) | AttributeValue::Decimal(text) | AttributeValue::Date(text))) => {
            ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes()))
        }
        (_, Some(value)) => ToSqlOutput::Owned(Value::Text(value.as_text().unwrap_or_default().into_owned())),
    })
}
