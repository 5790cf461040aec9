//! Backups under load, restored elsewhere: nothing that was acknowledged before is missing, and nothing is half there.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, Statement};
use tokio::task::JoinHandle;
use yulin_domain::journal::Receipt;
use yulin_persistence::VerifyOptions;
use yulin_tests::command::{command, run};
use yulin_tests::postgres::{self, Cluster};
use yulin_tests::{Backend, TestRegistry, acts, full};

/// Entries before the load begins, so that a copy takes a while.
const ENTRIES: usize = 2_000;
/// Acts of the load before and after a backup.
const ACTS_AROUND: usize = 100;

/// Two who register parties, each the next as soon as the last is acknowledged.
struct Load {
    acknowledged: Arc<Mutex<Vec<Receipt>>>,
    ends: Arc<AtomicBool>,
    writers: Vec<JoinHandle<()>>,
}

impl Load {
    fn begin(t: &TestRegistry) -> Self {
        let (acknowledged, ends) = (Arc::default(), Arc::new(AtomicBool::new(false)));
        let writer = |writer: usize| {
            let (registry, admin) = (t.registry.clone(), t.admin);
            let (acknowledged, ends): (Arc<Mutex<Vec<Receipt>>>, _) = (Arc::clone(&acknowledged), Arc::clone(&ends));
            tokio::spawn(async move {
                let mut nth = 0;
                while !ends.load(Ordering::Relaxed) {
                    let act = acts::act(admin, full::person(&format!("person {writer}/{nth}")));
                    let receipt = registry.perform(act).await.expect("the act is recorded");
                    acknowledged.lock().unwrap().push(receipt);
                    nth += 1;
                }
            })
        };
        let writers = (0..2).map(writer).collect();
        Self { acknowledged, ends, writers }
    }

    /// What has been acknowledged so far.
    fn so_far(&self) -> Vec<Receipt> {
        self.acknowledged.lock().unwrap().clone()
    }

