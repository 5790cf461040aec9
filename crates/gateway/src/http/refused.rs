//! Why a request is not answered by the schema, and how each case is told: status, code of the catalogue, field, facts.
//!
//! What a resolver refuses is not here; `answer` shapes both into the same form.

use std::borrow::Cow;
use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use async_graphql::{ErrorExtensionValues, ServerError, Value};
use serde_json::json;
use yulin_domain::codes::{Labelled, Role};
use yulin_domain::error_catalogue::ErrorCode;

use super::accept::Media;
use super::allowance::Standing;
use super::limits::{
    BODY_MAX, DIRECTIVES_MAX, OPERATION_MAX, QUERY_TEXT_MAX, QUERY_TOKENS_MAX, SELECTIONS_MAX, SOCKET_OPERATIONS_MAX,
};
use crate::errors::messages;
use crate::request::ANSWER_MAX;
use crate::schema::COST_MAX;

/// Why a request is not answered, roughly in the order in which it is looked at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpRefused {
    #[error("there is nothing at this address")]
    RouteUnknown,
    #[error("the host of the request is not this machine")]
    HostForeign,
    #[error("the method is not allowed here")]
    MethodNotAllowed,
    #[error("the answer is given as application/graphql-response+json or application/json only")]
    NotAcceptable,
    #[error(
        "a subscription is answered as events: by `Accept: text/event-stream`, or over a socket that speaks graphql-transport-ws"
    )]
    SubscriptionOverPlain,
    #[error("the body must be application/json in UTF-8")]
    MediaTypeUnsupported,
    #[error("the page that asks for a socket is of another host")]
    OriginForeign,
    #[error("the socket speaks the protocol graphql-transport-ws only")]
    SubprotocolMissing,
    #[error("the server holds as many sockets and streams as it may; come back later")]
    TooManyStreams,
    #[error("{SOCKET_OPERATIONS_MAX} operations are under way on this socket")]
    TooManyOperations,
    #[error("a GET without a key needs the header Yulin-Preflight, so that no foreign page can send it")]
    PreflightMissing,
    #[error("the body has more than {BODY_MAX} bytes")]
    BodyTooLarge,
    #[error("the body did not arrive in full")]
    BodyIncomplete,
    #[error("the body is not JSON: line {line}, column {column}")]
    JsonInvalid { line: usize, column: usize },
    #[error("lists of requests are not taken; send one request, and many acts with performAll")]
    Batch,
    #[error("the request holds no query")]
    QueryMissing,
    #[error("PersistedQueryNotFound")]
    DocumentNotLeft,
    #[error("no trusted document has this name")]
    DocumentUnknown,
    #[error("only documents that are trusted here are answered")]
    DocumentUntrusted,
    #[error("the parameter {name} is not {expected}")]
    ParameterInvalid { name: &'static str, expected: &'static str },
    #[error("a text in the parameter {name} holds the character U+0000, which no text may hold")]
    NulHeld { name: &'static str },
    #[error("the header Yulin-Seq is not the number of an entry")]
    SeqInvalid,
    #[error("the key is not known, has expired or was revoked")]
    KeyUnknown,
    #[error("whoever signed in is no principal of the registry")]
    PrincipalUnknown,
    #[error("name one of the roles that are granted in the header Yulin-Role")]
    RoleNotGranted { granted: Vec<Role> },
    #[error("the query has more than {QUERY_TEXT_MAX} bytes; send values as variables")]
    QueryTooLong,
    #[error("the query has more than {QUERY_TOKENS_MAX} tokens; send values as variables")]
    TooManyTokens,
    #[error("the query cannot be parsed{}", place(*line, *column, expected))]
    Syntax { line: usize, column: usize, expected: String },
    #[error("a subscription asks one field at its root, and in no fragment, at line {line}, column {column}")]
    SeveralRoots { line: usize, column: usize },
    #[error("the query is nested too deep")]
    TooDeep,
    #[error("a fragment spreads itself")]
    FragmentCycle,
    #[error("the query selects more than {SELECTIONS_MAX} fields, fragments written out")]
    TooManySelections,
    #[error("more was asked than {} units of cost allow; come back after {wait_s} s", standing.most)]
    TooMuchAsked { wait_s: u64, cost: usize, standing: Standing },
    #[error("the query costs {cost}, and at most {COST_MAX} is answered; ask for fewer items or fields")]
    TooCostly { cost: usize },
    #[error("more than {DIRECTIVES_MAX} directives stand at one place of the query")]
    TooManyDirectives,
    #[error("the variable ${name} has no value, and its type is not nullable")]
    VariableMissing { name: String },
    #[error("a mutation is not executed over GET")]
    MutationOverGet,
    #[error("the schema is read with a key only")]
    IntrospectionClosed,
    #[error("the answer has more than {ANSWER_MAX} bytes; ask for fewer items or fields. What was recorded stays so")]
    AnswerTooLarge,
    #[error("the operation took more than {} s", OPERATION_MAX.as_secs())]
    QueryTimeout,
    #[error("no answer came within {} s; send the same act ids again", OPERATION_MAX.as_secs())]
    MutationTimeout,
    #[error("the registry is not ready")]
    NotReady,
    #[error("internal fault")]
    Fault { reference: uuid::Uuid },
}

