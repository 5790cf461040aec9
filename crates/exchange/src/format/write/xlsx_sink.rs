//! XLSX: one sheet with a header row.
//!
//! A cell number is a double: what a double does not keep is written as text, since an amount that Excel rounds is another
//! amount. Dates are ISO text. The workbook is built in memory; the format itself ends at 1,048,576 rows.

use std::io::Write;

use geo_types::MultiPolygon;
use rust_xlsxwriter::{Workbook, Worksheet};

use super::target::Draft;
use super::{FieldSpec, GeometryColumn, SinkError, SinkOptions};
use crate::format::AttributeValue;
use crate::format::number::{OrdinateText, fits_double};
use crate::format::wkt;

const ROWS_MAX: u32 = 1_048_576;
const COLUMNS_MAX: usize = 16_384;
const TEXT_MAX: usize = 32_767;

/// A workbook being written.
pub(super) struct XlsxSink {
    draft: Draft,
    sheet: Worksheet,
    next_row: u32,
    ordinates: OrdinateText,
    geometry: GeometryColumn,
}

impl std::fmt::Debug for XlsxSink {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("XlsxSink")
            .field("draft", &self.draft)
            .field("next_row", &self.next_row)
            .finish_non_exhaustive()
    }
}

impl XlsxSink {
    pub(super) fn create(draft: Draft, options: &SinkOptions) -> Result<Self, SinkError> {
        let mut sheet = Worksheet::new();
        let name = if options.layer.is_empty() { "Sheet1" } else { &options.layer };
        let refused = |_| SinkError::NameInvalid {
            name: name.to_owned(),
            reason: "a sheet's name has at most 31 characters and none of []:*?/\\",
        };
        sheet.set_name(name).map_err(refused)?;
        let mut sink =
            Self { draft, sheet, next_row: 1, ordinates: options.ordinates(), geometry: options.geometry_column };
        if options.fields.len() >= COLUMNS_MAX {
            return Err(SinkError::FieldCount { expected: COLUMNS_MAX - 1, found: options.fields.len() });
        }
        let wkt = (options.geometry_column == GeometryColumn::Wkt).then_some("wkt");
        let names = options.fields.iter().map(|field| field.name.as_str()).chain(wkt);
        for (column, name) in names.enumerate() {
            sink.push_text(0, column, name, name)?;
        }
        Ok(sink)
    }

    pub(super) fn write(
        &mut self,
        fields: &[FieldSpec],
        values: &[Option<&AttributeValue>],
        geometry: Option<&MultiPolygon<f64>>,
    ) -> Result<(), SinkError> {
        let row = self.next_row;
        if row >= ROWS_MAX {
            return Err(SinkError::TooManyFeatures { max: ROWS_MAX - 1 });
        }
        for (column, (field, value)) in fields.iter().zip(values).enumerate() {
            if let Some(value) = value {
                self.push(row, column, &field.name, value)?;
            }
        }
        if let (GeometryColumn::Wkt, Some(shape)) = (self.geometry, geometry) {
            let text = wkt::encode(shape, self.ordinates);
            self.push_text(row, fields.len(), "wkt", &text)?;
        }
        self.next_row += 1;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Draft, SinkError> {
        let mut workbook = Workbook::new();
        workbook.push_worksheet(self.sheet);
        let bytes = workbook.save_to_buffer().map_err(SinkError::unwritable)?;
        self.draft.file.write_all(&bytes).map_err(SinkError::unwritable)?;
        Ok(self.draft)
    }

    fn push(&mut self, row: u32, column: usize, field: &str, value: &AttributeValue) -> Result<(), SinkError> {
        let text = value.as_text().unwrap_or_default();
        let numeric = matches!(value, AttributeValue::Integer(_) | AttributeValue::Decimal(_)) && fits_double(&text);
        let number = numeric.then(|| text.parse::<f64>().ok()).flatten();
        match (value, number) {
            (AttributeValue::Boolean(truth), _) => {
                self.sheet.write_boolean(row, narrow(column), *truth).map(|_| ()).map_err(SinkError::unwritable)
            }
            (_, Some(number)) => {
                self.sheet.write_number(row, narrow(column), number).map(|_| ()).map_err(SinkError::unwritable)
            }
            (_, None) => self.push_text(row, column, field, &text),
        }
    }

    fn push_text(&mut self, row: u32, column: usize, field: &str, text: &str) -> Result<(), SinkError> {
        // The limit counts UTF-16 units.
        let found = text.encode_utf16().count();
        if found > TEXT_MAX {
            return Err(SinkError::TextTooLong { field: field.to_owned(), found, max: TEXT_MAX });
        }
        self.sheet.write_string(row, narrow(column), text).map(|_| ()).map_err(SinkError::unwritable)
    }
}

/// The column as the format counts it; the number of fields was checked at the start.
fn narrow(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}
