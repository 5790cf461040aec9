//! The transparency log over HTTP, for everybody: `/log/checkpoint` and `/log/tile/…`, as C2SP tlog-tiles lays them out.
//!
//! Nothing here depends on who asks: hashes are salted and tell nothing of what they stand for.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, web};
use async_graphql::Executor;
use yulin_domain::log::TileId;

use super::admission::Admission;
use super::graphql::Door;
use super::reader::Reader;
use super::refused::HttpRefused;
use super::unanswered::Unanswered;
use crate::errors::fault;
use crate::schema::Price;

/// What a piece of the log costs, as operations cost.
const PRICE: Price = Price { requested: 5, kept: 0 };

/// The last checkpoint, which another may follow at any time.
pub async fn checkpoint<E: Executor, A: Admission>(door: web::Data<Door<E, A>>, request: HttpRequest) -> HttpResponse {
    let found = async {
        let reader = Reader::of(&*door, &request, PRICE).await?;
        let made = reader.registry.last_checkpoint().await.map_err(|error| fault(&error))?;
        Ok(made.ok_or(HttpRefused::RouteUnknown)?)
    };
    match found.await {
        Ok(made) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
            .insert_header((CACHE_CONTROL, "public, max-age=5"))
            .body(made.note),
        Err(why) => Unanswered::response(&why),
    }
}

/// A tile of the tree of the last checkpoint; it never changes.
pub async fn tile<E: Executor, A: Admission>(
    door: web::Data<Door<E, A>>,
    path: web::Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    let found = async {
        let (id, width) = TileId::parse(&path).ok_or(HttpRefused::RouteUnknown)?;
        let reader = Reader::of(&*door, &request, PRICE).await?;
        let found = reader.registry.log_tile(id, width).await.map_err(|error| fault(&error))?;
        Ok(found.ok_or(HttpRefused::RouteUnknown)?)
    };
    match found.await {
        Ok(hashes) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, "application/octet-stream"))
            .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
            .body(hashes),
        Err(why) => Unanswered::response(&why),
    }
}
