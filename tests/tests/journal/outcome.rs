//! What a gateway answers when its database fails it: the truth, or that it does not know.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, TransactionTrait};
use yulin_domain::journal::{Act, DistrictId};
use yulin_persistence::{Migrate, OpenError, OpenOptions, PerformError, PersistenceError, Registry, rebuild};
use yulin_tests::proxy::{AtCommit, Proxy};
use yulin_tests::{Backend, TestRegistry, acts, each_backend, postgres};

async fn opened(url: &str) -> Result<Registry, OpenError> {
    Registry::open(&OpenOptions { url: url.to_owned(), readers: 1, migrate: Migrate::Check }).await
}

/// A gateway on the test's database whose line runs through a proxy.
async fn behind_a_proxy(t: &TestRegistry) -> (Registry, Proxy) {
    let (rest, database) = t.url.rsplit_once('/').unwrap();
    let (user, port) = rest.rsplit_once(':').unwrap();
    let proxy = Proxy::to(port.parse().unwrap()).await;
    let gateway = opened(&format!("{user}:{}/{database}", proxy.port)).await.unwrap();
    (gateway, proxy)
}

fn registration(t: &TestRegistry, district: DistrictId, nth: u32) -> Act {
    let west = f64::from(nth) * 10.0;
    acts::act(t.admin, acts::parcel(district, &format!("P{nth}"), [west, 0.0, west + 10.0, 10.0]))
}

