//! What every answer passes: headers that keep browsers careful, the line in the log, the host of a demo.

use std::time::Instant;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HOST, HeaderName, HeaderValue};
use actix_web::middleware::{DefaultHeaders, Next};
use actix_web::{Error, HttpMessage};
use tracing::Instrument;

use super::accept::Media;
use super::allowance::Standing;
use super::answer;
use super::graphql::OperationName;
use super::limits::NAME_SHOWN_MAX;
use super::metrics;
use super::refused::HttpRefused;
use super::traced;

/// What the page needs and nothing more: no other host, no inline script, no frame, no text that becomes code.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/// Whoever was served under TLS once asks under TLS alone from then on, for a year.
pub const STRICT_TRANSPORT: (&str, &str) = ("Strict-Transport-Security", "max-age=31536000");

/// The headers that every answer carries.
pub fn security_headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("X-Content-Type-Options", "nosniff"))
        .add(("Referrer-Policy", "no-referrer"))
        .add(("Cross-Origin-Resource-Policy", "same-origin"))
        .add(("Content-Security-Policy", CONTENT_SECURITY_POLICY))
}

/// The header that names a request, in the answer and in every line that the log has of it.
const REQUEST_HEADER: HeaderName = HeaderName::from_static("yulin-request");

/// One line an answer. Addresses and headers stay out: they may hold filters and keys.
pub async fn logged(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let id = uuid::Uuid::now_v7();
    let span = tracing::info_span!("request", %id);
    traced::continues(&span, request.headers());
    let mut response = answered(request, next, &span).instrument(span.clone()).await?;
    if let Ok(id) = HeaderValue::try_from(id.to_string()) {
        response.headers_mut().insert(REQUEST_HEADER, id);
    }
    Ok(response)
}

async fn answered<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
    span: &tracing::Span,
) -> Result<ServiceResponse<B>, Error> {
    let begun = Instant::now();
    let method = request.method().clone();
    let response = next.call(request).await?;
    let route = response.request().match_pattern().unwrap_or_else(|| "none".to_owned());
    traced::answered(span, method.as_str(), &route, response.status().as_u16());
    let operation = response.request().extensions().get::<OperationName>().map(|name| shown(&name.0));
    let (took, status) = (begun.elapsed(), response.status().as_u16());
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    metrics::answered(route.clone(), method.as_str(), status, took);
    tracing::info!(%method, route, status, micros, operation, "answered");
    Ok(response)
}

fn shown(name: &str) -> String {
    name.chars().take(NAME_SHOWN_MAX).collect()
}

/// What a reader outside the schema may still ask is told as whoever asks the schema is told it.
pub async fn standing_told<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let mut response = next.call(request).await?;
    let standing = response.request().extensions().get::<Standing>().copied();
    if let Some(standing) = standing {
        answer::tell_standing(response.headers_mut(), standing);
    }
    Ok(response)
}

/// The page of a demo holds keys. A foreign page whose name was made to point at this machine must not read it, so only
/// requests to a loopback name are answered.
pub async fn loopback_host(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    // The header itself: what proxies say of another host can be said by any page.
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if is_loopback(host) {
        return next.call(request).await.map(ServiceResponse::map_into_left_body);
    }
    let refused = answer::refused(&HttpRefused::HostForeign, Media::Json);
    Ok(request.into_response(refused).map_into_right_body())
}

/// Whether the host of a request is a loopback name, with or without port.
pub fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
