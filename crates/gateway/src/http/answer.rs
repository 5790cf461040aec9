//! The answer of the schema as it goes out: status, members, and errors that are coded and kept short.
//!
//! `data` is absent where the request was not executed; a refused request repeats nothing of the query but names.

use std::io::Write;

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use actix_web::{HttpResponse, http::header};
use async_graphql::{Error, Response, ServerError, Value};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;

use super::accept::Media;
use super::allowance::{Charge, Standing};
use super::inputs;
use super::limits::{MESSAGE_MAX, REQUEST_ERRORS_MAX};
use super::profile::Profile;
use super::refused::{HttpRefused, coded};
use crate::errors::refused_error;
use crate::request::ANSWER_MAX;

/// After how many seconds whoever found no place may try again.
const BUSY_S: u64 = 5;
/// Characters of the name of an answer.
const DIGEST_LENGTH: usize = 32;

/// The members of an answer.
#[derive(Debug, Serialize)]
pub struct Shaped {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ServerError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    extensions: serde_json::Map<String, serde_json::Value>,
    /// What its sender may still ask.
    #[serde(skip)]
    standing: Option<Standing>,
}

/// A request that the schema did not see.
pub fn refused(refused: &HttpRefused, media: Media) -> HttpResponse {
    let shaped = Shaped::refused(refused.to_error());
    let mut response = written(refused.status(media), media, &shaped);
    if matches!(refused, HttpRefused::KeyUnknown | HttpRefused::PrincipalUnknown) {
        let bearer = header::HeaderValue::from_static("Bearer realm=\"yulin\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
    }
    if matches!(refused, HttpRefused::MutationOverGet) {
        response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("POST"));
    }
    if let HttpRefused::TooMuchAsked { wait_s, standing, .. } = refused {
        response.headers_mut().insert(header::RETRY_AFTER, (*wait_s).into());
        tell_standing(response.headers_mut(), *standing);
    }
    response
}

/// A request outside the schema that was understood and is not answered.
pub fn unanswered(refused: &Refused, status: StatusCode) -> HttpResponse {
    let Error { message, extensions, .. } = refused_error(refused);
    let mut error = ServerError::new(message, None);
    error.extensions = extensions;
    let mut response = written(status, Media::Json, &Shaped::refused(error));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, BUSY_S.into());
    }
    response
}

/// What an answer tells of its operation.
#[derive(Debug, Clone)]
pub struct Told {
    /// The text that was asked, in which errors have their place.
    pub query: String,
    /// The entry as of which it was answered, where it read or wrote anything.
    pub seq: Option<i64>,
    pub cost: Cost,
}

/// What the limits counted of an operation.
#[derive(Debug, Clone)]
pub enum Cost {
    /// It has one answer, which is put in the place of what was taken.
    Charged(Charge),
    /// It has many, each of which is added.
    Streamed(Charge),
}

impl Cost {
    /// How it is told, and what the sender may still ask.
    fn told(&self, data: &Value) -> (serde_json::Value, Standing) {
        let (requested, actual, standing) = match self {
            Self::Charged(charge) => {
                let actual = charge.actual(data);
                (charge.requested(), actual, charge.settled(actual))
            }
            Self::Streamed(charge) => {
                let actual = charge.actual(data);
                (charge.requested(), actual, charge.more(actual))
            }
        };
        (json!({ "requested": requested, "actual": actual, "allowance": standing }), standing)
    }
}

impl Shaped {
    fn refused(error: ServerError) -> Self {
        Self { errors: vec![error], data: None, extensions: serde_json::Map::new(), standing: None }
    }

    /// An answer of the schema with its errors coded and kept short.
    pub fn of(mut response: Response, told: &Told, profile: Profile) -> Self {
        let failed_whole = is_request_error(&response);
        let mut extensions = serde_json::Map::new();
        for (name, value) in std::mem::take(&mut response.extensions) {
            extensions.insert(name, value.into_json().unwrap_or_default());
        }
        if let Some(seq) = told.seq {
            extensions.insert("seq".to_owned(), seq.into());
        }
        let (cost, standing) = told.cost.told(&response.data);
        extensions.insert("cost".to_owned(), cost);
        if failed_whole && response.errors.len() > REQUEST_ERRORS_MAX {
            let more = response.errors.len() - REQUEST_ERRORS_MAX;
            response.errors.truncate(REQUEST_ERRORS_MAX);
            extensions.insert("errorsNotShown".to_owned(), more.into());
        }
        for error in &mut response.errors {
            shape(error, &told.query, profile);
        }
        let data = (!failed_whole).then_some(response.data);
        Self { errors: response.errors, data, extensions, standing: Some(standing) }
    }

    /// As JSON, or, where it is larger than may be sent, that it is.
    pub fn bytes(&self) -> Vec<u8> {
        let too_large = || Self::refused(HttpRefused::AnswerTooLarge.to_error());
        bounded(self).or_else(|_| bounded(&too_large())).unwrap_or_default()
    }

