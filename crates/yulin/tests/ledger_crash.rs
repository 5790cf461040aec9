//! Trades survive a server that is killed, and a database that is: what was acknowledged is there and is told again, what
//! was not is settled by asking again, and the ledger is what a model makes of it, act after act.
//!
//! `YULIN_LONG=1` kills two hundred times on each database; `YULIN_SEED` repeats a run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod server;
mod trader;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant as Clock};

use rand::{Rng, SeedableRng, rngs::StdRng};
use server::Process;
use tokio::sync::watch;
use trader::{Reply, Trader};
use yulin_domain::journal::Act;
use yulin_persistence::Registry;
use yulin_tests::market::{Holds, Market, Wanted};
use yulin_tests::postgres::{Cluster, cluster_with};
use yulin_tests::replay::{Replay, Told, assert_all_recorded, assert_predicted, assert_real_time, recorded, written};
use yulin_tests::{Backend, TestRegistry};

/// Clients that trade at once.
const CLIENTS: u64 = 12;
/// Kills that one database sees: verification reads all of it.
const KILLS_A_DATABASE: u32 = 20;
/// So many kills from one verification to the next.
const KILLS_A_VERIFICATION: u32 = 5;
/// How long anything may take after a kill.
const PATIENCE: Duration = Duration::from_secs(90);

/// What is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victim {
    Gateway,
    Database,
    Both,
}

/// An act that was sent, and the answer, if one came.
struct Sent {
    act: Act,
    wanted: Wanted,
    began: Clock,
    reply: Option<Reply>,
    ended: Clock,
}

/// What has been seen.
#[derive(Debug, Default)]
struct Tally {
    recorded: usize,
    refused: usize,
    unanswered: usize,
    /// Recorded though no answer came.
    recorded_unanswered: usize,
}

/// A market on a database, the server that serves it, and the model of it.
struct House {
    t: TestRegistry,
    cluster: Option<Arc<Cluster>>,
    market: Market,
    holds: Holds,
    trader: Trader,
    process: Option<Process>,
    replay: Replay,
    /// The newest entry that the model has done.
    seq: i64,
}

impl House {
    async fn on(cluster: Option<Arc<Cluster>>) -> Self {
        let t = match &cluster {
            Some(cluster) => TestRegistry::on_cluster(cluster).await,
            None => TestRegistry::open(Backend::Sqlite).await.expect("SQLite is built in"),
        };
        let market = Market::open(&t).await;
        let (trader, seq) = (Trader::of(&t, &market).await, t.now().await.seq);
        let replay = Replay::new(market.firms());
        Self { t, cluster, market, holds: Holds::default(), trader, process: None, replay, seq }
    }

    /// A trader at the server, which is started where it does not run.
    async fn served(&mut self) -> Trader {
        if self.process.is_none() {
            self.process = Some(Process::serve(&self.t.url).await);
        }
        self.trader.at(&self.process.as_ref().unwrap().endpoint)
    }

    /// Lets clients trade until something is killed under them; what each of them sent.
    async fn killed(&mut self, victim: Victim, random: &mut StdRng) -> Vec<Vec<Sent>> {
        let trader = self.served().await;
        let (stop, stopped) = watch::channel(false);
        let (acknowledged, mut seen) = watch::channel(0_u64);
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let client = Client { trader: trader.clone(), market: self.market.clone(), holds: self.holds.clone() };
                tokio::spawn(client.trade(StdRng::from_rng(random), stopped.clone(), acknowledged.clone()))
            })
            .collect();
        // The clock of the kill begins with the first answer, however slowly the server starts.
        acknowledgement(&mut seen).await;
        tokio::time::sleep(Duration::from_millis(random.random_range(20..900))).await;
        self.strike(victim).await;
        if victim != Victim::Database {
            stop.send_replace(true);
        }
        if let Some(cluster) = self.cluster_hit(victim) {
            blocking(move || cluster.start_again()).await;
        }
        if victim == Victim::Database {
            // The same server goes on by itself, and is let to.
            acknowledgement(&mut seen).await;
            tokio::time::sleep(Duration::from_millis(random.random_range(0..200))).await;
            stop.send_replace(true);
        }
        let mut sent = Vec::new();
        for client in clients {
            sent.push(tokio::time::timeout(PATIENCE, client).await.expect("in time").expect("a client ends well"));
        }
        sent
    }

    async fn strike(&mut self, victim: Victim) {
        if let Some(cluster) = self.cluster_hit(victim) {
            blocking(move || cluster.kill()).await;
        }
        if victim != Victim::Database {
            self.process.take().expect("it runs").kill();
        }
    }

    fn cluster_hit(&self, victim: Victim) -> Option<Arc<Cluster>> {
        self.cluster.clone().filter(|_| victim != Victim::Gateway)
    }

    /// Asks for everything again: what was answered is answered alike, what was not is answered now.
    async fn settled(&mut self, sent: Vec<Vec<Sent>>) -> Vec<(Told, Reply)> {
        let trader = self.served().await;
        let late = sent.iter().flatten().filter(|one| one.reply.is_none()).map(|one| one.act.envelope.id);
        let late: HashSet<_> = late.collect();
        let again: Vec<_> = sent.into_iter().map(|sent| tokio::spawn(asked_again(trader.clone(), sent))).collect();
        let mut settled = Vec::new();
        for client in again {
            settled.extend(client.await.expect("everything is told alike"));
        }
        for (told, _) in settled.iter().filter(|(told, _)| late.contains(&told.id)) {
            self.holds.learn(told.id, &told.wanted, &told.answer);
        }
        settled
    }

    /// Compares what was told with what is there, and both with the model.
    async fn check(&mut self, registry: &Registry, settled: Vec<(Told, Reply)>) {
        let (told, replies): (Vec<_>, Vec<_>) = settled.into_iter().unzip();
        let recorded = recorded(&told);
        assert_real_time(&recorded);
        assert_all_recorded(registry, self.seq, &recorded).await;
        let written = written(registry, &self.market, self.seq + 1).await;
        for (seq, reply) in replies.iter().filter_map(|reply| Some((reply.answer().ok()?, reply))) {
            assert_eq!(reply.lying(&self.market), written[&seq], "entry {seq} was told otherwise");
        }
        let refused: Vec<_> = told.iter().filter(|one| one.answer.is_err()).collect();
        assert_predicted(&mut self.replay, &recorded, &refused, &written);
        self.seq = recorded.last().map_or(self.seq, |(seq, _)| *seq);
    }

    /// One kill and what is left of it.
    async fn survive(&mut self, victim: Victim, random: &mut StdRng, tally: &mut Tally) {
        let sent = self.killed(victim, random).await;
        let registry = self.t.another_gateway().await;
        let unanswered: Vec<_> = sent.iter().flatten().filter(|one| one.reply.is_none()).collect();
        let ids: Vec<_> = unanswered.iter().map(|one| one.act.envelope.id).collect();
        tally.unanswered += ids.len();
        tally.recorded_unanswered += registry.acts_by_ids(&ids).await.expect("entries are read").len();
        let settled = self.settled(sent).await;
        let done = settled.iter().filter(|(told, _)| told.answer.is_ok()).count();
        tally.recorded += done;
        tally.refused += settled.len() - done;
        self.check(&registry, settled).await;
        registry.close().await;
    }
}

