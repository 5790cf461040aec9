//! The reference client of a venue, run as an integrator runs it: two gateways, answers lost, itself killed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use uuid::Uuid;
use yulin_domain::codes::Role;
use yulin_domain::factor::{AmendFactor, ConfirmTransfer, Controls, RejectTransfer};
use yulin_domain::journal::{AccountId, ActBody, ActId, Seen};
use yulin_gateway::http::Sandbox;
use yulin_persistence::PerformError;
use yulin_tests::acts::act;
use yulin_tests::ledger::{Ledger, transfer, transfer_of};
use yulin_tests::{Gateway, TestRegistry, each_backend};

const TRADES: usize = 30;
/// With the trades that follow once an outside register confirms what is received.
const TRADES_IN_ALL: usize = 50;

/// Two gateways on one registry, and the client's command.
struct Floor {
    ledger: Ledger,
    gateways: [Gateway; 2],
    key: String,
    folder: tempfile::TempDir,
}

impl Floor {
    async fn open(t: &TestRegistry) -> Self {
        let ledger = t.ledger().await;
        ledger.fill(t, 100_000, 100_000_000).await;
        let key = t.registry.issue_key(ledger.venue, Role::Venue, None).await.expect("a key");
        let other = t.another_gateway().await;
        let gateways = [
            Gateway::sandbox(&t.registry, Sandbox::default()).await,
            Gateway::sandbox(&other, Sandbox::default()).await,
        ];
        Self { ledger, gateways, key, folder: tempfile::tempdir().unwrap() }
    }

    fn books(&self) -> PathBuf {
        self.folder.path().join("books.ndjson")
    }

    fn client(&self, more: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_venue-client"));
        for gateway in &self.gateways {
            command.args(["--gateway", &format!("http://{}/graphql", gateway.address)]);
        }
        command.args(["--trades", &TRADES.to_string(), "--accounts", "COD-甲,CNY-甲,COD-乙,CNY-乙"]);
        command.arg("--books").arg(self.books()).args(more).env("YULIN_KEY", &self.key);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the client starts")
    }

    /// Kills a client as soon as it has written so many lines.
    async fn killed_at(&self, lines: usize, mut client: Child) {
        while read(&self.books()).len() < lines {
            assert!(client.try_wait().unwrap().is_none(), "it ended before: {:?}", client.wait_with_output());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        client.kill().unwrap();
        client.wait().unwrap();
    }

    async fn ended(&self, client: Child) -> Output {
        tokio::task::spawn_blocking(|| client.wait_with_output().unwrap()).await.unwrap()
    }

    /// The client run to its end: both books agree, and others changed its accounts so often.
    async fn agreed(&self, t: &TestRegistry, more: &[&str], others: usize) {
        let output = self.ended(self.client(more)).await;
        let (said, complaints) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(0), "{said}{complaints}");
        println!("{said}");
        assert!(said.contains(&format!("others changed our accounts {others} times")), "{said}");
        assert!(said.contains("every reply told the balances that are ours"), "{said}");
        for (code, account) in self.accounts() {
            let (posted, held) = t.lying(account).await;
            assert!(
                said.contains(&format!("| {code} | {posted} | {held} | agrees |")),
                "{code} {posted} {held}:\n{said}"
            );
        }
    }

    /// Others move what lies on the venue's accounts: three changes.
    async fn others_trade(&self, t: &TestRegistry) {
        let [seller, buyer] = self.ledger.firms;
        insist(t, transfer(seller.rights, buyer.rights, 700)).await;
        insist(t, self.ledger.deposit(0, 9_000)).await;
    }

    /// From now on an outside register confirms who holds units.
    async fn confirmed_outside(&self, t: &TestRegistry) {
        let cod = self.ledger.cod;
        let seq = t.registry.factors_by_ids(&t.now().await, &[cod]).await.unwrap()[0].version;
        let (confirmed_by, source) = (Some("province".to_owned()), Some("test".to_owned()));
        let controls = Controls { confirmed_by, source, dated: "2026-01-01".parse().ok(), ..Controls::default() };
        t.done(AmendFactor { factor: Seen { id: cod, seq }, trade_rules: None, controls: Some(controls) }).await;
    }

    fn accounts(&self) -> [(&str, AccountId); 4] {
        let [first, second] = self.ledger.firms;
        [("COD-甲", first.rights), ("CNY-甲", first.money), ("COD-乙", second.rights), ("CNY-乙", second.money)]
    }

    async fn close(self) {
        for gateway in self.gateways {
            gateway.close().await;
        }
    }
}

