//! What is told of a collection before its features are asked for.

use serde_json::{Map, Value, json};
use yulin_domain::codes::{FeatureKind, Labelled, Lang, ParcelState, SoilGate, StockStatus, ZoneKind};
use yulin_domain::geometry::Crs;
use yulin_exchange::format::{FieldKind, FieldSpec};

use super::answer::link;
use super::crs::{CRS84, ServiceCrs};
use super::table::{GEOMETRY, Table};
use super::titles::title;
use crate::district::DistrictBook;
use crate::layer::Layer;

const JSON: &str = "application/json";
const GEOJSON: &str = "application/geo+json";
const SCHEMA: &str = "application/schema+json";

/// A collection, where its features lie, and in which systems they are told.
pub fn collection(layer: Layer, base: &str, districts: &DistrictBook, extent: Option<[f64; 4]>) -> Value {
    let own = format!("{base}/ogc/collections/{}", layer.name());
    let grids: Vec<Crs> = districts.all().map(|district| district.grid).collect();
    let mut told = json!({
        "id": layer.name(),
        "title": layer.title(),
        "description": layer.description(),
        "itemType": "feature",
        "crs": ServiceCrs::listed(grids.iter().copied()),
        "links": [
            link(&own, "self", JSON, "This collection"),
            link(&format!("{own}/items"), "items", GEOJSON, "Its features"),
            link(&format!("{own}/schema"), "describedby", SCHEMA, "What its features hold"),
            link(&format!("{own}/queryables"), "http://www.opengis.net/def/rel/ogc/1.0/queryables", SCHEMA, "What it can be asked by"),
            link(&format!("{base}/tiles/{}.json", layer.name()), "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", JSON, "Its vector tiles"),
        ],
    });
    if let Some(members) = told.as_object_mut() {
        if let Some(extent) = extent {
            members.insert("extent".to_owned(), json!({ "spatial": { "bbox": [extent], "crs": CRS84 } }));
        }
        // Footprints are kept in the grid of their district; where all districts have one, that is the system of all.
        let first = grids.first().filter(|first| grids.iter().all(|grid| grid == *first));
        members
            .insert("storageCrs".to_owned(), json!(first.map_or(CRS84.to_owned(), |grid| ServiceCrs::of(*grid).uri())));
    }
    told
}

/// By what a collection can be asked, as a JSON Schema.
pub fn queryables(layer: Layer, table: &Table, base: &str) -> Value {
    schema_of((layer, "queryables"), &table.open, base)
}

/// What the features of a collection hold, as a JSON Schema.
pub fn schema(layer: Layer, table: &Table, base: &str) -> Value {
    schema_of((layer, "schema"), &table.fields, base)
}

fn schema_of((layer, name): (Layer, &str), fields: &[FieldSpec], base: &str) -> Value {
    let mut properties: Map<String, Value> =
        fields.iter().map(|field| (field.name.clone(), property(layer, field))).collect();
    properties.insert(
        GEOMETRY.to_owned(),
        json!({ "title": "The geometry (几何图形)", "$ref": "https://geojson.org/schema/Geometry.json" }),
    );
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("{base}/ogc/collections/{}/{name}", layer.name()),
        "type": "object",
        "title": layer.title(),
        "additionalProperties": false,
        "properties": properties,
    })
}

/// The schema of a property.
fn property(layer: Layer, field: &FieldSpec) -> Value {
    let name = field.name.as_str();
    let title = title(name).unwrap_or(name);
    let mut told = match field.kind {
        FieldKind::Text => json!({ "title": title, "type": "string" }),
        FieldKind::Integer => json!({ "title": title, "type": "integer" }),
        FieldKind::Decimal => json!({ "title": title, "type": "number" }),
        FieldKind::Boolean => json!({ "title": title, "type": "boolean" }),
        FieldKind::Date => json!({ "title": title, "type": "string", "format": "date" }),
    };
    let codes = match (layer, name) {
        (Layer::Parcels, "stockStatus") => codes::<StockStatus>(),
        (Layer::Parcels, "soilGate") => codes::<SoilGate>(),
        (Layer::Parcels, "parcelState") => codes::<ParcelState>(),
        (Layer::Restrictions, "kind") => codes::<ZoneKind>(),
        (Layer::Features, "kind") => codes::<FeatureKind>(),
        _ => return told,
    };
    if let Some(members) = told.as_object_mut() {
        members.insert("oneOf".to_owned(), codes);
    }
    told
}

fn codes<T: Labelled + Copy + 'static>() -> Value {
    let told =
        |one: &T| json!({ "const": one.code(), "title": format!("{} ({})", one.label(Lang::En), one.label(Lang::Zh)) });
    T::all().iter().map(told).collect()
}
