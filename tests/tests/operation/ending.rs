//! Being asked to stop: what was accepted is answered, what was answered is recorded, and whoever follows is let go.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::sync::Barrier;
use yulin_domain::codes::Role;
use yulin_tests::postgres::cluster_with;
use yulin_tests::served::Served;
use yulin_tests::socket::Socket;
use yulin_tests::{Gateway, TestRegistry, each_backend};

const CLIENTS: usize = 24;
const FOLLOWERS: usize = 5;
const SOCKETS: usize = 8;
/// Operations of a socket that are under way at once.
const OPERATIONS: usize = 32;
const TRANSFER: &str = "mutation($act: ActEnvelopeInput!, $input: TransferUnitsInput!) { transferUnits(act: $act, input: $input) { __typename } }";

/// The variables of an act that was never sent before.
fn transfer_of_one(from: &str, to: &str) -> Value {
    json!({ "act": { "actId": uuid::Uuid::now_v7(), "legalBasis": "a law", "reason": "a test" },
            "input": { "from": from, "to": to, "amount": "1" } })
}

/// Sends acts one after another until it is no longer answered; how many were recorded, by what it was told.
async fn sends(endpoint: &str, key: &str, (from, to): (String, String)) -> i64 {
    let client = reqwest::Client::new();
    let mut recorded = 0;
    loop {
        let body = json!({ "query": TRANSFER, "variables": transfer_of_one(&from, &to) });
        let Ok(answer) = client.post(endpoint).bearer_auth(key).json(&body).send().await else { return recorded };
        // A head was received: the rest has to come too.
        let answer: Value = answer.json().await.expect("an answer that was begun is finished");
        match answer["data"]["transferUnits"]["__typename"].as_str() {
            Some("ActDone") => recorded += 1,
            _ => assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_READY", "{answer}"),
        }
    }
}

/// Follows until the stream ends; whether it ended as streams should.
async fn follows(endpoint: &str, key: &str) -> bool {
    let body = json!({ "query": "subscription { events(after: \"0\") { completeTo } }" });
    let asked =
        reqwest::Client::new().post(endpoint).bearer_auth(key).header("Accept", "text/event-stream").json(&body);
    asked.send().await.unwrap().bytes().await.is_ok()
}

