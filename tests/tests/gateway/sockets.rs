//! Sockets that keep a place and do nothing with it are closed: who is unknown and asks nothing, who asks and does not listen.

use std::time::{Duration, Instant};

use yulin_domain::codes::Role;
use yulin_tests::socket::Socket;
use yulin_tests::{Backend, Gateway, TestRegistry};

/// Its answer is longer than what waits on the way to a client who does not listen.
const MUCH: &str =
    "{ __schema { types { name description fields { name description args { name description } type { name } }
    inputFields { name description } enumValues { name description } } } }";
const ANSWERS: usize = 32;
/// How long who does not listen is borne, and a little more.
const UNHEARD: Duration = Duration::from_secs(35);
/// When a stranger who asks nothing is let go of at the latest: at the first look after a minute.
const IDLE_MOST: Duration = Duration::from_secs(90);

/// How many answers arrive at somebody who began to listen late, before his socket ends.
async fn listens_late(gateway: &Gateway, key: &str) -> usize {
    let mut socket = Socket::open(gateway, Some(key)).await;
    for nth in 0..ANSWERS {
        socket.subscribe(&nth.to_string(), MUCH, &serde_json::Value::Null).await;
    }
    tokio::time::sleep(UNHEARD).await;
    let mut answers = 0;
    while let Ok(heard) = socket.next().await {
        assert_ne!(heard["type"], "error", "{heard}");
        answers += usize::from(heard["type"] == "next");
    }
    answers
}

/// How long a socket stays open on which nothing is asked, and the code with which it is closed.
async fn asks_nothing(gateway: &Gateway, key: Option<&str>) -> (Duration, u16) {
    let mut socket = Socket::open(gateway, key).await;
    let begun = Instant::now();
    let code = tokio::time::timeout(IDLE_MOST, socket.closed()).await;
    (begun.elapsed(), code.unwrap_or_default())
}

/// No database has a part in it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_keeps_a_place_and_does_nothing_with_it_is_let_go_of() {
    let t = TestRegistry::open(Backend::Sqlite).await.unwrap();
    let key = t.key(Role::Auditor).await.unwrap();
    let gateway = Gateway::open(&t.registry).await;
    let (answers, stranger, known) =
        tokio::join!(listens_late(&gateway, &key), asks_nothing(&gateway, None), asks_nothing(&gateway, Some(&key)),);
    println!("{answers} of {ANSWERS} answers; a stranger was let go of after {:?}", stranger.0);
    assert!(answers < ANSWERS, "who does not listen is let go of");
    assert_eq!(stranger.1, 1008, "a stranger is told why");
    assert!(stranger.0 > Duration::from_secs(59), "he has his minute");
    assert_eq!(known.1, 0, "whoever is known may wait");
}