    /// Says in the headers what its sender may still ask.
    pub fn tell_standing(&self, response: &mut HttpResponse) {
        if let Some(standing) = self.standing {
            tell_standing(response.headers_mut(), standing);
        }
    }

    /// A name for what it says and as of which entry, whatever was left of an allowance.
    pub fn digest(&self) -> String {
        let said = (&self.data, &self.errors, self.extensions.get("seq"));
        let bytes = serde_json::to_vec(&said).unwrap_or_default();
        hex::encode(Sha256::digest(bytes)).chars().take(DIGEST_LENGTH).collect()
    }

    /// The errors of a request that was not executed; none of one that was.
    pub fn request_errors(&self) -> Option<&[ServerError]> {
        self.data.is_none().then_some(self.errors.as_slice())
    }
}

/// A request that the schema answered.
pub fn executed(shaped: &Shaped, media: Media) -> HttpResponse {
    let status = match media {
        Media::GraphqlResponse if shaped.request_errors().is_some() => StatusCode::BAD_REQUEST,
        Media::GraphqlResponse | Media::Json => StatusCode::OK,
    };
    let mut response = written(status, media, shaped);
    shaped.tell_standing(&mut response);
    response
}

/// What a sender may still ask, as the draft of header fields for rate limits lays it out.
pub fn tell_standing(headers: &mut HeaderMap, standing: Standing) {
    let Standing { most, left, restored_per_second } = standing;
    let full_in = most.saturating_sub(left).div_ceil(restored_per_second.max(1));
    let window = most.div_ceil(restored_per_second.max(1));
    let told = [
        ("ratelimit-policy", format!("\"cost\";q={most};w={window}")),
        ("ratelimit", format!("\"cost\";r={left};t={full_in}")),
    ];
    for (name, value) in told {
        if let Ok(value) = header::HeaderValue::try_from(value) {
            headers.insert(header::HeaderName::from_static(name), value);
        }
    }
}

fn written(status: StatusCode, media: Media, shaped: &Shaped) -> HttpResponse {
    match bounded(shaped) {
        Ok(body) => HttpResponse::build(status)
            .insert_header((header::CONTENT_TYPE, media.content_type()))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(body),
        Err(error) if error.is_io() => refused(&HttpRefused::AnswerTooLarge, media),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// An answer as JSON; an error of writing where it is larger than may be sent.
pub fn bounded(answer: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut body = Bounded(Vec::new());
    serde_json::to_writer(&mut body, answer)?;
    Ok(body.0)
}

/// The bytes of an answer, of which no more are taken than may be sent.
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > ANSWER_MAX {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Whether the request was not executed at all: nothing was read, and no error stands at a field.
fn is_request_error(response: &Response) -> bool {
    let is_at_root = |error: &ServerError| error.path.is_empty();
    response.data == Value::Null && !response.errors.is_empty() && response.errors.iter().all(is_at_root)
}

/// Gives an error its code where it has none, and cuts its message to size.
fn shape(error: &mut ServerError, query: &str, profile: Profile) {
    let is_coded = error.extensions.as_ref().is_some_and(|extensions| extensions.get("code").is_some());
    if !is_coded {
        give_code(error, query);
    }
    let mut message = std::mem::take(&mut error.message);
    if profile == Profile::Production
        && let Some(start) = message.find(" Did you mean")
    {
        message.truncate(start);
    }
    error.message = shortened(&message);
}

fn give_code(error: &mut ServerError, query: &str) {
    let code = code_of(error);
    let mut extensions = coded(code);
    if code == ErrorCode::Validation
        && let Some(field) = inputs::field_of(error, query)
    {
        extensions.set("field", field);
    }
    if code == ErrorCode::Internal {
        let reference = uuid::Uuid::new_v4().to_string();
        // The message may hold what the database said: the log gets it, the reply the reference.
        tracing::error!(reference, error = %error.message, path = ?error.path, "an operation failed");
        ErrorCode::Internal.message(yulin_domain::codes::Lang::En).clone_into(&mut error.message);
        extensions.set("reference", reference);
    }
    error.extensions = Some(extensions);
}

/// The code of an error that the GraphQL library made, told by where it stands and how it begins.
fn code_of(error: &ServerError) -> ErrorCode {
    const LIMITS: [&str; 3] = ["Query is too complex", "Query is nested too deep", "cannot be greater than"];
    let message = error.message.as_str();
    if inputs::is_of_input(message) {
        return ErrorCode::Validation;
    }
    if !error.path.is_empty() {
        return ErrorCode::Internal;
    }
    let is_limit = LIMITS.iter().any(|limit| message.contains(limit));
    if is_limit { ErrorCode::QueryTooComplex } else { ErrorCode::QueryInvalid }
}

fn shortened(message: &str) -> String {
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MESSAGE_MAX) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}