/// The whole lines of the books.
fn read(books: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(books).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Performs an act of the administrator, also while another gateway has the database to itself.
async fn insist(t: &TestRegistry, body: impl Into<ActBody>) {
    let act = act(t.admin, body);
    loop {
        match t.registry.perform(act.clone()).await {
            Ok(_) => return,
            Err(PerformError::Busy | PerformError::OutcomeUnknown) => {}
            Err(other) => panic!("{other}"),
        }
    }
}

/// The outside register confirms one settlement and rejects the next; how often that changed an account.
async fn answered_by_the_register(t: &TestRegistry, settled: Vec<ActId>) -> usize {
    assert!(!settled.is_empty(), "nothing was settled");
    let mut changes = 0;
    for (nth, act) in settled.into_iter().enumerate() {
        let (transfer, register_reference) = (transfer_of(act), format!("P-{nth}"));
        if nth % 2 == 0 {
            // The buyer's units and the seller's money are free.
            t.done(ConfirmTransfer { transfer, register_reference }).await;
            changes += 2;
        } else {
            t.done(RejectTransfer { transfer, register_reference }).await;
            changes += 4;
        }
    }
    changes
}

/// The settlements among lines of the books that are known to be done.
fn settled(lines: &[Value]) -> Vec<ActId> {
    let done = acts(lines, |line| line["outcome"].get("done").map(|_| &line["act"]));
    let settle = lines.iter().filter(|line| line["step"] == "Settle").filter_map(|line| line["id"].as_str());
    settle.filter(|id| done.contains(*id)).map(|id| ActId(Uuid::parse_str(id).unwrap())).collect()
}

/// The ids of acts in lines of a kind, each of which stands there once.
fn acts(lines: &[Value], meets: impl Fn(&Value) -> Option<&Value>) -> BTreeSet<String> {
    let named: Vec<_> = lines.iter().filter_map(meets).map(|id| id.as_str().unwrap().to_owned()).collect();
    let once: BTreeSet<_> = named.iter().cloned().collect();
    assert_eq!(once.len(), named.len(), "an act stands there twice");
    once
}

each_backend! {
    async fn the_reference_client_is_killed_again_and_again_loses_answers_and_never_loses_count(t) {
        let floor = Floor::open(&t).await;
        let seed = rand::random::<u32>().to_string();
        println!("faults of seed {seed}");
        let faults = ["--faults", &seed, "--patience", "400"];
        for lines in [40, 110] {
            floor.killed_at(lines, floor.client(&faults)).await;
            floor.others_trade(&t).await;
        }
        // Two transfers between both firms and two deposits, and no act of our own taken for another's.
        floor.agreed(&t, &faults, 6).await;
        // Until it is confirmed, all that is received is set aside; the next trade sells what is left.
        floor.confirmed_outside(&t).await;
        let in_all = TRADES_IN_ALL.to_string();
        let longer = ["--faults", &seed, "--patience", "400", "--trades", &in_all];
        let before = read(&floor.books()).len();
        floor.killed_at(before + 80, floor.client(&longer)).await;
        let changes = answered_by_the_register(&t, settled(&read(&floor.books())[before..])).await;
        // This time others trade while the client does: what a reply tells of an account is not its own doing alone.
        let client = floor.client(&longer);
        for _ in 0..3 {
            floor.others_trade(&t).await;
        }
        let output = floor.ended(client).await;
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        floor.agreed(&t, &longer, 6 + changes + 9).await;
        let lines = read(&floor.books());
        let asked = acts(&lines, |line| line["line"].eq("act").then(|| &line["id"]));
        let done = acts(&lines, |line| line["outcome"].get("done").map(|_| &line["act"]));
        let entries = t.registry.acts(&t.now().await, &yulin_persistence::ActFilter::default(), None, 10_000).await.unwrap();
        let recorded = entries.iter().map(|entry| entry.header.act_id.to_string()).filter(|id| asked.contains(id));
        assert_eq!(recorded.collect::<BTreeSet<_>>(), done, "what the books call done is what is recorded");
        assert_eq!(lines.iter().filter(|line| line["line"] == "trade").count(), TRADES_IN_ALL);
        floor.close().await;
        t.assert_sound().await;
    }

    async fn books_that_are_wrong_are_found_and_the_account_is_named(t) {
        let floor = Floor::open(&t).await;
        let output = floor.ended(floor.client(&["--trades", "2"])).await;
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let text = std::fs::read_to_string(floor.books()).unwrap();
        let wrong = text.replacen("\"posted\":100000,", "\"posted\":100001,", 1);
        assert_ne!(wrong, text);
        std::fs::write(floor.books(), wrong).unwrap();
        let output = floor.ended(floor.client(&["--trades", "2"])).await;
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert_eq!(said.matches("| agrees |").count(), 3, "{said}");
        assert!(said.lines().any(|line| line.starts_with("| COD-甲") && line.contains("postedOurs")), "{said}");
        floor.close().await;
    }
}
