//! What a venue sees, and what waits for whom: its own holds and references, an account from when it was opened to it; what
//! is proposed, awaited or blocked, by those who do something about it.

use serde_json::{Value, json};
use uuid::Uuid;
use yulin_domain::codes::Role;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{AmendFactor, AuthoriseVenue, Controls, ReleaseHold, SettleHolds, VenueAccess};
use yulin_domain::journal::{Act, ApproveAct, PrincipalId, RecordKey, Seen};
use yulin_tests::ledger::{Ledger, hold_of, settle, transfer, transfer_of};
use yulin_tests::{Gateway, TestRegistry, each_backend};

fn global(id: impl Into<RecordKey>) -> String {
    id.into().to_string()
}

/// Another venue, for which accounts and factors are open or closed from now on.
async fn access(t: &TestRegistry, l: &Ledger, venue: PrincipalId, access: VenueAccess) {
    let accounts = l.firms.iter().map(|firm| firm.rights).collect();
    t.done(AuthoriseVenue { venue, accounts, factors: vec![l.cod], access }).await;
}

fn of(venue: PrincipalId, mut act: Act) -> Act {
    act.envelope.principal = venue;
    act
}

each_backend! {
    async fn a_venue_reads_an_account_from_when_it_was_opened_to_it(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 100).await;
        let other = t.venue("other").await;
        let key = t.registry.issue_key(other, Role::Venue, None).await.unwrap();
        access(&t, &l, other, VenueAccess::Granted).await;
        let opened = t.now().await.seq;
        t.done(transfer(l.firms[0].rights, l.firms[1].rights, 7)).await;
        let gateway = Gateway::open(&t.registry).await;
        let asked = "query($id: ID!) { account(id: $id) { latestEntries { seq } } statement(account: $id) {
            opening { posted { units } } closing { posted { units } } fromSeq nodes { seq amount } } }";
        let variables = json!({"id": global(l.firms[0].rights)});
        let told = gateway.told(Some(&key), asked, &variables).await;
        assert_eq!(told["statement"]["fromSeq"], opened.to_string());
        assert_eq!(told["statement"]["opening"]["posted"]["units"], "100");
        assert_eq!(told["statement"]["closing"]["posted"]["units"], "93");
        assert_eq!(told["statement"]["nodes"].as_array().unwrap().len(), 1, "{told}");
        assert_eq!(told["account"]["latestEntries"].as_array().unwrap().len(), 1);
        let auditor = t.key(Role::Auditor).await.unwrap();
        let all = gateway.told(Some(&auditor), asked, &variables).await;
        assert_eq!((&all["statement"]["fromSeq"], all["statement"]["nodes"].as_array().unwrap().len()), (&json!("0"), 2));
        // The file of the day begins there too.
        let file = |key: &str| gateway.client().get(format!("http://{}/export/statement.csv?date={}", gateway.address, today())).bearer_auth(key);
        let rows = |text: String| text.lines().filter(|line| line.starts_with("ENTRY")).count();
        let theirs = rows(file(&key).send().await.unwrap().text().await.unwrap());
        let everything = rows(file(&auditor).send().await.unwrap().text().await.unwrap());
        assert_eq!(theirs, 2);
        assert!(everything > theirs);
        gateway.close().await;
    }

    async fn nothing_tells_a_venue_what_was_done_before_an_account_was_opened_to_it(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 100).await;
        let held = hold_of(t.registry.perform(l.by_venue(l.order(l.firms[0].rights, 5))).await.unwrap().act_id);
        let before = transfer_of(t.registry.perform(l.by_venue(settle(&[(held, l.firms[1].rights, 5)]))).await.unwrap().act_id);
        let other = t.venue("other").await;
        let key = t.registry.issue_key(other, Role::Venue, None).await.unwrap();
        access(&t, &l, other, VenueAccess::Granted).await;
        let opened = t.now().await.seq;
        let after = transfer_of(t.done(transfer(l.firms[0].rights, l.firms[1].rights, 7)).await);
        let gateway = Gateway::open(&t.registry).await;
        let asked = "query($before: ID!, $after: ID!) { before: transfer(id: $before) { id } after: transfer(id: $after) { id }
            events(after: \"0\") { nodes { seq previousSeq } } }";
        let told = gateway.told(Some(&key), asked, &json!({"before": global(before), "after": global(after)})).await;
        assert_eq!((&told["before"], &told["after"]["id"]), (&Value::Null, &json!(global(after))));
        let [first, second] = [opened, opened + 1].map(|seq| seq.to_string());
        let events = json!([{"seq": first, "previousSeq": null}, {"seq": second, "previousSeq": first}]);
        assert_eq!(told["events"]["nodes"], events);
        let release = || l.by_venue(ReleaseHold { hold: held, amount: None });
        assert_eq!(t.refused(of(other, release())).await.0, ErrorCode::VenueNotAuthorised);
        assert_eq!(t.refused(release()).await.0, ErrorCode::HoldResolved);
        gateway.close().await;
    }

    async fn what_comes_of_an_act_tells_balances_of_accounts_that_its_author_sees_alone(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 100).await;
        let key = t.registry.issue_key(l.venue, Role::Venue, None).await.unwrap();
        let gateway = Gateway::open(&t.registry).await;
        let release = "mutation($act: ActEnvelopeInput!, $hold: ID!, $amount: Decimal) {
            releaseHold(act: $act, input: { hold: $hold, amount: $amount }) { ... on ActDone { balances { account available } } } }";
        let hold = hold_of(t.registry.perform(l.by_venue(l.order(l.firms[0].rights, 5))).await.unwrap().act_id);
        let variables = |amount: &str| json!({"act": {"actId": Uuid::now_v7()}, "hold": global(hold), "amount": amount});
        let told = gateway.told(Some(&key), release, &variables("2")).await;
        let seen = json!([{"account": global(l.firms[0].rights), "available": "97"}]);
        assert_eq!(told["releaseHold"]["balances"], seen);
        access(&t, &l, l.venue, VenueAccess::Withdrawn).await;
        let told = gateway.told(Some(&key), release, &variables("3")).await;
        assert_eq!((&told["releaseHold"]["balances"], t.lying(l.firms[0].rights).await), (&json!([]), (100, 0)));
        gateway.close().await;
    }

    async fn what_one_venue_calls_a_trade_no_other_reads(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 100).await;
        let other = t.venue("other").await;
        access(&t, &l, other, VenueAccess::Granted).await;
        let [own, others] = [l.venue, other].map(|venue| t.registry.issue_key(venue, Role::Venue, None));
        let (own, others) = (own.await.unwrap(), others.await.unwrap());
        let held = hold_of(t.registry.perform(l.by_venue(l.order(l.firms[0].rights, 5))).await.unwrap().act_id);
        let trade = SettleHolds { reference: Some("SECRET-1".to_owned()), ..settle(&[(held, l.firms[1].rights, 5)]) };
        let trade = transfer_of(t.registry.perform(l.by_venue(trade)).await.unwrap().act_id);
        let deposit = transfer_of(t.done(l.deposit(0, 5)).await);
        let gateway = Gateway::open(&t.registry).await;
        let asked = "query($id: ID!) { transfer(id: $id) { reference bankReference movements { kind } } }";
        let id = json!({"id": global(trade)});
        assert_eq!(gateway.told(Some(&own), asked, &id).await["transfer"]["reference"], "SECRET-1");
        let told = gateway.told(Some(&others), asked, &id).await;
        assert_eq!((&told["transfer"]["reference"], &told["transfer"]["movements"][0]["kind"]), (&Value::Null, &json!("SETTLE")));
        let told = gateway.told(Some(&own), asked, &json!({"id": global(deposit)})).await;
        assert_eq!(told["transfer"]["bankReference"], Value::Null);
        let file = gateway.client().get(format!("http://{}/export/statement.csv?date={}", gateway.address, today()));
        let text = file.bearer_auth(&others).send().await.unwrap().text().await.unwrap();
        assert!(text.contains("SETTLE") && !text.contains("SECRET-1"), "{text}");
        gateway.close().await;
    }

    async fn a_venue_finds_what_it_set_aside_on_an_account_closed_to_it_since(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 100).await;
        let other = t.venue("other").await;
        let key = t.registry.issue_key(other, Role::Venue, None).await.unwrap();
        access(&t, &l, other, VenueAccess::Granted).await;
        let hold = hold_of(t.registry.perform(of(other, l.by_venue(l.order(l.firms[0].rights, 5)))).await.unwrap().act_id);
        let mut target = l.order(l.firms[0].rights, 5);
        target.to = Some(l.firms[1].money);
        let refused = t.refused(of(other, l.by_venue(target))).await;
        assert_eq!((refused.0, refused.1.as_str()), (ErrorCode::VenueNotAuthorised, "to"));
        access(&t, &l, other, VenueAccess::Withdrawn).await;
        let gateway = Gateway::open(&t.registry).await;
        let asked = "query($hold: ID!, $me: ID!) { hold(id: $hold) { id state account { id } } holds(placedBy: $me) { totalCount nodes { id } } }";
        let told = gateway.told(Some(&key), asked, &json!({"hold": global(hold), "me": global(other)})).await;
        assert_eq!((&told["hold"]["state"], &told["hold"]["account"]), (&json!("OPEN"), &Value::Null));
        assert_eq!(told["holds"], json!({"totalCount": 1, "nodes": [{"id": global(hold)}]}));
        let stranger = t.registry.issue_key(l.venue, Role::Venue, None).await.unwrap();
        let told = gateway.told(Some(&stranger), asked, &json!({"hold": global(hold), "me": global(other)})).await;
        assert_eq!((&told["hold"], &told["holds"]), (&Value::Null, &json!({"totalCount": 0, "nodes": []})));
        gateway.close().await;
    }

    async fn what_waits_is_listed_for_whom_it_waits_for(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 100).await;
        let gateway = Gateway::open(&t.registry).await;
        let admin = t.key(Role::Admin).await.unwrap();
        let holder = t.key_of_party(l.firms[0].party).await;
        let stranger = t.key_of_party(l.firms[1].party).await;
        let propose = "mutation($act: ActEnvelopeInput!, $input: ProposeActInput!) { proposeAct(act: $act, input: $input) {
            __typename ... on ActDone { changed } ... on ActRefused { code } } }";
        let leg = json!({"transferUnits": {"from": global(l.firms[0].rights), "to": global(l.firms[1].rights), "amount": "5"}});
        let variables = json!({"act": {"actId": Uuid::now_v7()}, "input": {"legs": [leg]}});
        let told = gateway.told(Some(&holder), propose, &variables).await;
        let proposed = told["proposeAct"]["changed"][0].clone();
        assert!(proposed.is_string(), "{told}");
        let asked = "query($id: ID!) { schedules { totalCount nodes { id state kinds } } schedule(id: $id) { id }
            waiting: schedules(state: WAITING) { totalCount nodes { id } } refused: schedules(state: REFUSED) { nodes { id } } }";
        let none = json!({"totalCount": 0, "nodes": []});
        for key in [&admin, &holder] {
            let told = gateway.told(Some(key), asked, &json!({"id": proposed})).await;
            let expected = json!({"totalCount": 1, "nodes": [{"id": proposed, "state": "PROPOSED", "kinds": ["TRANSFER_UNITS"]}]});
            assert_eq!(told["schedules"], expected);
            assert_eq!((&told["schedule"]["id"], &told["waiting"]), (&proposed, &none));
        }
        let told = gateway.told(Some(&stranger), asked, &json!({"id": proposed})).await;
        assert_eq!((&told["schedules"], &told["schedule"]), (&none, &Value::Null));
        // Once it has come to nothing it is among what was refused, by whom it was handed in.
        let again = Seen { id: proposed.as_str().unwrap().strip_prefix("schedule:").unwrap().parse().unwrap(), seq: t.now().await.seq };
        let second = t.registry.ensure_principal("second", Role::Admin).await.unwrap();
        t.done(transfer(l.firms[0].rights, l.firms[1].rights, 98)).await;
        t.registry.perform(yulin_tests::acts::act(second, ApproveAct { schedule: again })).await.unwrap();
        for _ in 0..100 {
            let told = gateway.told(Some(&holder), asked, &json!({"id": proposed})).await;
            if told["waiting"] == none {
                assert_eq!(told["refused"]["nodes"], json!([{"id": proposed}]));
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        t.done(transfer(l.firms[1].rights, l.firms[0].rights, 98)).await;
        awaiting_and_blocked(&t, &l, &gateway, (&admin, &holder)).await;
        gateway.close().await;
    }
}

