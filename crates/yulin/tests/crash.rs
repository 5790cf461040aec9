//! What was acknowledged survives a server that is killed; what was not is wholly there or wholly absent.
//!
//! `YULIN_LONG=1` kills it two hundred times on each database; `YULIN_SEED` repeats a run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod server;

use std::time::Duration;

use rand::{Rng, SeedableRng, rngs::StdRng};
use server::Server;
use yulin_domain::journal::{ActId, DistrictId};
use yulin_tests::{TestRegistry, each_backend};

/// Clients that write at once.
const CLIENTS: u32 = 4;
/// Kills that one database sees: verification reads all of it each time.
const KILLS_A_DATABASE: u64 = 20;

fn kills() -> u64 {
    if std::env::var("YULIN_LONG").is_ok() { 200 } else { 5 }
}

fn seed() -> u64 {
    std::env::var("YULIN_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| rand::rng().random())
}

/// Starts a server, writes, kills it after a while; the receipts that arrived.
async fn killed_after(t: &TestRegistry, district: DistrictId, run: u64, pause: Duration) -> Vec<(ActId, i64)> {
    let mut server = Server::start(t, district).await;
    let clients = (0..CLIENTS).map(|nth| {
        let client = server.client.clone();
        tokio::spawn(async move {
            let mut receipts = Vec::new();
            for n in 0_u32.. {
                let south = (run * u64::from(CLIENTS) + u64::from(nth)) as f64 * 20.0;
                let code = format!("K{run}-{nth}-{n}");
                let Some(receipt) = client.register(&code, [f64::from(n) * 10.0, south]).await else { break };
                receipts.push(receipt);
            }
            receipts
        })
    });
    let clients: Vec<_> = clients.collect();
    tokio::time::sleep(pause).await;
    server.kill();
    let mut receipts = Vec::new();
    for client in clients {
        receipts.extend(client.await.expect("a client"));
    }
    receipts
}

each_backend! {
    async fn every_acknowledged_act_survives_a_kill_of_the_server_and_none_is_half_there(t) {
        let seed = seed();
        println!("YULIN_SEED={seed}");
        let mut random = StdRng::seed_from_u64(seed);
        let (mut t, mut acknowledged) = (t, 0);
        let mut district = t.district("D1").await;
        for run in 0..kills() {
            if run > 0 && run % KILLS_A_DATABASE == 0 {
                t = TestRegistry::open(t.backend).await.expect("another database");
                district = t.district("D1").await;
            }
            let pause = Duration::from_millis(random.random_range(20..900));
            let receipts = killed_after(&t, district, run % KILLS_A_DATABASE, pause).await;
            for (act, seq) in &receipts {
                let entry = t.registry.act_by_id(*act).await.unwrap();
                let entry = entry.unwrap_or_else(|| panic!("seed {seed}, run {run}: {act} was acknowledged and is gone"));
                assert_eq!(entry.header.seq, *seq, "seed {seed}, run {run}");
            }
            acknowledged += receipts.len();
            let report = t.verify().await;
            assert!(report.sound, "seed {seed}, run {run}: {:?}", report.first_wrong);
        }
        assert!(acknowledged > 20, "only {acknowledged} acts were acknowledged before the kills");
        println!("{:?}: {} kills, {acknowledged} acts acknowledged, none lost", t.backend, kills());
    }
}
