//! A trading venue over HTTP, as docs/integrate-a-trading-venue.md tells it: what it may see, and how it compares books.
//!
//! That it never loses count, whatever answers it loses, is tested with the reference client in `venue_client.rs`.

use serde_json::{Value, json};
use yulin_domain::codes::Role;
use yulin_domain::journal::{AccountId, RecordKey};
use yulin_tests::ledger::transfer;
use yulin_tests::{Gateway, TestRegistry, each_backend};

const ACCOUNTS: &str =
    "{ accounts(first: 100) { nodes { id code balance { posted { units } held { units } available { value unit } }
    openHolds { id kind state open { units } } lots { units { from to } } } } }";
const COMPARE: &str = "query($positions: [PositionInput!]!, $recorded: RecordedInput) {
    compareBooks(positions: $positions, asOf: { recorded: $recorded }) {
    accountId postedTheirs postedOurs heldTheirs heldOurs latestEntries { seq kind amount postedAfter heldAfter } } }";

fn global(account: AccountId) -> String {
    RecordKey::from(account).to_string()
}

async fn key_of_venue(t: &TestRegistry, venue: yulin_domain::journal::PrincipalId) -> String {
    t.registry.issue_key(venue, Role::Venue, None).await.expect("a key")
}

each_backend! {
    async fn books_are_compared_as_of_one_entry_and_only_the_accounts_that_differ_are_named(t) {
        let l = t.ledger().await;
        l.fill(&t, 1_000, 500).await;
        let gateway = Gateway::open(&t.registry).await;
        let key = key_of_venue(&t, l.venue).await;
        let [seller, buyer] = l.firms;
        let position = |account, posted: &str| json!({ "account": global(account), "posted": posted, "held": "0" });
        let positions = json!([position(seller.rights, "1000"), position(buyer.rights, "0"), position(buyer.money, "500")]);
        let seq = t.now().await.seq.to_string();
        // Something happens behind the venue's back, and those two accounts are named; not as of the entry before.
        t.done(transfer(seller.rights, buyer.rights, 1)).await;
        for (recorded, mut expected) in
            [(json!({ "seq": seq }), vec![]), (Value::Null, vec![global(buyer.rights), global(seller.rights)])]
        {
            let asked = json!({ "positions": positions, "recorded": recorded });
            let told = gateway.told(Some(&key), COMPARE, &asked).await;
            let named = told["compareBooks"].as_array().unwrap().iter();
            let mut named: Vec<_> = named.map(|one| one["accountId"].as_str().unwrap().to_owned()).collect();
            named.sort();
            expected.sort();
            assert_eq!(named, expected);
        }
        gateway.close().await;
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
        // The clock of SQLite knows whole milliseconds.
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        let began = jiff::Timestamp::now();
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
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
