//! The release binary as a process of its own, for every measurement the same: started, looked at and ended.
//!
//! What it is asked stands with each measurement.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// The release binary, wherever this is run: `cargo bench` runs it in the folder of the package.
const RELEASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/release/yulin");

/// The command of the binary that is measured.
pub fn yulin() -> Command {
    Command::new(std::env::var("YULIN_BINARY").unwrap_or_else(|_| RELEASE.to_owned()))
}

/// A process, until it is dropped.
#[derive(Debug)]
pub struct Process {
    pub child: Child,
}

/// Starts a registry on a port of its own, with more words on its command line; its log goes where it is told. With it
/// comes what it says once it serves: its `endpoint`, which is a text, and the keys of a demo.
pub fn serve(words: &[&str], log: Stdio) -> Result<(Process, Value)> {
    let mut command = yulin();
    command.args(["serve", "--json", "--bind", "127.0.0.1:0"]).args(words).stdout(Stdio::piped()).stderr(log);
    let mut process = Process::start(&mut command)?;
    let said = process.child.stdout.take().context("the registry says nothing")?;
    for line in BufReader::new(said).lines() {
        // A zone that is made first is told of in other lines.
        let Ok(said) = serde_json::from_str::<Value>(&line?) else { continue };
        if said["endpoint"].is_string() {
            return Ok((process, said));
        }
    }
    bail!("the registry did not start")
}

impl Process {
    /// Starts what a command says.
    pub fn start(command: &mut Command) -> Result<Self> {
        let child = command.spawn().with_context(|| {
            format!("{:?} does not start: build the registry by `cargo build --release`", command.get_program())
        })?;
        Ok(Self { child })
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its resident memory, where the system tells.
    pub fn memory_kib(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().trim_end_matches("kB").trim().parse().ok()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It is a child of this process, and nothing it was told is waiting.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
