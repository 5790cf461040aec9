//! A primary, a standby that its commits wait for, and two gateways: what is read from the standby, and what is lost when
//! the primary is. Nothing that was acknowledged.
//!
//! `YULIN_LONG=1` lets the servers change places several times.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, Database, Statement, TryGetable};
use serde_json::{Value, json};
use uuid::Uuid;
use yulin_domain::codes::Role;
use yulin_domain::journal::{ActId, PartyId};
use yulin_persistence::VerifyOptions;
use yulin_tests::postgres::{self, Cluster};
use yulin_tests::socket::{FOLLOW, Socket};
use yulin_tests::{Backend, Gateway, TestRegistry};

/// The name under which whoever follows is waited for.
const FOLLOWS: &str = "follows";
const CLIENTS: usize = 4;
/// How long a client waits who has no patience.
const IMPATIENT: Duration = Duration::from_millis(600);
const REGISTER: &str = "mutation($act: ActEnvelopeInput!, $input: RegisterPartyInput!) {
    registerParty(act: $act, input: $input) { __typename ... on ActDone { receipt { seq } } } }";

/// Two servers, the second of which follows the first, and two gateways: the second reads from the server that follows.
struct Pair {
    servers: [Cluster; 2],
    database: String,
    gateways: [Gateway; 2],
    registries: [TestRegistry; 2],
    key: String,
}

impl Pair {
    async fn start() -> Option<Self> {
        let primary = postgres::cluster_with("")?;
        let first = TestRegistry::on_cluster(&primary).await;
        let key = first.key(Role::Admin).await.unwrap();
        let database = first.url.rsplit_once('/').unwrap().1.to_owned();
        first.registry.close().await;
        let standby = primary.follower(FOLLOWS);
        let servers = [primary, standby];
        let list = servers.iter().map(|server| format!("{}/{database}", server.url())).collect::<Vec<_>>().join(",");
        let registries =
            [TestRegistry::at(Backend::Postgres, list.clone()).await, TestRegistry::at(Backend::Postgres, list).await];
        assert!(registries[1].registry.read_standby());
        let gateways = [Gateway::open(&registries[0].registry).await, Gateway::open(&registries[1].registry).await];
        let pair = Self { servers, database, gateways, registries, key };
        pair.commits_wait(0).await;
        Some(pair)
    }

    /// Has commits of a server wait for the other, which follows.
    async fn commits_wait(&self, primary: usize) {
        self.servers[primary].wait_for(FOLLOWS);
        until("the standby is waited for", async || {
            let state = "SELECT coalesce(max(sync_state), '') FROM pg_stat_replication";
            self.asked::<String>(primary, state).await == "sync"
        })
        .await;
    }

    async fn asked<T: TryGetable>(&self, server: usize, sql: &str) -> T {
        let raw = Database::connect(format!("{}/{}", self.servers[server].url(), self.database)).await.unwrap();
        let row = raw.query_one_raw(Statement::from_string(raw.get_database_backend(), sql)).await.unwrap();
        let told = row.unwrap().try_get_by_index(0).unwrap();
        raw.close().await.unwrap();
        told
    }

    async fn readiness(&self, gateway: usize) -> Value {
        let address = format!("http://{}/readyz", self.gateways[gateway].address);
        self.gateways[gateway].client().get(address).send().await.unwrap().json().await.unwrap()
    }

    /// Waits until the second gateway reads from the standby.
    async fn standby_is_read(&self) {
        until("the standby is read", async || self.readiness(1).await.get("standby").is_some()).await;
    }

    fn client(&self) -> Client {
        self.client_of(Duration::from_mins(1))
    }

    /// A client who gives up after a time.
    fn client_of(&self, patience: Duration) -> Client {
        let addresses = [0, 1].map(|gateway| self.gateways[gateway].address.to_string());
        let http = reqwest::Client::builder().timeout(patience).build().unwrap();
        Client { addresses, key: self.key.clone(), http }
    }

    /// Everything that stands in the server that is written to now.
    async fn assert_sound(&self, primary: usize) -> i64 {
        let url = format!("{}/{}", self.servers[primary].url(), self.database);
        let report = yulin_persistence::verify(&url, &VerifyOptions::default(), &mut |_| {}).await.unwrap();
        assert!(report.sound, "{:?}", report.first_wrong);
        report.head
    }
}

async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < Duration::from_mins(1), "{what}: not within a minute");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// One who asks either gateway, as a balancer would let him.
#[derive(Debug, Clone)]
struct Client {
    addresses: [String; 2],
    key: String,
    http: reqwest::Client,
}

