//! The addresses of the gateway, in one place for the server and for the tests.

use actix_web::dev::HttpServiceFactory;
use actix_web::http::header::{CACHE_CONTROL, VARY};
use actix_web::middleware::{DefaultHeaders, from_fn};
use actix_web::{Resource, Route, guard, web};
use async_graphql::Executor;

use super::accept::Media;
use super::admission::Admission;
use super::guards::standing_told;
use super::refused::HttpRefused;
use super::revalidate::{ASKED_AGAIN, BY_READER};
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
                .default_service(web::to(by_other_method))
                .wrap(from_fn(standing_told)),
        )
        .service(read("/", reading().to(page::index)))
        .service(read("/page/{name}", reading().to(page::file)))
        .service(read("/map", reading().to(page::map)))
        .service(read("/map/{name}", reading().to(page::map_file)))
        .service(read("/map/vendor/{name}", reading().to(page::map_library_file)))
        .service(told("/ogc", reading().to(ogc::landing)))
        .service(told("/ogc/", reading().to(ogc::landing)))
        .service(told("/ogc/api", reading().to(ogc::api)))
        .service(told("/ogc/conformance", reading().to(ogc::conformance)))
        .service(told("/ogc/collections", reading().to(ogc::collections::<E, A>)))
        .service(told("/ogc/collections/{name}", reading().to(ogc::collection::<E, A>)))
        .service(told("/ogc/collections/{name}/queryables", reading().to(ogc::queryables::<E, A>)))
        .service(told("/ogc/collections/{name}/schema", reading().to(ogc::schema::<E, A>)))
        .service(told("/ogc/collections/{name}/items", reading().to(ogc::items::<E, A>)))
        .service(told("/ogc/collections/{name}/items/{id}", reading().to(ogc::item::<E, A>)))
        .service(told("/tiles/api", reading().to(ogc::tiles_api)))
        .service(told("/tiles/style.json", reading().to(tiles::style)))
        .service(told("/tiles/{layer}.json", reading().to(tiles::tile_json::<E, A>)))
        .service(told("/tiles/{layer}/{zoom}/{column}/{row}.mvt", reading().to(tiles::tile::<E, A>)))
        .service(read("/log/checkpoint", reading().to(log::checkpoint::<E, A>)))
        .service(read("/log/tile/{path:.*}", reading().to(log::tile::<E, A>)))
        .service(read("/healthz", reading().to(health::healthz)))
        .service(read("/readyz", reading().to(health::readyz::<E, A>)))
        .default_service(web::to(health::nowhere));
}

/// By GET, and by HEAD, whose answers have no body.
fn reading() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// An address that is only read.
fn read(address: &str, route: Route) -> Resource {
    web::resource(address).route(route).default_service(web::to(|| async { not_allowed("GET, HEAD") }))
}

/// An address whose answer is its reader's own: nobody between keeps it, and it is asked for again each time.
fn told(address: &str, route: Route) -> impl HttpServiceFactory + use<> {
    read(address, route)
        .wrap(from_fn(standing_told))
        .wrap(DefaultHeaders::new().add((CACHE_CONTROL, ASKED_AGAIN)).add((VARY, BY_READER)))
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