    /// Waits until some more are acknowledged.
    async fn goes_on(&self) -> Vec<Receipt> {
        let enough = self.so_far().len() + ACTS_AROUND;
        let began = Instant::now();
        while self.so_far().len() < enough {
            assert!(began.elapsed() < Duration::from_mins(1), "the load stands still");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.so_far()
    }

    async fn end(self) -> Vec<Receipt> {
        self.ends.store(true, Ordering::Relaxed);
        for writer in self.writers {
            writer.await.expect("a writer");
        }
        Arc::into_inner(self.acknowledged).unwrap().into_inner().unwrap()
    }
}

async fn filled(t: &TestRegistry) {
    for chunk in 0..ENTRIES / 500 {
        let party = |nth: usize| acts::act(t.admin, full::firm(&format!("firm {chunk}/{nth}")));
        t.all_done((0..500).map(party).collect()).await;
    }
}

fn last(receipts: &[Receipt]) -> i64 {
    receipts.iter().map(|receipt| receipt.seq).max().expect("some act")
}

/// Acts are in both registries byte for byte: header, body and hashes of their entries.
async fn assert_same(original: &TestRegistry, restored: &TestRegistry, receipts: &[Receipt]) {
    for some in receipts.chunks(500) {
        let ids: Vec<_> = some.iter().map(|receipt| receipt.act_id).collect();
        let mut entries = [Vec::new(), Vec::new()];
        for (entries, t) in entries.iter_mut().zip([original, restored]) {
            *entries = t.registry.acts_by_ids(&ids).await.unwrap();
            entries.sort_by_key(|entry| entry.header.seq);
        }
        assert_eq!(entries[0].len(), some.len(), "the original has them all");
        assert!(entries[0] == entries[1], "an act of {:?} is missing or another", ids);
    }
}

/// A restored registry is sound up to its last entry, serves, takes acts, and knows those that were asked before.
async fn assert_goes_on(restored: &TestRegistry, known: &Receipt) {
    restored.assert_sound().await;
    let before = restored.now().await.seq;
    restored.person("of the restored registry").await;
    let again = restored.registry.act_by_id(known.act_id).await.unwrap().expect("it is there");
    assert_eq!(&again.receipt(), known);
    assert!(restored.now().await.seq > before);
    restored.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_sqlite_under_load_is_one_state_that_a_checkpoint_of_the_original_vouches_for() {
    let t = TestRegistry::open(Backend::Sqlite).await.expect("SQLite is built in");
    filled(&t).await;
    let load = Load::begin(&t);
    let before = load.goes_on().await;
    let vouched = t.registry.make_checkpoint(&mut |_| {}).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    let told = run(&t, folder.path(), &["backup", "copy.sqlite"]).await;
    assert_eq!(told.code, 0, "{told:?}");
    let took = begun.elapsed();
    let after = load.goes_on().await;
    let all = load.end().await;

    let seq = told.result["seq"].as_i64().unwrap();
    assert!(seq >= last(&before) && seq < last(&after), "{} <= {seq} < {}", last(&before), last(&after));
    println!("{} bytes in {took:?}: up to {seq} of {}", told.result["bytes"], last(&all));
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("restored.sqlite");
    std::fs::copy(folder.path().join("copy.sqlite"), &file).unwrap();
    let url = format!("sqlite://{}?mode=rw", file.display());
    let report = yulin_persistence::verify(&url, &VerifyOptions::default(), &mut |_| {}).await.unwrap();
    assert!(report.sound && report.head == seq, "{report:?}");

    let restored = TestRegistry::at(Backend::Sqlite, url).await;
    let entry = t.registry.acts_by_ids(&all.iter().map(|act| act.act_id).collect::<Vec<_>>()).await.unwrap();
    let entry = entry.into_iter().find(|entry| entry.header.seq == seq).expect("the last entry was acknowledged");
    assert_eq!(told.result["hash"], entry.hash.to_string());
    let held: Vec<_> = all.iter().filter(|act| act.seq <= seq).copied().collect();
    assert!(held.len() >= before.len());
    assert_same(&t, &restored, &held).await;
    // What the original signed before is what the copy begins with, and what the copy signs is what the original does.
    assert!(vouched.checkpoint.size.cast_signed() <= seq);
    assert_eq!(restored.verify_against(&vouched.note).await.map(|wrong| wrong.what), None);
    let of_copy = restored.registry.make_checkpoint(&mut |_| {}).await.unwrap();
    assert_eq!(of_copy.checkpoint.size.cast_signed(), seq);
    assert_eq!(t.verify_against(&of_copy.note).await.map(|wrong| wrong.what), None);
    assert_goes_on(&restored, &held[0]).await;
    t.registry.make_checkpoint(&mut |_| {}).await.unwrap();
    let newer = t.registry.last_checkpoint().await.unwrap().unwrap();
    assert!(restored.verify_against(&newer.note).await.is_some(), "what was lost is found by a newer checkpoint");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_replaces_nothing_is_private_and_is_not_left_half_written() {
    let t = TestRegistry::open(Backend::Sqlite).await.expect("SQLite is built in");
    filled(&t).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    assert_eq!(run(&t, path, &["backup", "copy.sqlite"]).await.code, 0);
    assert_eq!(names(path), ["copy.sqlite"]);
    let mode = path.join("copy.sqlite").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it holds secrets");
    let held = std::fs::read(path.join("copy.sqlite")).unwrap();
    let live = t.url.trim_start_matches("sqlite://").split('?').next().unwrap().to_owned();
    for place in ["copy.sqlite", live.as_str(), "absent/copy.sqlite"] {
        let told = run(&t, path, &["backup", place]).await;
        assert_eq!((told.error().0, told.error().1), ("FILE_UNWRITABLE", "file"), "{told:?}");
    }
    assert!(held == std::fs::read(path.join("copy.sqlite")).unwrap());
    t.assert_sound().await;
    // Asked to end at any time, it leaves the whole copy or nothing.
    for pause in [5, 20, 40, 60, 80] {
        let mut child = command(&t, path, &["backup", "other.sqlite"]);
        let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        tokio::time::sleep(Duration::from_millis(pause)).await;
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        let whole = child.wait().unwrap().success();
        assert_eq!(path.join("other.sqlite").exists(), whole);
        assert_eq!(names(path).len(), 1 + usize::from(whole), "{:?}", names(path));
        std::fs::remove_file(path.join("other.sqlite")).ok();
    }
}

fn names(folder: &Path) -> Vec<String> {
    let listed = std::fs::read_dir(folder).unwrap();
    listed.map(|one| one.unwrap().file_name().into_string().unwrap()).collect()
}

/// A cluster that archives what it writes, and where.
fn archiving() -> Option<(Cluster, String)> {
    let cluster = postgres::cluster_with("")?;
    let archive = cluster.new_folder("archive").display().to_string();
    let command = format!("test ! -f {archive}/%f && cp %p {archive}/%f");
    cluster.configure(&[("archive_mode", "on"), ("archive_command", &command)]);
    cluster.stop();
    cluster.start_again();
    Some((cluster, archive))
}

async fn asked(t: &TestRegistry, sql: &str) -> String {
    let raw = t.raw().await;
    let row = raw.query_one_raw(Statement::from_string(raw.get_database_backend(), sql)).await.unwrap();
    let told = row.unwrap().try_get_by_index(0).unwrap();
    raw.close().await.unwrap();
    told
}

/// Waits until what was written so far is archived.
async fn archived(t: &TestRegistry, archive: &str) {
    let segment = asked(t, "SELECT pg_walfile_name(pg_current_wal_lsn())").await;
    asked(t, "SELECT pg_switch_wal()::text").await;
    let began = Instant::now();
    while !Path::new(archive).join(&segment).exists() {
        assert!(began.elapsed() < Duration::from_mins(1), "{segment} is not archived");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn restored_at(copy: &Cluster, t: &TestRegistry) -> TestRegistry {
    copy.start_again();
    let url = format!("{}/{}", copy.url(), t.url.rsplit_once('/').unwrap().1);
    let began = Instant::now();
    let recovering = || async {
        let raw = sea_orm::Database::connect(&url).await.unwrap();
        let sql = "SELECT pg_is_in_recovery()";
        let row = raw.query_one_raw(Statement::from_string(raw.get_database_backend(), sql)).await.unwrap();
        row.unwrap().try_get_by_index::<bool>(0).unwrap()
    };
    while recovering().await {
        assert!(began.elapsed() < Duration::from_mins(1), "recovery does not end");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    TestRegistry::at(Backend::Postgres, url).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_is_restored_from_a_base_backup_under_load_and_to_a_time_between_two_acts() {
    let Some((cluster, archive)) = archiving() else { return };
    let t = TestRegistry::on_cluster(&cluster).await;
    filled(&t).await;
    let load = Load::begin(&t);
    let before = load.goes_on().await;
    let copies = [cluster.base_backup(&[]), cluster.base_backup(&[])];
    let after = load.goes_on().await;
    let mut all = load.end().await;
    let vouched = t.registry.make_checkpoint(&mut |_| {}).await.unwrap();
    let mut one_more = async |name: &str| {
        let receipt = t.registry.perform(acts::act(t.admin, full::person(name))).await.unwrap();
        all.push(receipt);
        tokio::time::sleep(Duration::from_millis(50)).await;
        receipt
    };
    let kept = one_more("before the time").await;
    let time = asked(&t, "SELECT clock_timestamp()::text").await;
    let undone = acts::act(t.admin, full::person("after the time"));
    let undone_receipt = t.registry.perform(undone.clone()).await.unwrap();
    archived(&t, &archive).await;

    let [backup, to_the_time] = copies;
    backup.configure(&[("archive_mode", "off")]);
    let restored = restored_at(&backup, &t).await;
    let seq = head_of_copy(&restored).await;
    assert!(seq >= last(&before) && seq < last(&after), "{} <= {seq} < {}", last(&before), last(&after));
    let held: Vec<_> = all.iter().filter(|act| act.seq <= seq).copied().collect();
    assert_same(&t, &restored, &held).await;
    assert_goes_on(&restored, &held[0]).await;

    let restore = format!("cp {archive}/%f %p");
    to_the_time.configure(&[
        ("archive_mode", "off"),
        ("restore_command", &restore),
        ("recovery_target_time", &time),
        ("recovery_target_inclusive", "off"),
        ("recovery_target_action", "promote"),
    ]);
    to_the_time.recover_at_start();
    let restored = restored_at(&to_the_time, &t).await;
    assert_eq!(head_of_copy(&restored).await, kept.seq, "exactly what was acknowledged by {time}");
    assert_same(&t, &restored, &all).await;
    assert_eq!(restored.verify_against(&vouched.note).await.map(|wrong| wrong.what), None);
    assert!(restored.registry.act_by_id(undone.envelope.id).await.unwrap().is_none());
    let again = restored.registry.perform(undone).await.expect("asked again, it is recorded anew");
    assert!(again.seq >= undone_receipt.seq && again.act_id == undone_receipt.act_id);
    assert_goes_on(&restored, &kept).await;
    println!("restored to {time}: entry {} of {}", kept.seq, undone_receipt.seq);
}

/// The last entry that a copy came with: opening it for a test has recorded nothing.
async fn head_of_copy(restored: &TestRegistry) -> i64 {
    restored.now().await.seq
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_leaves_postgresql_to_its_own_tools() {
    let Some(t) = TestRegistry::open(Backend::Postgres).await else { return };
    let folder = tempfile::tempdir().unwrap();
    let told = run(&t, folder.path(), &["backup", "copy.sqlite"]).await;
    assert_eq!((told.error().0, told.error().1), ("VALIDATION", "database"), "{told:?}");
    assert!(told.stderr.contains("pg_basebackup"), "{told:?}");
    assert!(names(folder.path()).is_empty());
}
