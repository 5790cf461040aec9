//! Attribute values as files hold them.
//!
//! Numbers keep the text of the file: an amount that passed through a float would no longer be the one that was delivered.

use std::borrow::Cow;

use super::number::is_decimal;

/// One attribute of a feature.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum AttributeValue {
    /// The file says there is no value.
    Null,
    /// Text; nested JSON and unknown field types arrive as their text too.
    Text(String),
    /// A whole number within 64 bits.
    Integer(i64),
    /// Any other number, as its exact decimal text.
    Decimal(String),
    /// A truth value.
    Boolean(bool),
    /// A date or a date with time, as ISO 8601 text.
    Date(String),
}

impl AttributeValue {
    /// The value as text, `None` for `Null`; truth values are `true` and `false`.
    pub fn as_text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Null => None,
            Self::Text(text) | Self::Decimal(text) | Self::Date(text) => Some(Cow::Borrowed(text)),
            Self::Integer(value) => Some(Cow::Owned(value.to_string())),
            Self::Boolean(true) => Some(Cow::Borrowed("true")),
            Self::Boolean(false) => Some(Cow::Borrowed("false")),
        }
    }

    /// The number that `text` writes: whole if it is written as one, text if it is no number at all.
    pub(crate) fn from_number_text(text: &str) -> Self {
        match text.parse::<i64>() {
            // "007" stays decimal text: as a whole number it would lose its zeros.
            Ok(value) if value.to_string() == text => Self::Integer(value),
            _ if is_decimal(text) => Self::Decimal(text.to_owned()),
            _ => Self::Text(text.to_owned()),
        }
    }

    /// The shortest decimal that reads back as the same double; text where it is not finite.
    pub(crate) fn from_double(value: f64) -> Self {
        if value.is_finite() { Self::Decimal(value.to_string()) } else { Self::Text(value.to_string()) }
    }
}