async fn blocking(work: impl FnOnce() + Send + 'static) {
    tokio::task::spawn_blocking(work).await.expect("it ends well");
}

/// Waits until something more is acknowledged.
async fn acknowledgement(seen: &mut watch::Receiver<u64>) {
    seen.mark_unchanged();
    tokio::time::timeout(PATIENCE, seen.changed())
        .await
        .expect("an act is acknowledged in time")
        .expect("clients trade");
}

/// One who trades.
struct Client {
    trader: Trader,
    market: Market,
    holds: Holds,
}

impl Client {
    async fn trade(self, mut rng: StdRng, stop: watch::Receiver<bool>, acknowledged: watch::Sender<u64>) -> Vec<Sent> {
        let mut sent = Vec::new();
        while !*stop.borrow() {
            let wanted = self.market.some_ask(&mut rng, &self.holds.known());
            let (act, began) = (self.market.act(&wanted), Clock::now());
            let reply = self.trader.send(&act).await;
            match reply.as_ref().map(Reply::answer) {
                Some(answer) => {
                    self.holds.learn(act.envelope.id, &wanted, &answer);
                    acknowledged.send_modify(|count| *count += u64::from(answer.is_ok()));
                }
                None => tokio::time::sleep(Duration::from_millis(50)).await,
            }
            sent.push(Sent { act, wanted, began, reply, ended: Clock::now() });
        }
        sent
    }
}

/// Asks for acts again, each until it is answered; what they are told for good.
async fn asked_again(trader: Trader, sent: Vec<Sent>) -> Vec<(Told, Reply)> {
    let mut told = Vec::new();
    for Sent { act, wanted, began, reply, ended } in sent {
        let patient = Clock::now() + PATIENCE;
        let again = loop {
            match trader.send(&act).await {
                Some(again) => break again,
                None => assert!(Clock::now() < patient, "{wanted:?} is not answered"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        let ended = if reply.is_some() { ended } else { Clock::now() };
        assert!(reply.is_none_or(|before| before == again), "{wanted:?} is now told otherwise: {again:?}");
        told.push((Told { id: act.envelope.id, wanted, began, ended, answer: again.answer() }, again));
    }
    told
}

async fn survives(cluster: Option<Arc<Cluster>>) {
    let kills = if std::env::var_os("YULIN_LONG").is_some() { 200 } else { 5 };
    let seed = std::env::var("YULIN_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or_else(rand::random);
    let name = if cluster.is_some() { "PostgreSQL" } else { "SQLite" };
    println!("trades on {name}: YULIN_SEED={seed}");
    let (mut random, mut tally) = (StdRng::seed_from_u64(seed), Tally::default());
    let mut house = House::on(cluster.clone()).await;
    let victims = [Victim::Database, Victim::Gateway, Victim::Both];
    for kill in 0..kills {
        if kill > 0 && kill % KILLS_A_DATABASE == 0 {
            house = House::on(cluster.clone()).await;
        }
        let victim = if cluster.is_some() { victims[kill as usize % victims.len()] } else { Victim::Gateway };
        house.survive(victim, &mut random, &mut tally).await;
        if (kill + 1) % KILLS_A_VERIFICATION == 0 {
            let report = house.t.verify().await;
            assert!(report.sound, "seed {seed}, kill {kill}: {:?}", report.first_wrong);
            println!("trades on {name}: {} kills, {tally:?}", kill + 1);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trades_on_sqlite_survive_kills_of_the_server() {
    survives(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trades_on_postgres_survive_kills_of_the_server_and_of_the_database() {
    let cluster = tokio::task::spawn_blocking(|| cluster_with("")).await.expect("a cluster of the test's own");
    if let Some(cluster) = cluster {
        survives(Some(Arc::new(cluster))).await;
    }
}
