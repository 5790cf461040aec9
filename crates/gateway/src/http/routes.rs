//! The addresses of the gateway, in one place for the server and for the tests.

use actix_web::web;
use async_graphql::Executor;

use super::accept::Media;
use super::admission::Admission;
use super::refused::HttpRefused;
use super::{answer, graphql, health, log, page};
use crate::{export, ogc, tiles};

/// Adds every address. The door and the page are put into the application by the caller, once a worker.
pub fn routes<E: Executor, A: Admission>(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/graphql")
                .name("graphql")
                .route(web::post().to(graphql::post::<E, A>))
                .route(web::get().to(graphql::get::<E, A>))
                .default_service(web::to(by_other_method)),
        )
        .service(
            web::resource("/export/{name}")
                .route(web::post().to(export::answer::<E, A>))
                .route(web::get().to(export::answer::<E, A>))
                .default_service(web::to(by_other_method)),
        )
        .route("/", web::get().to(page::index))
        .route("/page/{name}", web::get().to(page::file))
        .route("/map", web::get().to(page::map))
        .route("/map/{name}", web::get().to(page::map_file))
        .route("/map/vendor/{name}", web::get().to(page::map_library_file))
        .route("/ogc", web::get().to(ogc::landing))
        .route("/ogc/api", web::get().to(ogc::api))
        .route("/ogc/conformance", web::get().to(ogc::conformance))
        .route("/ogc/collections", web::get().to(ogc::collections::<E, A>))
        .route("/ogc/collections/{name}", web::get().to(ogc::collection::<E, A>))
        .route("/ogc/collections/{name}/queryables", web::get().to(ogc::queryables::<E, A>))
        .route("/ogc/collections/{name}/items", web::get().to(ogc::items::<E, A>))
        .route("/ogc/collections/{name}/items/{id}", web::get().to(ogc::item::<E, A>))
        .route("/tiles/style.json", web::get().to(tiles::style))
        .route("/tiles/{layer}.json", web::get().to(tiles::tile_json::<E, A>))
        .route("/tiles/{layer}/{zoom}/{column}/{row}.mvt", web::get().to(tiles::tile::<E, A>))
        .route("/log/checkpoint", web::get().to(log::checkpoint::<E, A>))
        .route("/log/tile/{path:.*}", web::get().to(log::tile::<E, A>))
        .route("/healthz", web::get().to(health::healthz))
        .route("/readyz", web::get().to(health::readyz::<E, A>))
        .default_service(web::to(health::nowhere));
}

async fn by_other_method() -> actix_web::HttpResponse {
    let mut response = answer::refused(&HttpRefused::MethodNotAllowed, Media::Json);
    let methods = actix_web::http::header::HeaderValue::from_static("GET, POST");
    response.headers_mut().insert(actix_web::http::header::ALLOW, methods);
    response
}
