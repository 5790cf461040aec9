//! The upgrade of a request to a socket: who may ask for it, and how many there are.

use actix_web::http::header::{HOST, HeaderName, ORIGIN, SEC_WEBSOCKET_PROTOCOL, UPGRADE};
use actix_web::{HttpRequest, HttpResponse, web};
use async_graphql::Executor;

use super::talk::Talk;
use crate::http::accept::Media;
use crate::http::admission::{Admission, Sender};
use crate::http::answer;
use crate::http::graphql::Door;
use crate::http::limits::BODY_MAX;
use crate::http::origins::Origins;
use crate::http::refused::HttpRefused;
use crate::http::sockets::Sockets;

/// The one protocol that is spoken.
const PROTOCOL: &str = "graphql-transport-ws";

/// Whether a request asks to become a socket.
pub fn is_upgrade(request: &HttpRequest) -> bool {
    header(request, &UPGRADE).is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"))
}

/// Opens a socket, or says why not.
pub async fn open<E: Executor, A: Admission>(
    door: web::Data<Door<E, A>>,
    request: &HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    opened(door, request, payload).await.unwrap_or_else(|refused| answer::refused(&refused, Media::GraphqlResponse))
}

async fn opened<E: Executor, A: Admission>(
    door: web::Data<Door<E, A>>,
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, HttpRefused> {
    require_own_origin(request)?;
    require_protocol(request)?;
    let sender = Sender::of(request)?;
    let sockets = Sockets::of(request);
    // A key that comes with the handshake is looked at before a place is taken.
    let place = match &sender.token {
        Some(_) => sockets.known(door.admission.greet(&sender).await?)?,
        None => sockets.wait(sender.address)?,
    };
    let (response, session, messages) = actix_ws::handle_with_protocols(request, payload, &[PROTOCOL])
        .map_err(|_| HttpRefused::ParameterInvalid { name: "Upgrade", expected: "a handshake of WebSocket 13" })?;
    let messages = messages.max_frame_size(BODY_MAX).aggregate_continuations().max_continuation_size(BODY_MAX);
    actix_web::rt::spawn(async move {
        Talk::new(door, session, (sender, place)).hold(messages, &sockets).await;
    });
    Ok(response)
}

fn header<'a>(request: &'a HttpRequest, name: &HeaderName) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

/// A browser lets any page open a socket to any host, and tells where the page came from: only pages of this host
/// may, and those of the hosts that are named.
fn require_own_origin(request: &HttpRequest) -> Result<(), HttpRefused> {
    let Some(origin) = request.headers().get(ORIGIN) else { return Ok(()) };
    let authority = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, authority)| authority);
    let is_own = authority.is_some() && authority == header(request, &HOST);
    let named = request.app_data::<web::Data<Origins>>();
    let is_named = || named.is_some_and(|named| origin.to_str().is_ok_and(|origin| named.hold(origin)));
    if is_own || is_named() { Ok(()) } else { Err(HttpRefused::OriginForeign) }
}

fn require_protocol(request: &HttpRequest) -> Result<(), HttpRefused> {
    let offered = request.headers().get_all(SEC_WEBSOCKET_PROTOCOL).filter_map(|value| value.to_str().ok());
    let is_offered = offered.flat_map(|list| list.split(',')).any(|one| one.trim() == PROTOCOL);
    if is_offered { Ok(()) } else { Err(HttpRefused::SubprotocolMissing) }
}
