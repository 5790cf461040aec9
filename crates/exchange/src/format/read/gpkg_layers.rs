//! What a GeoPackage says of its tables: layers, geometry column, reference system, attribute columns.
//!
//! Read-only, and nothing of the file's own making is trusted to run (no triggers, no schema functions).

use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::body::choose_layer;
use crate::format::source::file_name;
use crate::format::{AttributeValue, DetectedCrs, OpenOptions, OpenRefused};

/// A table to be read.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) table: String,
    /// The geometry column and the reference system it is declared in, by its number in the package.
    pub(super) geometry: Option<(String, i32)>,
    pub(super) columns: Vec<Column>,
    /// The whole-number key of the table; a view has none.
    pub(super) key: Option<String>,
    pub(super) crs: DetectedCrs,
}

/// An attribute column.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: ColumnKind,
}

/// What the declared type of a column says beyond the storage class of its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnKind {
    Boolean,
    Date,
    Other,
}

pub(super) fn connect(path: &Path) -> Result<Connection, OpenRefused> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)
        .map_err(|error| OpenRefused::FileUnreadable { file: file_name(path), reason: error.to_string() })?;
    connection.execute_batch("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON").map_err(malformed)?;
    Ok(connection)
}

pub(super) fn malformed(error: rusqlite::Error) -> OpenRefused {
    OpenRefused::malformed("GeoPackage", error)
}

/// The names of all layers, those with geometry first, and the one to be read.
pub(super) fn choose(connection: &Connection, options: &OpenOptions) -> Result<(Vec<String>, Layer), OpenRefused> {
    let spatial = tables(connection, "features")?;
    let plain = tables(connection, "attributes")?;
    let mut names = spatial.clone();
    names.extend(plain);
    let candidates = if options.layer.is_none() && !spatial.is_empty() { &spatial } else { &names };
    let index = choose_layer(candidates, options.layer.as_deref())?;
    let table = candidates.get(index).cloned().ok_or(OpenRefused::LayerMissing)?;
    let layer = describe(connection, table)?;
    Ok((names, layer))
}

fn tables(connection: &Connection, kind: &str) -> Result<Vec<String>, OpenRefused> {
    let mut statement = connection
        .prepare("SELECT table_name FROM gpkg_contents WHERE data_type = ?1 ORDER BY rowid")
        .map_err(malformed)?;
    let names = statement.query_map([kind], |row| row.get(0)).map_err(malformed)?;
    names.collect::<Result<_, _>>().map_err(malformed)
}

fn describe(connection: &Connection, table: String) -> Result<Layer, OpenRefused> {
    let geometry = geometry_column(connection, &table)?;
    let crs = match &geometry {
        Some((_, srs_id)) => reference_system(connection, *srs_id)?,
        None => DetectedCrs::unknown("none"),
    };
    let mut statement = connection.prepare("SELECT name, type, pk FROM pragma_table_info(?1)").map_err(malformed)?;
    let rows = statement
        .query_map([&table], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?)))
        .map_err(malformed)?;
    let (mut columns, mut keys) = (Vec::new(), Vec::new());
    for row in rows {
        let (name, declared, key_place) = row.map_err(malformed)?;
        if key_place > 0 {
            keys.push((name.clone(), declared.to_ascii_uppercase()));
        }
        if geometry.as_ref().is_none_or(|(column, _)| !column.eq_ignore_ascii_case(&name)) {
            columns.push(Column { name, kind: ColumnKind::of_declared(&declared) });
        }
    }
    if columns.is_empty() && geometry.is_none() {
        return Err(OpenRefused::malformed("GeoPackage", format!("the table {table} does not exist")));
    }
    let key = match keys.as_slice() {
        [(name, declared)] if declared == "INTEGER" => Some(name.clone()),
        _ => None,
    };
    Ok(Layer { table, geometry, columns, key, crs })
}

fn geometry_column(connection: &Connection, table: &str) -> Result<Option<(String, i32)>, OpenRefused> {
    connection
        .query_row(
            "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE lower(table_name) = lower(?1)",
            [table],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()
        .or_else(|error| match error {
            // A package of attribute tables alone need not have the geometry table.
            rusqlite::Error::SqliteFailure(_, Some(ref text)) if text.contains("no such table") => Ok(None),
            other => Err(malformed(other)),
        })
}

fn reference_system(connection: &Connection, srs_id: i32) -> Result<DetectedCrs, OpenRefused> {
    let row = connection
        .query_row(
            "SELECT srs_name, organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?1",
            [srs_id],
            |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?, row.get::<_, String>(3)?)),
        )
        .optional()
        .map_err(malformed)?;
    let from = "gpkg_spatial_ref_sys";
    let Some((name, organization, code, definition)) = row else {
        return Ok(DetectedCrs::unknown(from));
    };
    let epsg = u32::try_from(code).ok().filter(|code| *code > 0 && organization.eq_ignore_ascii_case("EPSG"));
    let read = DetectedCrs::of_wkt(&definition, from);
    Ok(DetectedCrs { epsg: epsg.or(read.epsg), ..read }.heeding_name(&name))
}

impl ColumnKind {
    fn of_declared(declared: &str) -> Self {
        match declared.to_ascii_uppercase().as_str() {
            "BOOLEAN" => Self::Boolean,
            "DATE" | "DATETIME" => Self::Date,
            _ => Self::Other,
        }
    }

    /// The value of such a column; `Err` holds nothing but says that text is not UTF-8.
    pub(super) fn value(self, raw: rusqlite::types::ValueRef) -> Result<AttributeValue, std::str::Utf8Error> {
        use rusqlite::types::ValueRef;
        Ok(match (raw, self) {
            (ValueRef::Null, _) => AttributeValue::Null,
            (ValueRef::Integer(value @ (0 | 1)), Self::Boolean) => AttributeValue::Boolean(value == 1),
            (ValueRef::Integer(value), _) => AttributeValue::Integer(value),
            (ValueRef::Real(value), _) => AttributeValue::from_double(value),
            (ValueRef::Text(bytes), Self::Date) => AttributeValue::Date(std::str::from_utf8(bytes)?.to_owned()),
            (ValueRef::Text(bytes), Self::Boolean | Self::Other) => {
                AttributeValue::Text(std::str::from_utf8(bytes)?.to_owned())
            }
            // Bytes are no attribute of land; shown in hexadecimal so that they are not lost unseen.
            (ValueRef::Blob(bytes), _) => AttributeValue::Text(hexadecimal(bytes)),
        })
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
