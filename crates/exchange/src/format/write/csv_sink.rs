//! CSV: UTF-8, commas, a header, the geometry in a last column of well-known text.

use std::io::{BufWriter, Write};

use geo_types::MultiPolygon;

use super::target::Draft;
use super::{CsvStart, GeometryColumn, SinkError, SinkOptions};
use crate::format::AttributeValue;
use crate::format::number::OrdinateText;
use crate::format::wkt;

/// A table being written.
pub(super) struct CsvSink {
    draft: Draft,
    out: csv::Writer<BufWriter<std::fs::File>>,
    ordinates: OrdinateText,
    geometry: GeometryColumn,
}

impl std::fmt::Debug for CsvSink {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("CsvSink").field("draft", &self.draft).finish_non_exhaustive()
    }
}

impl CsvSink {
    pub(super) fn create(draft: Draft, options: &SinkOptions) -> Result<Self, SinkError> {
        let mut file = BufWriter::new(draft.file.reopen().map_err(SinkError::unwritable)?);
        if options.csv_start == CsvStart::ByteOrderMark {
            file.write_all(&[0xef, 0xbb, 0xbf]).map_err(SinkError::unwritable)?;
        }
        let mut header: Vec<&str> = options.fields.iter().map(|field| field.name.as_str()).collect();
        if options.geometry_column == GeometryColumn::Wkt {
            if header.iter().any(|name| name.eq_ignore_ascii_case("wkt")) {
                return Err(SinkError::NameInvalid { name: "wkt".to_owned(), reason: "the geometry has it" });
            }
            header.push("wkt");
        }
        let mut out = csv::Writer::from_writer(file);
        out.write_record(header).map_err(SinkError::unwritable)?;
        Ok(Self { draft, out, ordinates: options.ordinates(), geometry: options.geometry_column })
    }

    pub(super) fn write(
        &mut self,
        values: &[Option<&AttributeValue>],
        geometry: Option<&MultiPolygon<f64>>,
    ) -> Result<(), SinkError> {
        let mut cells: Vec<_> =
            values.iter().map(|value| value.and_then(AttributeValue::as_text).unwrap_or_default()).collect();
        if self.geometry == GeometryColumn::Wkt {
            cells.push(geometry.map_or_else(String::new, |shape| wkt::encode(shape, self.ordinates)).into());
        }
        self.out.write_record(cells.iter().map(|cell| cell.as_bytes())).map_err(SinkError::unwritable)
    }

    pub(super) fn finish(mut self) -> Result<Draft, SinkError> {
        self.out.flush().map_err(SinkError::unwritable)?;
        Ok(self.draft)
    }
}
