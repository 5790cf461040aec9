//! GeoPackage: one layer, read in pages in the order of its key.
//!
//! Pages instead of one long statement: reading may go on for hours beside an import, and can begin anywhere. What the
//! tables mean is in `gpkg_layers`, the form of a geometry in `gpkg_blob`.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;

use geo_types::Geometry;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::Body;
use super::body::count_of;
use super::gpkg_blob;
use super::gpkg_layers::{self, Layer, malformed};
use crate::format::limits::{GEOMETRY_BYTES_MAX, PAGE_FEATURES};
use crate::format::source::Head;
use crate::format::{FeatureProblem, FileFormat, OpenOptions, OpenRefused, ReadFault, SourceFeature};

/// Where the next page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NextPage {
    /// At this key, or the first one after it.
    Key(i64),
    /// After this many rows (views, which have no key).
    Offset(u64),
    /// There is none.
    End,
}

/// The features still to be read.
#[derive(Debug)]
pub(in crate::format) struct GeoPackageBody {
    connection: Connection,
    layer: Layer,
    page: VecDeque<SourceFeature>,
    next: NextPage,
    /// Features of the pages fetched so far, skipped ones included.
    fetched: u64,
    /// Features that the table was counted to have.
    total: u64,
}

/// Opens a layer of a GeoPackage.
pub(in crate::format) fn open(path: &Path, options: &OpenOptions) -> Result<(Head, Body), OpenRefused> {
    let connection = gpkg_layers::connect(path)?;
    let (layers, layer) = gpkg_layers::choose(&connection, options)?;
    check_pages(&connection, &layer)?;
    let count = format!("SELECT count(*) FROM {}", quoted(&layer.table));
    let total: i64 = connection.query_row(&count, [], |row| row.get(0)).map_err(malformed)?;
    let total = u64::try_from(total).unwrap_or(0);
    let head = Head {
        format: FileFormat::GeoPackage,
        layers,
        layer: Some(layer.table.clone()),
        fields: layer.columns.iter().map(|column| column.name.clone()).collect(),
        crs: layer.crs.clone(),
        encoding: None,
        total: Some(total),
    };
    let next = start_of(&layer);
    Ok((
        head,
        Body::GeoPackage(Box::new(GeoPackageBody {
            connection,
            layer,
            page: VecDeque::new(),
            next,
            fetched: 0,
            total,
        })),
    ))
}

/// Walks the pages of the table once: in a damaged file they may lead in a circle, and reading would never end.
fn check_pages(connection: &Connection, layer: &Layer) -> Result<(), OpenRefused> {
    let check = match layer.key {
        Some(_) => format!("PRAGMA quick_check({})", quoted(&layer.table)),
        None => "PRAGMA quick_check".to_owned(),
    };
    let verdict: String = connection.query_row(&check, [], |row| row.get(0)).map_err(malformed)?;
    if verdict == "ok" { Ok(()) } else { Err(OpenRefused::malformed("GeoPackage", verdict)) }
}

fn start_of(layer: &Layer) -> NextPage {
    if layer.key.is_some() { NextPage::Key(i64::MIN) } else { NextPage::Offset(0) }
}

