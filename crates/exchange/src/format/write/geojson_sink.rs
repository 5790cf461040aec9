//! GeoJSON: a feature collection, written as it comes.
//!
//! RFC 7946 knows WGS 84 longitude and latitude only; any other system is named by the `crs` member of the 2008 format, which
//! the common readers heed. Outer rings run counter-clockwise, as the RFC demands.

use std::io::{BufWriter, Write};

use geo_types::{LineString, MultiPolygon};

use super::target::Draft;
use super::{FieldKind, FieldSpec, SinkError, SinkOptions};
use crate::format::AttributeValue;
use crate::format::geometry::signed_area_doubled;
use crate::format::number::{OrdinateText, is_json_number};

/// A collection being written.
#[derive(Debug)]
pub(super) struct GeoJsonSink {
    draft: Draft,
    out: BufWriter<std::fs::File>,
    ordinates: OrdinateText,
    line: String,
    started: bool,
}

/// Which way a ring is to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    CounterClockwise,
    Clockwise,
}

impl GeoJsonSink {
    pub(super) fn create(draft: Draft, options: &SinkOptions) -> Result<Self, SinkError> {
        let mut out = BufWriter::new(draft.file.reopen().map_err(SinkError::unwritable)?);
        let mut head = String::from("{\"type\":\"FeatureCollection\"");
        if !options.layer.is_empty() {
            head.push_str(",\"name\":");
            head.push_str(&quoted(&options.layer)?);
        }
        if let Some(epsg) = options.crs_epsg.filter(|epsg| *epsg != 4326) {
            let name = quoted(&format!("urn:ogc:def:crs:EPSG::{epsg}"))?;
            head.push_str(",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":");
            head.push_str(&name);
            head.push_str("}}");
        }
        head.push_str(",\"features\":[\n");
        out.write_all(head.as_bytes()).map_err(SinkError::unwritable)?;
        Ok(Self { draft, out, ordinates: options.ordinates(), line: String::new(), started: false })
    }

    pub(super) fn write(
        &mut self,
        fields: &[FieldSpec],
        values: &[Option<&AttributeValue>],
        geometry: Option<&MultiPolygon<f64>>,
    ) -> Result<(), SinkError> {
        self.line.clear();
        self.line.push_str(if self.started { ",\n" } else { "" });
        self.line.push_str("{\"type\":\"Feature\",\"properties\":{");
        for (index, (field, value)) in fields.iter().zip(values).enumerate() {
            self.line.push_str(if index > 0 { "," } else { "" });
            self.line.push_str(&quoted(&field.name)?);
            self.line.push(':');
            self.line.push_str(&json(field.kind, *value)?);
        }
        self.line.push_str("},\"geometry\":");
        match geometry {
            Some(shape) => self.push_shape(shape),
            None => self.line.push_str("null"),
        }
        self.line.push('}');
        self.started = true;
        self.out.write_all(self.line.as_bytes()).map_err(SinkError::unwritable)
    }

    pub(super) fn finish(mut self) -> Result<Draft, SinkError> {
        self.out.write_all(b"\n]}\n").and_then(|()| self.out.flush()).map_err(SinkError::unwritable)?;
        Ok(self.draft)
    }

    fn push_shape(&mut self, shape: &MultiPolygon<f64>) {
        self.line.push_str("{\"type\":\"MultiPolygon\",\"coordinates\":[");
        for (index, part) in shape.iter().enumerate() {
            self.line.push_str(if index > 0 { ",[" } else { "[" });
            self.push_ring(part.exterior(), Turn::CounterClockwise);
            for hole in part.interiors() {
                self.line.push(',');
                self.push_ring(hole, Turn::Clockwise);
            }
            self.line.push(']');
        }
        self.line.push_str("]}");
    }

    fn push_ring(&mut self, ring: &LineString<f64>, turn: Turn) {
        let reversed = match turn {
            Turn::CounterClockwise => signed_area_doubled(ring) < 0.0,
            Turn::Clockwise => signed_area_doubled(ring) > 0.0,
        };
        self.line.push('[');
        let count = ring.0.len();
        for index in 0..count {
            let Some(coord) = ring.0.get(if reversed { count - 1 - index } else { index }) else {
                continue;
            };
            self.line.push_str(if index > 0 { ",[" } else { "[" });
            self.ordinates.write(coord.x, &mut self.line);
            self.line.push(',');
            self.ordinates.write(coord.y, &mut self.line);
            self.line.push(']');
        }
        self.line.push(']');
    }
}

fn quoted(text: &str) -> Result<String, SinkError> {
    serde_json::to_string(text).map_err(SinkError::unwritable)
}

fn json(kind: FieldKind, value: Option<&AttributeValue>) -> Result<String, SinkError> {
    let Some(text) = value.and_then(AttributeValue::as_text) else {
        return Ok("null".to_owned());
    };
    match kind {
        FieldKind::Integer | FieldKind::Boolean => Ok(text.into_owned()),
        // Digits that JSON would not take as a number (a leading zero, a sign) keep their form as text.
        FieldKind::Decimal if is_json_number(&text) => Ok(text.into_owned()),
        FieldKind::Text | FieldKind::Decimal | FieldKind::Date => quoted(&text),
    }
}
