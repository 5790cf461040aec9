//! TileJSON: where the tiles of a layer are, and what stands on them.

use serde_json::{Map, Value, json};
use yulin_domain::codes::{FeatureKind, Role, ZoneKind};
use yulin_exchange::tile::ZOOM_MAX;

use super::attribute::attributes;
use crate::layer::{Layer, codes_of};

/// The least zoom with tiles: whole counties fit a screen there.
pub const fn zoom_min(layer: Layer) -> u8 {
    match layer {
        Layer::Parcels => 9,
        Layer::Restrictions => 6,
        Layer::Features => 8,
    }
}

/// The TileJSON 3.0.0 of a layer, for a role; `bounds` where anything lies anywhere.
pub fn tile_json(layer: Layer, role: Role, base: &str, bounds: Option<[f64; 4]>) -> Value {
    let [west, south, east, north] = bounds.unwrap_or([-180.0, -85.0, 180.0, 85.0]);
    json!({
        "tilejson": "3.0.0",
        "name": layer.title(),
        "description": layer.description(),
        "scheme": "xyz",
        "tiles": [format!("{base}/tiles/{}/{{z}}/{{x}}/{{y}}.mvt", layer.name())],
        "minzoom": zoom_min(layer),
        "maxzoom": ZOOM_MAX,
        "bounds": [west, south, east, north],
        "center": [f64::midpoint(west, east), f64::midpoint(south, north), 14],
        "vector_layers": [{
            "id": layer.name(),
            "description": layer.description(),
            "minzoom": zoom_min(layer),
            "maxzoom": ZOOM_MAX,
            "fields": fields(layer, role),
        }],
    })
}

fn fields(layer: Layer, role: Role) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut tell = |name: &str, told: String| fields.insert(name.to_owned(), Value::from(told));
    tell("id", "String: the global id (标识)".to_owned());
    if layer == Layer::Parcels {
        tell("district", "String: the code of the district (辖区代码)".to_owned());
        for attribute in attributes(role) {
            tell(attribute.name, attribute.description.to_owned());
        }
        return fields;
    }
    let kinds = if layer == Layer::Restrictions { codes_of::<ZoneKind>() } else { codes_of::<FeatureKind>() };
    tell("kind", format!("String: {kinds}"));
    tell("code", "String: the code, unique in its district (代码)".to_owned());
    tell("name", "String: the name (名称)".to_owned());
    fields
}
