//! Traces: a request as part of what its sender traces, with the names that collectors know (OpenTelemetry semantic
//! conventions 1.27).

use actix_web::http::header::HeaderMap;
use async_graphql::parser::types::OperationType;
use opentelemetry::global;
use opentelemetry::propagation::Extractor;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::limits::NAME_SHOWN_MAX;

/// The headers of a request as a carrier of a trace.
struct Carried<'a>(&'a HeaderMap);

impl Extractor for Carried<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(actix_web::http::header::HeaderName::as_str).collect()
    }
}

/// Makes a request part of the trace that `traceparent` names; where nobody collects traces, nothing is done.
pub fn continues(span: &Span, headers: &HeaderMap) {
    if headers.contains_key("traceparent") {
        let context = global::get_text_map_propagator(|propagator| propagator.extract(&Carried(headers)));
        // Refused only where the span is not traced.
        let _ = span.set_parent(context);
    }
}

/// Tells how a request was answered. Its address stays out, as it does of the log.
pub fn answered(span: &Span, method: &str, route: &str, status: u16) {
    span.set_attribute("otel.kind", "server");
    span.set_attribute("http.request.method", method.to_owned());
    span.set_attribute("http.route", route.to_owned());
    span.set_attribute("http.response.status_code", i64::from(status));
}

/// The span of an operation, by its name.
pub fn operation(kind: Option<OperationType>, name: Option<&str>) -> Span {
    let kind = match kind {
        Some(OperationType::Query) => "query",
        Some(OperationType::Mutation) => "mutation",
        Some(OperationType::Subscription) => "subscription",
        None => "unknown",
    };
    let name: String = name.unwrap_or_default().chars().take(NAME_SHOWN_MAX).collect();
    let span = tracing::info_span!("operation", otel.name = format!("{kind} {name}").trim_end());
    span.set_attribute("graphql.operation.type", kind);
    span.set_attribute("graphql.operation.name", name);
    span
}
