//! A trading venue over HTTP, as docs/integrate-a-trading-venue.md tells it: what it may see and do, and how its books are
//! kept equal to the registry's through two gateways, whatever answers it loses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use uuid::Uuid;
use yulin_domain::codes::Role;
use yulin_domain::journal::{AccountId, RecordKey};
use yulin_tests::ledger::transfer;
use yulin_tests::{Gateway, TestRegistry, each_backend};

const HOLD: &str =
    "mutation($act: ActEnvelopeInput!, $input: PlaceHoldInput!) { done: placeHold(act: $act, input: $input) {
    __typename ... on ActDone { receipt { seq } changed balances { account posted held available } }
    ... on ActRefused { code field facts } } }";
const SETTLE: &str =
    "mutation($act: ActEnvelopeInput!, $input: SettleHoldsInput!) { done: settleHolds(act: $act, input: $input) {
    __typename ... on ActDone { receipt { seq } changed balances { account posted held available } }
    ... on ActRefused { code field facts } } }";
const RELEASE: &str =
    "mutation($act: ActEnvelopeInput!, $input: ReleaseHoldInput!) { done: releaseHold(act: $act, input: $input) {
    __typename ... on ActDone { receipt { seq } changed balances { account posted held available } }
    ... on ActRefused { code field facts } } }";
const ACCOUNTS: &str =
    "{ accounts(first: 100) { nodes { id code balance { posted { units } held { units } available { value unit } }
    openHolds { id kind state open { units } } lots { units { from to } } } } }";
const COMPARE: &str = "query($positions: [PositionInput!]!) { compareBooks(positions: $positions) {
    accountId postedTheirs postedOurs heldTheirs heldOurs latestEntries { seq kind amount postedAfter heldAfter } } }";

fn global(account: AccountId) -> String {
    RecordKey::from(account).to_string()
}

/// The books of a small client: what it believes of each account, by what the registry told it with each act.
struct Client {
    key: String,
    rng: StdRng,
    books: BTreeMap<String, (i64, i64)>,
}

impl Client {
    /// Sends an act until its answer is known; now and then the answer is lost, and it asks again with the same id,
    /// through whichever gateway.
    async fn insist(&mut self, gateways: &[&Gateway], mutation: &str, input: Value) -> Value {
        let variables = json!({ "act": { "actId": Uuid::now_v7() }, "input": input });
        loop {
            let gateway = gateways[self.rng.random_range(0..gateways.len())];
            let answer = gateway.told(Some(&self.key), mutation, &variables).await;
            if self.rng.random_bool(0.3) {
                continue;
            }
            for balance in answer["done"]["balances"].as_array().into_iter().flatten() {
                let number = |name: &str| balance[name].as_str().unwrap().parse().unwrap();
                self.books.insert(balance["account"].as_str().unwrap().to_owned(), (number("posted"), number("held")));
            }
            return answer["done"].clone();
        }
    }

    fn positions(&self) -> Value {
        let told = self.books.iter();
        told.map(|(account, (posted, held))| {
            json!({ "account": account, "posted": posted.to_string(), "held": held.to_string() })
        })
        .collect()
    }
}

fn hold_in(done: &Value) -> String {
    let changed = done["changed"].as_array().expect("what was changed").iter().filter_map(Value::as_str);
    changed.into_iter().find(|id| id.starts_with("hold:")).expect("a hold").to_owned()
}

async fn key_of_venue(t: &TestRegistry, venue: yulin_domain::journal::PrincipalId) -> String {
    t.registry.issue_key(venue, Role::Venue, None).await.expect("a key")
}

