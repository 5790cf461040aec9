//! The built binary, driven as its users drive it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use crate::TestRegistry;

/// What a command ended with.
#[derive(Debug)]
pub struct Told {
    pub code: i32,
    /// The last line, where it is JSON.
    pub result: Value,
    pub stdout: String,
    pub stderr: String,
}

/// The binary: the one that `YULIN_BINARY` names, else the one of this workspace, built if need be.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        if let Some(named) = std::env::var_os("YULIN_BINARY") {
            return PathBuf::from(named);
        }
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo)
            // With the features of the whole workspace, as the tests themselves are built.
            .args(["build", "--quiet", "--workspace", "--bin", "yulin"])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .stdout(Stdio::null())
            .status();
        assert!(built.is_ok_and(|status| status.success()), "the binary does not build");
        let test = std::env::current_exe().expect("the test has a path");
        // Tests lie in `deps` beside it.
        test.ancestors().nth(2).expect("a folder of the build").join("yulin")
    })
}

/// A command of the binary on a registry; relative files lie in `folder`.
pub fn command(registry: &TestRegistry, folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(binary());
    let database = ["--json", "--database", &registry.url];
    command.args(words).args(database).current_dir(folder).stdin(Stdio::null()).env("YULIN_LOG", "error");
    command
}

/// Runs a command of the binary to its end.
pub async fn run(registry: &TestRegistry, folder: &Path, words: &[&str]) -> Told {
    let mut command = command(registry, folder, words);
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("it is waited for");
    told(&output.expect("the binary starts"))
}

/// What a command that has ended told.
pub fn told(output: &std::process::Output) -> Told {
    let (stdout, stderr) =
        (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned());
    let last = stdout.lines().next_back().unwrap_or_default();
    let result = serde_json::from_str(last).unwrap_or(Value::Null);
    Told { code: output.status.code().unwrap_or(-1), result, stdout, stderr }
}

impl Told {
    /// `[read, stored, unchanged, rejected]` of an import, which must add up.
    pub fn sums(&self) -> [u64; 4] {
        let sum = |name: &str| self.result[name].as_u64().unwrap_or_else(|| panic!("no {name}: {self:?}"));
        let sums = ["read", "stored", "unchanged", "rejected"].map(sum);
        assert_eq!(sums[0], sums[1..].iter().sum::<u64>(), "{self:?}");
        sums
    }

    /// The code, the field and the Chinese message of the error it failed with.
    pub fn error(&self) -> (&str, &str, &str) {
        let error = &self.result["error"];
        let text = |value: &'_ Value| value.as_str().unwrap_or_default().len();
        assert!(text(&error["messages"]["en"]) > 0 && self.code != 0, "{self:?}");
        let [code, field] = ["code", "field"].map(|name| error[name].as_str().unwrap_or_default());
        (code, field, error["messages"]["zh"].as_str().unwrap_or_default())
    }
}

/// The lines of a report.
pub fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).expect("the report is there");
    text.lines().map(|line| serde_json::from_str(line).expect("a line of a report is JSON")).collect()
}

/// Test data of others; none, said loudly, where the variable is unset.
pub fn data(below: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("YULIN_TEST_DATA") else {
        eprintln!("SKIPPED: YULIN_TEST_DATA is unset; {below} was not tested");
        return None;
    };
    let path = Path::new(&root).join(below);
    assert!(path.exists(), "YULIN_TEST_DATA is set, but {below} is missing");
    Some(path)
}
