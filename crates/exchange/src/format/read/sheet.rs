//! Sheets of a workbook: cells to rows of values.
//!
//! Cells are taken one by one and counted: a sheet that fills two far corners would otherwise be laid out as the rectangle
//! between them.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, Xlsx};
use jiff::civil::{Date, DateTime, Time, date};
use jiff::{SignedDuration, ToSpan};

use super::archive::Archive;
use super::body::choose_layer;
use crate::format::limits::{CELLS_MAX, SHEET_COLUMNS_MAX};
use crate::format::{AttributeValue, OpenRefused};

/// The rows of a sheet that have a value in them, and the names of all sheets with values.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) names: Vec<String>,
    pub(super) rows: Vec<Vec<AttributeValue>>,
}

type Book = Xlsx<Cursor<Vec<u8>>>;

/// The first day of the workbook's day count.
#[derive(Debug, Clone, Copy)]
struct Epoch(Date);

/// Reads the sheet that is named, else the only one that has values.
pub(super) fn read(bytes: Vec<u8>, named: Option<&str>) -> Result<Sheet, OpenRefused> {
    let mut archive = Archive::open(bytes, "XLSX")?;
    archive.weigh("XLSX")?;
    let epoch = epoch(&mut archive)?;
    let bytes = archive.into_bytes();
    // The workbook parser is not the project's own; a panic in it must not take the process along.
    catch_unwind(AssertUnwindSafe(|| read_book(bytes, named, epoch)))
        .unwrap_or_else(|_| Err(OpenRefused::malformed("XLSX", "the workbook is damaged")))
}

fn read_book(bytes: Vec<u8>, named: Option<&str>, epoch: Epoch) -> Result<Sheet, OpenRefused> {
    let mut book: Book = Xlsx::new(Cursor::new(bytes)).map_err(|error| OpenRefused::malformed("XLSX", error))?;
    let all = book.sheet_names();
    if let Some(name) = named {
        let index = choose_layer(&all, Some(name))?;
        let name = all.get(index).cloned().unwrap_or_default();
        let rows = rows(&mut book, &name, epoch)?;
        return Ok(Sheet { name, names: all, rows });
    }
    let mut filled = Vec::new();
    for name in &all {
        let rows = rows(&mut book, name, epoch)?;
        if !rows.is_empty() {
            filled.push((name.clone(), rows));
        }
    }
    let names: Vec<String> = filled.iter().map(|(name, _)| name.clone()).collect();
    let index = choose_layer(&names, None)?;
    let (name, rows) = filled.into_iter().nth(index).ok_or(OpenRefused::LayerMissing)?;
    Ok(Sheet { name, names, rows })
}

fn rows(book: &mut Book, name: &str, epoch: Epoch) -> Result<Vec<Vec<AttributeValue>>, OpenRefused> {
    let malformed = |error| OpenRefused::malformed("XLSX", error);
    let mut reader = match book.worksheet_cells_reader(name) {
        Ok(reader) => reader,
        // Chart sheets hold no cells.
        Err(calamine::XlsxError::NotAWorksheet(_)) => return Ok(Vec::new()),
        Err(error) => return Err(malformed(error)),
    };
    let mut rows: Vec<(u32, Vec<AttributeValue>)> = Vec::new();
    let mut cells = 0;
    while let Some(cell) = reader.next_cell().map_err(malformed)? {
        let (line, column) = cell.get_position();
        let value = value(cell.get_value(), epoch);
        if value == AttributeValue::Null {
            continue;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= SHEET_COLUMNS_MAX {
            return Err(OpenRefused::LimitExceeded {
                what: "columns",
                found: column.saturating_add(1),
                max: SHEET_COLUMNS_MAX,
            });
        }
        if rows.last().is_none_or(|(last, _)| *last != line) {
            rows.push((line, Vec::new()));
        }
        if let Some((_, row)) = rows.last_mut() {
            cells += place(row, column, value);
        }
        if cells > CELLS_MAX {
            return Err(OpenRefused::LimitExceeded { what: "cells", found: cells, max: CELLS_MAX });
        }
    }
    // Rows come in order in every workbook that an office program wrote; others are put in order.
    rows.sort_by_key(|(line, _)| *line);
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// Puts the value in its column; returns how many cells the row grew by, empty ones in front included.
fn place(row: &mut Vec<AttributeValue>, column: usize, value: AttributeValue) -> usize {
    let before = row.len();
    if row.len() <= column {
        row.resize(column + 1, AttributeValue::Null);
    }
    if let Some(cell) = row.get_mut(column) {
        *cell = value;
    }
    row.len() - before
}

fn value(raw: &DataRef, epoch: Epoch) -> AttributeValue {
    match raw {
        DataRef::Empty => AttributeValue::Null,
        DataRef::Int(value) => AttributeValue::Integer(*value),
        DataRef::Float(value) => AttributeValue::from_number_text(&value.to_string()),
        DataRef::String(text) => text_value(text),
        DataRef::SharedString(text) => text_value(text),
        DataRef::Bool(value) => AttributeValue::Boolean(*value),
        DataRef::DateTime(serial) => epoch.value(serial.as_f64()),
        DataRef::DateTimeIso(text) => AttributeValue::Date(text.clone()),
        DataRef::DurationIso(text) => AttributeValue::Text(text.clone()),
        DataRef::Error(error) => AttributeValue::Text(error.to_string()),
    }
}

fn text_value(text: &str) -> AttributeValue {
    if text.trim().is_empty() { AttributeValue::Null } else { AttributeValue::Text(text.to_owned()) }
}

/// Whether the workbook counts its days from 1900 or, as once on the Macintosh, from 1904.
fn epoch(archive: &mut Archive) -> Result<Epoch, OpenRefused> {
    let workbook = match archive.names.iter().position(|name| name.eq_ignore_ascii_case("xl/workbook.xml")) {
        Some(index) => archive.read(index, "XLSX")?,
        None => Vec::new(),
    };
    let text = String::from_utf8_lossy(&workbook);
    let from_1904 = ["date1904=\"1\"", "date1904=\"true\""].iter().any(|sign| text.contains(sign));
    // Day 60 of the 1900 count is a 29 February that never was; from March on, counting from 30 December 1899 is right.
    Ok(Epoch(if from_1904 { date(1904, 1, 1) } else { date(1899, 12, 30) }))
}

impl Epoch {
    /// The day, and the time where there is one, to the second; a number that is no day of a calendar stays a number.
    fn value(self, serial: f64) -> AttributeValue {
        self.moment(serial).unwrap_or_else(|| AttributeValue::from_number_text(&serial.to_string()))
    }

    fn moment(self, serial: f64) -> Option<AttributeValue> {
        if !(0.0..3_000_000.0).contains(&serial) {
            return None;
        }
        let whole: i64 = format!("{:.0}", serial.floor()).parse().ok()?;
        let seconds = SignedDuration::from_secs_f64(((serial - serial.floor()) * 86_400.0).round());
        let day = self.0.checked_add(whole.days()).ok()?;
        if seconds.is_zero() {
            return Some(AttributeValue::Date(day.to_string()));
        }
        let moment: DateTime = DateTime::from_parts(day, Time::midnight()).checked_add(seconds).ok()?;
        Some(AttributeValue::Date(moment.to_string()))
    }
}