/// Sends acts whose COMMIT is cut, and looks at what is answered and at what is so.
async fn cut_at_commit(plan: AtCommit, is_reachable_after: bool) {
    let Some(t) = TestRegistry::open(Backend::Postgres).await else { return };
    let district = t.district("D1").await;
    let (gateway, proxy) = behind_a_proxy(&t).await;
    for nth in 0..3 {
        let act = registration(&t, district, nth);
        let before = t.now().await.seq;
        proxy.at_commit(plan);
        let sent = tokio::spawn({
            let (gateway, act) = (gateway.clone(), act.clone());
            async move { gateway.perform(act).await }
        });
        if !is_reachable_after {
            proxy.open(false);
        }
        let answer = tokio::time::timeout(Duration::from_secs(60), sent).await.expect("an answer").unwrap();
        let recorded = t.registry.act_by_id(act.envelope.id).await.unwrap();
        match answer {
            Ok(receipt) => {
                assert!(is_reachable_after, "{plan:?}: the writer could not have looked");
                assert_eq!(recorded.unwrap().receipt(), receipt, "{plan:?}: what is acknowledged is so");
            }
            Err(PerformError::OutcomeUnknown) => {
                assert!(!is_reachable_after, "{plan:?}: the writer could have looked");
                assert_eq!(recorded.is_some(), plan == AtCommit::CutAfter);
            }
            Err(other) => panic!("{plan:?}: neither the truth nor that it is not known: {other}"),
        }
        proxy.open(true);
        let settled = gateway.perform(act.clone()).await.expect("asked again, it is settled");
        assert_eq!(settled.seq, before + 1, "{plan:?}: recorded once");
        assert_eq!(t.now().await.seq, before + 1);
    }
    gateway.close().await;
    t.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_cut_before_the_commit_arrives_is_mended_and_the_act_recorded_once() {
    cut_at_commit(AtCommit::CutBefore, true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_cut_after_the_commit_is_mended_and_the_act_found_by_its_id() {
    cut_at_commit(AtCommit::CutAfter, true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_never_arrived_at_a_server_out_of_reach_has_no_known_outcome() {
    cut_at_commit(AtCommit::CutBefore, false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_was_lost_by_a_server_out_of_reach_has_no_known_outcome() {
    cut_at_commit(AtCommit::CutAfter, false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_stalls_within_a_transaction_cannot_hold_the_order() {
    let Some(t) = TestRegistry::open(Backend::Postgres).await else { return };
    let district = t.district("D1").await;
    let (gateway, proxy) = behind_a_proxy(&t).await;
    proxy.at_commit(AtCommit::Stall);
    let stalled = tokio::spawn({
        let act = registration(&t, district, 1);
        let gateway = gateway.clone();
        async move { gateway.perform(act).await }
    });
    proxy.commit_came().await;
    let began = Instant::now();
    t.registry.perform(registration(&t, district, 2)).await.expect("the other gateway goes on");
    let waited = began.elapsed();
    assert!(waited > Duration::from_secs(2), "the order was held: {waited:?}");
    assert!(waited < Duration::from_secs(15), "and given on: {waited:?}");
    proxy.cut();
    stalled.await.unwrap().expect("once cut off, the stalled gateway looks, and records its act");
    gateway.close().await;
    t.assert_sound().await;
}

each_backend! {
    async fn an_act_at_which_the_database_fails_fails_alone(t) {
        let district = t.district("D1").await;
        let raw = t.raw().await;
        let poison = match t.backend {
            Backend::Sqlite => "CREATE TRIGGER poison BEFORE INSERT ON parcel_index WHEN new.label = 'P7' \
                                BEGIN SELECT raise(ABORT, 'poison'); END",
            Backend::Postgres => "ALTER TABLE parcel_index ADD CONSTRAINT poison CHECK (label <> 'P7')",
        };
        raw.execute_unprepared(poison).await.unwrap();
        // While somebody else holds the order, the acts gather into one batch.
        let held = raw.begin().await.unwrap();
        held.execute_unprepared("UPDATE journal_head SET seq = seq").await.unwrap();
        let acts = (0..20).map(|nth| registration(&t, district, nth)).collect();
        let sent = tokio::spawn({ let registry = t.registry.clone(); async move { registry.perform_all(acts).await } });
        tokio::time::sleep(Duration::from_millis(500)).await;
        held.rollback().await.unwrap();
        let answers = sent.await.unwrap();
        for (nth, answer) in answers.iter().enumerate() {
            match answer {
                Ok(_) => assert_ne!(nth, 7),
                Err(PerformError::Fault(PersistenceError::Database(_))) => assert_eq!(nth, 7),
                Err(other) => panic!("{nth}: {other}"),
            }
        }
        t.assert_sound().await;
    }

    async fn a_gateway_is_ready_only_while_it_can_read_the_journal_and_no_step_is_lacking(t) {
        t.registry.readiness().await.unwrap();
        let raw = t.raw().await;
        // A later program has migrated further: its steps only expand, and this one goes on.
        raw.execute_unprepared("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)").await.unwrap();
        t.registry.readiness().await.unwrap();
        opened(&t.url).await.expect("a database with later steps opens").close().await;
        raw.execute_unprepared("DELETE FROM seaql_migrations WHERE version LIKE 'm0005%'").await.unwrap();
        assert!(matches!(t.registry.readiness().await, Err(PersistenceError::NotMigrated)));
        assert!(matches!(opened(&t.url).await, Err(OpenError::NotMigrated)));
        raw.execute_unprepared("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m0005_due_refusal', 0)").await.unwrap();
        t.registry.readiness().await.unwrap();
        raw.execute_unprepared("UPDATE journal_head SET least_format = 2").await.unwrap();
        assert!(matches!(t.registry.readiness().await, Err(PersistenceError::Format { least: 2, known: 1 })));
        let answer = t.registry.perform(acts::act(t.admin, acts::parcel(DistrictId(uuid::Uuid::nil()), "P", [0.0, 0.0, 1.0, 1.0]))).await;
        assert!(matches!(answer, Err(PerformError::Fault(PersistenceError::Format { .. }))), "{answer:?}");
        assert!(opened(&t.url).await.is_err());
        assert!(rebuild(&t.url, &mut |_| {}).await.is_err(), "what cannot be read is not folded anew");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_finds_the_order_held_too_long_is_told_that_the_registry_is_busy_and_waits_once() {
    let t = TestRegistry::open(Backend::Sqlite).await.expect("SQLite is built in");
    let district = t.district("D1").await;
    let raw = t.raw().await;
    let held = raw.begin().await.unwrap();
    held.execute_unprepared("UPDATE journal_head SET seq = seq").await.unwrap();
    let began = Instant::now();
    let acts = (0..4).map(|nth| registration(&t, district, nth)).collect();
    for answer in t.registry.perform_all(acts).await {
        assert!(matches!(answer, Err(PerformError::Busy)), "{answer:?}");
    }
    assert!(began.elapsed() < Duration::from_secs(25), "{:?}", began.elapsed());
    held.rollback().await.unwrap();
    t.registry.perform(registration(&t, district, 1)).await.expect("the order is free again");
}

/// Gives the test's database a setting, for connections from now on.
async fn set(t: &TestRegistry, setting: &str) {
    let database = t.url.rsplit_once('/').unwrap().1;
    t.raw().await.execute_unprepared(&format!("ALTER DATABASE {database} SET {setting}")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_may_lose_what_it_acknowledged_is_refused() {
    assert!(matches!(opened("sqlite::memory:").await, Err(OpenError::Durability(_))));
    let Some(t) = TestRegistry::open(Backend::Postgres).await else { return };
    set(&t, "synchronous_commit = off").await;
    let refused = opened(&t.url).await;
    assert!(matches!(&refused, Err(OpenError::Durability(why)) if why.contains("synchronous_commit")), "{refused:?}");
    for setting in ["fsync", "full_page_writes"] {
        let cluster = postgres::cluster_with(&format!("-c {setting}=off")).expect("a cluster of its own");
        let refused = opened(&format!("postgres://postgres@127.0.0.1:{}/postgres", cluster.port)).await;
        assert!(matches!(&refused, Err(OpenError::Durability(why)) if why.contains(setting)), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_whose_clock_is_not_the_databases_refuses_to_write() {
    let Some(t) = TestRegistry::open(Backend::Postgres).await else { return };
    let district = t.district("D1").await;
    // A name that stands before the database's own is found first: so the clock goes wrong for this database alone.
    let clock = "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql \
                 AS 'SELECT pg_catalog.clock_timestamp() + interval ''5 seconds'''";
    t.raw().await.execute_unprepared(clock).await.unwrap();
    set(&t, "search_path = public, pg_catalog").await;
    let before = t.now().await.seq;
    let gateway = opened(&t.url).await.unwrap();
    let answer = gateway.perform(registration(&t, district, 1)).await;
    assert!(
        matches!(answer, Err(PerformError::Fault(PersistenceError::Clocks { micros: ..-2_000_000 }))),
        "{answer:?}"
    );
    assert_eq!(t.now().await.seq, before);
    gateway.close().await;
}
