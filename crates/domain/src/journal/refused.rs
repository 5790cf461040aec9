//! Refusals: answers to an act that the rules do not allow. Not faults.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error_catalogue::ErrorCode;

/// Why an act was refused: a code of the catalogue, the field that is wrong, and the facts a reader needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{code}{}: {facts:?}", field.as_deref().map(|field| format!(" at {field}")).unwrap_or_default())]
pub struct Refused {
    pub code: ErrorCode,
    /// The leg of a bundle, counted from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leg: Option<usize>,
    /// The path of the field in the act's input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What the message speaks of, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, Value>,
}

impl Refused {
    /// A refusal with a code alone.
    pub const fn new(code: ErrorCode) -> Self {
        Self { code, leg: None, field: None, facts: BTreeMap::new() }
    }

    /// Names the field that is wrong.
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Adds a fact.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.facts.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a fact written as text.
    pub fn told(self, name: &str, value: impl std::fmt::Display) -> Self {
        self.with(name, value.to_string())
    }

    /// Names the leg in which it arose.
    pub const fn in_leg(mut self, leg: usize) -> Self {
        self.leg = Some(leg);
        self
    }
}
