//! The description of what is read over HTTP outside GraphQL, as OpenAPI 3.0.

use serde_json::{Value, json};
use yulin_exchange::tile::ZOOM_MAX;

use super::question::{LIMIT_MAX, LIMIT_USUAL};
use crate::layer::Layer;

/// The media type of a description.
pub const OPENAPI: &str = "application/vnd.oai.openapi+json;version=3.0";

/// The description of the features, for clients that reach the registry at a base address.
pub fn features(base: &str) -> Value {
    let title = "Yulin (鱼鳞): the land of a registry for GIS desks";
    let told = "Parcels, restriction zones and features as OGC API Features; what a reader may not see is not told, filtered or counted (要素服务).";
    description((title, told), &format!("{base}/ogc"), &feature_paths())
}

/// The description of the tiles, and of whether the registry can answer.
pub fn tiles(base: &str) -> Value {
    let title = "Yulin (鱼鳞): the land of a registry as vector tiles";
    let told = "Parcels, restriction zones and features as vector tiles, drawn for their reader (矢量瓦片).";
    description((title, told), base, &tile_paths())
}

fn description((title, told): (&str, &str), server: &str, paths: &Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": title, "description": told, "version": env!("CARGO_PKG_VERSION") },
        "servers": [{ "url": server }],
        "security": [{}, { "key": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "key": { "type": "http", "scheme": "bearer", "description": "A key of the registry (密钥)" } },
            "parameters": parameters(),
            "schemas": schemas(),
            "responses": responses(),
        },
    })
}

fn feature_paths() -> Value {
    let mut paths = json!({
        "/": get("landing", "The landing page", "Landing", "application/json"),
        "/conformance": get("conformance", "What the service conforms to", "Conformance", "application/json"),
        "/api": get("api", "This description", "Object", OPENAPI),
        "/collections": get("collections", "The collections", "Collections", "application/json"),
    });
    if let Some(members) = paths.as_object_mut() {
        members.extend(Layer::ALL.into_iter().flat_map(paths_of));
    }
    paths
}

/// The addresses of a collection, each written out: GIS programs look there for what a page may hold.
fn paths_of(layer: Layer) -> [(String, Value); 5] {
    let (name, own) = (layer.name(), format!("/collections/{}", layer.name()));
    let asked: [Value; 10] =
        ["limit", "bbox", "bbox-crs", "crs", "datetime", "filter", "filter-lang", "filter-crs", "seq", "f"]
            .map(referred);
    let items = json!({ "get": {
        "operationId": format!("{name}Items"),
        "summary": "A page of features",
        "parameters": asked,
        "responses": answers("FeatureCollection", "application/geo+json"),
    } });
    let id = json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } });
    let item = json!({ "parameters": [id], "get": {
        "operationId": format!("{name}Item"),
        "summary": "One feature",
        "parameters": [referred("crs"), referred("datetime")],
        "responses": answers("Feature", "application/geo+json"),
    } });
    let queryables = get(&format!("{name}Queryables"), "By what it can be asked", "Object", "application/schema+json");
    [
        (own.clone(), get(name, "The collection", "Collection", "application/json")),
        (format!("{own}/queryables"), queryables),
        (
            format!("{own}/schema"),
            get(&format!("{name}Schema"), "What its features hold", "Object", "application/schema+json"),
        ),
        (format!("{own}/items"), items),
        (format!("{own}/items/{{id}}"), item),
    ]
}

fn referred(parameter: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{parameter}") })
}

fn tile_paths() -> Value {
    let mut tile_json = get("tileJson", "TileJSON of a layer", "Object", "application/json");
    if let Some(members) = tile_json.as_object_mut() {
        members.insert("parameters".to_owned(), json!([referred("collection")]));
    }
    json!({
        "/tiles/style.json": get("style", "A MapLibre style", "Object", "application/json"),
        "/tiles/api": get("tilesApi", "This description", "Object", OPENAPI),
        "/tiles/{collection}.json": tile_json,
        "/tiles/{collection}/{z}/{x}/{y}.mvt": {
            "parameters": [
                referred("collection"),
                { "name": "z", "in": "path", "required": true, "schema": { "type": "integer", "minimum": 0, "maximum": ZOOM_MAX } },
                { "name": "x", "in": "path", "required": true, "schema": { "type": "integer", "minimum": 0 } },
                { "name": "y", "in": "path", "required": true, "schema": { "type": "integer", "minimum": 0 } },
            ],
            "get": {
                "operationId": "tile",
                "summary": "A vector tile; no content where nothing lies",
                "parameters": [referred("seq")],
                "responses": tile_answers(),
            },
        },
        "/healthz": get("healthz", "Whether the process lives", "Object", "application/json"),
        "/readyz": get("readyz", "Whether the registry can answer", "Object", "application/json"),
    })
}

fn get(id: &str, summary: &str, schema: &str, media: &str) -> Value {
    json!({ "get": { "operationId": id, "summary": summary, "responses": answers(schema, media) } })
}

fn answers(schema: &str, media: &str) -> Value {
    let content = json!({ media: { "schema": { "$ref": format!("#/components/schemas/{schema}") } } });
    with_refusals(json!({
        "200": { "description": "The answer", "content": content },
        "304": { "description": "The answer that the client has still holds" },
    }))
}

