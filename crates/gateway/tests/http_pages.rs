//! The page, its files, health, and what browsers are told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod http_support;

use std::net::SocketAddr;

use actix_web::test::TestRequest;
use http_support::{OneKey, demo, schema, sent};
use serde_json::{Value, json};
use yulin_gateway::http::{
    Allowance, CONTENT_SECURITY_POLICY, Documents, Door, Listening, Performing, Profile, Rates, ServeError, start,
};

async fn got(address: &str) -> http_support::Answer {
    sent(TestRequest::get().uri(address), Profile::Development).await
}

#[actix_web::test]
async fn the_page_carries_its_configuration_and_no_text_can_end_its_element() {
    let answer = got("/").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/html; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), "no-store");
    let (_, rest) = answer.text.split_once("id=\"yulin-config\">").unwrap();
    let (config, _) = rest.split_once("</script>").unwrap();
    assert!(!config.contains('<'), "{config}");
    let config: Value = serde_json::from_str(config).unwrap();
    assert_eq!(config["zoneName"], json!("浦江</script><b>"));
    assert_eq!(config["demo"], json!(true));
    assert_eq!(config["tokens"], json!([{ "role": "PLANNER", "token": "planner-key" }]));
    assert_eq!(config["examples"][0]["titleZh"], json!("存量用地"));
}

#[actix_web::test]
async fn every_file_of_the_page_is_served_with_its_type_and_nothing_else_is() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("page");
    let mut served = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let expected = match name.rsplit('.').next() {
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            _ => continue,
        };
        let answer = got(&format!("/page/{name}")).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, expected), "{name}");
        assert_eq!(answer.text, std::fs::read_to_string(entry.path()).unwrap(), "{name}");
        served += 1;
    }
    assert!(served > 30, "{served} files");
    for name in ["package.json", "index.html", "..%2findex.html", "tests", "nothing.js"] {
        assert_eq!(got(&format!("/page/{name}")).await.status, 404, "{name}");
    }
}

#[actix_web::test]
async fn a_file_that_did_not_change_is_not_sent_again() {
    let first = got("/page/main.js").await;
    let again = TestRequest::get().uri("/page/main.js").insert_header(("if-none-match", first.header("etag")));
    let again = sent(again, Profile::Development).await;
    assert_eq!((again.status, again.text.as_str()), (304, ""));
}

#[actix_web::test]
async fn every_answer_tells_browsers_to_be_careful() {
    for address in ["/", "/page/main.js", "/graphql?query=%7B__typename%7D", "/healthz", "/nowhere"] {
        let answer = got(address).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{address}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{address}");
        assert_eq!(answer.header("content-security-policy"), CONTENT_SECURITY_POLICY, "{address}");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{address}");
    }
}

#[actix_web::test]
async fn a_living_process_may_still_not_be_ready() {
    assert_eq!(got("/healthz").await.status, 200);
    let ready = got("/readyz").await;
    assert_eq!((ready.status, ready.code()), (503, json!("NOT_READY")));
}

#[actix_web::test]
async fn an_address_or_method_without_meaning_is_refused_with_a_code() {
    let nowhere = got("/nowhere").await;
    assert_eq!((nowhere.status, nowhere.code()), (404, json!("ROUTE_UNKNOWN")));
    let put = sent(TestRequest::put().uri("/graphql"), Profile::Development).await;
    assert_eq!((put.status, put.code(), put.header("allow")), (405, json!("HTTP_METHOD_NOT_ALLOWED"), "GET, POST"));
}

fn door() -> Door<http_support::TestSchema, OneKey> {
    Door {
        executor: schema().1,
        admission: OneKey,
        profile: Profile::Development,
        allowance: Allowance::of(Rates::usual(Profile::Development)),
        documents: Documents::default(),
        performing: Performing::here(),
    }
}

#[tokio::test]
async fn a_demo_listens_on_loopback_only() {
    let bind: SocketAddr = "0.0.0.0:0".parse().unwrap();
    let started = start(door(), Listening { demo: Some(demo()), ..Listening::at(bind) }, std::future::pending()).await;
    assert!(matches!(started, Err(ServeError::DemoBeyondLoopback { address }) if address == bind));
}

#[tokio::test]
async fn a_server_answers_its_own_hosts_in_compressed_form_and_ends_when_told() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let listening = Listening { demo: Some(demo()), ..Listening::at("127.0.0.1:0".parse().unwrap()) };
    let shutdown = async { stopped.await.unwrap_or_default() };
    let running = start(door(), listening, shutdown).await.unwrap();
    let answer = async |host: &str, encoding: &str| {
        let mut stream = tokio::net::TcpStream::connect(running.address).await.unwrap();
        let request =
            format!("GET / HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: {encoding}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    for (host, encoding) in [("127.0.0.1", "gzip"), ("localhost:1", "br"), ("[::1]:80", "zstd")] {
        let answer = answer(host, encoding).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains(&format!("content-encoding: {encoding}")), "{host}");
    }
    for host in ["rebound.example", "127.0.0.1.example", "10.0.0.1", ""] {
        let answer = answer(host, "gzip").await;
        assert!(answer.starts_with("HTTP/1.1 421"), "{host}: {answer}");
        assert!(!answer.contains("planner-key"));
    }
    // What is said of another host beside its own is not believed.
    let rebound = answer("rebound.example\r\nX-Forwarded-Host: localhost\r\nForwarded: host=localhost", "gzip").await;
    assert!(rebound.starts_with("HTTP/1.1 421"), "{rebound}");
    stop.send(()).unwrap();
    tokio::time::timeout(std::time::Duration::from_secs(10), running.handle).await.unwrap().unwrap().unwrap();
}
