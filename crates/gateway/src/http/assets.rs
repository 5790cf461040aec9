//! The files of the query page and of the map, as they stand in `page/` and `map/`, inside the binary.

use sha2::{Digest, Sha256};

/// A file of the page.
#[derive(Debug, Clone)]
pub struct Asset {
    pub name: &'static str,
    pub content_type: &'static str,
    pub bytes: &'static [u8],
    /// Changes with the content and nothing else.
    pub etag: String,
}

/// The page itself, with the place for its configuration.
pub const INDEX: &str = include_str!("../../page/index.html");
/// The map, with the same place.
pub const MAP: &str = include_str!("../../map/index.html");
/// What stands in its place where the build could not take its library.
pub const MAP_WITHOUT: &str = include_str!("../../map/without.html");
/// Where the configuration goes in `INDEX` and `MAP`.
pub const CONFIG_PLACE: &str = "@YULIN_CONFIG@";

include!(concat!(env!("OUT_DIR"), "/map_vendor.rs"));

macro_rules! files {
    ($list:ident in $folder:literal: $($name:literal),+ $(,)?) => {
        const $list: &[(&str, &[u8])] = &[ $( ($name, include_bytes!(concat!("../../", $folder, "/", $name))), )+ ];
    };
}

files![
    PAGE in "page":
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

files![
    MAP_FILES in "map":
    "amounts.js",
    "around.js",
    "canvas.js",
    "colours.js",
    "dress.js",
    "facts.js",
    "faults.js",
    "hatch.js",
    "identity.js",
    "kinds.js",
    "labels.js",
    "layers.js",
    "legend.js",
    "main.js",
    "map.css",
    "names.js",
    "news.js",
    "notice.js",
    "questions.js",
    "search.js",
    "served.js",
    "shown.js",
    "without.js",
    "words.js",
];

/// Every file of the query page.
pub fn page() -> Vec<Asset> {
    assets(PAGE)
}

/// Every file of the map.
pub fn map() -> Vec<Asset> {
    assets(MAP_FILES)
}

/// The library that draws the map; none where the build could not take it.
pub fn map_library() -> Vec<Asset> {
    assets(VENDOR)
}

fn assets(files: &'static [(&'static str, &'static [u8])]) -> Vec<Asset> {
    let asset = |(name, bytes): &(&'static str, &'static [u8])| Asset {
        name,
        content_type: content_type(name),
        bytes,
        etag: format!("\"{}\"", hex::encode(Sha256::digest(bytes).get(..16).unwrap_or_default())),
    };
    files.iter().map(asset).collect()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("LICENSE") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
