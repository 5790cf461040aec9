//! The gateway over a registry on SQLite: keys, entries seen, readiness, the real schema.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::net::SocketAddr;
use std::path::PathBuf;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::oneshot;
use yulin_domain::codes::Role;
use yulin_gateway::http::{Listening, Profile, Running, ServeOptions, serve};
use yulin_persistence::{Migrate, OpenOptions, Registry};

/// What client tools ask to learn a schema.
const SCHEMA_QUERY: &str = "query IntrospectionQuery { __schema { queryType { name kind } mutationType { name kind } subscriptionType { \
    name kind } types { ...FullType } directives { name description locations args { ...InputValue } } } } \
    fragment FullType on __Type { kind name description fields(includeDeprecated: true) { name description args { \
    ...InputValue } type { ...TypeRef } isDeprecated deprecationReason } inputFields { ...InputValue } interfaces \
    { ...TypeRef } enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } \
    possibleTypes { ...TypeRef } } fragment InputValue on __InputValue { name description type { ...TypeRef } \
    defaultValue } fragment TypeRef on __Type { kind name ofType { name kind ofType { name kind ofType { name kind \
    ofType { name kind ofType { name kind ofType { name kind ofType { name kind ofType { name kind ofType { name \
    kind } } } } } } } } } }";

/// A server over a registry of its own.
struct House {
    registry: Registry,
    running: Running,
    stop: oneshot::Sender<()>,
    path: PathBuf,
}

impl House {
    async fn open(profile: Profile) -> Self {
        let path = std::env::temp_dir().join(format!("yulin-http-{}.db", uuid::Uuid::new_v4()));
        let url = format!("sqlite://{}?mode=rwc", path.display());
        let registry = Registry::open(&OpenOptions { url, readers: 2, migrate: Migrate::Apply }).await.unwrap();
        let (stop, stopped) = oneshot::channel();
        let listening = Listening { workers: 2, ..Listening::at(SocketAddr::from(([127, 0, 0, 1], 0))) };
        let shutdown = Box::pin(async { stopped.await.unwrap_or_default() });
        let options = ServeOptions { shutdown, ..ServeOptions::usual(registry.clone(), listening, profile) };
        let running = serve(options).await.unwrap();
        Self { registry, running, stop, path }
    }

    /// The status and the body of an answer; `headers` end in a line break each.
    async fn sent(&self, head: &str, headers: &str, body: &str) -> (u16, Value) {
        let mut stream = tokio::net::TcpStream::connect(self.running.address).await.unwrap();
        let length = body.len();
        let request = format!(
            "{head} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let end = body.rfind('}').map_or(0, |end| end + 1);
        let start = body.find('{').unwrap();
        (status, serde_json::from_str(&body[start..end]).unwrap())
    }

    async fn asked(&self, query: &str, headers: &str) -> (u16, Value) {
        let headers =
            format!("Content-Type: application/json\r\nAccept: application/graphql-response+json\r\n{headers}");
        self.sent("POST /graphql", &headers, &json!({ "query": query }).to_string()).await
    }

    async fn close(self) {
        self.stop.send(()).unwrap();
        self.running.handle.await.unwrap().unwrap();
        self.registry.close().await;
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.path.display()));
        }
    }
}

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}

#[tokio::test]
async fn a_key_is_known_until_it_is_revoked() {
    let house = House::open(Profile::Development).await;
    let principal = house.registry.ensure_principal("planner", Role::Planner).await.unwrap();
    let token = house.registry.issue_key(principal, Role::Planner, None).await.unwrap();
    assert_eq!(house.asked("{ __typename }", &bearer(&token)).await.0, 200);
    assert_eq!(house.asked("{ __typename }", "").await.0, 200);
    assert!(house.registry.revoke_key(&token).await.unwrap());
    let (status, body) = house.asked("{ __typename }", &bearer(&token)).await;
    assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (401, &json!("UNAUTHENTICATED")));
    assert!(body.get("data").is_none());
    house.close().await;
}

#[tokio::test]
async fn an_answer_tells_its_entry_and_is_never_older_than_what_the_client_has_seen() {
    let house = House::open(Profile::Development).await;
    house.registry.ensure_principal("planner", Role::Planner).await.unwrap();
    let head = house.registry.head().await.unwrap().seq;
    let query = "{ districts { code } }";
    for seen in [String::new(), format!("Yulin-Seq: {head}\r\n")] {
        let (status, body) = house.asked(query, &seen).await;
        assert_eq!((status, &body["extensions"]["seq"]), (200, &json!(head)), "{body}");
    }
    let (_, ahead) = house.asked(query, &format!("Yulin-Seq: {}\r\n", head + 1)).await;
    assert_eq!(ahead["errors"][0]["extensions"]["code"], json!("AS_OF_BEYOND_HEAD"), "{ahead}");
    house.close().await;
}

#[tokio::test]
async fn a_registry_that_answers_is_ready() {
    let house = House::open(Profile::Production).await;
    assert_eq!(house.sent("GET /readyz", "", "").await, (200, json!({ "status": "ready" })));
    house.close().await;
}

#[tokio::test]
async fn tools_with_a_key_read_the_schema_within_the_limits() {
    let house = House::open(Profile::Production).await;
    let principal = house.registry.ensure_principal("planner", Role::Planner).await.unwrap();
    let token = house.registry.issue_key(principal, Role::Planner, None).await.unwrap();
    let (status, body) = house.asked(SCHEMA_QUERY, &bearer(&token)).await;
    assert_eq!((status, body.get("errors")), (200, None));
    assert_eq!(body["data"]["__schema"]["queryType"]["name"], json!("Query"));
    assert_eq!(house.asked(SCHEMA_QUERY, "").await.0, 403, "without a key the schema stays closed");
    house.close().await;
}

#[tokio::test]
async fn many_aliases_are_too_many() {
    let house = House::open(Profile::Production).await;
    let aliases = (0..101).map(|n| format!("a{n}: __typename")).collect::<Vec<_>>().join(" ");
    let (status, body) = house.asked(&format!("{{ {aliases} }}"), "").await;
    assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (400, &json!("QUERY_TOO_COMPLEX")), "{body}");
    house.close().await;
}
