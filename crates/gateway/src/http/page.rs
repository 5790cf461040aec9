//! Serving the query page and the map, with their files.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, EntityTag};
use actix_web::{HttpRequest, HttpResponse, web};

use super::accept::Media;
use super::answer;
use super::assets::{self, Asset, CONFIG_PLACE, INDEX, MAP, MAP_WITHOUT};
use super::demo::{DemoInfo, page_config};
use super::profile::Profile;
use super::refused::HttpRefused;
use super::revalidate::is_held;

/// The pages with their configuration, and their files.
#[derive(Debug, Clone)]
pub struct Page {
    html: String,
    map_html: String,
    files: Vec<Asset>,
    map_files: Vec<Asset>,
    map_library: Vec<Asset>,
    /// Whether the query page is shown.
    is_open: bool,
}

impl Page {
    /// The pages of a demo, or of a registry that gives no keys away.
    pub fn new(demo: Option<&DemoInfo>, profile: Profile) -> Self {
        let map_library = assets::map_library();
        let map = if map_library.is_empty() { MAP_WITHOUT } else { MAP };
        let is_open = profile == Profile::Development;
        let configured = |html: &str| html.replacen(CONFIG_PLACE, &page_config(demo, is_open), 1);
        let (files, map_files) = (assets::page(), assets::map());
        Self { html: configured(INDEX), map_html: configured(map), files, map_files, map_library, is_open }
    }
}

/// The query page.
pub async fn index(page: web::Data<Page>) -> HttpResponse {
    if !page.is_open {
        return answer::refused(&HttpRefused::RouteUnknown, Media::Json);
    }
    html(page.html.clone())
}

/// The map.
pub async fn map(page: web::Data<Page>) -> HttpResponse {
    html(page.map_html.clone())
}

/// A page. It may hold keys, so nobody keeps a copy.
fn html(page: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(page)
}

/// A file of the query page, by its name.
pub async fn file(page: web::Data<Page>, name: web::Path<String>, request: HttpRequest) -> HttpResponse {
    sent(&page.files, &name, &request)
}

/// A file of the map.
pub async fn map_file(page: web::Data<Page>, name: web::Path<String>, request: HttpRequest) -> HttpResponse {
    sent(&page.map_files, &name, &request)
}

/// A file of the library that draws the map.
pub async fn map_library_file(page: web::Data<Page>, name: web::Path<String>, request: HttpRequest) -> HttpResponse {
    sent(&page.map_library, &name, &request)
}

fn sent(files: &[Asset], name: &str, request: &HttpRequest) -> HttpResponse {
    let Some(asset) = files.iter().find(|asset| asset.name == name) else {
        return answer::refused(&HttpRefused::RouteUnknown, Media::Json);
    };
    // Weak, since the compressed forms share it.
    let tag = EntityTag::new_weak(asset.etag.trim_matches('"').to_owned());
    let is_held = is_held(request, &tag);
    let mut response = if is_held { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((ETAG, tag.to_string())).insert_header((CACHE_CONTROL, "no-cache"));
    if is_held {
        return response.finish();
    }
    response.insert_header((CONTENT_TYPE, asset.content_type)).body(asset.bytes)
}
