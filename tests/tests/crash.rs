//! What was acknowledged survives a process that is killed; what was not is wholly there or wholly absent.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use rand::{Rng, SeedableRng, rngs::StdRng};
use uuid::Uuid;
use yulin_domain::journal::{ActId, DistrictId, PrincipalId};
use yulin_persistence::{Migrate, OpenOptions, Registry};
use yulin_tests::{acts, each_backend};

/// What turns this test program into the process that is killed.
const CHILD: &str = "YULIN_CRASH_CHILD";

/// Kills; `YULIN_LONG=1` makes them the two hundred that a release is tested with.
fn kills() -> u64 {
    if std::env::var("YULIN_LONG").is_ok() { 200 } else { 5 }
}

/// Registers parcels in bundles of two, and tells each receipt as it comes. Runs only as a child.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_process_that_is_killed() {
    let Ok(told) = std::env::var(CHILD) else { return };
    let [url, principal, district, run]: [&str; 4] =
        told.split('|').collect::<Vec<_>>().try_into().expect("four words");
    let options = OpenOptions { url: url.to_owned(), readers: 1, migrate: Migrate::Check };
    let registry = Registry::open(&options).await.expect("the registry opens");
    let principal: PrincipalId = principal.parse().unwrap();
    let district: DistrictId = district.parse().unwrap();
    let run: u32 = run.parse().unwrap();
    let writers = (0..4_u32).map(|writer| {
        let registry = registry.clone();
        async move {
            for n in 0_u32.. {
                let (x, y) = (f64::from(n % 1_000) * 10.0, f64::from(run * 8 + writer * 2) * 10.0);
                let code = format!("K{run}-{writer}-{n}");
                let mut bundle = acts::act(principal, acts::parcel(district, &code, [x, y, x + 10.0, y + 10.0]));
                let twin = acts::parcel(district, &format!("{code}+"), [x, y + 10.0, x + 10.0, y + 20.0]);
                bundle.legs.push(twin.into());
                let receipt = registry.perform(bundle).await.expect("the act is recorded");
                let mut out = std::io::stdout().lock();
                writeln!(out, "receipt {} {}", receipt.act_id, receipt.seq).unwrap();
                out.flush().unwrap();
            }
        }
    });
    futures_util::future::join_all(writers).await;
}

/// Starts the child, kills it after a while, and gives the receipts it told.
fn killed_after(told: &str, pause: Duration) -> Vec<(ActId, i64)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_process_that_is_killed", "--nocapture"])
        .env(CHILD, told)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the child starts");
    let out = child.stdout.take().unwrap();
    let (began, begun) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        let lines = BufReader::new(out).lines().map_while(Result::ok);
        let receipts = lines.filter_map(move |line| {
            // The parent may have stopped listening; only the first matters.
            let _ = began.send(());
            // The harness of tests may have begun a line of its own.
            let words: Vec<_> = line.split_once("receipt ")?.1.split(' ').map(str::to_owned).collect();
            // A line that the kill cut short is no acknowledgement that anybody got.
            let [act, seq] = words.as_slice() else { return None };
            Some((ActId(Uuid::parse_str(act).ok()?), seq.parse().ok()?))
        });
        receipts.collect()
    });
    // The clock of the kill begins with the first word, however slowly the child starts.
    begun.recv_timeout(Duration::from_secs(60)).expect("the child says something");
    std::thread::sleep(pause);
    child.kill().expect("SIGKILL");
    child.wait().unwrap();
    reader.join().unwrap()
}

each_backend! {
    async fn every_acknowledged_act_survives_a_kill_and_none_is_half_there(t) {
        let district = t.district("D1").await;
        let seed: u64 = rand::rng().random();
        println!("seed {seed}");
        let mut random = StdRng::seed_from_u64(seed);
        let mut acknowledged = 0;
        for run in 0..kills() {
            let told = format!("{}|{}|{district}|{run}", t.url, t.admin);
            let pause = Duration::from_millis(random.random_range(300..1_500));
            let receipts = tokio::task::spawn_blocking(move || killed_after(&told, pause)).await.unwrap();
            for (act, seq) in &receipts {
                let entry = t.registry.act_by_id(*act).await.unwrap();
                let entry = entry.unwrap_or_else(|| panic!("seed {seed}, run {run}: {act} was acknowledged and is gone"));
                assert_eq!(entry.header.seq, *seq);
            }
            acknowledged += receipts.len();
            t.assert_sound().await;
        }
        assert!(acknowledged > 20, "only {acknowledged} acts were acknowledged before the kills");
        println!("{:?}: {} kills, {acknowledged} acts acknowledged, none lost", t.backend, kills());
    }
}
