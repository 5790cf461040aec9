//! `yulin serve` as a process on a test's database, and acts sent to it over HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, dead_code)]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;
use yulin_domain::codes::Role;
use yulin_domain::journal::{ActId, DistrictId};
use yulin_tests::TestRegistry;

const REGISTER: &str =
    "mutation($act: ActEnvelopeInput!, $legs: [ActBodyInput!]!) { performBundle(act: $act, legs: $legs) {
    __typename ... on ActDone { receipt { seq } } ... on ActRefused { code facts } } }";

/// The binary as it serves a database; it ends with the test.
#[derive(Debug)]
pub struct Process {
    child: Child,
    pub endpoint: String,
}

/// A server and one who may register parcels there.
#[derive(Debug)]
pub struct Server {
    process: Process,
    pub client: Client,
}

/// One who sends acts.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    endpoint: String,
    token: String,
    district: DistrictId,
}

impl Process {
    /// Starts the binary and waits for its address.
    pub async fn serve(url: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_yulin"))
            .args(["serve", "--json", "--bind", "127.0.0.1:0", "--database", url])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let told = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            out.read_line(&mut line).map(|_| line)
        });
        let line = tokio::time::timeout(Duration::from_mins(1), told).await.expect("in time").unwrap().unwrap();
        let told: Value = serde_json::from_str(&line).expect("the server tells its address");
        let endpoint = told["endpoint"].as_str().unwrap().to_owned();
        Self { child, endpoint }
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills it as a failing machine would: no signal that it could hear.
    pub fn kill(&mut self) {
        self.child.kill().expect("SIGKILL");
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Server {
    /// Starts the binary on a test's database.
    pub async fn start(t: &TestRegistry, district: DistrictId) -> Self {
        let process = Process::serve(&t.url).await;
        let token = t.registry.issue_key(t.admin, Role::Admin, None).await.expect("a key");
        let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
        let endpoint = process.endpoint.clone();
        Self { process, client: Client { http, endpoint, token, district } }
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Kills it as a failing machine would: no signal that it could hear.
    pub fn kill(&mut self) {
        self.process.kill();
    }
}

impl Client {
    /// Registers two adjacent squares in a bundle; the entry, or none where no answer came.
    pub async fn register(&self, code: &str, [west, south]: [f64; 2]) -> Option<(ActId, i64)> {
        let id = Uuid::now_v7();
        let (square, twin) = (self.square(code, [west, south]), self.square(&format!("{code}+"), [west, south + 10.0]));
        let variables = json!({
            "act": { "actId": id, "reason": "test", "legalBasis": "test" },
            "legs": [{ "registerParcel": square }, { "registerParcel": twin }],
        });
        let body = json!({ "query": REGISTER, "variables": variables });
        let sent = self.http.post(&self.endpoint).bearer_auth(&self.token).json(&body).send().await.ok()?;
        let told: Value = sent.json().await.ok()?;
        let done = &told["data"]["performBundle"];
        assert_eq!(done["__typename"], "ActDone", "{told}");
        let seq = &done["receipt"]["seq"];
        let seq = seq.as_i64().or_else(|| seq.as_str()?.parse().ok()).expect("a seq");
        Some((ActId(id), seq))
    }

    /// Ten metres square, in the grid of test districts.
    fn square(&self, code: &str, [west, south]: [f64; 2]) -> Value {
        let (x, y) = (490_000.0 + west, 3_260_000.0 + south);
        let ring = [[x, y], [x + 10.0, y], [x + 10.0, y + 10.0], [x, y + 10.0], [x, y]];
        json!({
            "district": self.district.to_string(),
            "code": code,
            "footprint": { "crs": 4549, "geometry": { "type": "Polygon", "coordinates": [ring] } },
        })
    }
}
