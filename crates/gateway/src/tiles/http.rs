//! Tiles over HTTP: `/tiles/{layer}/{z}/{x}/{y}.mvt`, `/tiles/{layer}.json` and `/tiles/style.json`.
//!
//! A tile is named by the last act that touched it: a client asks whether it still holds, and is sent bytes only where it
//! does not. What was committed here is on the next tile; whoever presents a `seq` is never told less than that.

use actix_web::http::header::{CONTENT_TYPE, ETAG, EntityTag};
use actix_web::{HttpRequest, HttpResponse, web};
use async_graphql::Executor;
use tokio::sync::Semaphore;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_exchange::tile::{TilePlace, encode};
use yulin_persistence::Narrowed;

use super::described;
use super::drawn::{Lying, Sheet, unwritten};
use crate::errors::fault;
use crate::http::{Admission, Door, HttpRefused, OPERATION_MAX, Reader, Unanswered, base_of, is_held};
use crate::layer::Layer;
use crate::request::caught_up;
use crate::schema::Price;

/// What a tile costs, as operations cost.
const TILE_COST: usize = 20;
const TILE_TYPE: &str = "application/vnd.mapbox-vector-tile";
/// Tiles that are drawn at once: each may hold what thousands of parcels need.
const DRAWN_AT_ONCE: usize = 8;
static DRAWING: Semaphore = Semaphore::const_new(DRAWN_AT_ONCE);

/// The parts of a tile's address.
type Address = (String, String, String, String);

/// A tile. Where nothing lies there is no content.
pub async fn tile<E: Executor, A: Admission>(
    door: web::Data<Door<E, A>>,
    path: web::Path<Address>,
    request: HttpRequest,
) -> HttpResponse {
    let answered = async {
        let (layer, place) = place_of(&path).ok_or(HttpRefused::RouteUnknown)?;
        let reader = Reader::of(&*door, &request, Price { requested: TILE_COST, kept: 0 }).await?;
        if place.zoom() < described::zoom_min(layer) {
            return Ok(HttpResponse::NoContent().finish());
        }
        let snapshot = caught_up(&reader.registry, reader.at_least).await?;
        let sheet = Sheet { registry: &reader.registry, snapshot, viewer: &reader.viewer, place };
        let told = tokio::time::timeout(OPERATION_MAX, told(&request, &sheet, layer)).await;
        told.map_err(|_| Refused::new(ErrorCode::Timeout))?
    };
    answered.await.unwrap_or_else(|why: Unanswered| why.response())
}

/// The tile, or that the one its client holds still holds. Its name tells by whom it was drawn, too: another version of the
/// program may draw otherwise.
async fn told(request: &HttpRequest, sheet: &Sheet<'_>, layer: Layer) -> Result<HttpResponse, Unanswered> {
    let lying = sheet.lying(layer).await?;
    let tag = format!("{}-{}-{}", env!("CARGO_PKG_VERSION"), sheet.viewer.standpoint(), lying.tag());
    let tag = EntityTag::new_weak(tag);
    let mut response =
        if is_held(request, &tag) { HttpResponse::NotModified().finish() } else { drawn(sheet, layer, &lying).await? };
    if let Ok(tag) = tag.to_string().try_into() {
        response.headers_mut().insert(ETAG, tag);
    }
    Ok(response)
}

async fn drawn(sheet: &Sheet<'_>, layer: Layer, lying: &Lying) -> Result<HttpResponse, Unanswered> {
    let drawing = DRAWING.acquire().await.map_err(|why| fault(&why))?;
    let drawn = sheet.draw(lying).await?;
    let place = sheet.place;
    // Cutting takes the processor: it is done apart from the threads that answer.
    let encoded = tokio::task::spawn_blocking(move || {
        let encoded = encode(&place, layer.name(), drawn.features);
        drop(drawing);
        encoded
    });
    let bytes = encoded.await.map_err(|why| fault(&why))?.map_err(|why| unwritten(&why))?;
    if bytes.is_empty() {
        return Ok(HttpResponse::NoContent().finish());
    }
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, TILE_TYPE)).insert_header(("Yulin-Seq", sheet.snapshot.seq.to_string()));
    if drawn.left_out > 0 {
        response.insert_header(("Yulin-Left-Out", drawn.left_out.to_string()));
    }
    Ok(response.body(bytes))
}

fn place_of((layer, zoom, column, row): &Address) -> Option<(Layer, TilePlace)> {
    let place = TilePlace::new(zoom.parse().ok()?, column.parse().ok()?, row.parse().ok()?)?;
    Some((Layer::named(layer)?, place))
}

/// The TileJSON of a layer.
pub async fn tile_json<E: Executor, A: Admission>(
    door: web::Data<Door<E, A>>,
    layer: web::Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    let answered = async {
        let layer = Layer::named(&layer).ok_or(HttpRefused::RouteUnknown)?;
        let reader = Reader::of(&*door, &request, Price { requested: TILE_COST, kept: 0 }).await?;
        let snapshot = caught_up(&reader.registry, reader.at_least).await?;
        let within = reader.viewer.narrowed().and_then(Narrowed::districts);
        let bounds = reader.registry.extent(&snapshot, within).await.map_err(|why| fault(&why))?;
        let told = described::tile_json(layer, reader.viewer.role, &base_of(&request), bounds);
        Ok(HttpResponse::Ok().json(told))
    };
    answered.await.unwrap_or_else(|why: Unanswered| why.response())
}

/// The style of the map.
pub async fn style(request: HttpRequest) -> HttpResponse {
    HttpResponse::Ok().json(super::style::style(&base_of(&request)))
}
