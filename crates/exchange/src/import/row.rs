//! One feature seen through the mapping: facts by name, read exactly or refused with column and value.

use std::str::FromStr;

use jiff::civil::Date;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_domain::quantity::{Area, Fen, FenPerSquareMetre, Ratio};

use super::mapping::{Mapping, Taken};
use crate::format::SourceFeature;

/// How much of a value that was refused is repeated, in characters.
const FOUND_MAX: usize = 60;

/// A feature and the columns its facts stand in.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    pub mapping: &'a Mapping,
    pub feature: &'a SourceFeature,
}

impl Row<'_> {
    /// The text of a fact, without spaces around it; none where the file gives none.
    pub fn text(&self, key: &str) -> Option<String> {
        let text = match self.mapping.taken(key)? {
            Taken::Constant(text) => text.replace("{number}", &self.feature.number.to_string()),
            Taken::Column(column) => self.feature.attributes.get(column)?.as_text()?.into_owned(),
        };
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The text of a fact that every row must give.
    pub fn required(&self, key: &str) -> Result<String, Refused> {
        self.text(key).ok_or_else(|| Refused::new(ErrorCode::FieldRequired).at(key))
    }

    /// Whether any of the facts is given.
    pub(super) fn any(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.text(key).is_some())
    }

    /// Reads a fact; what cannot be read is refused under `code` with the value and why.
    pub(super) fn read<T, E: std::fmt::Display>(
        &self,
        key: &str,
        code: ErrorCode,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, Refused> {
        let Some(text) = self.text(key) else { return Ok(None) };
        parse(&text).map(Some).map_err(|why| refused_value(code, key, &text).told("why", why))
    }

    /// A member of a code list.
    pub(super) fn listed<T: FromStr<Err: std::fmt::Display>>(&self, key: &str) -> Result<Option<T>, Refused> {
        self.read(key, ErrorCode::ValueNotInList, str::parse)
    }

    /// Several members of a code list, divided by `;`, `|` or `,`.
    pub(super) fn listed_all<T, C>(&self, key: &str) -> Result<Option<C>, Refused>
    where
        T: FromStr<Err: std::fmt::Display>,
        C: FromIterator<T>,
    {
        self.read(key, ErrorCode::ValueNotInList, |text| {
            text.split([';', '|', ',']).map(str::trim).filter(|part| !part.is_empty()).map(str::parse).collect()
        })
    }

    /// Square metres.
    pub(super) fn area(&self, key: &str) -> Result<Option<Area>, Refused> {
        self.read(key, ErrorCode::NumberInvalid, Area::parse_square_metres)
    }

    /// Yuan.
    pub(super) fn yuan(&self, key: &str) -> Result<Option<Fen>, Refused> {
        self.read(key, ErrorCode::NumberInvalid, Fen::parse_yuan)
    }

    /// Yuan per square metre.
    pub(super) fn unit_price(&self, key: &str) -> Result<Option<FenPerSquareMetre>, Refused> {
        self.read(key, ErrorCode::NumberInvalid, FenPerSquareMetre::parse_yuan)
    }

    /// A ratio, or metres.
    pub(super) fn ratio(&self, key: &str) -> Result<Option<Ratio>, Refused> {
        self.read(key, ErrorCode::NumberInvalid, Ratio::parse)
    }

    /// A whole number that is not negative.
    pub(super) fn count(&self, key: &str) -> Result<Option<u32>, Refused> {
        self.read(key, ErrorCode::NumberInvalid, str::parse)
    }

    /// A local date in ISO 8601; a time of day behind it is left out.
    pub(super) fn date(&self, key: &str) -> Result<Option<Date>, Refused> {
        self.read(key, ErrorCode::DateInvalid, |text| {
            let day = text.split(['T', ' ']).next().unwrap_or(text);
            day.parse::<Date>()
        })
    }
}

/// A value that was refused, cut so that a report line stays short whatever the file holds.
pub(super) fn refused_value(code: ErrorCode, key: &str, text: &str) -> Refused {
    Refused::new(code).at(key).with("value", text.chars().take(FOUND_MAX).collect::<String>())
}
