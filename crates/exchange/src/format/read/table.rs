//! Tables, delimited text or a sheet: rows to features, with the geometry in a column of well-known text if there is one.
//!
//! The two kinds of file differ only in how rows are had; what a column means is the same.

use std::collections::BTreeMap;

use super::Body;
use super::body::{count_of, item_at, unique_names};
use super::quoting::is_closed;
use super::sheet;
use super::wkt_file::decode_in;
use crate::format::encoding::decode_file;
use crate::format::limits::{PROBE_ROWS, SHEET_COLUMNS_MAX};
use crate::format::source::Head;
use crate::format::wkt::{split_srid, starts_like_wkt};
use crate::format::{AttributeValue, DetectedCrs, FeatureProblem, FileFormat, OpenOptions, OpenRefused, SourceFeature};

/// A row: as many values as it has, or why it cannot be read.
#[derive(Debug)]
struct TableRow {
    values: Vec<AttributeValue>,
    problem: Option<FeatureProblem>,
}

/// The column that holds geometry, and the reference system its texts say.
#[derive(Debug, Clone, Copy)]
struct ShapeColumn {
    index: usize,
    srid: Option<u32>,
}

/// The features still to be read.
#[derive(Debug)]
pub(in crate::format) struct TableBody {
    columns: Vec<String>,
    shape: Option<ShapeColumn>,
    rows: Vec<TableRow>,
    /// Features already read.
    pub(super) done: u64,
}

/// Opens delimited text; the delimiter is the one the header has most of: comma, semicolon or tab.
pub(in crate::format) fn open_csv(bytes: Vec<u8>, options: &OpenOptions) -> Result<(Head, Body), OpenRefused> {
    let (text, encoding) = decode_file(bytes, options.encoding)?;
    if let Some(layer) = &options.layer {
        return Err(OpenRefused::LayerUnknown { layer: layer.clone(), layers: Vec::new() });
    }
    let delimiter = delimiter(&text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let header: Vec<String> = reader
        .headers()
        .map_err(|error| OpenRefused::malformed("CSV", error))?
        .iter()
        .map(|name| name.trim().to_owned())
        .collect();
    let (mut rows, mut starts) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record.map_err(|error| OpenRefused::malformed("CSV", error))?;
        let problem = (record.len() != header.len())
            .then(|| FeatureProblem::corrupt(format!("it has {} fields, the header {}", record.len(), header.len())));
        let cell = |text: &str| {
            if text.is_empty() { AttributeValue::Null } else { AttributeValue::Text(text.to_owned()) }
        };
        rows.push(TableRow { values: record.iter().map(cell).collect(), problem });
        starts.push(start_of(&record));
    }
    let of_header = text.as_bytes().get(..starts.first().copied().unwrap_or(text.len())).unwrap_or_default();
    if !is_closed(of_header, delimiter) {
        return Err(OpenRefused::malformed("CSV", "a quotation mark in the header is not closed"));
    }
    mark_open_quotes(&mut rows, &starts, (text.as_bytes(), delimiter));
    let (mut head, body) = assemble(FileFormat::Csv, header, rows)?;
    head.encoding = Some(encoding);
    Ok((head, body))
}

fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or("");
    let mut quoted = false;
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    for byte in header.bytes() {
        quoted ^= byte == b'"';
        for (delimiter, count) in &mut counts {
            *count += usize::from(!quoted && byte == *delimiter);
        }
    }
    // The first of the greatest: a comma where there is nothing to go by.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| *delimiter)
}

/// Where in the text a row begins.
fn start_of(record: &csv::StringRecord) -> usize {
    record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX))
}

/// A quotation mark that is not closed swallows what is behind it; the row that did is not to pass for a whole one.
fn mark_open_quotes(rows: &mut [TableRow], starts: &[usize], (text, delimiter): (&[u8], u8)) {
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    for ((row, start), end) in rows.iter_mut().zip(starts).zip(ends) {
        if !is_closed(text.get(*start..end).unwrap_or_default(), delimiter) {
            let why = "a quotation mark is not closed where its cell ends: what is behind it may be part of this row";
            row.problem = Some(FeatureProblem::corrupt(why));
        }
    }
}

