//! Scalars that travel as text: decimals, local dates, instants.
//!
//! They hold the text as sent. What it means is read where the field is known, so that an error can name it.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use jiff::civil::Date;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_domain::quantity::{Area, DecimalRefused, Fen, FenPerSquareMetre, Instant, Ratio, parse_scaled};

/// A decimal number as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal(pub String);

/// A date of the district's calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalDate(pub String);

/// An instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timestamp(pub String);

/// An exact decimal number as text, such as `"12.5"`; a whole number may be given as an integer (十进制数).
#[Scalar(name = "Decimal")]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Ok(Self(text)),
            Value::Number(number) if number.is_i64() => Ok(Self(number.to_string())),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(_)) || matches!(value, Value::Number(number) if number.is_i64())
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// A calendar date `YYYY-MM-DD` in the district's time zone (日期).
#[Scalar(name = "Date")]
impl ScalarType for LocalDate {
    fn parse(value: Value) -> InputValueResult<Self> {
        text_of(value).map(Self).map_err(InputValueError::propagate)
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(_))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// An instant of RFC 3339 with an offset, such as `"2026-05-01T00:00:00+08:00"` (时刻).
#[Scalar(name = "DateTime")]
impl ScalarType for Timestamp {
    fn parse(value: Value) -> InputValueResult<Self> {
        text_of(value).map(Self).map_err(InputValueError::propagate)
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(_))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

fn text_of(value: Value) -> InputValueResult<String> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(InputValueError::expected_type(other)),
    }
}

impl Decimal {
    /// Square metres with at most four decimals.
    pub fn square_metres(&self, field: &str) -> Result<Area, Refused> {
        Area::parse_square_metres(&self.0).map_err(|why| number(field, &why))
    }

    /// Yuan per square metre with at most two decimals.
    pub fn yuan_per_square_metre(&self, field: &str) -> Result<FenPerSquareMetre, Refused> {
        FenPerSquareMetre::parse_yuan(&self.0).map_err(|why| number(field, &why))
    }

    /// Yuan with at most two decimals.
    pub fn yuan(&self, field: &str) -> Result<Fen, Refused> {
        Fen::parse_yuan(&self.0).map_err(|why| number(field, &why))
    }

    /// A ratio or a length with at most four decimals.
    pub fn ratio(&self, field: &str) -> Result<Ratio, Refused> {
        Ratio::parse(&self.0).map_err(|why| number(field, &why))
    }

    /// An integer count of 10^-scale units.
    pub fn scaled(&self, scale: u32, field: &str) -> Result<i64, Refused> {
        parse_scaled(&self.0, scale).map_err(|why| number(field, &why))
    }
}

/// The refusal of a number.
pub(crate) fn number(field: &str, why: &DecimalRefused) -> Refused {
    Refused::new(ErrorCode::NumberInvalid).at(field).told("problem", why)
}

impl LocalDate {
    /// The date.
    pub fn date(&self, field: &str) -> Result<Date, Refused> {
        let refused = || Refused::new(ErrorCode::DateInvalid).at(field).told("expected", "YYYY-MM-DD");
        // The parser would take a whole timestamp and drop the time.
        if self.0.len() != "YYYY-MM-DD".len() {
            return Err(refused());
        }
        self.0.parse().map_err(|_| refused())
    }
}

impl From<Date> for LocalDate {
    fn from(date: Date) -> Self {
        Self(date.to_string())
    }
}

impl Timestamp {
    /// The instant.
    pub fn instant(&self, field: &str) -> Result<Instant, Refused> {
        Instant::parse(&self.0).map_err(|why| Refused::new(ErrorCode::TimeInvalid).at(field).told("problem", why))
    }

    /// The instant as text; none for the open ends of time.
    pub fn bounded(instant: Instant) -> Option<Self> {
        (instant != Instant::MIN && instant != Instant::MAX).then(|| instant.into())
    }
}

impl From<Instant> for Timestamp {
    fn from(instant: Instant) -> Self {
        Self(instant.to_string())
    }
}
