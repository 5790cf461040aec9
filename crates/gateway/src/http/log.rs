//! The transparency log over HTTP, for everybody: `/log/checkpoint` and `/log/tile/…`, as C2SP tlog-tiles lays them out.
//!
//! Nothing here depends on who asks: hashes are salted and tell nothing of what they stand for.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use async_graphql::Executor;
use yulin_domain::log::TileId;
use yulin_persistence::PersistenceError;

use super::accept::Media;
use super::admission::Admission;
use super::answer;
use super::graphql::Door;
use super::refused::HttpRefused;

/// The last checkpoint, which another may follow at any time.
pub async fn checkpoint<E: Executor, A: Admission>(door: web::Data<Door<E, A>>) -> HttpResponse {
    let found = async {
        let made = door.admission.log()?.last_checkpoint().await.map_err(|error| fault(&error))?;
        made.ok_or(HttpRefused::RouteUnknown)
    };
    match found.await {
        Ok(made) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
            .insert_header((CACHE_CONTROL, "public, max-age=5"))
            .body(made.note),
        Err(refused) => answer::refused(&refused, Media::Json),
    }
}

/// A tile of the tree of the last checkpoint; it never changes.
pub async fn tile<E: Executor, A: Admission>(door: web::Data<Door<E, A>>, path: web::Path<String>) -> HttpResponse {
    let found = async {
        let (id, width) = TileId::parse(&path).ok_or(HttpRefused::RouteUnknown)?;
        let found = door.admission.log()?.log_tile(id, width).await.map_err(|error| fault(&error))?;
        found.ok_or(HttpRefused::RouteUnknown)
    };
    match found.await {
        Ok(hashes) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, "application/octet-stream"))
            .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
            .body(hashes),
        Err(refused) => answer::refused(&refused, Media::Json),
    }
}

fn fault(error: &PersistenceError) -> HttpRefused {
    let reference = uuid::Uuid::new_v4();
    tracing::error!(%reference, %error, "the log could not be read");
    HttpRefused::Fault { reference }
}
