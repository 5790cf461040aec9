//! The registry under measurement, asked over HTTP, and an import beside it.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::fill::DISTRICT;
use crate::process::{Process, serve, yulin};

/// A registry that serves, until it is dropped.
#[derive(Debug)]
pub struct Server {
    pub process: Process,
    endpoint: String,
    http: reqwest::Client,
}

impl Server {
    /// Starts it, with the log it writes where nothing is said; the log goes nowhere.
    pub fn start(database: &str) -> Result<Self> {
        let (process, said) = serve(&["--database", database], Stdio::null())?;
        let endpoint = said["endpoint"].as_str().context("an address")?.to_owned();
        Ok(Self { process, endpoint, http: reqwest::Client::new() })
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
}

/// An import of parcels that goes on beside the load, until it is dropped.
#[derive(Debug)]
pub struct Import(Process);

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
        Ok(Self(Process::start(import.stdout(Stdio::null()).stderr(Stdio::null()))?))
    }

    /// Whether it still goes on.
    pub fn check_going_on(&mut self) -> Result<()> {
        ensure!(self.0.child.try_wait()?.is_none(), "the import ended before the load");
        Ok(())
    }
}
