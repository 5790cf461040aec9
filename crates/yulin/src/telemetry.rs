//! What the program says while it works: lines to stderr, and traces to whoever collects them.

use std::io::IsTerminal;
use std::time::Duration;

use clap::ValueEnum;
use opentelemetry::global;
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tokio::runtime::Handle;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;

use crate::cli::General;

/// What is logged where nothing is said.
pub const LOGGED: &str = "warn,yulin=info";
/// What is traced: requests and operations, and the statements they make.
const TRACED: &str = "off,yulin=info,sea_orm=info";
/// How long the last spans may take to be sent.
const FLUSH_MAX: Duration = Duration::from_secs(5);

/// How lines of the log are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// An object a line.
    Json,
}

/// A filter of the log. A word alone is a level: taken for a part of the program, a slip of the pen would silence all others.
pub fn log_filter(text: &str) -> Result<String, String> {
    let is_known = |one: &str| one.contains('=') || one.trim().parse::<LevelFilter>().is_ok();
    match text.split(',').find(|one| !is_known(one)) {
        Some(unknown) => Err(format!("{unknown} is no level: off, error, warn, info, debug and trace are")),
        None => EnvFilter::try_new(text).map(|_| text.to_owned()).map_err(|why| why.to_string()),
    }
}

/// What goes on being collected until it is dropped.
#[derive(Debug)]
pub struct Telemetry(Option<SdkTracerProvider>);

impl Telemetry {
    /// Begins to log and, where a collector is named, to trace.
    pub fn begin(general: &General) -> anyhow::Result<Self> {
        let provider = general.trace_to.as_deref().map(|to| provider(to, general.trace_share)).transpose()?;
        let filter = EnvFilter::new(&general.log);
        // Logs go to stderr: stdout holds results, and a reader of JSON must find nothing else there.
        let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
        let lines = match general.log_format {
            LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).boxed(),
            LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).boxed(),
        };
        let traces = provider.as_ref().map(|provider| {
            let tracer = provider.tracer("yulin");
            tracing_opentelemetry::layer().with_tracer(tracer).with_filter(EnvFilter::new(TRACED))
        });
        tracing_subscriber::registry().with(traces).with(lines.with_filter(filter)).init();
        Ok(Self(provider))
    }
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(Err(why)) = self.0.take().map(|provider| provider.shutdown_with_timeout(FLUSH_MAX)) {
            tracing::warn!(%why, "the last traces were not sent");
        }
    }
}

/// Sends spans by OTLP over HTTP, in batches; what cannot be sent is dropped and never waited for.
fn provider(collector: &str, share: f64) -> anyhow::Result<SdkTracerProvider> {
    let invalid = |why: String| Refused::new(ErrorCode::Validation).at("trace-to").told("problem", why);
    let endpoint = format!("{}/v1/traces", collector.trim_end_matches('/'));
    let client = Sending { client: reqwest::Client::new(), runtime: Handle::current() };
    let exporter = SpanExporter::builder().with_http().with_http_client(client).with_endpoint(endpoint).build();
    let exporter = exporter.map_err(|why| invalid(why.to_string()))?;
    global::set_text_map_propagator(TraceContextPropagator::new());
    // By the trace alone: whoever sends a request does not choose that it is traced.
    let sampler = Sampler::TraceIdRatioBased(share);
    let resource = Resource::builder().with_service_name("yulin").build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_sampler(sampler).with_resource(resource).build())
}

/// The client of the registry, asked from the thread that sends batches.
#[derive(Debug)]
struct Sending {
    client: reqwest::Client,
    runtime: Handle,
}

#[async_trait::async_trait]
impl HttpClient for Sending {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let sent = self.client.execute(request.try_into()?);
        let answered = self.runtime.spawn(async move {
            let mut answer = sent.await?.error_for_status()?;
            let (status, headers) = (answer.status(), std::mem::take(answer.headers_mut()));
            Ok::<_, reqwest::Error>((status, headers, answer.bytes().await?))
        });
        let (status, headers, body) = answered.await??;
        let mut response = Response::builder().status(status).body(body)?;
        *response.headers_mut() = headers;
        Ok(response)
    }
}
