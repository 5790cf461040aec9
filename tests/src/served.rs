//! The program as a server of its own, until a test ends.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::TestRegistry;
use crate::command::binary;

/// The program, serving.
pub struct Served {
    child: Child,
    /// What it told when it began.
    pub start: Value,
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The program that serves a database on a free port; what it tells is read.
pub fn serve(url: &str, words: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(["serve", "--json", "--bind", "127.0.0.1:0", "--database", url]).args(words);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

impl Served {
    /// Serves a registry until it is dropped.
    pub async fn start(t: &TestRegistry, words: &[&str]) -> Self {
        Self::of(serve(&t.url, words)).await
    }

    /// Starts the program and reads what it tells when it listens.
    pub async fn of(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the program starts");
        let mut out = BufReader::new(child.stdout.take().expect("it tells"));
        let read = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            out.read_line(&mut line).map(|_| line)
        });
        let line = read.await.expect("it is waited for").expect("a line");
        Self { child, start: serde_json::from_str(&line).expect("it tells its addresses") }
    }

    /// The status and the answer to a question.
    pub async fn asked(&self, key: Option<&str>, body: Value) -> (u16, Value) {
        self.asked_with(key, body, &[]).await
    }

    /// The same with further headers.
    pub async fn asked_with(&self, key: Option<&str>, body: Value, headers: &[(&str, &str)]) -> (u16, Value) {
        let request = reqwest::Client::new().post(self.start["endpoint"].as_str().expect("an address")).json(&body);
        let request = if let Some(key) = key { request.bearer_auth(key) } else { request };
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let answer = request.header("Accept", "application/graphql-response+json").send().await.expect("an answer");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    /// Asks it to stop, and waits until it has.
    pub async fn stop(mut self) {
        let stopped = Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(stopped.is_ok_and(|status| status.success()), "it runs");
        let ended = tokio::task::spawn_blocking(move || self.child.wait().map(|status| status.success()));
        assert!(ended.await.expect("it is waited for").expect("it ends"), "it ends well");
    }
}
