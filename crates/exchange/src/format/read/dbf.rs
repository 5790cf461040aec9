//! The `.dbf` part of a Shapefile: attributes in rows of fixed width.
//!
//! Own, because amounts must keep the text they were delivered with, and a row that is cut off must stay countable.

use std::collections::BTreeMap;

use super::body::unique_names;
use crate::format::{AttributeValue, Encoding, FeatureProblem, OpenRefused};

const FILE_HEADER: usize = 32;
const FIELD_ENTRY: usize = 32;

/// A table held in memory.
#[derive(Debug)]
pub(super) struct Dbf {
    bytes: Vec<u8>,
    fields: Vec<Field>,
    data_start: usize,
    row_bytes: usize,
    /// Rows that are wholly there.
    pub(super) rows: usize,
    /// The language driver byte of the header.
    pub(super) language: u8,
    pub(super) encoding: Encoding,
}

#[derive(Debug)]
struct Field {
    name: String,
    kind: u8,
    start: usize,
    length: usize,
}

/// A row: its values, and whether it is marked as deleted or has text that does not fit the encoding.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) attributes: BTreeMap<String, AttributeValue>,
    pub(super) problem: Option<FeatureProblem>,
}

impl Dbf {
    /// Reads the header; the encoding is settled afterwards by `settle`.
    pub(super) fn open(bytes: Vec<u8>) -> Result<Self, OpenRefused> {
        let short = |value: Option<[u8; 2]>| value.map(|array| usize::from(u16::from_le_bytes(array)));
        let two = |at: usize| bytes.get(at..at + 2).and_then(|slice| <[u8; 2]>::try_from(slice).ok());
        let four = bytes.get(4..8).and_then(|slice| <[u8; 4]>::try_from(slice).ok());
        let (Some(declared), Some(data_start), Some(row_bytes), Some(language)) =
            (four.map(u32::from_le_bytes), short(two(8)), short(two(10)), bytes.get(29).copied())
        else {
            return Err(OpenRefused::malformed("dBase table", "the header ends too early"));
        };
        if row_bytes == 0 || data_start < FILE_HEADER {
            return Err(OpenRefused::malformed(
                "dBase table",
                format!("rows of {row_bytes} bytes after a header of {data_start}"),
            ));
        }
        let there = bytes.len().saturating_sub(data_start) / row_bytes;
        let rows = there.min(usize::try_from(declared).unwrap_or(usize::MAX));
        Ok(Self { bytes, fields: Vec::new(), data_start, row_bytes, rows, language, encoding: Encoding::Latin1 })
    }

    /// Reads the field list in `encoding`, which all text is then read in.
    pub(super) fn settle(&mut self, encoding: Encoding) -> Result<(), OpenRefused> {
        self.encoding = encoding;
        let header = self.bytes.get(FILE_HEADER..self.data_start.min(self.bytes.len())).unwrap_or(&[]);
        let entries = header.chunks_exact(FIELD_ENTRY).take_while(|entry| entry.first() != Some(&0x0d));
        let mut names = Vec::new();
        let mut shapes = Vec::new();
        let mut start = 1;
        for entry in entries {
            let (Some(name), Some(kind), Some(length), Some(decimals)) =
                (entry.get(..11), entry.get(11), entry.get(16), entry.get(17))
            else {
                break;
            };
            let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
            let name = name.get(..end).unwrap_or(name);
            // A name cut in the middle of a character by its 10 bytes is still a name.
            names.push(
                encoding.decode(name).unwrap_or_else(|| String::from_utf8_lossy(name).into_owned()).trim().to_owned(),
            );
            // Character fields longer than 255 keep their high byte where others keep the decimals.
            let length = usize::from(*length) + if *kind == b'C' { usize::from(*decimals) << 8 } else { 0 };
            shapes.push((*kind, start, length));
            start += length;
        }
        if start > self.row_bytes {
            return Err(OpenRefused::malformed(
                "dBase table",
                format!("the fields take {start} bytes, a row has {}", self.row_bytes),
            ));
        }
        let named = unique_names(names).into_iter().zip(shapes);
        self.fields = named.map(|(name, (kind, start, length))| Field { name, kind, start, length }).collect();
        Ok(())
    }