each_backend! {
    async fn a_venue_trades_through_two_gateways_and_never_loses_count(t) {
        let l = t.ledger().await;
        l.fill(&t, 100_000, 10_000_000).await;
        let other = t.another_gateway().await;
        let (first, second) = (Gateway::open(&t.registry).await, Gateway::open(&other).await);
        let gateways = [&first, &second];
        let (key, seed) = (key_of_venue(&t, l.venue).await, rand::random());
        println!("venue: seed {seed}");
        let mut client = Client { key, rng: StdRng::seed_from_u64(seed), books: BTreeMap::new() };
        let [seller, buyer] = l.firms;
        for _ in 0..25 {
            let (units, fen) = (client.rng.random_range(1..4_000), client.rng.random_range(1..400_000));
            let order = |account, amount: i64| {
                json!({ "account": global(account), "amount": amount.to_string(), "kind": "ORDER",
                    "expiresAt": "2035-01-01T00:00:00Z" })
            };
            let sold = client.insist(&gateways, HOLD, order(seller.rights, units)).await;
            assert_eq!(sold["__typename"], "ActDone", "{sold}");
            let bought = client.insist(&gateways, HOLD, order(buyer.money, fen)).await;
            let (sold, bought) = (hold_in(&sold), hold_in(&bought));
            if client.rng.random_bool(0.2) {
                for hold in [&sold, &bought] {
                    client.insist(&gateways, RELEASE, json!({ "hold": hold })).await;
                }
                continue;
            }
            let part = client.rng.random_range(1..=units);
            let legs = json!([
                { "hold": sold, "to": global(buyer.rights), "amount": part.to_string(), "remainder": "RELEASE" },
                { "hold": bought, "to": global(seller.money), "amount": fen.to_string() },
            ]);
            let settled = client.insist(&gateways, SETTLE, json!({ "legs": legs })).await;
            assert_eq!(settled["__typename"], "ActDone", "{settled}");
            assert_eq!(settled["balances"].as_array().unwrap().len(), 4);
        }
        let key = Some(client.key.as_str());
        let none = first.told(key, COMPARE, &json!({ "positions": client.positions() })).await;
        assert_eq!(none["compareBooks"], json!([]));
        // Something happens behind the venue's back, and that account alone is named.
        t.done(transfer(buyer.rights, seller.rights, 1)).await;
        let mut wrong = first.told(key, COMPARE, &json!({ "positions": client.positions() })).await;
        let named: Vec<_> = wrong["compareBooks"].as_array_mut().unwrap().iter().map(|one| one["accountId"].clone()).collect();
        let mut expected = [global(buyer.rights), global(seller.rights)];
        expected.sort();
        let mut named: Vec<_> = named.iter().map(|id| id.as_str().unwrap().to_owned()).collect();
        named.sort();
        assert_eq!(named, expected);
        first.close().await;
        second.close().await;
        t.assert_sound().await;
    }

    async fn a_venue_sees_the_accounts_that_are_opened_to_it_and_no_others(t) {
        let l = t.ledger().await;
        l.fill(&t, 1_000, 500).await;
        let gateway = Gateway::open(&t.registry).await;
        let (key, stranger) = (key_of_venue(&t, l.venue).await, t.key(Role::Venue).await.unwrap());
        let mine = gateway.told(Some(&key), ACCOUNTS, &json!({})).await;
        let codes: Vec<_> =
            mine["accounts"]["nodes"].as_array().unwrap().iter().map(|node| node["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["CNY-乙", "CNY-甲", "COD-POOL", "COD-乙", "COD-甲"]);
        let others = gateway.told(Some(&stranger), ACCOUNTS, &json!({})).await;
        assert_eq!(others["accounts"]["nodes"], json!([]));
        let one = json!({ "id": global(l.firms[0].rights) });
        let account = "query($id: ID!) { account(id: $id) { code holder { name } } node(id: $id) { id } }";
        assert_eq!(gateway.told(Some(&stranger), account, &one).await["account"], Value::Null);
        assert_eq!(gateway.told(Some(&key), account, &one).await["account"]["code"], "COD-甲");
        let public = gateway.asked(None, account, &one).await;
        assert_eq!(public["errors"][0]["extensions"]["code"], "FORBIDDEN");
        // A holder sees his own.
        let holder = t.key_of_party(l.firms[1].party).await;
        let own = gateway.told(Some(&holder), ACCOUNTS, &json!({})).await;
        assert_eq!(own["accounts"]["nodes"].as_array().unwrap().len(), 2);
        gateway.close().await;
    }

    async fn a_statement_joins_what_lay_there_before_with_what_lies_there_now(t) {
        let l = t.ledger().await;
        l.fill(&t, 1_000, 500).await;
        let gateway = Gateway::open(&t.registry).await;
        let admin = t.key(Role::Auditor).await.unwrap();
        let began = jiff::Timestamp::now();
        for amount in 1..=7 {
            t.done(transfer(l.firms[0].rights, l.firms[1].rights, amount)).await;
        }
        let asked = "query($account: ID!, $from: DateTime, $after: String) { statement(account: $account, from: $from, first: 3,
            after: $after) { opening { posted { units } } closing { posted { units } }
            nodes { kind amount postedAfter movement } pageInfo { hasNextPage endCursor } } }";
        let (mut after, mut seen) = (Value::Null, Vec::new());
        loop {
            let variables =
                json!({ "account": global(l.firms[0].rights), "from": began.to_string(), "after": after });
            let told = gateway.told(Some(&admin), asked, &variables).await;
            let page = &told["statement"];
            assert_eq!((&page["opening"]["posted"]["units"], &page["closing"]["posted"]["units"]),
                (&json!("1000"), &json!("972")));
            seen.extend(page["nodes"].as_array().unwrap().iter().map(|node| node["postedAfter"].clone()));
            if page["pageInfo"]["hasNextPage"] != json!(true) {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        let expected: Vec<_> = [999, 997, 994, 990, 985, 979, 972].map(|units: i32| json!(units.to_string())).to_vec();
        assert_eq!(seen, expected);
        let life = "query($factor: ID!) { unitLife(factor: $factor, from: \"0\", to: \"1\") { account units { from to }
            recordedFrom recordedTo retiredAs } factor(code: \"COD\") { totals { issued lying conserved } } }";
        let told = gateway.told(Some(&admin), life, &json!({ "factor": RecordKey::from(l.cod).to_string() })).await;
        assert_eq!(told["factor"]["totals"], json!({ "issued": "1000", "lying": "1000", "conserved": true }));
        let accounts: Vec<_> =
            told["unitLife"].as_array().unwrap().iter().map(|one| one["account"].as_str().unwrap()).collect();
        assert!(accounts.contains(&global(l.pool).as_str()) && accounts.contains(&global(l.firms[1].rights).as_str()));
        gateway.close().await;
    }

    async fn a_venue_follows_what_happens_on_its_accounts_each_event_with_the_one_before(t) {
        let l = t.ledger().await;
        l.fill(&t, 1_000, 500).await;
        let gateway = Gateway::open(&t.registry).await;
        let key = key_of_venue(&t, l.venue).await;
        let hidden = t.party("nobody's business").await;
        t.done(transfer(l.firms[0].rights, l.firms[1].rights, 5)).await;
        let asked = "{ events(after: 0, first: 500) { nodes { seq previousSeq kind subjects } completeTo } }";
        let told = gateway.told(Some(&key), asked, &json!({})).await;
        let nodes = told["events"]["nodes"].as_array().unwrap();
        let mut previous = Value::Null;
        for node in nodes {
            assert_eq!(node["previousSeq"], previous);
            previous = node["seq"].clone();
            let subjects = node["subjects"].to_string();
            assert!(!subjects.contains(&hidden.to_string()), "{node}");
        }
        assert_eq!(nodes.last().unwrap()["kind"], "TRANSFER_UNITS");
        assert!(nodes.iter().all(|node| node["kind"] != "REGISTER_PARTY"));
        gateway.close().await;
    }
}
