//! Features as they go out: GeoJSON with links, amounts as the decimal text they are.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use yulin_exchange::format::{AttributeValue, FieldSpec};

use super::crs::ServiceCrs;
use super::item::Item;
use super::table::Table;

/// A link of an answer.
pub fn link(href: &str, rel: &str, media: &str, title: &str) -> Value {
    json!({ "href": href, "rel": rel, "type": media, "title": title })
}

/// A feature of an answer.
pub struct Feature<'a> {
    pub table: &'a Table,
    pub item: &'a Item,
    pub crs: ServiceCrs,
    /// Of a feature that is told alone.
    pub links: Option<Vec<Value>>,
}

impl Serialize for Feature<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", "Feature")?;
        map.serialize_entry("id", &self.item.id.to_string())?;
        map.serialize_entry("geometry", &self.item.shown.as_ref().map(|drawn| drawn.told(self.crs)))?;
        map.serialize_entry("properties", &Properties { fields: &self.table.fields, values: &self.item.values })?;
        if let Some(links) = &self.links {
            map.serialize_entry("links", links)?;
        }
        map.end()
    }
}

struct Properties<'a> {
    fields: &'a [FieldSpec],
    values: &'a [Option<AttributeValue>],
}

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (field, value) in self.fields.iter().zip(self.values) {
            match value {
                None | Some(AttributeValue::Null) => map.serialize_entry(&field.name, &())?,
                Some(AttributeValue::Integer(number)) => map.serialize_entry(&field.name, number)?,
                Some(AttributeValue::Boolean(truth)) => map.serialize_entry(&field.name, truth)?,
                Some(AttributeValue::Text(text) | AttributeValue::Date(text)) => {
                    map.serialize_entry(&field.name, text)?;
                }
                // The digits themselves; what JSON does not take for a number stays text. Programs take a column for one of
                // whole numbers by its first values: each has a fraction.
                Some(AttributeValue::Decimal(text)) => {
                    let text = if text.contains('.') { text.clone() } else { format!("{text}.0") };
                    match serde_json::from_str::<&RawValue>(&text) {
                        Ok(number) => map.serialize_entry(&field.name, number)?,
                        Err(_) => map.serialize_entry(&field.name, &text)?,
                    }
                }
            }
        }
        map.end()
    }
}

/// A page of features.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Collected<'a> {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub features: Vec<Feature<'a>>,
    pub links: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number_matched: Option<u64>,
    pub number_returned: usize,
}
