//! What a client holds already is not sent again: the answer to a GET is named by what it says and as of which entry.
//!
//! An answer that is pinned to an entry says the same for ever. One that is not is asked for anew each time, and its name
//! changes with the newest entry.

use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, ETAG, EntityTag, Header, HeaderValue, IfNoneMatch, VARY};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use sha2::{Digest, Sha256};

use super::accept::Media;
use super::answer::{self, Shaped};

/// Kept by whoever asked, and by nobody between; used again only after it was asked whether it still holds.
pub const ASKED_AGAIN: &str = "private, no-cache";
/// What an answer to a reader depends on beside its address.
pub const BY_READER: &str = "Accept, Authorization, Yulin-Role";

/// Bytes of the digest by which an answer is named.
const DIGEST_LENGTH: usize = 16;

/// The answer to a request, or that the one its client holds still holds.
pub fn executed(request: &HttpRequest, shaped: &Shaped, media: Media) -> HttpResponse {
    let mut response = answer::executed(shaped, media);
    if request.method() != Method::GET || shaped.request_errors().is_some() || !response.status().is_success() {
        return response;
    }
    let tag = EntityTag::new_weak(shaped.digest());
    if is_held(request, &tag) {
        let mut unchanged = HttpResponse::NotModified().finish();
        for (name, value) in response.headers() {
            if name.as_str().starts_with("ratelimit") {
                unchanged.headers_mut().insert(name.clone(), value.clone());
            }
        }
        response = unchanged;
    }
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(ASKED_AGAIN));
    headers.insert(VARY, HeaderValue::from_static(BY_READER));
    if let Ok(tag) = HeaderValue::try_from(tag.to_string()) {
        headers.insert(ETAG, tag);
    }
    response
}

/// Bytes as an answer that is named by their digest, or that the one its client holds still holds; what `ended` adds to them
/// is no part of what they say.
pub fn told_once(
    request: &HttpRequest,
    mut bytes: Vec<u8>,
    head: impl FnOnce(&mut HttpResponseBuilder),
    ended: impl FnOnce(&mut Vec<u8>),
) -> HttpResponse {
    let digest = Sha256::digest(&bytes);
    let tag = EntityTag::new_weak(hex::encode(digest.get(..DIGEST_LENGTH).unwrap_or_default()));
    let is_held = is_held(request, &tag);
    let mut response = if is_held { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    head(&mut response);
    response.insert_header((ETAG, tag.to_string()));
    if is_held {
        return response.finish();
    }
    ended(&mut bytes);
    response.body(bytes)
}

/// Whether the client says that it holds what a tag names.
pub fn is_held(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => request.headers().contains_key("if-none-match"),
        Ok(IfNoneMatch::Items(held)) => held.iter().any(|one| one.weak_eq(tag)),
        Err(_) => false,
    }
}
