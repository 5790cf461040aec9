//! The peer: pgbench doing the bare transfer, two accounts and an entry in one transaction, nothing checked.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use sea_orm::{ConnectionTrait, Database};

use crate::load::percentiles;
use crate::work::Spread;

/// What pgbench came to.
#[derive(Debug)]
pub struct Bare {
    pub a_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
}

/// A server on which the bare transfer is made.
#[derive(Debug)]
pub struct Peer {
    url: String,
    accounts: usize,
}

impl Peer {
    /// Makes as many accounts as the registry has.
    pub async fn prepare(url: &str, accounts: usize) -> Result<Self> {
        let connection = Database::connect(url).await?;
        let sql = format!(
            "DROP TABLE IF EXISTS bare_account, bare_entry;
             CREATE TABLE bare_account (id int PRIMARY KEY, balance bigint NOT NULL);
             CREATE TABLE bare_entry (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, from_account int NOT NULL,
                 to_account int NOT NULL, amount bigint NOT NULL, at timestamptz NOT NULL DEFAULT now());
             INSERT INTO bare_account SELECT id, 1000000000000 FROM generate_series(0, {accounts} - 1) id;
             VACUUM ANALYZE bare_account"
        );
        for statement in sql.split(';') {
            connection.execute_unprepared(statement).await?;
        }
        Ok(Self { url: url.to_owned(), accounts })
    }

    /// Lets so many clients transfer for so long. Of two accounts the one with the lower number is changed first, as a
    /// careful programmer does, so that nobody waits for whoever waits for him.
    pub async fn transfers(&self, clients: usize, spread: Spread, time: Duration, folder: &Path) -> Result<Bare> {
        let first = match spread {
            Spread::Uniform => "random(0, :accounts - 1)",
            Spread::OneAccount => "0",
        };
        let script = format!(
            "\\set x {first}\n\\set y (:x + random(1, :accounts - 1)) % :accounts\n\\set low least(:x, :y)\n\
             \\set high greatest(:x, :y)\n\\set change 7 * (2 * random(0, 1) - 1)\nBEGIN;\n\
             UPDATE bare_account SET balance = balance - :change WHERE id = :low;\n\
             UPDATE bare_account SET balance = balance + :change WHERE id = :high;\n\
             INSERT INTO bare_entry (from_account, to_account, amount) VALUES (:low, :high, :change);\nEND;\n"
        );
        let log = tempfile::tempdir_in(folder)?;
        std::fs::write(log.path().join("transfer.sql"), script)?;
        let mut pgbench = Command::new("pgbench");
        pgbench
            .args(["-n", "-M", "prepared", "-l", "-f", "transfer.sql"])
            .args(["-c", &clients.to_string(), "-j", &clients.min(2).to_string()])
            .args(["-T", &time.as_secs().to_string(), "-D", &format!("accounts={}", self.accounts), &self.url])
            .current_dir(log.path())
            .stdin(Stdio::null());
        let output =
            tokio::task::spawn_blocking(move || pgbench.output()).await?.context("pgbench is not installed")?;
        ensure!(output.status.success(), "pgbench: {}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8_lossy(&output.stdout);
        let a_second = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        let [p50_ms, p99_ms] = percentiles(&mut logged(log.path())?);
        Ok(Bare { a_second: a_second.context("pgbench tells no rate")?, p50_ms, p99_ms })
    }
}

/// How long transactions took, by the logs of the threads: the third word of a line, in microseconds.
fn logged(folder: &Path) -> Result<Vec<Duration>> {
    let mut took = Vec::new();
    for file in std::fs::read_dir(folder)? {
        let path = file?.path();
        if !path.to_string_lossy().contains("pgbench_log") {
            continue;
        }
        let text = std::fs::read_to_string(path)?;
        took.extend(text.lines().filter_map(|line| line.split(' ').nth(2)?.parse().ok()).map(Duration::from_micros));
    }
    Ok(took)
}
