//! A trace of system calls: between the last write of a batch and its first answer, the log is synced.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod server;

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use sea_orm::{ConnectionTrait, Statement};
use server::Server;
use yulin_tests::{Backend, TestRegistry, each_backend};

const CALLS: &str = "trace=fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg";
const ACTS: u32 = 20;

/// Traces processes into a file, once it has attached; else why not.
fn trace(pids: &[u32], file: &Path) -> Result<Child, String> {
    let mut command = Command::new("strace");
    command.args(["-f", "-y", "-s", "48", "-e", CALLS, "-o"]).arg(file);
    command.args(pids.iter().flat_map(|pid| ["-p".to_owned(), pid.to_string()]));
    let mut strace = command.stderr(Stdio::piped()).spawn().map_err(|why| format!("strace: {why}"))?;
    let mut told = BufReader::new(strace.stderr.take().unwrap()).lines();
    for _ in pids {
        match told.next() {
            Some(Ok(line)) if line.contains(" attached") => {}
            other => {
                drop(strace.kill());
                return Err(format!("strace does not attach: {other:?}"));
            }
        }
    }
    // It goes on telling of threads; nobody reads, and it must not wait for that.
    std::thread::spawn(move || told.for_each(drop));
    Ok(strace)
}

/// The processes that write: the server, and those of PostgreSQL that serve its database or write its log.
async fn writers(t: &TestRegistry, server: &Server) -> Vec<u32> {
    let mut pids = vec![server.pid()];
    if t.backend == Backend::Postgres {
        let raw = t.raw().await;
        let sql = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() OR backend_type = 'walwriter'";
        let rows = raw.query_all_raw(Statement::from_string(raw.get_database_backend(), sql)).await.unwrap();
        pids.extend(rows.iter().map(|row| u32::try_from(row.try_get::<i32>("", "pid").unwrap()).unwrap()));
    }
    pids
}

/// For each answer: whether the log was written since the answer before, and synced since its last write.
fn answers(trace: &str, log: &str) -> Vec<(bool, bool)> {
    let (mut written, mut synced, mut begun) = (false, false, HashMap::new());
    let mut found = Vec::new();
    for line in trace.lines() {
        let Some((pid, call)) = line.trim().split_once(' ') else { continue };
        let call = call.trim_start();
        let is_sync = call.starts_with("fsync(") || call.starts_with("fdatasync(");
        if call.starts_with("pwrite64(") && call.contains(log) {
            (written, synced) = (true, false);
        } else if is_sync && call.contains(log) && call.ends_with("<unfinished ...>") {
            begun.insert(pid.to_owned(), ());
        } else if (is_sync && call.contains(log) && call.ends_with("= 0"))
            || (call.contains("sync resumed>") && call.ends_with("= 0") && begun.remove(pid).is_some())
        {
            synced = true;
        } else if call.contains("HTTP/1.1 200") {
            found.push((written, synced));
            (written, synced) = (false, false);
        }
    }
    found
}

#[test]
fn the_reader_of_traces_tells_a_missing_sync() {
    let write = "7 pwrite64(9</x/r.sqlite-wal>, \"\", 4096, 32) = 4096";
    let sync = "7 fdatasync(9</x/r.sqlite-wal>) = 0";
    let answer = "8 sendto(4<TCP:[1]>, \"HTTP/1.1 200 OK\\r\\n\", 9, 0, NULL, 0) = 9";
    let trace = |lines: &[&str]| answers(&lines.join("\n"), "-wal>");
    assert_eq!(trace(&[write, sync, answer]), [(true, true)]);
    assert_eq!(trace(&[write, answer, sync]), [(true, false)]);
    assert_eq!(trace(&[sync, write, answer]), [(true, false)]);
    let (begun, ended) = ("7 fdatasync(9</x/r.sqlite-wal> <unfinished ...>", "7 <... fdatasync resumed>) = 0");
    assert_eq!(trace(&[write, begun, ended, answer]), [(true, true)]);
    assert_eq!(trace(&[write, begun, answer, ended]), [(true, false)]);
}

each_backend! {
    async fn between_the_last_write_of_a_batch_and_its_answer_the_log_is_synced(t) {
        let district = t.district("D1").await;
        let server = Server::start(&t, district).await;
        server.client.register("before", [-100.0, 0.0]).await.expect("the server answers");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("trace");
        let mut strace = match trace(&writers(&t, &server).await, &file) {
            Ok(strace) => strace,
            Err(why) => {
                eprintln!("SKIPPED: the sync before an answer was not traced: {why}");
                assert!(std::env::var("CI").as_deref() != Ok("true"), "CI must trace: {why}");
                return;
            }
        };
        for nth in 0..ACTS {
            server.client.register(&format!("T{nth}"), [f64::from(nth) * 10.0, 0.0]).await.expect("an answer");
        }
        // Interrupted, it lets its processes go and writes what it has.
        Command::new("kill").args(["-INT", &strace.id().to_string()]).status().unwrap();
        tokio::time::timeout(Duration::from_secs(20), tokio::task::spawn_blocking(move || strace.wait())).await
            .expect("strace ends").unwrap().unwrap();
        let log = if t.backend == Backend::Sqlite { "-wal>" } else { "/pg_wal/" };
        let found = answers(&std::fs::read_to_string(&file).unwrap(), log);
        println!("{:?}: {} answers, each after a write and a sync of the log", t.backend, found.len());
        assert_eq!(found, vec![(true, true); ACTS as usize]);
    }
}
