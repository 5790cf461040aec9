//! The files of the query page, as they stand in `page/`, inside the binary.

use sha2::{Digest, Sha256};

/// A file of the page.
#[derive(Debug, Clone)]
pub struct Asset {
    pub name: &'static str,
    pub content_type: &'static str,
    pub text: &'static str,
    /// Changes with the content and nothing else.
    pub etag: String,
}

/// The page itself, with the place for its configuration.
pub const INDEX: &str = include_str!("../../page/index.html");
/// Where the configuration goes in `INDEX`.
pub const CONFIG_PLACE: &str = "@YULIN_CONFIG@";

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        const FILES: &[(&str, &str)] = &[ $( ($name, include_str!(concat!("../../page/", $name))), )+ ];
    };
}

files![
    "answer_pane.js",
    "answers.js",
    "app.css",
    "complete.js",
    "config.js",
    "docs.js",
    "docs_search.js",
    "dom.js",
    "editor.js",
    "errors_view.js",
    "highlight.js",
    "i18n.js",
    "ids.js",
    "json_check.js",
    "json_tree.js",
    "main.js",
    "map.js",
    "map_paint.js",
    "mark.svg",
    "memory.js",
    "outlines.js",
    "parts.css",
    "prettify.js",
    "question_pane.js",
    "request.js",
    "rows.js",
    "schema.js",
    "side_lists.js",
    "splitter.js",
    "statuses.js",
    "suggest.js",
    "table.js",
    "tabs.js",
    "texts.js",
    "theme.css",
    "tokens.js",
    "typing.js",
    "walk.js",
];

/// Every file of the page with its content type.
pub fn all() -> Vec<Asset> {
    let with_type = |(name, text): &(&'static str, &'static str)| Asset {
        name,
        content_type: content_type(name),
        text,
        etag: format!("\"{}\"", hex::encode(Sha256::digest(text).get(..16).unwrap_or_default())),
    };
    FILES.iter().map(with_type).collect()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
