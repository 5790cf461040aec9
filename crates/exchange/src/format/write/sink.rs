//! The common face of writing: checked values in, one finished file out.
//!
//! Values are checked against the declared kinds here, once, so that the formats write what they are given.

use std::fs::File;

use geo_types::MultiPolygon;

use super::csv_sink::CsvSink;
use super::geojson_sink::GeoJsonSink;
use super::gpkg_sink::GeoPackageSink;
use super::target::Draft;
use super::xlsx_sink::XlsxSink;
use super::{FieldKind, FieldSpec, SinkError, SinkOptions, SinkTarget};
use crate::format::{AttributeValue, FileFormat};

/// A file being written. Dropped before `finish`, it leaves nothing behind.
#[derive(Debug)]
pub struct Sink {
    fields: Vec<FieldSpec>,
    features: u64,
    body: SinkBody,
}

/// What was written.
#[derive(Debug)]
pub struct Written {
    /// The number of features.
    pub features: u64,
    /// The file from its start, where the target has no name.
    pub file: Option<File>,
}

#[derive(Debug)]
enum SinkBody {
    GeoJson(GeoJsonSink),
    GeoPackage(GeoPackageSink),
    Csv(CsvSink),
    Xlsx(Box<XlsxSink>),
}

impl Sink {
    /// Begins a file of `format`; Shapefile and WKT are read only.
    pub fn create(target: SinkTarget, format: FileFormat, options: &SinkOptions) -> Result<Self, SinkError> {
        check_names(&options.fields)?;
        let body = match format {
            FileFormat::GeoJson => SinkBody::GeoJson(GeoJsonSink::create(Draft::create(target)?, options)?),
            FileFormat::GeoPackage => SinkBody::GeoPackage(GeoPackageSink::create(Draft::create(target)?, options)?),
            FileFormat::Csv => SinkBody::Csv(CsvSink::create(Draft::create(target)?, options)?),
            FileFormat::Xlsx => SinkBody::Xlsx(Box::new(XlsxSink::create(Draft::create(target)?, options)?)),
            FileFormat::Shapefile | FileFormat::Wkt => {
                return Err(SinkError::FormatNotWritable { format: format.name() });
            }
        };
        Ok(Self { fields: options.fields.clone(), features: 0, body })
    }

    /// Writes one feature: a value for each field (`None` and `Null` alike are none) and its geometry.
    pub fn write(
        &mut self,
        values: &[Option<AttributeValue>],
        geometry: Option<&MultiPolygon<f64>>,
    ) -> Result<(), SinkError> {
        if values.len() != self.fields.len() {
            return Err(SinkError::FieldCount { expected: self.fields.len(), found: values.len() });
        }
        let checked = self.fields.iter().zip(values).map(|(field, value)| checked(field, value.as_ref()));
        let values = checked.collect::<Result<Vec<_>, _>>()?;
        match &mut self.body {
            SinkBody::GeoJson(sink) => sink.write(&self.fields, &values, geometry)?,
            SinkBody::GeoPackage(sink) => sink.write(&self.fields, &values, geometry)?,
            SinkBody::Csv(sink) => sink.write(&values, geometry)?,
            SinkBody::Xlsx(sink) => sink.write(&self.fields, &values, geometry)?,
        }
        self.features += 1;
        Ok(())
    }

    /// Completes the file and puts it in its place.
    pub fn finish(self) -> Result<Written, SinkError> {
        let draft = match self.body {
            SinkBody::GeoJson(sink) => sink.finish()?,
            SinkBody::GeoPackage(sink) => sink.finish()?,
            SinkBody::Csv(sink) => sink.finish()?,
            SinkBody::Xlsx(sink) => sink.finish()?,
        };
        Ok(Written { features: self.features, file: draft.finish()? })
    }
}

fn check_names(fields: &[FieldSpec]) -> Result<(), SinkError> {
    let mut seen = std::collections::BTreeSet::new();
    for FieldSpec { name, kind: _ } in fields {
        if name.is_empty() {
            return Err(SinkError::NameInvalid { name: String::new(), reason: "it is empty" });
        }
        // Column names are compared without case in a GeoPackage.
        if !seen.insert(name.to_lowercase()) {
            return Err(SinkError::NameInvalid { name: name.clone(), reason: "another field has it" });
        }
    }
    Ok(())
}

/// The value if it is of the field's kind; a text field takes anything as text.
fn checked<'a>(field: &FieldSpec, value: Option<&'a AttributeValue>) -> Result<Option<&'a AttributeValue>, SinkError> {
    use AttributeValue::{Boolean, Date, Decimal, Integer, Null};
    match (field.kind, value) {
        (_, None | Some(Null)) => Ok(None),
        (FieldKind::Text, Some(value))
        | (FieldKind::Integer | FieldKind::Decimal, Some(value @ Integer(_)))
        | (FieldKind::Decimal, Some(value @ Decimal(_)))
        | (FieldKind::Boolean, Some(value @ Boolean(_)))
        | (FieldKind::Date, Some(value @ Date(_))) => Ok(Some(value)),
        (FieldKind::Integer | FieldKind::Decimal | FieldKind::Boolean | FieldKind::Date, Some(value)) => {
            Err(SinkError::ValueKind {
                field: field.name.clone(),
                value: value.as_text().unwrap_or_default().into_owned(),
            })
        }
    }
}