fn tile_answers() -> Value {
    let binary =
        json!({ "application/vnd.mapbox-vector-tile": { "schema": { "type": "string", "format": "binary" } } });
    with_refusals(json!({
        "200": { "description": "The tile", "content": binary },
        "204": { "description": "Nothing lies there" },
        "304": { "description": "The tile that the client has still holds" },
    }))
}

fn with_refusals(mut answers: Value) -> Value {
    if let Some(members) = answers.as_object_mut() {
        for status in ["400", "401", "403", "404", "409", "422", "429", "503", "504"] {
            members.insert(status.to_owned(), json!({ "$ref": "#/components/responses/Refused" }));
        }
    }
    answers
}

fn parameters() -> Value {
    let layers = Layer::ALL.map(Layer::name);
    let query = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "query", "required": false, "description": description, "schema": schema });
    let crs = || json!({ "type": "string", "format": "crs" });
    let so_many = |count: usize| json!({ "minItems": count, "maxItems": count });
    json!({
        "collection": { "name": "collection", "in": "path", "required": true, "description": "A layer (图层)", "schema": { "type": "string", "enum": layers } },
        "limit": query("limit", &format!("Features of a page, {LIMIT_MAX} where more are asked for (每页数量)"), json!({ "type": "integer", "minimum": 1, "default": LIMIT_USUAL })),
        "bbox": {
            "name": "bbox", "in": "query", "required": false, "style": "form", "explode": false,
            "description": "The box that features must meet: west, south, east, north, in the system `bbox-crs`; heights are left out of account (范围)",
            "schema": { "type": "array", "items": { "type": "number" }, "oneOf": [so_many(4), so_many(6)] },
        },
        "bbox-crs": query("bbox-crs", "The system of `bbox`, by its address; longitude and latitude where left out", crs()),
        "crs": query("crs", "The system of the answer, by its address; longitude and latitude where left out (坐标系)", crs()),
        "datetime": query("datetime", "An instant of valid time, or an interval of which the state at its end is told (有效时点)", json!({ "type": "string", "format": "instant-or-interval" })),
        "filter": query("filter", "Which features, in CQL2 text (筛选条件)", json!({ "type": "string", "format": "cql2-text" })),
        "filter-lang": query("filter-lang", "The language of `filter`", json!({ "type": "string", "enum": ["cql2-text"] })),
        "filter-crs": query("filter-crs", "The system of shapes in `filter`", crs()),
        "seq": query("seq", "The least entry that the answer must know of (至少记录序号)", json!({ "type": "integer", "format": "int64", "minimum": 0 })),
        "f": query("f", "The form of the answer", json!({ "type": "string", "enum": ["json"] })),
    })
}

fn schemas() -> Value {
    let link = json!({
        "type": "object",
        "required": ["href", "rel"],
        "properties": { "href": { "type": "string" }, "rel": { "type": "string" }, "type": { "type": "string" }, "title": { "type": "string" } },
    });
    let links = json!({ "type": "array", "items": { "$ref": "#/components/schemas/Link" } });
    let object = |required: &[&str], properties: Value| json!({ "type": "object", "required": required, "properties": properties });
    let text = || json!({ "type": "string" });
    let texts = || json!({ "type": "array", "items": { "type": "string" } });
    json!({
        "Link": link,
        "Object": { "type": "object" },
        "Landing": object(&["title", "links"], json!({ "title": text(), "description": text(), "links": links })),
        "Conformance": object(&["conformsTo"], json!({ "conformsTo": texts() })),
        "Collection": object(&["id", "links", "crs"], json!({
            "id": text(), "title": text(), "description": text(), "itemType": text(), "crs": texts(), "storageCrs": text(),
            "links": links, "extent": { "type": "object" },
        })),
        "Collections": object(&["links", "collections"], json!({
            "links": links, "crs": texts(), "collections": { "type": "array", "items": { "$ref": "#/components/schemas/Collection" } },
        })),
        "Feature": object(&["type", "id", "geometry", "properties"], json!({
            "type": { "type": "string", "enum": ["Feature"] },
            "id": { "type": "string", "format": "uuid" },
            "geometry": { "type": "object", "nullable": true, "required": ["type"], "properties": { "type": text() } },
            "properties": { "type": "object" },
            "links": links,
        })),
        "FeatureCollection": object(&["type", "features", "links", "numberReturned"], json!({
            "type": { "type": "string", "enum": ["FeatureCollection"] },
            "features": { "type": "array", "items": { "$ref": "#/components/schemas/Feature" } },
            "links": links,
            "timeStamp": { "type": "string", "format": "date-time" },
            "numberMatched": { "type": "integer", "minimum": 0 },
            "numberReturned": { "type": "integer", "minimum": 0 },
        })),
        "Refused": object(&["errors"], json!({ "errors": { "type": "array", "minItems": 1, "items": object(&["message", "extensions"], json!({
            "message": text(),
            "extensions": object(&["code"], json!({ "code": text(), "messages": { "type": "object" }, "field": text(), "facts": { "type": "object" } })),
        })) } })),
    })
}

fn responses() -> Value {
    json!({ "Refused": {
        "description": "Why there is no answer: a code of the error catalogue, in both languages",
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Refused" } } },
    } })
}
