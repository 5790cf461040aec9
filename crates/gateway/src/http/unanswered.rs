//! Why a request outside the schema is not answered, and how that is told.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use async_graphql::Error;
use yulin_domain::error_catalogue::{ErrorClass, ErrorCode};
use yulin_domain::journal::Refused;

use super::accept::Media;
use super::answer;
use super::refused::HttpRefused;
use crate::errors::refusal_of;

/// Why there is no answer.
#[derive(Debug)]
pub enum Unanswered {
    /// The request itself is at fault, or its sender.
    Http(HttpRefused),
    /// What it asks for is not told.
    Refused(Refused),
}

impl Unanswered {
    /// The answer that says so.
    pub fn response(&self) -> HttpResponse {
        match self {
            Self::Http(why) => answer::refused(why, Media::Json),
            Self::Refused(why) => answer::unanswered(why, status_of(why.code)),
        }
    }
}

const fn status_of(code: ErrorCode) -> StatusCode {
    match (code, code.class()) {
        (ErrorCode::Timeout, _) => StatusCode::GATEWAY_TIMEOUT,
        // What the client has seen is not here yet: the same question may be answered later.
        (ErrorCode::AsOfBeyondHead, _) | (_, ErrorClass::Conflict) => StatusCode::CONFLICT,
        (_, ErrorClass::Malformed) => StatusCode::BAD_REQUEST,
        (_, ErrorClass::Refused) => StatusCode::UNPROCESSABLE_ENTITY,
        (_, ErrorClass::Authority) => StatusCode::FORBIDDEN,
        (_, ErrorClass::Busy) => StatusCode::SERVICE_UNAVAILABLE,
        (_, ErrorClass::Fault) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<HttpRefused> for Unanswered {
    fn from(refused: HttpRefused) -> Self {
        Self::Http(refused)
    }
}

impl From<Refused> for Unanswered {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<Error> for Unanswered {
    fn from(error: Error) -> Self {
        Self::Refused(refusal_of(&error))
    }
}
