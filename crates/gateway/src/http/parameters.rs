//! The parameters of a request: query, operation name, variables, extensions, from a body or from an address.

use async_graphql::Variables;
use serde_json::{Map, Value};

use super::documents::bare;
use super::refused::HttpRefused;

/// What a request asks.
#[derive(Debug)]
pub struct Parameters {
    pub query: String,
    pub operation_name: Option<String>,
    pub variables: Variables,
    /// The name under which its sender leaves the document here.
    pub left: Option<String>,
}

/// A request as it was sent: the document may be named instead of written out.
#[derive(Debug)]
pub struct Sent {
    pub query: Option<String>,
    pub named: Option<Named>,
    pub operation_name: Option<String>,
    pub variables: Variables,
}

/// A document by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// `documentId`: one of the manifest.
    Trusted(String),
    /// `extensions.persistedQuery.sha256Hash`: one that a client left, or one of the manifest.
    Left(String),
}

impl Sent {
    /// Reads the body of a POST.
    pub fn from_body(body: &[u8]) -> Result<Self, HttpRefused> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Self::from_fields(fields),
            Ok(Value::Array(_)) => Err(HttpRefused::Batch),
            Ok(_) => Err(HttpRefused::ParameterInvalid { name: "body", expected: "an object" }),
            Err(error) => Err(HttpRefused::JsonInvalid { line: error.line(), column: error.column() }),
        }
    }

    /// Reads the query part of the address of a GET; `variables` and `extensions` are JSON text there.
    pub fn from_address(pairs: Vec<(String, String)>) -> Result<Self, HttpRefused> {
        let mut fields = Map::new();
        for (name, text) in pairs {
            let value = match name.as_str() {
                "variables" => json_text("variables", &text)?,
                "extensions" => json_text("extensions", &text)?,
                _ => Value::String(text),
            };
            fields.insert(name, value);
        }
        // An empty parameter in an address is one that a form left out.
        fields.retain(|_, value| value.as_str() != Some(""));
        Self::from_fields(fields)
    }

    /// Reads the members of a request.
    pub fn from_fields(mut fields: Map<String, Value>) -> Result<Self, HttpRefused> {
        let query = text(&mut fields, "query")?;
        let operation_name = text(&mut fields, "operationName")?;
        let named = named(text(&mut fields, "documentId")?, object(&mut fields, "extensions")?)?;
        let variables = object(&mut fields, "variables")?;
        if query.as_ref().is_some_and(|query| query.contains("\\u0000") || query.contains('\0')) {
            return Err(HttpRefused::NulHeld { name: "query" });
        }
        if variables.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)) {
            return Err(HttpRefused::NulHeld { name: "variables" });
        }
        Ok(Self { query, named, operation_name, variables: Variables::from_json(Value::Object(variables)) })
    }
}

/// The document that a request names; `documentId` goes before what it says of a persisted query.
fn named(id: Option<String>, mut extensions: Map<String, Value>) -> Result<Option<Named>, HttpRefused> {
    if let Some(id) = id {
        return Ok(Some(Named::Trusted(bare(&id).to_owned())));
    }
    let Some(mut persisted) = Some(object(&mut extensions, "persistedQuery")?).filter(|one| !one.is_empty()) else {
        return Ok(None);
    };
    let hash = text(&mut persisted, "sha256Hash")?.map(|hash| hash.to_ascii_lowercase());
    let is_known = persisted.get("version").and_then(Value::as_i64) == Some(1);
    let (name, expected) = ("extensions.persistedQuery", "{ version: 1, sha256Hash }");
    let hash = hash.filter(|_| is_known).ok_or(HttpRefused::ParameterInvalid { name, expected })?;
    Ok(Some(Named::Left(hash)))
}

/// Whether U+0000 stands in a text or a name of the value: not every database can even be asked for it.
pub fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(members) => members.iter().any(holds_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn json_text(name: &'static str, text: &str) -> Result<Value, HttpRefused> {
    if text.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(text).map_err(|_| HttpRefused::ParameterInvalid { name, expected: "a JSON object" })
}

fn text(fields: &mut Map<String, Value>, name: &'static str) -> Result<Option<String>, HttpRefused> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(HttpRefused::ParameterInvalid { name, expected: "a text" }),
    }
}

fn object(fields: &mut Map<String, Value>, name: &'static str) -> Result<Map<String, Value>, HttpRefused> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(HttpRefused::ParameterInvalid { name, expected: "an object" }),
    }
}
