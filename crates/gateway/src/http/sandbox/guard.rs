//! Where faults happen: around every request for data, before it is read and after it is answered.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpMessage, HttpResponse};
use futures_util::stream;

use super::fault::{Fault, Faults};
use super::plans::Sandbox;
use crate::http::accept::{self, Media};
use crate::http::admission::Sender;
use crate::http::answer;
use crate::http::refused::HttpRefused;

/// What every answer of a sandbox carries.
pub const SANDBOX_HEADER: (&str, &str) = ("Yulin-Sandbox", "true");

/// Lets happen to a request what its header, or else the plan of its key, says.
pub async fn faulty(
    sandbox: Data<Sandbox>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    let Faults { late, fault } = match faults_of(&sandbox, &request) {
        Ok(faults) => faults,
        Err(refused) => {
            let media = accept::negotiate(request.request()).unwrap_or(Media::Json);
            return Ok(request.into_response(answer::refused(&refused, media)).map_into_right_body());
        }
    };
    match fault {
        Some(Fault::DropRequest) => {
            tokio::time::sleep(late).await;
            return Ok(request.into_response(cut_off()).map_into_right_body());
        }
        Some(Fault::Act(fault)) => drop(request.extensions_mut().insert(fault)),
        Some(Fault::DropReply) | None => {}
    }
    let response = next.call(request).await?;
    if !late.is_zero() {
        tokio::time::sleep(late).await;
    }
    if fault == Some(Fault::DropReply) {
        return Ok(response.into_response(cut_off()).map_into_right_body());
    }
    Ok(response.map_into_left_body())
}

/// Only what asks for data or acts has faults; the page, health and the plans themselves are always there.
fn faults_of(sandbox: &Sandbox, request: &ServiceRequest) -> Result<Faults, HttpRefused> {
    let path = request.path();
    if path != "/graphql" && !path.starts_with("/export/") {
        return Ok(Faults::default());
    }
    if let Some(asked) = Faults::asked(request.headers())? {
        return Ok(asked);
    }
    // A credential that cannot be read is told by whoever reads it next.
    let key = Sender::of(request.request()).ok().and_then(|sender| sender.token);
    Ok(key.map_or_else(Faults::default, |key| sandbox.next(&key)))
}

/// An answer whose body fails before its first byte: the connection is closed, and nothing of the answer is sent.
fn cut_off() -> HttpResponse {
    let broken = stream::once(async { Err::<Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionAborted)) });
    HttpResponse::InternalServerError().streaming(broken)
}
