//! Whoever collects traces sees a request from the wire to its statements, as part of what its sender traces; the log tells
//! of it by the same name, as objects for machines.

use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use yulin_domain::codes::Role;
use yulin_tests::each_backend;
use yulin_tests::served::{Served, serve};

const PATIENCE: Duration = Duration::from_secs(20);
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

/// A collector: takes spans and answers well.
struct Collector {
    address: String,
    spans: Arc<Mutex<Vec<Span>>>,
}

impl Collector {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let spans: Arc<Mutex<Vec<Span>>> = Arc::default();
        let kept = Arc::clone(&spans);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(collect(stream, Arc::clone(&kept)));
            }
        });
        Self { address, spans }
    }

    async fn until(&self, is_there: impl Fn(&[Span]) -> bool) -> Vec<Span> {
        let begun = Instant::now();
        loop {
            let spans = self.spans.lock().unwrap().clone();
            if is_there(&spans) {
                return spans;
            }
            let names: Vec<_> = spans.iter().map(|span| &span.name).collect();
            assert!(begun.elapsed() < PATIENCE, "{names:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// Requests of one connection, one after another.
async fn collect(mut stream: TcpStream, kept: Arc<Mutex<Vec<Span>>>) {
    let mut read = Vec::new();
    loop {
        let head = loop {
            if let Some(place) = read.windows(4).position(|four| four == b"\r\n\r\n") {
                break place + 4;
            }
            if stream.read_buf(&mut read).await.unwrap_or_default() == 0 {
                return;
            }
        };
        let text = String::from_utf8_lossy(&read[..head]).to_lowercase();
        assert!(text.starts_with("post /v1/traces"), "{text}");
        let length = text.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next()).unwrap();
        let whole = head + length.parse::<usize>().unwrap();
        while read.len() < whole {
            assert!(stream.read_buf(&mut read).await.unwrap() > 0);
        }
        let sent = ExportTraceServiceRequest::decode(&read[head..whole]).unwrap();
        let spans = sent.resource_spans.into_iter().flat_map(|one| one.scope_spans).flat_map(|one| one.spans);
        kept.lock().unwrap().extend(spans);
        read.drain(..whole);
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
    }
}

fn attribute(span: &Span, key: &str) -> String {
    let found = span.attributes.iter().find(|one| one.key == key);
    format!("{:?}", found.and_then(|one| one.value.as_ref()))
}

each_backend! {
    async fn a_request_is_traced_from_the_wire_to_its_statements(t) {
        t.full_land("D1", 1).await;
        let key = t.key(Role::Planner).await.unwrap();
        let collector = Collector::open().await;
        let mut command = serve(&t.url, &["--trace-to", &collector.address]);
        command.env("OTEL_BSP_SCHEDULE_DELAY", "200");
        let served = Served::of(command).await;
        let body = json!({ "query": "query OfTheDesk { parcels(first: 2) { totalCount nodes { code } } }" });
        let parent = format!("00-{TRACE}-b7ad6b7169203331-01");
        let (status, answer) = served.asked_with(Some(&key), body, &[("traceparent", &parent)]).await;
        assert_eq!(status, 200, "{answer}");
        let is_whole = |spans: &[Span]| spans.iter().any(|span| span.name == "request" && hex::encode(&span.trace_id) == TRACE);
        let spans = collector.until(is_whole).await;
        let of_trace: Vec<_> = spans.iter().filter(|span| hex::encode(&span.trace_id) == TRACE).collect();
        let named = |name: &str| *of_trace.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("{name} in {of_trace:?}"));
        let (request, operation) = (named("request"), named("query OfTheDesk"));
        assert_eq!(hex::encode(&request.parent_span_id), "b7ad6b7169203331");
        assert_eq!(operation.parent_span_id, request.span_id);
        assert!(attribute(request, "http.route").contains("/graphql"), "{request:?}");
        assert!(attribute(request, "http.response.status_code").contains("200"), "{request:?}");
        let statements: Vec<_> = of_trace.iter().filter(|span| span.parent_span_id == operation.span_id).collect();
        assert!(statements.iter().any(|span| span.name.starts_with("sea_orm")), "{of_trace:?}");
        assert!(statements.iter().any(|span| attribute(span, "db.statement").contains("parcel_index")), "{statements:?}");
        let text = format!("{spans:?}");
        assert!(!text.contains(&key), "no secret is traced");
    }

    async fn an_act_is_traced_to_the_statements_that_record_it(t) {
        let key = t.key(Role::Admin).await.unwrap();
        let collector = Collector::open().await;
        let mut command = serve(&t.url, &["--trace-to", &collector.address]);
        command.env("OTEL_BSP_SCHEDULE_DELAY", "200");
        let served = Served::of(command).await;
        let body = json!({
            "query": "mutation Registering($act: ActEnvelopeInput!, $input: RegisterPrincipalInput!) { registerPrincipal(act: $act, input: $input) { __typename } }",
            "variables": { "act": { "actId": uuid::Uuid::now_v7(), "legalBasis": "a law", "reason": "a test" }, "input": { "name": "traced", "roles": ["PLANNER"] } },
        });
        let parent = format!("00-{TRACE}-b7ad6b7169203331-01");
        let (status, answer) = served.asked_with(Some(&key), body, &[("traceparent", &parent)]).await;
        assert_eq!((status, &answer["data"]["registerPrincipal"]["__typename"]), (200, &json!("ActDone")), "{answer}");
        let of_trace = |span: &&Span| hex::encode(&span.trace_id) == TRACE;
        let is_whole = |spans: &[Span]| spans.iter().filter(of_trace).any(|span| span.name == "request");
        let spans = collector.until(is_whole).await;
        let named = |name: &str| spans.iter().filter(of_trace).find(|span| span.name == name).unwrap_or_else(|| panic!("{name} in {spans:?}"));
        let (operation, batch) = (named("mutation Registering"), named("batch"));
        assert_eq!(batch.parent_span_id, operation.span_id);
        assert!(attribute(batch, "acts").contains('1'), "{batch:?}");
        let mut statements = spans.iter().filter(|span| span.parent_span_id == batch.span_id);
        assert!(statements.any(|span| attribute(span, "db.statement").contains("journal")), "{spans:?}");
    }

    async fn the_log_tells_objects_that_name_the_request(t) {
        let mut command = serve(&t.url, &["--log-format", "json"]);
        let log = tempfile::NamedTempFile::new().unwrap();
        command.stderr(Stdio::from(log.reopen().unwrap())).env("YULIN_LOG", "yulin=info");
        let key = t.key(Role::Auditor).await.unwrap();
        let served = Served::of(command).await;
        let answer = reqwest::Client::new().post(served.start["endpoint"].as_str().unwrap()).bearer_auth(&key)
            .json(&json!({ "query": "query Whose { parties(filter: { text: \"a-name-of-somebody\" }) { totalCount } }" })).send().await.unwrap();
        let id = answer.headers()["yulin-request"].to_str().unwrap().to_owned();
        assert_eq!(answer.status(), 200);
        served.stop().await;
        let text = std::fs::read_to_string(log.path()).unwrap();
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|why| panic!("{why}: {line}"))).collect();
        let line = lines.iter().find(|line| line["message"] == "answered").expect("a line of the answer");
        assert_eq!((line["route"].as_str(), line["status"].as_i64(), line["operation"].as_str()), (Some("/graphql"), Some(200), Some("Whose")));
        assert_eq!(line["spans"][0]["id"], id.as_str(), "{line}");
        assert!(!text.contains(&key) && !text.contains("a-name-of-somebody"), "neither secrets nor what was asked");
    }
}