    pub(super) fn field_names(&self) -> Vec<String> {
        self.fields.iter().map(|field| field.name.clone()).collect()
    }

    /// All bytes that may be text, to guess the encoding from.
    pub(super) fn text_sample(&self, most: usize) -> &[u8] {
        let end = self.data_start.saturating_add(self.rows.saturating_mul(self.row_bytes)).min(self.bytes.len());
        let rows = self.bytes.get(self.data_start..end).unwrap_or(&[]);
        rows.get(..most.min(rows.len())).unwrap_or(rows)
    }

    /// The row at `index` from 0; a row that is not there has a problem.
    pub(super) fn row(&self, index: usize) -> Row {
        let start = index.checked_mul(self.row_bytes).and_then(|offset| offset.checked_add(self.data_start));
        let bytes = start.filter(|_| index < self.rows).and_then(|start| self.bytes.get(start..start + self.row_bytes));
        let Some(bytes) = bytes else {
            let problem = FeatureProblem::corrupt(format!("the table has {} rows", self.rows));
            return Row { attributes: BTreeMap::new(), problem: Some(problem) };
        };
        let mut row = Row {
            attributes: BTreeMap::new(),
            problem: (bytes.first() == Some(&b'*')).then_some(FeatureProblem::RecordDeleted),
        };
        for field in &self.fields {
            let raw = bytes.get(field.start..field.start + field.length).unwrap_or(&[]);
            match value(field.kind, raw, self.encoding) {
                Some(value) => {
                    row.attributes.insert(field.name.clone(), value);
                }
                None => {
                    row.problem = Some(FeatureProblem::EncodingInvalid {
                        field: field.name.clone(),
                        encoding: self.encoding.name(),
                    });
                }
            }
        }
        row
    }
}

/// The value of a field; `None` where text does not fit the encoding.
fn value(kind: u8, raw: &[u8], encoding: Encoding) -> Option<AttributeValue> {
    match kind {
        b'I' | b'+' if raw.len() == 4 => {
            return raw.as_array().map(|raw| AttributeValue::Integer(i32::from_le_bytes(*raw).into()));
        }
        b'B' | b'O' if raw.len() == 8 => {
            return raw.as_array().map(|raw| AttributeValue::from_double(f64::from_le_bytes(*raw)));
        }
        _ => {}
    }
    let filled = raw.iter().position(|byte| *byte == 0).and_then(|end| raw.get(..end)).unwrap_or(raw);
    let text = encoding.decode(filled)?;
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Some(AttributeValue::Null);
    }
    Some(match kind {
        b'N' | b'F' => AttributeValue::from_number_text(trimmed),
        b'L' => logical(trimmed),
        b'D' => date(trimmed),
        b'C' => AttributeValue::Text(text.trim_end().to_owned()),
        _ => AttributeValue::Text(trimmed.to_owned()),
    })
}

fn logical(text: &str) -> AttributeValue {
    match text {
        "T" | "t" | "Y" | "y" | "1" => AttributeValue::Boolean(true),
        "F" | "f" | "N" | "n" | "0" => AttributeValue::Boolean(false),
        "?" => AttributeValue::Null,
        other => AttributeValue::Text(other.to_owned()),
    }
}

/// `YYYYMMDD` as ISO text; eight zeros are how some writers leave it empty.
fn date(text: &str) -> AttributeValue {
    if text == "00000000" {
        return AttributeValue::Null;
    }
    match (text.get(..4), text.get(4..6), text.get(6..8)) {
        (Some(year), Some(month), Some(day)) if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            AttributeValue::Date(format!("{year}-{month}-{day}"))
        }
        _ => AttributeValue::Text(text.to_owned()),
    }
}
