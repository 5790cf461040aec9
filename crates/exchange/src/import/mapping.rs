//! Which column of a file gives which fact: `code=idu,registeredArea=supf,ownership=const:STATE,code=#`.
//!
//! Checked against the file before a feature is read: a misspelt column would otherwise be silently empty in every row.

use std::collections::BTreeMap;

use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;

/// Most facts that one mapping names.
pub const MAP_MAX: usize = 200;

/// Where a fact is taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Taken {
    /// A column of the file, by its exact name.
    Column(String),
    /// The same text in every row; `{number}` stands for the number of the feature.
    Constant(String),
}

/// The columns that facts are taken from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping(BTreeMap<&'static str, Taken>);

impl Mapping {
    /// Reads a mapping against the facts that may be given and the columns the file has; facts that it does not
    /// name are taken from the column of their own name, where there is one.
    pub fn parse(text: Option<&str>, keys: &'static [&'static str], fields: &[String]) -> Result<Self, Refused> {
        let mut mapping = BTreeMap::new();
        let items = text.unwrap_or_default().split(',').map(str::trim).filter(|item| !item.is_empty());
        for (place, item) in items.enumerate() {
            if place >= MAP_MAX {
                return Err(Refused::new(ErrorCode::ListTooLong).at("map").with("most", MAP_MAX));
            }
            let malformed = || Refused::new(ErrorCode::Validation).at("map").with("item", item);
            let (key, from) = item.split_once('=').ok_or_else(malformed)?;
            let known = keys.iter().copied().find(|known| alike(known, key.trim()));
            let known = known.ok_or_else(|| unknown_key(key, keys))?;
            mapping.insert(known, taken(from.trim(), fields)?);
        }
        for key in keys.iter().copied() {
            if let Some(column) = fields.iter().find(|field| alike(key, field))
                && !mapping.contains_key(key)
            {
                mapping.insert(key, Taken::Column(column.clone()));
            }
        }
        Ok(Self(mapping))
    }

    /// Takes a fact from the number of the feature, where nothing else gives it.
    pub fn number_as(mut self, key: &'static str) -> Self {
        self.0.entry(key).or_insert_with(|| Taken::Constant("{number}".to_owned()));
        self
    }

    /// Whether a fact is taken from anywhere.
    pub fn gives(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// The columns of the file from which nothing is taken.
    pub fn unused<'a>(&self, fields: &'a [String]) -> Vec<&'a str> {
        let used = |field: &str| self.0.values().any(|taken| matches!(taken, Taken::Column(column) if column == field));
        fields.iter().map(String::as_str).filter(|field| !used(field)).collect()
    }

    /// Whether anything but this fact is taken from a column or given for every row.
    pub fn gives_beside(&self, key: &str) -> bool {
        self.0.keys().any(|given| *given != key)
    }

    pub(super) fn taken(&self, key: &str) -> Option<&Taken> {
        self.0.get(key)
    }
}

/// Names agree when they differ by case and separators alone.
fn alike(key: &str, name: &str) -> bool {
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    plain(key) == plain(name)
}

fn taken(from: &str, fields: &[String]) -> Result<Taken, Refused> {
    if from == "#" {
        return Ok(Taken::Constant("{number}".to_owned()));
    }
    if let Some(constant) = from.strip_prefix("const:").or_else(|| from.strip_prefix("=const:")) {
        return Ok(Taken::Constant(constant.to_owned()));
    }
    let exact = fields.iter().find(|field| *field == from);
    let column = exact.or_else(|| fields.iter().find(|field| field.to_lowercase() == from.to_lowercase()));
    let unknown = || Refused::new(ErrorCode::ColumnUnknown).at("map").with("column", from);
    column.cloned().map(Taken::Column).ok_or_else(|| unknown().with("columns", fields.to_vec()))
}

fn unknown_key(key: &str, keys: &[&str]) -> Refused {
    let refused = Refused::new(ErrorCode::ValueNotInList).at("map").with("fact", key);
    refused.with("allowed", keys.to_vec())
}
