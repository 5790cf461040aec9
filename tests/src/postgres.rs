//! A throw-away PostgreSQL cluster from the installed server binaries, one a test process; and one of a test's own, which
//! it may kill.

mod copies;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

/// How often a server is started again while what is left of the one before goes, and how long is waited in between.
const STARTS_MAX: u32 = 50;
const START_PAUSE: Duration = Duration::from_millis(200);

/// A cluster that ends with the process that started it.
#[derive(Debug)]
pub struct Cluster {
    pub port: u16,
    binaries: PathBuf,
    folder: PathBuf,
    settings: String,
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
    let cluster = Cluster::without_data(binaries().ok_or("no server binaries under /usr/lib/postgresql")?, settings)?;
    run(as_postgres(&cluster.binaries.join("initdb"))
        .args(["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-D"])
        .arg(cluster.data()))?;
    cluster.serve()?;
    Ok(cluster)
}

impl Cluster {
    /// A place and a port for a cluster.
    fn without_data(binaries: PathBuf, settings: &str) -> Result<Self, String> {
        let folder = tempfile::Builder::new().prefix("yulin-pg-").tempdir().map_err(|why| why.to_string())?.keep();
        if is_root() {
            run(Command::new("chown").arg("-R").arg("postgres").arg(&folder))?;
        }
        let port = free_port()?;
        let settings = format!(
            "-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c max_connections=200 {settings}",
            folder.display()
        );
        end_with_this_process(&binaries, &folder)?;
        Ok(Self { port, binaries, folder, settings })
    }

    /// Where it keeps its data.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The address of the server, without a database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}", self.port)
    }

    fn serve(&self) -> Result<(), String> {
        let mut start = as_postgres(&self.binaries.join("pg_ctl"));
        start.args(["-w", "-o", &self.settings, "-l"]).arg(self.folder.join("log"));
        run(start.arg("-D").arg(self.data()).arg("start"))
    }

    /// Kills the server, process by process, as a failing machine would: no signal that any of them could hear.
    pub fn kill(&self) {
        let all = self.halt();
        signal("KILL", &all);
        while all.iter().any(|process| is_running(*process)) {
            std::thread::sleep(Duration::from_millis(5));
        }
        // Where nobody takes notice of its end, its number stays taken, and the next server would think that it runs.
        std::fs::remove_file(self.lock()).expect("the lock is there");
    }

    /// Halts the server, process by process: whoever is connected stays so and hears nothing. The processes are told.
    pub fn halt(&self) -> Vec<u32> {
        let pid = std::fs::read_to_string(self.lock()).expect("the server runs");
        let pid: u32 = pid.lines().next().and_then(|line| line.parse().ok()).expect("the server has a process");
        // Halted, it starts no more of them.
        signal("STOP", &[pid]);
        let mut all = children_of(pid);
        all.push(pid);
        signal("STOP", &all);
        all
    }

    /// Lets the processes of a server that was halted go on.
    pub fn go_on(&self, halted: &[u32]) {
        signal("CONT", halted);
    }

    fn lock(&self) -> PathBuf {
        self.data().join("postmaster.pid")
    }

    /// Starts the server that was killed; it recovers before it lets anybody in.
    pub fn start_again(&self) {
        for _ in 0..STARTS_MAX {
            if self.serve().is_ok() {
                return;
            }
            std::thread::sleep(START_PAUSE);
        }
        panic!("the server does not start again: {}", self.folder.join("log").display());
    }
}

fn signal(name: &str, processes: &[u32]) {
    let numbers: Vec<_> = processes.iter().map(u32::to_string).collect();
    // One may have ended by itself.
    drop(run(Command::new("sh").arg("-c").arg(format!("kill -{name} {}", numbers.join(" ")))));
}

fn children_of(parent: u32) -> Vec<u32> {
    let listed = std::fs::read_dir("/proc").expect("processes are listed").flatten();
    let mut children: Vec<u32> = listed.filter_map(|one| one.file_name().to_str()?.parse().ok()).collect();
    children.retain(|process| told_of(*process, "PPid:") == Some(parent.to_string()));
    children
}

/// The value of a line of what the kernel tells of a process; none once it is gone.
fn told_of(process: u32, name: &str) -> Option<String> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    Some(status.lines().find_map(|line| line.strip_prefix(name))?.trim().to_owned())
}

/// A process that has ended may still be listed, until its parent takes notice.
fn is_running(process: u32) -> bool {
    told_of(process, "State:").is_some_and(|state| !state.starts_with('Z'))
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
