//! The registry under measurement, with a demo zone, asked over HTTP.

use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::Options;
use crate::process::{Process, serve};

/// A registry that serves, until it is dropped.
#[derive(Debug)]
pub struct Server {
    pub process: Process,
    endpoint: String,
    token: String,
    http: reqwest::Client,
}

impl Server {
    /// Starts it, and makes the demo zone where there is none; how long that took is said.
    pub fn start(options: &Options) -> Result<Self> {
        let (began, parcels) = (Instant::now(), options.parcels.to_string());
        let words = ["--demo", "--database", &options.database, "--scale", &parcels];
        let (process, said) = serve(&words, Stdio::inherit())?;
        let endpoint = said["endpoint"].as_str().context("an address")?.to_owned();
        let tokens = said["tokens"].as_array().context("the demo gives keys")?;
        let planner = tokens.iter().find(|key| key["role"] == "PLANNER").context("one is a planner's")?;
        let token = planner["token"].as_str().context("a key is a text")?.to_owned();
        println!("the registry answered after {:.0} s\n", began.elapsed().as_secs_f64());
        Ok(Self { process, endpoint, token, http: reqwest::Client::new() })
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
}
