//! A throw-away PostgreSQL cluster from the installed server binaries, one a test process.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// A cluster that ends with the process that started it.
#[derive(Debug)]
pub struct Cluster {
    pub port: u16,
    /// Where it keeps its data.
    pub data: PathBuf,
}

static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();

/// The cluster, started when first asked for; none where PostgreSQL or PostGIS is not installed, which is said
/// loudly and fails where `CI=true`.
pub fn cluster() -> Option<&'static Cluster> {
    CLUSTER.get_or_init(|| cluster_with("")).as_ref()
}

/// A cluster of the test's own, with settings of the server.
pub fn cluster_with(settings: &str) -> Option<Cluster> {
    start(settings).map_err(|why| missing(&why)).ok()
}

fn missing(why: &str) {
    eprintln!("SKIPPED: tests on PostgreSQL did not run: {why}");
    assert!(std::env::var("CI").as_deref() != Ok("true"), "CI must test on PostgreSQL: {why}");
}

fn start(settings: &str) -> Result<Cluster, String> {
    let binaries = binaries().ok_or("no server binaries under /usr/lib/postgresql")?;
    let folder = tempfile::Builder::new().prefix("yulin-pg-").tempdir().map_err(|why| why.to_string())?.keep();
    let data = folder.join("data");
    if is_root() {
        run(Command::new("chown").arg("-R").arg("postgres").arg(&folder))?;
    }
    let port = free_port()?;
    run(as_postgres(&binaries.join("initdb"))
        .args(["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-D"])
        .arg(&data))?;
    let settings = format!(
        "-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c max_connections=200 {settings}",
        folder.display()
    );
    let log = folder.join("log");
    run(as_postgres(&binaries.join("pg_ctl"))
        .args(["-w", "-o", &settings, "-l"])
        .arg(&log)
        .arg("-D")
        .arg(&data)
        .arg("start"))?;
    end_with_this_process(&binaries, &folder)?;
    Ok(Cluster { port, data })
}

/// A watcher outlives a killed test run and takes the cluster down with it.
fn end_with_this_process(binaries: &Path, folder: &Path) -> Result<(), String> {
    let script = format!(
        "while [ -d /proc/{pid} ]; do sleep 1; done; {stop} -m immediate -D {data} stop; rm -rf {folder}",
        pid = std::process::id(),
        stop = binaries.join("pg_ctl").display(),
        data = folder.join("data").display(),
        folder = folder.display(),
    );
    let mut watcher = as_postgres(Path::new("sh"));
    watcher.arg("-c").arg(script).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    watcher.spawn().map(drop).map_err(|why| why.to_string())
}

fn binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<_> = versions.flatten().map(|version| version.path().join("bin")).collect();
    found.retain(|path| path.join("initdb").exists());
    found.sort();
    found.pop()
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0\n"))
}

/// The server refuses to run as root.
fn as_postgres(program: &Path) -> Command {
    if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program).current_dir("/");
        command
    } else {
        Command::new(program)
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    // Output goes nowhere: a server that inherits a pipe keeps it open.
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?} ended with {status}")),
        Err(why) => Err(format!("{command:?}: {why}")),
    }
}

fn free_port() -> Result<u16, String> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").map_err(|why| why.to_string())?;
    listener.local_addr().map(|address| address.port()).map_err(|why| why.to_string())
}
