//! How refusals and faults travel in `errors[]`: one place, so that every error is coded and in two languages.
//!
//! Refusals of acts are data and stand in payloads; what is made here is for requests that cannot be answered.

use async_graphql::{Error, ErrorExtensionValues, Value, to_value};
use serde_json::json;
use yulin_domain::codes::Lang;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_persistence::{PerformError, PersistenceError, SearchError, SnapshotRefused};

/// What a field that may be null answers.
///
/// An error of such a field is told at its place, and what stands beside it is answered all the same. The error of a
/// resolver would take the object around the field away instead, up to the whole answer.
pub type OrNull<T> = Option<Result<T, Error>>;

/// The answer of a field that may be null.
pub async fn or_null<T>(answer: impl Future<Output = Result<Option<T>, Error>>) -> OrNull<T> {
    answer.await.transpose()
}

/// A refusal with a code and the field at fault, as an error of the request.
pub fn coded(code: ErrorCode, field: &str) -> Error {
    refused_error(&Refused::new(code).at(field))
}

/// A refusal as an error of the request: code, field, messages in both languages, facts.
pub fn refused_error(refused: &Refused) -> Error {
    let mut extensions = ErrorExtensionValues::default();
    let mut set = |name: &str, value: serde_json::Value| {
        extensions.set(name, to_value(value).unwrap_or(Value::Null));
    };
    set("code", json!(refused.code.code()));
    set("messages", messages(refused.code));
    if let Some(field) = &refused.field {
        set("field", json!(field));
    }
    if let Some(leg) = refused.leg {
        set("leg", json!(leg));
    }
    if !refused.facts.is_empty() {
        set("facts", json!(refused.facts));
    }
    let mut error = Error::new(told(refused));
    error.extensions = Some(extensions);
    error
}

/// A fault: the reply carries a reference, the log what happened. No SQL, no path, no data reach the reply. That a
/// database is away for a while is none: it is asked again.
pub fn fault(why: &(dyn std::error::Error + 'static)) -> Error {
    if why.downcast_ref::<PersistenceError>().is_some_and(PersistenceError::is_out_of_reach) {
        tracing::warn!(error = %why, "the database is out of reach");
        return refused_error(&Refused::new(ErrorCode::NotReady));
    }
    let reference = uuid::Uuid::new_v4();
    tracing::error!(%reference, error = %why, "a request failed");
    refused_error(&Refused::new(ErrorCode::Internal).told("reference", reference))
}

/// The refusal that an error of the request was made of.
pub fn refusal_of(error: &Error) -> Refused {
    let extension = |name: &str| {
        let value = error.extensions.as_ref()?.get(name)?.clone();
        value.into_json().ok()
    };
    let code = extension("code").and_then(|code| code.as_str()?.parse().ok());
    let mut refused = Refused::new(code.unwrap_or(ErrorCode::Internal));
    refused.field = extension("field").and_then(|field| field.as_str().map(str::to_owned));
    if let Some(serde_json::Value::Object(facts)) = extension("facts") {
        refused.facts = facts.into_iter().collect();
    }
    refused
}

/// An act that was not decided; a decided refusal is data and is told by the payload, but has the same form here.
pub fn perform_error(error: &PerformError) -> Error {
    match error {
        PerformError::Refused(refused) | PerformError::Malformed(refused) => refused_error(refused),
        PerformError::Busy => refused_error(&Refused::new(ErrorCode::Busy)),
        PerformError::OutcomeUnknown => refused_error(&Refused::new(ErrorCode::OutcomeUnknown)),
        PerformError::Fault(why) => fault(why),
    }
}

/// A point in time at which the registry cannot be read.
pub fn snapshot_error(refused: &SnapshotRefused) -> Error {
    match refused {
        SnapshotRefused::BeyondHead { asked, head } => beyond_head("asOf.recorded.seq", *asked, *head),
        SnapshotRefused::BeforeBeginning(asked) => {
            refused_error(&Refused::new(ErrorCode::AsOfInvalid).at("asOf.recorded.at").told("asked", asked))
        }
        SnapshotRefused::NotOver { asked, now } => {
            let refused = Refused::new(ErrorCode::AsOfBeyondHead).at("asOf.recorded.at").told("asked", asked);
            refused_error(&refused.told("now", now))
        }
        SnapshotRefused::Fault(why) => fault(why),
    }
}

/// An entry is asked for that is not there yet.
pub fn beyond_head(at: &str, asked: i64, head: i64) -> Error {
    refused_error(&Refused::new(ErrorCode::AsOfBeyondHead).at(at).with("asked", asked).with("head", head))
}

/// A search that was not answered.
pub fn search_error(error: &SearchError) -> Error {
    match error {
        SearchError::Cursor => coded(ErrorCode::CursorInvalid, "after"),
        SearchError::DistanceWithoutPlace => {
            refused_error(&Refused::new(ErrorCode::FilterInvalid).at("orderBy").told("missing", "filter.near"))
        }
        SearchError::Fault(why) => fault(why),
    }
}

/// The messages of a code in both languages.
pub fn messages(code: ErrorCode) -> serde_json::Value {
    json!({ "zh": code.message(Lang::Zh), "en": code.message(Lang::En) })
}

/// The message in English, with the field.
fn told(refused: &Refused) -> String {
    let message = refused.code.message(Lang::En);
    refused.field.as_ref().map_or_else(|| message.to_owned(), |field| format!("{message}: {field}"))
}