/// A transfer that a register has yet to confirm, and an account of which books differ.
async fn awaiting_and_blocked(t: &TestRegistry, l: &Ledger, gateway: &Gateway, (admin, holder): (&str, &str)) {
    let seq = t.registry.factors_by_ids(&t.now().await, &[l.cod]).await.unwrap()[0].version;
    let (dated, source) = ("2026-01-01".parse().ok(), Some("test".to_owned()));
    let controls = Some(Controls { confirmed_by: Some("register".to_owned()), dated, source, ..Controls::default() });
    t.done(AmendFactor { factor: Seen { id: l.cod, seq }, trade_rules: None, controls }).await;
    let held = hold_of(t.registry.perform(l.by_venue(l.order(l.firms[0].rights, 5))).await.unwrap().act_id);
    let sold = t.registry.perform(l.by_venue(settle(&[(held, l.firms[1].rights, 5)]))).await.unwrap();
    let asked =
        "{ awaitingTransfers { totalCount nodes { id state } } accounts(filter: {blocked: true}) { nodes { code } } }";
    let told = gateway.told(Some(admin), asked, &json!({})).await;
    let waiting = json!([{"id": global(transfer_of(sold.act_id)), "state": "AWAITING_REGISTRY"}]);
    let awaited = json!({"totalCount": 1, "nodes": waiting});
    assert_eq!((&told["awaitingTransfers"], &told["accounts"]["nodes"]), (&awaited, &json!([])));
    let lie = yulin_domain::factor::Position {
        account: l.firms[1].rights,
        posted: yulin_domain::quantity::Units::of(1),
        held: None,
        holds: None,
    };
    let books = yulin_domain::factor::ReconcileBooks {
        source: yulin_domain::codes::BookSource::Venue,
        venue: Some(l.venue),
        as_of: None,
        covers: yulin_domain::factor::Coverage::Listed,
        positions: vec![lie],
        statement: None,
    };
    t.registry.perform(l.by_venue(books)).await.unwrap();
    let code = &t.registry.accounts_by_ids(&t.now().await, &[l.firms[1].rights]).await.unwrap()[0].state.code;
    let told = gateway.told(Some(admin), asked, &json!({})).await;
    assert_eq!(told["accounts"]["nodes"], json!([{"code": code}]));
    let none = gateway.asked(Some(holder), asked, &json!({})).await;
    assert_eq!(none["errors"][0]["extensions"]["code"], "FORBIDDEN", "{none}");
}

fn today() -> String {
    jiff::Timestamp::now().in_tz("Asia/Shanghai").unwrap().date().to_string()
}
