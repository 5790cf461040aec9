//! What the query page is told when it is served: where to ask, as whom, and which questions are worth asking.

use serde::Serialize;
use serde_json::{Value, json};
use yulin_domain::codes::{Labelled, Role};

/// What a demo shows: its zone, a key for each role, and questions ready to run.
#[derive(Debug, Clone)]
pub struct DemoInfo {
    pub zone_name: String,
    pub tokens: Vec<(Role, String)>,
    pub examples: Vec<Example>,
}

/// A question ready to run.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Example {
    pub title: String,
    pub title_zh: String,
    pub query: String,
    /// An object, or its JSON text.
    pub variables: Value,
}

/// The configuration of the pages as JSON text that may stand inside a script element; `is_open` where the query page is
/// served.
pub fn page_config(demo: Option<&DemoInfo>, is_open: bool) -> String {
    let config = match demo {
        None => json!({ "endpoint": "graphql", "demo": false, "queryPage": is_open }),
        Some(DemoInfo { zone_name, tokens, examples }) => json!({
            "endpoint": "graphql",
            "demo": true,
            "queryPage": is_open,
            "zoneName": zone_name,
            "tokens": tokens.iter().map(|(role, token)| json!({ "role": role.code(), "token": token })).collect::<Vec<_>>(),
            "examples": examples,
        }),
    };
    // A `<` would let text of the data end the element.
    config.to_string().replace('<', "\\u003c")
}