/// The name as an SQL identifier.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl GeoPackageBody {
    pub(super) fn next_feature(&mut self) -> Option<Result<SourceFeature, ReadFault>> {
        if self.page.is_empty()
            && self.next != NextPage::End
            && let Err(reason) = self.fetch_page()
        {
            // After a fault nothing follows: what the database said next could not be placed.
            self.next = NextPage::End;
            return Some(Err(ReadFault::FileUnreadable { after: self.fetched, reason }));
        }
        self.page.pop_front().map(Ok)
    }

    pub(super) fn skip_to(&mut self, number: u64) -> Result<(), ReadFault> {
        let skipped = number.saturating_sub(1);
        self.page.clear();
        self.fetched = skipped;
        self.next = match &self.layer.key {
            None => NextPage::Offset(skipped),
            Some(key) => {
                let sql = format!(
                    "SELECT {0} FROM {1} ORDER BY {0} LIMIT 1 OFFSET ?1",
                    quoted(key),
                    quoted(&self.layer.table)
                );
                let offset = i64::try_from(skipped).unwrap_or(i64::MAX);
                let found = self.connection.query_row(&sql, [offset], |row| row.get(0)).optional();
                found
                    .map_err(|error| ReadFault::FileUnreadable { after: 0, reason: error.to_string() })?
                    .map_or(NextPage::End, NextPage::Key)
            }
        };
        Ok(())
    }

    fn fetch_page(&mut self) -> Result<(), String> {
        let page = self.read_page().map_err(|error| error.to_string())?;
        let read = count_of(page.len());
        let last_key = page.last().and_then(|(key, _)| *key);
        if read == 0 && self.fetched != self.total {
            return Err(format!("the table had {} rows when it was opened, {} were read", self.total, self.fetched));
        }
        self.next = match (self.next, last_key) {
            _ if read == 0 => NextPage::End,
            (NextPage::Offset(offset), _) => NextPage::Offset(offset + read),
            (NextPage::Key(from), Some(key)) if key < from => {
                return Err("the keys of the table are out of order".to_owned());
            }
            (NextPage::Key(_), Some(key)) => key.checked_add(1).map_or(NextPage::End, NextPage::Key),
            (NextPage::Key(_) | NextPage::End, _) => NextPage::End,
        };
        self.fetched += read;
        self.page.extend(page.into_iter().map(|(_, feature)| feature));
        Ok(())
    }

    fn read_page(&self) -> rusqlite::Result<Vec<(Option<i64>, SourceFeature)>> {
        let sql = self.page_sql();
        let mut statement = self.connection.prepare_cached(&sql)?;
        let from = match self.next {
            NextPage::Key(key) => key,
            NextPage::Offset(offset) => i64::try_from(offset).unwrap_or(i64::MAX),
            NextPage::End => return Ok(Vec::new()),
        };
        let mut rows = statement.query(params![from, PAGE_FEATURES])?;
        let mut page = Vec::new();
        while let Some(row) = rows.next()? {
            let number = self.fetched + count_of(page.len()) + 1;
            page.push((row.get(0)?, read_row(row, &self.layer, number)?));
        }
        Ok(page)
    }

    /// Key, geometry within the maximum, its size, attributes.
    fn page_sql(&self) -> String {
        let table = quoted(&self.layer.table);
        let geometry = self.layer.geometry.as_ref().map_or_else(|| "NULL".to_owned(), |(column, _)| quoted(column));
        let key = self.layer.key.as_ref().map_or_else(|| "NULL".to_owned(), |key| quoted(key));
        let mut sql = format!(
            "SELECT {key}, CASE WHEN length({geometry}) <= {GEOMETRY_BYTES_MAX} THEN {geometry} END, length({geometry})"
        );
        for column in &self.layer.columns {
            sql.push_str(", ");
            sql.push_str(&quoted(&column.name));
        }
        let place = match self.layer.key {
            Some(_) => format!("WHERE {key} >= ?1 ORDER BY {key} LIMIT ?2"),
            None => "LIMIT ?2 OFFSET ?1".to_owned(),
        };
        format!("{sql} FROM {table} {place}")
    }
}

fn read_row(row: &Row, layer: &Layer, number: u64) -> rusqlite::Result<SourceFeature> {
    let mut geometry = read_geometry(row.get_ref(1)?, row.get(2)?, layer);
    let mut attributes = BTreeMap::new();
    for (index, column) in layer.columns.iter().enumerate() {
        match column.kind.value(row.get_ref(index + 3)?) {
            Ok(value) => {
                attributes.insert(column.name.clone(), value);
            }
            Err(_) => {
                geometry = Err(FeatureProblem::EncodingInvalid { field: column.name.clone(), encoding: "UTF-8" });
            }
        }
    }
    Ok(SourceFeature { number, geometry, attributes })
}

fn read_geometry(raw: ValueRef, bytes: Option<i64>, layer: &Layer) -> Result<Option<Geometry<f64>>, FeatureProblem> {
    match (raw, bytes) {
        (ValueRef::Null, Some(bytes)) => {
            Err(FeatureProblem::GeometryTooLarge { bytes: usize::try_from(bytes).unwrap_or(usize::MAX) })
        }
        (ValueRef::Null, None) => Ok(None),
        (ValueRef::Blob(blob), _) => {
            let blob = gpkg_blob::split(blob)?;
            let declared = layer.geometry.as_ref().map_or(0, |(_, srs_id)| *srs_id);
            // Writers that do not know the system leave 0 or -1; another positive number is another place on Earth.
            match (u32::try_from(blob.srs_id), u32::try_from(declared)) {
                (Ok(feature), Ok(file)) if feature > 0 && file > 0 && feature != file => {
                    Err(FeatureProblem::CrsMismatch { feature, file: Some(file) })
                }
                _ => blob.geometry(),
            }
        }
        (ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Text(_), _) => {
            Err(FeatureProblem::malformed("the geometry is no blob"))
        }
    }
}