fn place(line: usize, column: usize, expected: &str) -> String {
    let at = if line == 0 { String::new() } else { format!(" at line {line}, column {column}") };
    if expected.is_empty() { at } else { format!("{at}: {expected}") }
}

impl HttpRefused {
    /// The code of the catalogue.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::RouteUnknown => ErrorCode::RouteUnknown,
            Self::HostForeign | Self::OriginForeign | Self::IntrospectionClosed | Self::RoleNotGranted { .. } => {
                ErrorCode::Forbidden
            }
            Self::TooManyStreams => ErrorCode::Busy,
            Self::TooMuchAsked { .. } => ErrorCode::RateLimited,
            Self::MethodNotAllowed | Self::MutationOverGet => ErrorCode::HttpMethodNotAllowed,
            Self::NotAcceptable | Self::SubscriptionOverPlain | Self::SubprotocolMissing => ErrorCode::NotAcceptable,
            Self::MediaTypeUnsupported => ErrorCode::MediaTypeUnsupported,
            Self::PreflightMissing => ErrorCode::PreflightRequired,
            Self::BodyIncomplete => ErrorCode::BodyIncomplete,
            Self::ParameterInvalid { .. } | Self::NulHeld { .. } => ErrorCode::Validation,
            Self::BodyTooLarge => ErrorCode::BodyTooLarge,
            Self::JsonInvalid { .. } => ErrorCode::JsonInvalid,
            Self::Batch => ErrorCode::BatchNotTaken,
            Self::QueryMissing | Self::VariableMissing { .. } => ErrorCode::FieldRequired,
            Self::DocumentNotLeft => ErrorCode::PersistedQueryNotFound,
            Self::DocumentUnknown => ErrorCode::DocumentUnknown,
            Self::DocumentUntrusted => ErrorCode::DocumentUntrusted,
            Self::SeqInvalid => ErrorCode::NumberInvalid,
            Self::KeyUnknown | Self::PrincipalUnknown => ErrorCode::Unauthenticated,
            Self::Syntax { .. } | Self::SeveralRoots { .. } | Self::FragmentCycle => ErrorCode::QueryInvalid,
            Self::QueryTooLong
            | Self::TooManyTokens
            | Self::TooDeep
            | Self::TooManySelections
            | Self::TooCostly { .. }
            | Self::TooManyDirectives => ErrorCode::QueryTooComplex,
            Self::AnswerTooLarge | Self::TooManyOperations => ErrorCode::LimitExceeded,
            Self::QueryTimeout => ErrorCode::Timeout,
            Self::MutationTimeout => ErrorCode::OutcomeUnknown,
            Self::NotReady => ErrorCode::NotReady,
            Self::Fault { .. } => ErrorCode::Internal,
        }
    }

    /// The status. A document that does not fit the schema is an ordinary answer to those who ask for plain JSON:
    /// clients of that older convention read no body with another status.
    pub const fn status(&self, media: Media) -> StatusCode {
        match self {
            Self::RouteUnknown => StatusCode::NOT_FOUND,
            Self::HostForeign => StatusCode::MISDIRECTED_REQUEST,
            Self::MethodNotAllowed | Self::MutationOverGet => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable | Self::SubscriptionOverPlain => StatusCode::NOT_ACCEPTABLE,
            Self::MediaTypeUnsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyIncomplete => StatusCode::REQUEST_TIMEOUT,
            Self::PreflightMissing
            | Self::SubprotocolMissing
            | Self::TooManyOperations
            | Self::JsonInvalid { .. }
            | Self::Batch
            | Self::QueryMissing
            | Self::DocumentUnknown
            | Self::ParameterInvalid { .. }
            | Self::NulHeld { .. }
            | Self::SeqInvalid => StatusCode::BAD_REQUEST,
            Self::KeyUnknown | Self::PrincipalUnknown => StatusCode::UNAUTHORIZED,
            Self::IntrospectionClosed | Self::OriginForeign | Self::DocumentUntrusted | Self::RoleNotGranted { .. } => {
                StatusCode::FORBIDDEN
            }
            Self::QueryTooLong
            | Self::TooManyTokens
            | Self::Syntax { .. }
            | Self::SeveralRoots { .. }
            | Self::TooDeep
            | Self::FragmentCycle
            | Self::TooManySelections
            | Self::TooCostly { .. }
            | Self::TooManyDirectives
            | Self::DocumentNotLeft
            | Self::VariableMissing { .. } => match media {
                Media::GraphqlResponse => StatusCode::BAD_REQUEST,
                Media::Json => StatusCode::OK,
            },
            Self::AnswerTooLarge => StatusCode::UNPROCESSABLE_ENTITY,
            Self::QueryTimeout | Self::MutationTimeout => StatusCode::GATEWAY_TIMEOUT,
            Self::NotReady | Self::TooManyStreams => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooMuchAsked { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Fault { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The parameter or header that is wrong, where there is one.
    fn field(&self) -> Option<Cow<'static, str>> {
        let fixed = match self {
            Self::NotAcceptable | Self::SubscriptionOverPlain => "Accept",
            Self::MediaTypeUnsupported => "Content-Type",
            Self::PreflightMissing => "Yulin-Preflight",
            Self::SeqInvalid => "Yulin-Seq",
            Self::KeyUnknown | Self::PrincipalUnknown => "Authorization",
            Self::RoleNotGranted { .. } => "Yulin-Role",
            Self::HostForeign => "Host",
            Self::OriginForeign => "Origin",
            Self::SubprotocolMissing => "Sec-WebSocket-Protocol",
            Self::ParameterInvalid { name, .. } | Self::NulHeld { name } => name,
            Self::VariableMissing { name } => return Some(Cow::Owned(format!("variables.{name}"))),
            Self::DocumentUnknown => "documentId",
            Self::DocumentNotLeft => "extensions.persistedQuery",
            Self::QueryMissing
            | Self::DocumentUntrusted
            | Self::QueryTooLong
            | Self::TooManyTokens
            | Self::Syntax { .. }
            | Self::SeveralRoots { .. }
            | Self::TooDeep
            | Self::FragmentCycle
            | Self::TooManySelections
            | Self::TooCostly { .. }
            | Self::TooManyDirectives
            | Self::MutationOverGet
            | Self::AnswerTooLarge
            | Self::IntrospectionClosed => "query",
            Self::RouteUnknown
            | Self::MethodNotAllowed
            | Self::TooManyStreams
            | Self::TooMuchAsked { .. }
            | Self::TooManyOperations
            | Self::BodyTooLarge
            | Self::BodyIncomplete
            | Self::JsonInvalid { .. }
            | Self::Batch
            | Self::QueryTimeout
            | Self::MutationTimeout
            | Self::NotReady
            | Self::Fault { .. } => return None,
        };
        Some(Cow::Borrowed(fixed))
    }

    fn facts(&self) -> BTreeMap<&'static str, serde_json::Value> {
        match self {
            Self::BodyTooLarge => BTreeMap::from([("maxBytes", json!(BODY_MAX))]),
            Self::AnswerTooLarge => BTreeMap::from([("maxBytes", json!(ANSWER_MAX))]),
            Self::QueryTooLong => BTreeMap::from([("maxBytes", json!(QUERY_TEXT_MAX))]),
            Self::TooManyTokens => BTreeMap::from([("maxTokens", json!(QUERY_TOKENS_MAX))]),
            Self::TooManySelections => BTreeMap::from([("maxSelections", json!(SELECTIONS_MAX))]),
            Self::JsonInvalid { line, column }
            | Self::Syntax { line, column, .. }
            | Self::SeveralRoots { line, column } => BTreeMap::from([("line", json!(line)), ("column", json!(column))]),
            Self::TooCostly { cost } => BTreeMap::from([("cost", json!(cost)), ("most", json!(COST_MAX))]),
            Self::TooMuchAsked { wait_s, cost, standing } => BTreeMap::from([
                ("retryAfterSeconds", json!(wait_s)),
                ("cost", json!(cost)),
                ("allowance", json!(standing)),
            ]),
            Self::RoleNotGranted { granted } => {
                let granted: Vec<_> = granted.iter().map(|role| role.code()).collect();
                BTreeMap::from([("granted", json!(granted))])
            }
            Self::TooManyDirectives => BTreeMap::from([("maxDirectives", json!(DIRECTIVES_MAX))]),
            Self::ParameterInvalid { expected, .. } => BTreeMap::from([("expected", json!(expected))]),
            Self::VariableMissing { name } => BTreeMap::from([("variable", json!(name))]),
            Self::Fault { reference } => BTreeMap::from([("reference", json!(reference.to_string()))]),
            Self::TooManyOperations => BTreeMap::from([("most", json!(SOCKET_OPERATIONS_MAX))]),
            Self::RouteUnknown
            | Self::HostForeign
            | Self::OriginForeign
            | Self::SubprotocolMissing
            | Self::TooManyStreams
            | Self::MethodNotAllowed
            | Self::NotAcceptable
            | Self::SubscriptionOverPlain
            | Self::MediaTypeUnsupported
            | Self::PreflightMissing
            | Self::BodyIncomplete
            | Self::Batch
            | Self::QueryMissing
            | Self::DocumentNotLeft
            | Self::DocumentUnknown
            | Self::DocumentUntrusted
            | Self::NulHeld { .. }
            | Self::SeqInvalid
            | Self::KeyUnknown
            | Self::PrincipalUnknown
            | Self::TooDeep
            | Self::FragmentCycle
            | Self::MutationOverGet
            | Self::IntrospectionClosed
            | Self::QueryTimeout
            | Self::MutationTimeout
            | Self::NotReady => BTreeMap::new(),
        }
    }

    /// As it stands in `errors`.
    pub fn to_error(&self) -> ServerError {
        let mut error = ServerError::new(self.to_string(), None);
        let mut extensions = coded(self.code());
        if let Some(field) = self.field() {
            extensions.set("field", field.into_owned());
        }
        let facts = self.facts();
        if !facts.is_empty() {
            extensions.set("facts", Value::from_json(json!(facts)).unwrap_or_default());
        }
        error.extensions = Some(extensions);
        error
    }
}

/// The extensions that every error carries: its code and its messages.
pub fn coded(code: ErrorCode) -> ErrorExtensionValues {
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code.code());
    extensions.set("messages", Value::from_json(messages(code)).unwrap_or_default());
    extensions
}
