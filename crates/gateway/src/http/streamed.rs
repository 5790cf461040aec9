//! GraphQL over server-sent events, in distinct connections: a POST whose answers come as events, `complete` the last.

use std::time::Duration;

use actix_web::http::header::{ACCEPT, Accept, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, Header, Quality};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use async_graphql::parser::types::OperationType;
use async_graphql::{Executor, Response};
use futures_util::stream::{self, BoxStream, StreamExt};

use super::admission::{Admission, Sender};
use super::allowance::Charge;
use super::answer::{Shaped, Told};
use super::graphql::Door;
use super::parameters::Sent;
use super::profile::Profile;
use super::refused::HttpRefused;
use super::sockets::{SocketPlace, Sockets};

/// After so long a silence a comment keeps the connection open.
const COMMENT_EVERY: Duration = Duration::from_secs(12);

/// Whether a request asks for its answers as events.
pub fn is_wanted(request: &HttpRequest) -> bool {
    request.headers().contains_key(ACCEPT)
        && Accept::parse(request).is_ok_and(|accept| {
            let is_named = |range: &str| range.eq_ignore_ascii_case("text/event-stream");
            accept.iter().any(|range| is_named(range.item.essence_str()) && range.quality > Quality::ZERO)
        })
}

/// Answers with events.
pub async fn answer<E: Executor, A: Admission>(
    door: &Door<E, A>,
    http: &HttpRequest,
    sent: Sent,
) -> Result<HttpResponse, HttpRefused> {
    let sockets = Sockets::of(http);
    let sender = Sender::of(http)?;
    let (operation, place) = if sender.token.is_some() {
        let operation = door.operation(&sender, sent).await?;
        let place = sockets.known(operation.charge.caller()).inspect_err(|_| given_back(&operation.charge))?;
        (operation, place)
    } else {
        let mut place = sockets.wait(sender.address)?;
        let operation = door.operation(&sender, sent).await?;
        place.greeted(operation.charge.caller()).inspect_err(|_| given_back(&operation.charge))?;
        (operation, place)
    };
    let mut standing = None;
    let (events, place) = if operation.kind == Some(OperationType::Subscription) {
        let (request, told) = operation.streamed();
        let answers = door.executor.execute_stream(request, None);
        let events = Events { answers: Some(answers), told, profile: door.profile, sockets, _place: place };
        (stream::unfold(events, Events::next).boxed_local(), None)
    } else {
        let shaped = door.executed_once(operation).await?;
        let events = [next(&shaped), complete()].map(Ok);
        standing = Some(shaped);
        (stream::iter(events).boxed_local(), Some(place))
    };
    drop(place);
    let mut response = HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-store"))
        // Compression would hold events back.
        .insert_header((CONTENT_ENCODING, "identity"))
        .streaming(events);
    if let Some(shaped) = standing {
        shaped.tell_standing(&mut response);
    }
    Ok(response)
}

/// What is not answered for want of a place costs nothing.
fn given_back(charge: &Charge) {
    charge.settled(0);
}

/// The answers that are still to come; none once `complete` was sent.
struct Events {
    answers: Option<BoxStream<'static, Response>>,
    told: Told,
    profile: Profile,
    sockets: Sockets,
    _place: SocketPlace,
}

impl Events {
    async fn next(mut self) -> Option<(Result<Bytes, std::io::Error>, Self)> {
        let answers = self.answers.as_mut()?;
        let sockets = self.sockets.clone();
        let event = tokio::select! {
            answer = answers.next() => {
                if answer.is_none() {
                    self.answers = None;
                }
                answer.map_or_else(complete, |response| next(&Shaped::of(response, &self.told, self.profile)))
            }
            () = tokio::time::sleep(COMMENT_EVERY) => Bytes::from_static(b":\n\n"),
            // Whoever follows comes back to another gateway.
            () = sockets.ended() => return None,
        };
        Some((Ok(event), self))
    }
}

fn next(shaped: &Shaped) -> Bytes {
    // JSON of one line: nothing in it ends the event early.
    let mut event = b"event: next\ndata: ".to_vec();
    event.extend(shaped.bytes());
    event.extend(b"\n\n");
    Bytes::from(event)
}

fn complete() -> Bytes {
    Bytes::from_static(b"event: complete\ndata:\n\n")
}