/// Sends acts over a socket, many at once, and hears until it is closed; how many were recorded, by what it was told.
async fn says(gateway: &Gateway, key: &str, (from, to): (String, String), begun: &Barrier) -> i64 {
    let mut socket = Socket::open(gateway, Some(key)).await;
    for nth in 0..OPERATIONS {
        socket.subscribe(&nth.to_string(), TRANSFER, &transfer_of_one(&from, &to)).await;
    }
    let mut recorded = 0;
    let mut first = Some(begun);
    loop {
        match socket.next().await {
            Ok(heard) if heard["type"] == "next" => {
                assert_eq!(heard["payload"]["data"]["transferUnits"]["__typename"], "ActDone", "{heard}");
                recorded += 1;
                if let Some(begun) = first.take() {
                    begun.wait().await;
                }
            }
            Ok(heard) => assert_eq!(heard["type"], "complete", "{heard}"),
            Err(code) => {
                assert_eq!(code, 1001);
                return recorded;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_ends_though_its_database_does_not_answer() {
    let Some(cluster) = tokio::task::spawn_blocking(|| cluster_with("")).await.unwrap() else { return };
    let t = TestRegistry::on_cluster(&cluster).await;
    let l = t.ledger().await;
    l.fill(&t, 1_000_000, 10).await;
    let (key, later) = (t.key(Role::Admin).await.unwrap(), t.key(Role::Auditor).await.unwrap());
    let accounts = [l.firms[0].rights, l.firms[1].rights].map(|id| format!("account:{id}"));
    let served = Served::start(&t, &[]).await;
    let endpoint = served.start["endpoint"].as_str().unwrap().to_owned();
    let sending = tokio::spawn(async move {
        let client = reqwest::Client::new();
        let [from, to] = &accounts;
        // Until one is not answered because the database is not.
        loop {
            let body = json!({ "query": TRANSFER, "variables": transfer_of_one(from, to) });
            let answer = client.post(&endpoint).bearer_auth(&key).json(&body).send().await.unwrap();
            let answer: Value = answer.json().await.unwrap();
            if answer["errors"][0].is_object() {
                return answer;
            }
        }
    });
    tokio::time::sleep(Duration::from_secs(1)).await;
    let halted = cluster.halt();
    let asking = reqwest::Client::new().post(served.start["endpoint"].as_str().unwrap()).bearer_auth(&later);
    let asking = tokio::spawn(asking.json(&json!({ "query": "{ districts { code } }" })).send());
    tokio::time::sleep(Duration::from_millis(500)).await;
    let begun = Instant::now();
    served.stop().await;
    let took = begun.elapsed();
    cluster.go_on(&halted);
    let answer = sending.await.unwrap();
    println!("it ended {took:?} after it was asked to: {answer}");
    // It hung while the act was recorded, or already while the key was looked up.
    let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
    assert!(["OUTCOME_UNKNOWN", "NOT_READY"].contains(&code), "{answer}");
    let asked: Value = asking.await.unwrap().unwrap().json().await.unwrap();
    assert_eq!(asked["errors"][0]["extensions"]["code"], "NOT_READY", "nobody can tell who asks: {asked}");
    assert!(took < Duration::from_secs(44), "{took:?}");
}

each_backend! {
    async fn acts_of_sockets_are_answered_before_they_are_closed(t) {
        let l = t.ledger().await;
        l.fill(&t, 1_000_000, 10).await;
        let key = t.key(Role::Admin).await.unwrap();
        let accounts = [l.firms[0].rights, l.firms[1].rights].map(|id| format!("account:{id}"));
        let before = t.registry.head().await.unwrap().seq;
        let gateway = Gateway::open(&t.registry).await;
        let stopping = gateway.stopping();
        let begun = Barrier::new(SOCKETS + 1);
        let pair = || (accounts[0].clone(), accounts[1].clone());
        let saying = join_all((0..SOCKETS).map(|_| says(&gateway, &key, pair(), &begun)));
        let (recorded, ()) = tokio::join!(saying, async {
            begun.wait().await;
            stopping.stop();
        });
        let recorded: i64 = recorded.into_iter().sum();
        gateway.ended().await;
        // Its registry is the test's own, which goes on; connections that the threads of the gateway opened end with them.
        let mut now = t.registry.head().await;
        while now.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
            now = t.registry.head().await;
        }
        let now = now.unwrap().seq;
        println!("{recorded} acts recorded of {}", SOCKETS * OPERATIONS);
        assert_eq!(now - before, recorded, "nothing is recorded of which nobody was told");
    }

    async fn whoever_was_accepted_is_answered_before_it_ends(t) {
        let l = t.ledger().await;
        l.fill(&t, 1_000_000, 10).await;
        let key = t.key(Role::Admin).await.unwrap();
        let accounts = [l.firms[0].rights, l.firms[1].rights].map(|id| format!("account:{id}"));
        let before = t.registry.head().await.unwrap().seq;
        let served = Served::start(&t, &["--key-rate", "1000000000/1000000"]).await;
        let endpoint = served.start["endpoint"].as_str().unwrap().to_owned();
        let pair = || (accounts[0].clone(), accounts[1].clone());
        let sending = join_all((0..CLIENTS).map(|_| sends(&endpoint, &key, pair())));
        let following = join_all((0..FOLLOWERS).map(|_| follows(&endpoint, &key)));
        let stopping = async {
            tokio::time::sleep(Duration::from_secs(2)).await;
            let begun = Instant::now();
            served.stop().await;
            begun.elapsed()
        };
        let (recorded, ended, took) = tokio::join!(sending, following, stopping);
        let recorded: i64 = recorded.into_iter().sum();
        println!("{recorded} acts recorded; it ended {took:?} after it was asked to");
        assert!(recorded > 20, "it was stopped while nothing was done");
        assert_eq!(t.registry.head().await.unwrap().seq - before, recorded, "nothing is recorded of which nobody was told");
        assert_eq!(ended, [true; FOLLOWERS], "streams end in order");
        assert!(took < Duration::from_secs(10), "{took:?}");
    }
}
