//! The addresses of the gateway, in one place for the server and for the tests.

use actix_web::web;
use async_graphql::Executor;

use super::accept::Media;
use super::admission::Admission;
use super::refused::HttpRefused;
use super::{answer, graphql, health, log, page};
use crate::export;

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
        .route("/page/{name}", web::get().to(page::asset))
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
