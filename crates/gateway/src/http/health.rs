//! Whether the process lives, and whether it can answer: two questions, since a restart helps with the first alone.

use actix_web::{HttpResponse, web};
use async_graphql::Executor;
use serde_json::json;
use yulin_persistence::{ReadFrom, Registry};

use super::accept::Media;
use super::admission::Admission;
use super::answer;
use super::graphql::Door;
use super::refused::HttpRefused;

/// The process lives.
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}

/// The database answers, lacks no step of migration, and its journal can be read and written; else 503. Where snapshots
/// are read from a server that follows, it is told how far that is behind.
pub async fn readyz<E: Executor, A: Admission>(door: web::Data<Door<E, A>>) -> HttpResponse {
    match door.admission.is_ready().await {
        Ok(()) => match door.admission.log().map(Registry::read_from) {
            Ok(ReadFrom::Standby { seq, behind }) => {
                let standby = json!({ "seq": seq, "behind": behind });
                HttpResponse::Ok().json(json!({ "status": "ready", "standby": standby }))
            }
            Ok(ReadFrom::Primary) | Err(_) => HttpResponse::Ok().json(json!({ "status": "ready" })),
        },
        Err(refused) => answer::refused(&refused, Media::Json),
    }
}

/// Nothing stands at this address.
pub async fn nowhere() -> HttpResponse {
    answer::refused(&HttpRefused::RouteUnknown, Media::Json)
}
