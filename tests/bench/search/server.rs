//! The registry under measurement: a process of its own, asked over HTTP.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::Options;

/// A registry that serves, until it is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    endpoint: String,
    token: String,
    http: reqwest::Client,
}

impl Server {
    /// Starts it, and makes the demo zone where there is none; how long that took is said.
    pub fn start(options: &Options) -> Result<Self> {
        let binary = std::env::var("YULIN_BINARY").unwrap_or_else(|_| "target/release/yulin".to_owned());
        let mut child = Command::new(&binary)
            .args(["serve", "--demo", "--json", "--bind", "127.0.0.1:0", "--database", &options.database])
            .args(["--scale", &options.parcels.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{binary} does not start: build it by `cargo build --release`"))?;
        let began = std::time::Instant::now();
        let lines = BufReader::new(child.stdout.take().context("the registry says nothing")?).lines();
        for line in lines {
            let Ok(said) = serde_json::from_str::<Value>(&line?) else { continue };
            let Some(endpoint) = said["endpoint"].as_str() else { continue };
            let tokens = said["tokens"].as_array().context("the demo gives keys")?;
            let planner = tokens.iter().find(|key| key["role"] == "PLANNER").context("one is a planner's")?;
            let token = planner["token"].as_str().context("a key is a text")?.to_owned();
            println!("the registry answered after {:.0} s\n", began.elapsed().as_secs_f64());
            return Ok(Self { child, endpoint: endpoint.to_owned(), token, http: reqwest::Client::new() });
        }
        anyhow::bail!("the registry did not start")
    }

    /// Asks a question; an answer with errors or without data is a failure.
    pub async fn ask(&self, (query, variables): (&str, Value)) -> Result<()> {
        let body = json!({ "query": query, "variables": variables });
        let answer = self.http.post(&self.endpoint).bearer_auth(&self.token).json(&body).send().await?;
        let text = answer.bytes().await?;
        ensure!(text.starts_with(br#"{"data":{"#), "not answered: {}", String::from_utf8_lossy(&text));
        ensure!(!text.ends_with(b"null}}"), "nothing found for {variables}");
        Ok(())
    }

    /// Its resident memory, where the system tells.
    pub fn memory_kib(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().trim_end_matches("kB").trim().parse().ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is a child of this process, and nothing it was told is waiting.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
