//! Serving the query page and its files.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};

use super::accept::Media;
use super::answer;
use super::assets::{self, Asset, CONFIG_PLACE, INDEX};
use super::demo::{DemoInfo, page_config};
use super::refused::HttpRefused;

/// The page with its configuration, and its files.
#[derive(Debug, Clone)]
pub struct Page {
    html: String,
    assets: Vec<Asset>,
}

impl Page {
    /// The page of a demo, or of a registry that gives no keys away.
    pub fn new(demo: Option<&DemoInfo>) -> Self {
        Self { html: INDEX.replacen(CONFIG_PLACE, &page_config(demo), 1), assets: assets::all() }
    }
}

/// The page. It may hold keys, so nobody keeps a copy.
pub async fn index(page: web::Data<Page>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(page.html.clone())
}

/// A file of the page, by its name.
pub async fn asset(page: web::Data<Page>, name: web::Path<String>, request: HttpRequest) -> HttpResponse {
    let Some(asset) = page.assets.iter().find(|asset| asset.name == name.as_str()) else {
        return answer::refused(&HttpRefused::RouteUnknown, Media::Json);
    };
    let known = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response = if known.is_some_and(|known| known.contains(asset.etag.as_str())) {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    // Weak, since the compressed forms share it.
    response.insert_header((ETAG, format!("W/{}", asset.etag))).insert_header((CACHE_CONTROL, "no-cache"));
    if known.is_some_and(|known| known.contains(asset.etag.as_str())) {
        return response.finish();
    }
    response.insert_header((CONTENT_TYPE, asset.content_type)).body(asset.text)
}