/// What came of an act: its entry, or the code under which it was not acknowledged.
type Answer = Result<i64, String>;

impl Client {
    async fn ask(&self, gateway: usize, seq: Option<i64>, body: &Value) -> Result<Value, String> {
        let request = self.http.post(format!("http://{}/graphql", self.addresses[gateway])).bearer_auth(&self.key);
        let request = seq.into_iter().fold(request, |request, seq| request.header("Yulin-Seq", seq));
        let answer = request.json(body).send().await.map_err(|_| "NO_ANSWER".to_owned())?;
        let told: Value = answer.json().await.map_err(|_| "NO_ANSWER".to_owned())?;
        match told["errors"][0]["extensions"]["code"].as_str() {
            Some(code) => Err(code.to_owned()),
            None => Ok(told),
        }
    }

    /// Registers a party under the id of an act.
    async fn register(&self, gateway: usize, id: Uuid) -> Answer {
        let act = json!({ "actId": id, "reason": "test" });
        let input = json!({ "kind": "ENTERPRISE", "name": id.to_string() });
        let body = json!({ "query": REGISTER, "variables": { "act": act, "input": input } });
        let told = self.ask(gateway, None, &body).await?;
        let done = &told["data"]["registerParty"];
        assert_eq!(done["__typename"], "ActDone", "{told}");
        let seq = &done["receipt"]["seq"];
        Ok(seq.as_i64().or_else(|| seq.as_str()?.parse().ok()).expect("a seq"))
    }

