//! A MapLibre style: stock land by its status over restriction zones and features, from this registry's tiles alone.

use serde_json::{Value, json};
use yulin_domain::codes::{Labelled, StockStatus};

use crate::layer::Layer;

/// What a parcel without stock status is filled with.
const NO_STATUS: &str = "#8e9089";

/// The colour of a status, as the pages have it in the light: warm where land lies unused, cool where it can be had.
pub const fn colour(status: StockStatus) -> &'static str {
    match status {
        StockStatus::Idle => "#c8402b",
        StockStatus::Inefficient => "#de8420",
        StockStatus::UsedNotFull => "#dcc034",
        StockStatus::BuiltNotUsed => "#8c68b4",
        StockStatus::SuppliedNotUsed => "#c9679c",
        StockStatus::ApprovedNotSupplied => "#68a0dd",
        StockStatus::Banked => "#2b5797",
        StockStatus::Ready => "#2f9467",
        StockStatus::InUse => "#c4bfae",
    }
}

/// The style, with sources at a base address.
pub fn style(base: &str) -> Value {
    let source = |layer: Layer| {
        let url = format!("{base}/tiles/{}.json", layer.name());
        (layer.name().to_owned(), json!({ "type": "vector", "url": url }))
    };
    let sources: serde_json::Map<_, _> = Layer::ALL.map(source).into_iter().collect();
    json!({
        "version": 8,
        "name": "Yulin (鱼鳞)",
        "sources": sources,
        "layers": [
            { "id": "ground", "type": "background", "paint": { "background-color": "#f7f4ec" } },
            drawn("restrictions-fill", "fill", Layer::Restrictions, &json!({ "fill-color": "#4d7c0f", "fill-opacity": 0.12 })),
            drawn("parcels-fill", "fill", Layer::Parcels, &json!({ "fill-color": by_status(), "fill-opacity": 0.85 })),
            drawn("parcels-line", "line", Layer::Parcels, &json!({
                "line-color": "#57534e",
                "line-width": ["interpolate", ["linear"], ["zoom"], 12, 0.2, 15, 0.7, 18, 1.5],
            })),
            drawn("restrictions-line", "line", Layer::Restrictions, &json!({
                "line-color": "#4d7c0f", "line-width": 1.4, "line-dasharray": [4, 2],
            })),
            drawn("features-line", "line", Layer::Features, &json!({ "line-color": "#78716c", "line-width": 1.6 })),
            with_points(drawn("features-point", "circle", Layer::Features, &json!({
                "circle-color": "#1c1917", "circle-radius": 3.5, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1.2,
            }))),
        ],
    })
}

fn drawn(id: &str, kind: &str, layer: Layer, paint: &Value) -> Value {
    json!({ "id": id, "type": kind, "source": layer.name(), "source-layer": layer.name(), "paint": paint })
}

/// Vertices of lines are no points.
fn with_points(mut layer: Value) -> Value {
    if let Some(members) = layer.as_object_mut() {
        members.insert("filter".to_owned(), json!(["==", ["geometry-type"], "Point"]));
    }
    layer
}

fn by_status() -> Value {
    let mut expression = vec![json!("match"), json!(["get", "stockStatus"])];
    for status in StockStatus::all() {
        expression.extend([json!(status.code()), json!(colour(*status))]);
    }
    expression.push(json!(NO_STATUS));
    Value::Array(expression)
}
