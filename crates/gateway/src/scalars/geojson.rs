//! `GeoJSON` as a scalar: an object or its text comes in, an object goes out unparsed.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value, to_value};
use serde_json::value::RawValue;
use yulin_domain::geometry::Region;
use yulin_domain::journal::Refused;

/// `GeoJSON` text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeoJson(pub String);

/// A GeoJSON geometry (RFC 7946: longitude, latitude), given as an object or as JSON text (几何图形).
#[Scalar(name = "GeoJSON", specified_by_url = "https://www.rfc-editor.org/rfc/rfc7946")]
impl ScalarType for GeoJson {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Ok(Self(text)),
            Value::Object(_) => match value.into_json() {
                Ok(json) => Ok(Self(json.to_string())),
                Err(why) => Err(InputValueError::custom(why)),
            },
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(_) | Value::Object(_))
    }

    // The text is written into the reply as it stands: a page of outlines is not parsed to be printed again.
    fn to_value(&self) -> Value {
        RawValue::from_string(self.0.clone()).ok().and_then(|raw| to_value(raw).ok()).unwrap_or(Value::Null)
    }
}

impl GeoJson {
    /// The region it describes, valid and prepared for many tests.
    pub fn region(&self, field: &str) -> Result<Region, Refused> {
        Region::from_geojson(&self.0).map_err(|why| why.refused(field))
    }
}
