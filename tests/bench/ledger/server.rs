//! The registry under measurement: the release binary, a process of its own, asked over HTTP.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::fill::DISTRICT;

/// A registry that serves, until it is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    endpoint: String,
    http: reqwest::Client,
}

/// The release binary, wherever this is run: `cargo bench` runs it in the folder of the package.
const RELEASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/release/yulin");

fn yulin() -> Command {
    Command::new(std::env::var("YULIN_BINARY").unwrap_or_else(|_| RELEASE.to_owned()))
}

impl Server {
    /// Starts it, with the log it writes where nothing is said; the log goes nowhere.
    pub fn start(database: &str) -> Result<Self> {
        let mut child = yulin()
            .args(["serve", "--json", "--bind", "127.0.0.1:0", "--database", database])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("the registry does not start: build it by `cargo build --release`")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("the registry says nothing")?).read_line(&mut line)?;
        let said: Value = serde_json::from_str(&line).context("the registry does not tell its address")?;
        let endpoint = said["endpoint"].as_str().context("an address")?.to_owned();
        Ok(Self { child, endpoint, http: reqwest::Client::new() })
    }

    /// The text of an answer.
    pub async fn ask(&self, key: &str, body: &Value) -> Result<String> {
        Ok(self.http.post(&self.endpoint).bearer_auth(key).json(body).send().await?.text().await?)
    }

    /// Whether the ledger says that nothing was made or lost.
    pub async fn check_conserved(&self, auditor: &str) -> Result<()> {
        let asked = json!({ "query": "{ factors { code totals { conserved } } }" });
        let answer: Value = serde_json::from_str(&self.ask(auditor, &asked).await?)?;
        let factors = answer["data"]["factors"].as_array().with_context(|| answer.to_string())?;
        ensure!(factors.iter().all(|factor| factor["totals"]["conserved"] == true), "not conserved: {answer}");
        Ok(())
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
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

/// An import of parcels that goes on beside the load, until it is dropped.
#[derive(Debug)]
pub struct Import(Child);

impl Import {
    /// Imports a field of adjacent parcels, so many that it does not end while the load lasts.
    pub fn start(database: &str, folder: &std::path::Path) -> Result<Self> {
        let field = folder.join("field.csv");
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/bench/field.mjs");
        let made = Command::new("node").args([script, "400"]).stdout(std::fs::File::create(&field)?).status();
        ensure!(made.context("node makes the field")?.success(), "the field was not made");
        let mut import = yulin();
        import.args([
            "--json",
            "import",
            "parcels",
            "--crs",
            "EPSG:4549",
            "--district",
            DISTRICT,
            "--database",
            database,
        ]);
        import.args(["--map", "code=code,name=name"]).arg(&field);
        Ok(Self(import.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?))
    }

    /// Whether it still goes on.
    pub fn check_going_on(&mut self) -> Result<()> {
        ensure!(self.0.try_wait()?.is_none(), "the import ended before the load");
        Ok(())
    }
}

impl Drop for Import {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
