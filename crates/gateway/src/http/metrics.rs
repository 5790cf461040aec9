//! What the gateway tells of its work, in the text format of Prometheus, at an address of its own: whoever may ask the
//! registry is not thereby told how it fares.

use std::net::SocketAddr;
use std::time::Duration;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{App, HttpResponse, HttpServer, web};
use async_graphql::parser::types::OperationType;
use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use yulin_persistence::describe_metrics;

use super::caller::Caller;
use super::serve::{Running, ServeError};

const REQUESTS: &str = "yulin_http_requests_total";
const REQUEST_SECONDS: &str = "yulin_http_request_seconds";
const OPERATIONS: &str = "yulin_operations_total";
const OPERATION_SECONDS: &str = "yulin_operation_seconds";
const STREAMS: &str = "yulin_streams_open";
const LIMITED: &str = "yulin_rate_limited_total";
const UNTRUSTED: &str = "yulin_untrusted_documents_total";
const DELIVERIES: &str = "yulin_webhook_deliveries_total";

/// Upper bounds of the buckets of durations, in seconds.
const SECONDS: [f64; 12] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];
/// Upper bounds of the buckets of acts in one transaction.
const ACTS: [f64; 9] = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0];

/// How often what was recorded is folded into its buckets.
const FOLDED_EVERY: Duration = Duration::from_secs(5);

/// What was counted so far.
#[derive(Debug, Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Begins to count, once in a process.
    pub fn install() -> Result<Self, BuildError> {
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
            .set_buckets_for_metric(Matcher::Full("yulin_batch_acts".to_owned()), &ACTS)?;
        let counted = Self(builder.install_recorder()?);
        describe();
        describe_metrics();
        // What has not happened yet is zero, and not unknown: the first time is seen as one.
        for caller in ["key", "signed_in", "address"] {
            counter!(LIMITED, "caller" => caller).absolute(0);
        }
        for outcome in ["delivered", "failed", "gone"] {
            counter!(DELIVERIES, "outcome" => outcome).absolute(0);
        }
        for outcome in ["answered", "refused"] {
            counter!(UNTRUSTED, "outcome" => outcome).absolute(0);
        }
        gauge!(STREAMS).set(0.0);
        Ok(counted)
    }

    /// Everything, as Prometheus reads it.
    pub fn told(&self) -> String {
        self.0.render()
    }
}

fn describe() {
    describe_counter!(REQUESTS, "Requests that were answered, by route, method and status");
    describe_histogram!(REQUEST_SECONDS, Unit::Seconds, "How long the answer took, by route");
    describe_counter!(OPERATIONS, "Operations that were executed, by kind, and whether the answer held errors");
    describe_histogram!(OPERATION_SECONDS, Unit::Seconds, "How long the execution took, by kind");
    describe_gauge!(STREAMS, "Sockets and streams of events that are open");
    describe_counter!(LIMITED, "Operations that were refused because their sender had asked too much");
    describe_counter!(UNTRUSTED, "Documents that are not trusted, answered or refused");
    describe_counter!(DELIVERIES, "Deliveries to webhooks that were tried, by outcome");
}

/// A request was answered.
pub fn answered(route: String, method: &str, status: u16, took: Duration) {
    histogram!(REQUEST_SECONDS, "route" => route.clone()).record(took);
    let method = method_known(method);
    counter!(REQUESTS, "route" => route, "method" => method, "status" => status.to_string()).increment(1);
}

/// Any word may stand for a method: those that are not answered are counted as one.
fn method_known(method: &str) -> &'static str {
    ["GET", "POST", "HEAD", "OPTIONS"].into_iter().find(|known| *known == method).unwrap_or("other")
}

/// An operation was executed.
pub fn executed(kind: Option<OperationType>, is_clean: bool, took: Duration) {
    let kind = kind.map_or_else(|| "unknown".to_owned(), |kind| kind.to_string());
    histogram!(OPERATION_SECONDS, "kind" => kind.clone()).record(took);
    counter!(OPERATIONS, "kind" => kind, "outcome" => if is_clean { "clean" } else { "errors" }).increment(1);
}

/// A caller had asked too much.
pub fn limited(caller: &Caller) {
    counter!(LIMITED, "caller" => caller.kind()).increment(1);
}

/// A document that is not trusted was answered, or refused.
pub fn untrusted(outcome: &'static str) {
    counter!(UNTRUSTED, "outcome" => outcome).increment(1);
}

/// A delivery was tried.
pub fn delivered(outcome: &'static str) {
    counter!(DELIVERIES, "outcome" => outcome).increment(1);
}

/// A socket or stream, for as long as it is open.
#[derive(Debug)]
pub struct OpenStream(());

impl OpenStream {
    /// One more.
    pub fn begin() -> Self {
        gauge!(STREAMS).increment(1);
        Self(())
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        gauge!(STREAMS).decrement(1);
    }
}

/// Tells what was counted at `/metrics`, and nothing else, until the process ends.
pub fn tell_metrics(metrics: Metrics, bind: SocketAddr) -> Result<Running, ServeError> {
    let folding = metrics.clone();
    let told = |metrics: web::Data<Metrics>| async move {
        HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"))
            .body(metrics.told())
    };
    let app = move || App::new().app_data(web::Data::new(metrics.clone())).route("/metrics", web::get().to(told));
    let refused = |why| ServeError::Bind { address: bind, why };
    let server = HttpServer::new(app).workers(1).disable_signals().bind(bind).map_err(refused)?;
    let address = server.addrs().first().copied().unwrap_or(bind);
    let server = server.run();
    let handle = tokio::spawn(async move {
        // What was recorded is folded whether or not anybody asks for it.
        let folded = async {
            loop {
                tokio::time::sleep(FOLDED_EVERY).await;
                folding.0.run_upkeep();
            }
        };
        tokio::select! {
            ended = server => ended,
            () = folded => Ok(()),
        }
    });
    Ok(Running { address, handle })
}
