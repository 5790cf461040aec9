//! The schema as it tells itself: its types, fields and arguments, and the least values that fit them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::Gateway;

const SCHEMA: &str = "{ __schema { types { kind name isOneOf possibleTypes { name }
    fields { name type { ...Type } args { name type { ...Type } defaultValue } }
    inputFields { name type { ...Type } defaultValue } enumValues { name } } } }
    fragment Type on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// The types of the schema by their names.
#[derive(Debug)]
pub struct Told(BTreeMap<String, Value>);

impl Told {
    /// What a gateway tells of its schema.
    pub async fn by(gateway: &Gateway) -> Self {
        let told = gateway.told(None, SCHEMA, &json!({})).await;
        let types = told["__schema"]["types"].as_array().expect("types").iter();
        Self(types.map(|one| (name_of(one).to_owned(), one.clone())).collect())
    }

    /// The objects of the schema: what has fields that are answered.
    pub fn objects(&self) -> impl Iterator<Item = &str> {
        let own = self.0.iter().filter(|(name, one)| one["kind"] == "OBJECT" && !name.starts_with("__"));
        own.map(|(name, _)| name.as_str())
    }

    /// The fields of an object.
    pub fn fields(&self, parent: &str) -> Vec<Value> {
        self.0[parent]["fields"].as_array().cloned().unwrap_or_default()
    }

    /// One field of an object.
    pub fn field(&self, parent: &str, field: &str) -> Value {
        self.fields(parent).into_iter().find(|one| one["name"] == field).expect("the field is there")
    }

    /// The members of an input.
    pub fn members(&self, input: &str) -> Vec<String> {
        let members = self.0[input]["inputFields"].as_array().into_iter().flatten();
        members.map(|member| name_of(member).to_owned()).collect()
    }

    /// The values of an enum.
    pub fn values(&self, of: &str) -> Vec<String> {
        let values = self.0[of]["enumValues"].as_array().into_iter().flatten();
        values.map(|value| name_of(value).to_owned()).collect()
    }

    /// The objects that a field of a type may answer with; none where it answers with values.
    pub fn answers_with(&self, of: &Value) -> Vec<String> {
        let of = innermost(of);
        let possible = self.0[name_of(of)]["possibleTypes"].as_array().into_iter().flatten();
        match of["kind"].as_str() {
            Some("OBJECT") => vec![name_of(of).to_owned()],
            _ => possible.map(|one| name_of(one).to_owned()).collect(),
        }
    }

    /// The least value that fits a type of input.
    pub fn value(&self, of: &Value) -> Value {
        match of["kind"].as_str().expect("a kind") {
            "NON_NULL" => self.value(&of["ofType"]),
            "LIST" => json!([self.value(&of["ofType"])]),
            "ENUM" => self.0[name_of(of)]["enumValues"][0]["name"].clone(),
            "INPUT_OBJECT" => self.object(name_of(of)),
            _ => scalar(name_of(of)),
        }
    }

    fn object(&self, name: &str) -> Value {
        let fields = self.0[name]["inputFields"].as_array().expect("members");
        if self.0[name]["isOneOf"] == true {
            return json!({ name_of(&fields[0]): self.value(&fields[0]["type"]) });
        }
        let required = fields.iter().filter(|field| is_required(field));
        let required: Map<_, _> =
            required.map(|field| (name_of(field).to_owned(), self.value(&field["type"]))).collect();
        Value::Object(required)
    }
}

/// The name of a type, a field, an argument or a value.
pub fn name_of(of: &Value) -> &str {
    of["name"].as_str().expect("it has a name")
}

/// Whether a member or an argument must be given.
pub fn is_required(of: &Value) -> bool {
    of["type"]["kind"] == "NON_NULL" && of["defaultValue"].is_null()
}

/// Whether a field answers with a list.
pub fn is_list(of: &Value) -> bool {
    let bare = if of["kind"] == "NON_NULL" { &of["ofType"] } else { of };
    bare["kind"] == "LIST"
}

/// A type without its lists and non-nulls.
pub fn innermost(of: &Value) -> &Value {
    if of["ofType"].is_null() { of } else { innermost(&of["ofType"]) }
}

fn scalar(name: &str) -> Value {
    match name {
        "Int" | "Float" => json!(4549),
        "Boolean" => json!(false),
        "ID" => json!("00000000-0000-4000-8000-000000000001"),
        "Date" => json!("2024-01-01"),
        "DateTime" => json!("2024-01-01T00:00:00Z"),
        "GeoJSON" => json!("{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]]]}"),
        _ => json!("1"),
    }
}