/// Opens a workbook's sheet; its first filled row is the header.
pub(in crate::format) fn open_xlsx(bytes: Vec<u8>, options: &OpenOptions) -> Result<(Head, Body), OpenRefused> {
    let sheet = sheet::read(bytes, options.layer.as_deref())?;
    let mut rows = sheet.rows.into_iter();
    let header = rows.next().ok_or(OpenRefused::HeaderMissing)?;
    let mut header: Vec<String> =
        header.iter().map(|name| name.as_text().map_or_else(String::new, |name| name.trim().to_owned())).collect();
    let rows: Vec<TableRow> = rows.map(|values| TableRow { values, problem: None }).collect();
    let widest = rows.iter().map(|row| row.values.len()).max().unwrap_or(0);
    header.resize(header.len().max(widest), String::new());
    let (mut head, body) = assemble(FileFormat::Xlsx, header, rows)?;
    head.layers = sheet.names;
    head.layer = Some(sheet.name);
    Ok((head, body))
}

fn assemble(format: FileFormat, header: Vec<String>, rows: Vec<TableRow>) -> Result<(Head, Body), OpenRefused> {
    if header.iter().all(String::is_empty) {
        return Err(OpenRefused::HeaderMissing);
    }
    if header.len() > SHEET_COLUMNS_MAX {
        return Err(OpenRefused::LimitExceeded { what: "columns", found: header.len(), max: SHEET_COLUMNS_MAX });
    }
    let columns = unique_names(header);
    let shape = shape_column(&columns, &rows);
    let srid = shape.and_then(|shape| shape.srid);
    let fields = columns.iter().enumerate().filter(|(index, _)| shape.is_none_or(|shape| shape.index != *index));
    let head = Head {
        format,
        layers: Vec::new(),
        layer: None,
        fields: fields.map(|(_, name)| name.clone()).collect(),
        crs: srid.map_or_else(|| DetectedCrs::unknown("none"), |epsg| DetectedCrs::of_epsg(epsg, "SRID")),
        encoding: None,
        total: Some(count_of(rows.len())),
    };
    Ok((head, Body::Table(TableBody { columns, shape, rows, done: 0 })))
}

/// The first column in which some of the first rows read like well-known text, else one called `wkt`.
fn shape_column(columns: &[String], rows: &[TableRow]) -> Option<ShapeColumn> {
    let texts = |index: usize| {
        rows.iter().take(PROBE_ROWS).filter_map(move |row| match row.values.get(index) {
            Some(AttributeValue::Text(text)) if starts_like_wkt(text) && text.contains('(') => Some(text.as_str()),
            _ => None,
        })
    };
    let by_content = (0..columns.len()).find(|index| texts(*index).next().is_some());
    let by_name = || columns.iter().position(|name| name.eq_ignore_ascii_case("wkt"));
    let index = by_content.or_else(by_name)?;
    let srid = texts(index).find_map(|text| split_srid(text.trim_start()).0);
    Some(ShapeColumn { index, srid })
}

impl TableBody {
    pub(super) fn next_feature(&mut self) -> Option<SourceFeature> {
        let row = item_at(&self.rows, self.done)?;
        self.done += 1;
        let geometry = match (&row.problem, self.shape) {
            (Some(problem), _) => Err(problem.clone()),
            (None, None) => Ok(None),
            (None, Some(shape)) => match row.values.get(shape.index) {
                None | Some(AttributeValue::Null) => Ok(None),
                Some(value) => decode_in(&value.as_text().unwrap_or_default(), shape.srid),
            },
        };
        let named =
            self.columns.iter().enumerate().filter(|(index, _)| self.shape.is_none_or(|shape| shape.index != *index));
        let attributes: BTreeMap<String, AttributeValue> = named
            .map(|(index, name)| (name.clone(), row.values.get(index).cloned().unwrap_or(AttributeValue::Null)))
            .collect();
        Some(SourceFeature { number: self.done, geometry, attributes })
    }
}
