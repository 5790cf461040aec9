//! In which media type the answer is given, and whether the body came in one that is taken.

use std::cmp::Ordering;

use actix_web::http::header::{ACCEPT, Accept, CONTENT_ENCODING, Header, Quality};
use actix_web::{HttpMessage, HttpRequest};

use super::refused::HttpRefused;

/// The media types of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// `application/graphql-response+json`: the status tells whether the request was executed.
    GraphqlResponse,
    /// `application/json`: the older convention, in which a well-formed request is answered with 200.
    Json,
}

impl Media {
    /// The value of `Content-Type`.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    const fn essence(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json",
            Self::Json => "application/json",
        }
    }
}

/// The media type the client likes best; plain JSON where it names none.
pub fn negotiate(request: &HttpRequest) -> Result<Media, HttpRefused> {
    if !request.headers().contains_key(ACCEPT) {
        return Ok(Media::Json);
    }
    let accept = Accept::parse(request).map_err(|_| HttpRefused::NotAcceptable)?;
    let json = wish(&accept, Media::Json);
    let graphql = wish(&accept, Media::GraphqlResponse);
    match (json, graphql) {
        (None, None) => Err(HttpRefused::NotAcceptable),
        (Some(_), None) => Ok(Media::Json),
        (None, Some(_)) => Ok(Media::GraphqlResponse),
        (Some(json), Some(graphql)) => Ok(if graphql.beats(&json) { Media::GraphqlResponse } else { Media::Json }),
    }
}

/// How much a client wants one media type: the most specific range that covers it decides.
struct Wish {
    quality: Quality,
    named: bool,
    position: usize,
}

impl Wish {
    /// Better liked; at a tie named rather than covered by a wildcard; at another tie named first.
    fn beats(&self, other: &Self) -> bool {
        match self.quality.cmp(&other.quality) {
            Ordering::Greater => true,
            Ordering::Less => false,
            Ordering::Equal => self.named && (!other.named || self.position < other.position),
        }
    }
}

fn wish(accept: &Accept, media: Media) -> Option<Wish> {
    let ranges = accept.iter().enumerate();
    let covering =
        ranges.filter_map(|(position, range)| Some((covers(range.item.essence_str(), media)?, position, range)));
    let (specificity, position, range) =
        covering.max_by_key(|(specificity, position, _)| (*specificity, usize::MAX - position))?;
    // A quality of zero says: not this one.
    (range.quality > Quality::ZERO).then_some(Wish { quality: range.quality, named: specificity == 2, position })
}

/// How closely a range names the media type: 2 by name, 1 by `application/*`, 0 by `*/*`.
fn covers(range: &str, media: Media) -> Option<u8> {
    match range {
        "*/*" => Some(0),
        "application/*" => Some(1),
        named => (named == media.essence()).then_some(2),
    }
}

/// Refuses a GET that a foreign page could have sent: it sets no header of its own.
pub fn require_preflight(request: &HttpRequest) -> Result<(), HttpRefused> {
    if request.headers().contains_key("Yulin-Preflight") { Ok(()) } else { Err(HttpRefused::PreflightMissing) }
}

/// Refuses a body that is not declared as JSON in UTF-8. Forms and plain text are what a foreign page can send unasked.
pub fn require_json_body(request: &HttpRequest) -> Result<(), HttpRefused> {
    // What is packed is not read: what it would unpack to cannot be told.
    let packed = request.headers().get(CONTENT_ENCODING).is_some_and(|encoding| encoding.as_bytes() != b"identity");
    if packed {
        return Err(HttpRefused::MediaTypeUnsupported);
    }
    let mime = request.mime_type().ok().flatten().ok_or(HttpRefused::MediaTypeUnsupported)?;
    let utf8 = mime.get_param("charset").is_none_or(|charset| charset.as_str().eq_ignore_ascii_case("utf-8"));
    if mime.essence_str() == "application/json" && utf8 { Ok(()) } else { Err(HttpRefused::MediaTypeUnsupported) }
}