    /// Sends an act, again while it is not said what came of it.
    async fn settled(&self, gateway: usize, id: Uuid) -> i64 {
        let began = Instant::now();
        loop {
            match self.register(gateway, id).await {
                Ok(seq) => return seq,
                Err(code) => assert!(["NOT_READY", "OUTCOME_UNKNOWN"].contains(&code.as_str()), "{code}"),
            }
            assert!(began.elapsed() < Duration::from_secs(30), "not settled for long");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Reads what was registered under the id of an act, by whoever has seen the entry.
    async fn assert_reads(&self, gateway: usize, id: Uuid, seq: i64) {
        let party = PartyId::made_by(ActId(id), 0, 0).to_string();
        let query = "query($party: ID!) { party(id: $party) { name } }";
        let body = json!({ "query": query, "variables": { "party": party } });
        let told = self.answered(gateway, Some(seq), &body).await;
        assert_eq!(told["data"]["party"]["name"], id.to_string(), "entry {seq}: {told}");
        assert!(told["extensions"]["seq"].as_i64().unwrap() >= seq, "{told}");
        // Who follows goes on from an entry that he has been told of by another gateway.
        let body = json!({ "query": format!("{{ events(after: {seq}) {{ completeTo }} }}") });
        self.answered(gateway, None, &body).await;
    }

    /// An answer, asked again while the gateway says that it is not ready.
    async fn answered(&self, gateway: usize, seq: Option<i64>, body: &Value) -> Value {
        let began = Instant::now();
        loop {
            match self.ask(gateway, seq, body).await {
                Ok(told) => return told,
                Err(code) => assert_eq!(code, "NOT_READY"),
            }
            assert!(began.elapsed() < Duration::from_secs(30), "not ready for long");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Clients that write by the first gateway and read what they wrote by the second, for a while; how many acts.
async fn written_and_read(pair: &Pair, lasts: Duration) -> i64 {
    let began = Instant::now();
    let clients = (0..CLIENTS).map(|_| {
        let client = pair.client();
        tokio::spawn(async move {
            let mut read = 0_i64;
            while began.elapsed() < lasts {
                let id = Uuid::now_v7();
                let seq = client.register(0, id).await.expect("the act is recorded");
                client.assert_reads(1, id, seq).await;
                read += 1;
            }
            read
        })
    });
    let mut read = 0;
    for client in clients.collect::<Vec<_>>() {
        read += client.await.expect("nothing stale");
    }
    read
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_wrote_reads_it_from_the_standby_at_once_however_far_that_is_behind() {
    let Some(pair) = Pair::start().await else { return };
    for (delay, expects_standby) in [("0", true), ("100ms", true), ("3s", false)] {
        pair.servers[1].configure(&[("recovery_min_apply_delay", delay)]);
        pair.servers[1].reload();
        if expects_standby {
            pair.standby_is_read().await;
        }
        let read_by = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()";
        let before: i64 = pair.asked(1, read_by).await;
        let read = written_and_read(&pair, Duration::from_secs(2)).await;
        // The server counts what it has done a second later.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        let by_standby = pair.asked::<i64>(1, read_by).await - before;
        println!("behind by {delay}: {read} acts read again, {by_standby} statements by the standby");
        assert!(read > 10);
        assert!(!expects_standby || by_standby > read, "the standby was read");
    }
    // One that crashes and starts again goes on from earlier than it has shown.
    pair.servers[1].configure(&[("recovery_min_apply_delay", "0")]);
    pair.servers[1].reload();
    pair.standby_is_read().await;
    let crashes = async {
        for _ in 0..2 {
            tokio::time::sleep(Duration::from_millis(900)).await;
            tokio::task::block_in_place(|| pair.servers[1].kill());
            tokio::task::block_in_place(|| pair.servers[1].start_again());
        }
    };
    let (read, ()) = tokio::join!(written_and_read(&pair, Duration::from_secs(5)), crashes);
    println!("while the standby crashed twice: {read} acts read again");
    let beyond = pair.registries[1].registry.head().await.unwrap().seq + 1_000;
    let body = json!({ "query": "{ parties { totalCount } }" });
    assert_eq!(pair.client().ask(1, Some(beyond), &body).await.unwrap_err(), "AS_OF_BEYOND_HEAD");
    pair.assert_sound(0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_follows_events_by_the_standby_hears_of_an_act_soon() {
    let Some(pair) = Pair::start().await else { return };
    pair.standby_is_read().await;
    let client = pair.client();
    let seen = client.register(0, Uuid::now_v7()).await.expect("recorded");
    let mut socket = Socket::open(&pair.gateways[1], Some(&pair.key)).await;
    socket.subscribe("f", FOLLOW, &json!({ "after": seen.to_string() })).await;
    assert_eq!(socket.heard().await["payload"]["data"]["events"]["nodes"], json!([]));
    for gateway in [0, 1, 0, 1] {
        let began = Instant::now();
        let seq = client.register(gateway, Uuid::now_v7()).await.expect("recorded");
        let heard = socket.heard().await;
        assert_eq!(heard["payload"]["data"]["events"]["nodes"][0]["seq"], seq.to_string(), "{heard}");
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_acknowledged_that_only_one_server_has_not_even_when_it_is_asked_again() {
    let Some(pair) = Pair::start().await else { return };
    let client = pair.client();
    client.register(0, Uuid::now_v7()).await.expect("recorded by both");
    pair.servers[1].stop();
    let id = Uuid::now_v7();
    let waits = async |what: &str| {
        let sent = client.register(0, id);
        let answer = tokio::time::timeout(Duration::from_secs(4), sent).await;
        assert!(!matches!(answer, Ok(Ok(_))), "{what}: acknowledged though one server has it");
    };
    waits("sent").await;
    pair.servers[0].kill();
    pair.servers[0].start_again();
    // The commit had come to the primary, where it is seen since the restart.
    let stands = format!("SELECT count(*) FROM journal WHERE act_id = '{id}'");
    assert_eq!(pair.asked::<i64>(0, &stands).await, 1);
    waits("asked again").await;
    waits("and again").await;
    pair.servers[1].start_again();
    let seq = client.register(0, id).await.expect("both have it now");
    assert_eq!(pair.registries[0].registry.act_by_id(ActId(id)).await.unwrap().unwrap().header.seq, seq);
    pair.assert_sound(0).await;
}

/// An act with its entry, by which gateway, when it was sent and when it was acknowledged.
#[derive(Debug, Clone, Copy)]
struct Acknowledged {
    id: Uuid,
    seq: i64,
    by: usize,
    sent: Instant,
    at: Instant,
}

/// What the clients of one run were told.
#[derive(Debug, Default)]
struct Heard {
    acknowledged: Vec<Acknowledged>,
    /// Acts that were not acknowledged and not sent again.
    aside: Vec<Uuid>,
    codes: BTreeMap<String, u32>,
}

/// Writes until it is told to end. Every second client sends again what was not acknowledged, under the same id; the others
/// have no patience, and put it aside.
async fn write(client: Client, nth: usize, heard: Arc<Mutex<Heard>>, ends: Arc<AtomicBool>) {
    let mut gateway = nth / 2 % 2;
    while !ends.load(Ordering::Relaxed) {
        let id = Uuid::now_v7();
        loop {
            let sent = Instant::now();
            match client.register(gateway, id).await {
                Ok(seq) => {
                    let acknowledged = Acknowledged { id, seq, by: gateway, sent, at: Instant::now() };
                    heard.lock().unwrap().acknowledged.push(acknowledged);
                    break;
                }
                Err(code) => {
                    let mut heard = heard.lock().unwrap();
                    *heard.codes.entry(code).or_default() += 1;
                    if nth % 2 == 1 {
                        heard.aside.push(id);
                        break;
                    }
                    gateway = 1 - gateway;
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        tokio::time::sleep(Duration::from_millis(if nth % 2 == 1 { 20 } else { 1 })).await;
    }
}

/// Kills the primary under load and promotes the standby; how long nothing was acknowledged.
async fn fail_over(pair: &Pair, primary: usize) -> Duration {
    let (heard, ends) = (Arc::new(Mutex::new(Heard::default())), Arc::new(AtomicBool::new(false)));
    let clients = (0..CLIENTS).map(|nth| {
        let patience = if nth % 2 == 1 { IMPATIENT } else { Duration::from_mins(1) };
        tokio::spawn(write(pair.client_of(patience), nth, heard.clone(), ends.clone()))
    });
    let clients: Vec<_> = clients.collect();
    tokio::time::sleep(Duration::from_secs(3)).await;
    let killed = Instant::now();
    tokio::task::block_in_place(|| pair.servers[primary].kill());
    let is_dead = killed.elapsed();
    tokio::task::block_in_place(|| pair.servers[1 - primary].promote());
    let is_promoted = killed.elapsed();
    let is_back = |one: &&Acknowledged, gateway| one.by == gateway && one.sent > killed + is_dead;
    until("acts are acknowledged again", async || {
        let heard = heard.lock().unwrap();
        [0, 1].iter().all(|gateway| heard.acknowledged.iter().filter(|one| is_back(one, *gateway)).count() > 20)
    })
    .await;
    ends.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.expect("a client");
    }
    let heard = Arc::into_inner(heard).unwrap().into_inner().unwrap();
    let back = [0, 1].map(|gateway| {
        let back = heard.acknowledged.iter().filter(|one| is_back(one, gateway));
        back.map(|one| one.at.duration_since(killed)).min().expect("an act")
    });
    println!(
        "dead after {is_dead:?}, promoted after {is_promoted:?}, first acts of the gateways after {back:?}; {} acknowledged, \
         {} aside, {:?}",
        heard.acknowledged.len(),
        heard.aside.len(),
        heard.codes
    );
    assert_nothing_lost(pair, &heard).await;
    assert!(!heard.codes.contains_key("INTERNAL"), "what passes is no fault of the registry");
    back[0].max(back[1])
}

async fn assert_nothing_lost(pair: &Pair, heard: &Heard) {
    let registry = &pair.registries[0].registry;
    for Acknowledged { id, seq, .. } in &heard.acknowledged {
        let entry = registry.act_by_id(ActId(*id)).await.unwrap();
        assert_eq!(entry.map(|entry| entry.header.seq), Some(*seq), "{id} was acknowledged");
    }
    let seqs: BTreeSet<_> = heard.acknowledged.iter().map(|one| one.seq).collect();
    assert_eq!(seqs.len(), heard.acknowledged.len(), "each has an entry of its own");
    // What was not acknowledged is there or not; asking again settles which, the same on either gateway.
    let client = pair.client();
    let (mut present, mut absent) = (0, 0);
    for id in &heard.aside {
        let before = registry.act_by_id(ActId(*id)).await.unwrap().map(|entry| entry.header.seq);
        let settled = client.settled(0, *id).await;
        match before {
            Some(seq) => (present, _) = (present + 1, assert_eq!(settled, seq)),
            None => absent += 1,
        }
        assert_eq!(client.settled(1, *id).await, settled);
        client.assert_reads(1, *id, settled).await;
    }
    println!("of those aside {present} were there and {absent} were not");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_primary_that_dies_under_load_takes_no_acknowledged_act_with_it() {
    let Some(pair) = Pair::start().await else { return };
    let rounds = if std::env::var("YULIN_LONG").is_ok() { 6 } else { 1 };
    let mut primary = 0;
    let mut worst = Duration::ZERO;
    for round in 0..rounds {
        pair.standby_is_read().await;
        worst = worst.max(fail_over(&pair, primary).await);
        primary = 1 - primary;
        let head = pair.assert_sound(primary).await;
        println!("round {round}: sound up to {head}");
        // The server that died comes back as one that follows, and is read from.
        tokio::task::block_in_place(|| pair.servers[1 - primary].follow(&pair.servers[primary], FOLLOWS));
        pair.commits_wait(primary).await;
        pair.standby_is_read().await;
        let id = Uuid::now_v7();
        let seq = pair.client().register(0, id).await.expect("recorded by both");
        pair.client().assert_reads(1, id, seq).await;
    }
    println!("time to recovery, the worst of {rounds}: {worst:?}");
    assert!(worst < Duration::from_secs(20), "{worst:?}");
}
