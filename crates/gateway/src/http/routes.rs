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
        .service(read("/", web::get().to(page::index)))
        .service(read("/page/{name}", web::get().to(page::file)))
        .service(read("/map", web::get().to(page::map)))
        .service(read("/map/{name}", web::get().to(page::map_file)))
        .service(read("/map/vendor/{name}", web::get().to(page::map_library_file)))
        .service(read("/ogc", web::get().to(ogc::landing)))
        .service(read("/ogc/api", web::get().to(ogc::api)))
        .service(read("/ogc/conformance", web::get().to(ogc::conformance)))
        .service(read("/ogc/collections", web::get().to(ogc::collections::<E, A>)))
        .service(read("/ogc/collections/{name}", web::get().to(ogc::collection::<E, A>)))
        .service(read("/ogc/collections/{name}/queryables", web::get().to(ogc::queryables::<E, A>)))
        .service(read("/ogc/collections/{name}/items", web::get().to(ogc::items::<E, A>)))
        .service(read("/ogc/collections/{name}/items/{id}", web::get().to(ogc::item::<E, A>)))
        .service(read("/tiles/style.json", web::get().to(tiles::style)))
        .service(read("/tiles/{layer}.json", web::get().to(tiles::tile_json::<E, A>)))
        .service(read("/tiles/{layer}/{zoom}/{column}/{row}.mvt", web::get().to(tiles::tile::<E, A>)))
        .service(read("/log/checkpoint", web::get().to(log::checkpoint::<E, A>)))
        .service(read("/log/tile/{path:.*}", web::get().to(log::tile::<E, A>)))
        .service(read("/healthz", web::get().to(health::healthz)))
        .service(read("/readyz", web::get().to(health::readyz::<E, A>)))
        .default_service(web::to(health::nowhere));
}

/// An address that is only read.
fn read(address: &str, route: actix_web::Route) -> actix_web::Resource {
    web::resource(address).route(route).default_service(web::to(|| async { not_allowed("GET") }))
}

async fn by_other_method() -> actix_web::HttpResponse {
    not_allowed("GET, POST")
}

fn not_allowed(methods: &'static str) -> actix_web::HttpResponse {
    let mut response = answer::refused(&HttpRefused::MethodNotAllowed, Media::Json);
    let methods = actix_web::http::header::HeaderValue::from_static(methods);
    response.headers_mut().insert(actix_web::http::header::ALLOW, methods);
    response
}
