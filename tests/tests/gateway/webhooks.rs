//! Webhooks: whatever the receiver does, every event comes at least once, signed, in order of the first attempt.

use std::path::Path;
use std::time::Duration;

use rand::{Rng, SeedableRng, rngs::StdRng};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use yulin_domain::codes::{Labelled, Role};
use yulin_domain::journal::Seen;
use yulin_domain::party::RevokeRole;
use yulin_gateway::feed::Events;
use yulin_gateway::webhook::{WebhookOptions, event_schema};
use yulin_persistence::{Registry, WebhookState};
use yulin_tests::receiver::{Delivery, Receiver, Reply};
use yulin_tests::stir::Stirred;
use yulin_tests::{Gateway, TestRegistry, each_backend};

const CREATE: &str = "mutation($url: String!, $filter: EventFilterInput, $after: Seq) {
    createWebhook(input: { url: $url, filter: $filter, after: $after }) { webhook { id state position } secret } }";
const STATE: &str =
    "{ webhooks { id state disabledBecause position retrying dead deadLetters { seq tries failure } } }";

/// A schedule of a second instead of days.
fn quick() -> Events {
    let webhooks = WebhookOptions {
        retries: vec![Duration::from_millis(100); 3],
        attempt_max: Duration::from_millis(600),
        look_every: Duration::from_millis(100),
        at_once: 4,
    };
    Events { webhooks: Some(webhooks), ..Events::default() }
}

async fn gateway(registry: &Registry) -> Gateway {
    Gateway::with(registry, quick()).await
}

/// A webhook from the beginning of the journal on; its id and its secret.
async fn created(gateway: &Gateway, key: &str, receiver: &Receiver, filter: Value) -> (String, String) {
    let variables = json!({ "url": receiver.url(), "filter": filter, "after": "0" });
    let told = gateway.told(Some(key), CREATE, &variables).await["createWebhook"].take();
    (told["webhook"]["id"].as_str().unwrap().to_owned(), told["secret"].as_str().unwrap().to_owned())
}

async fn state(gateway: &Gateway, key: &str) -> Value {
    gateway.told(Some(key), STATE, &json!({})).await["webhooks"][0].take()
}

async fn moved(gateway: &Gateway, key: &str, what: &str, id: &str) -> Value {
    gateway.told(Some(key), &format!("mutation {{ {what}(id: \"{id}\") {{ id state }} }}"), &json!({})).await
}

async fn until_state(gateway: &Gateway, key: &str, meets: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..200 {
        let state = state(gateway, key).await;
        if meets(&state) {
            return state;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it did not come to it: {}", state(gateway, key).await);
}

fn verified(secret: &str, delivery: &Delivery) {
    Webhook::new(secret).unwrap().verify(delivery.body.as_bytes(), &delivery.headers).expect("the signature is good");
}

fn has_all(deliveries: &[Delivery], seqs: impl IntoIterator<Item = i64>) -> bool {
    seqs.into_iter().all(|seq| deliveries.iter().any(|delivery| delivery.seq() == seq))
}

async fn head(t: &TestRegistry) -> i64 {
    t.now().await.seq
}

each_backend! {
    async fn every_event_comes_at_least_once_signed_and_in_order_though_the_receiver_fails_lies_and_sleeps(t) {
        let seed: u64 = rand::random::<u32>().into();
        println!("seed {seed}");
        let mut chance = StdRng::seed_from_u64(seed);
        // Twice in a row at most, so that no event is given up.
        let receiver = Receiver::open(move |_, nth| match chance.random_range(0..8) {
            _ if nth > 2 => Reply::Status(200),
            0 => Reply::Status(500),
            1 => Reply::Status(302),
            2 => Reply::Nothing,
            3 if nth == 1 => Reply::Late(Duration::from_millis(900)),
            4 => Reply::Status(429),
            _ => Reply::Status(204),
        }).await;
        let gateway = gateway(&t.registry).await;
        let auditor = t.key(Role::Auditor).await.unwrap();
        let (id, secret) = created(&gateway, &auditor, &receiver, Value::Null).await;
        let land = t.full_land("D1", 1).await;
        Stirred::beside(&t, land.parcels).await.stir(&t, &mut StdRng::seed_from_u64(seed), 12).await;
        let head = head(&t).await;
        let last = head.to_string();
        until_state(&gateway, &auditor, |state| state["position"] == last && state["retrying"] == 0).await;
        let deliveries = receiver.deliveries();
        assert_eq!(receiver.firsts(), (1..=head).collect::<Vec<_>>());
        let schema = jsonschema::options().should_validate_formats(true).build(&event_schema()).unwrap();
        for delivery in &deliveries {
            verified(&secret, delivery);
            let event = delivery.event();
            let faults: Vec<_> = schema.iter_errors(&event).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{faults:?}: {event}");
            assert_eq!(delivery.header("content-type"), "application/cloudevents+json; charset=utf-8");
            assert_eq!(delivery.header("webhook-id"), format!("msg_{}_{}", id.strip_prefix("webhook:").unwrap(), event["id"].as_str().unwrap()));
            assert_eq!(event["id"], format!("{}_{}", delivery.seq(), delivery.data()["actId"].as_str().unwrap()));
            let previous = delivery.data()["previousSeq"].as_str().map(|seq| seq.parse::<i64>().unwrap());
            assert_eq!(previous, Some(delivery.seq() - 1).filter(|seq| *seq > 0));
        }
        assert!(deliveries.len() as i64 > head, "nothing was tried twice");
        gateway.close().await;
    }

    async fn what_fails_to_the_end_is_a_dead_letter_while_others_go_on_and_is_tried_again_when_asked(t) {
        t.party("企业").await;
        let receiver = Receiver::open(|seq, _| Reply::Status(if seq == 2 { 503 } else { 200 })).await;
        let gateway = gateway(&t.registry).await;
        let auditor = t.key(Role::Auditor).await.unwrap();
        let (id, _) = created(&gateway, &auditor, &receiver, Value::Null).await;
        let last = head(&t).await;
        assert!(last > 2);
        let state = until_state(&gateway, &auditor, |state| state["dead"] == 1).await;
        assert_eq!(state["deadLetters"], json!([{ "seq": "2", "tries": 4, "failure": "status 503" }]));
        assert_eq!(receiver.deliveries().iter().filter(|delivery| delivery.seq() == 2).count(), 4);
        assert!(has_all(&receiver.deliveries(), 1..=last), "the others went on");
        receiver.answer_by(|_, _| Reply::Status(200));
        moved(&gateway, &auditor, "retryDeadLetters", &id).await;
        let state = until_state(&gateway, &auditor, |state| state["dead"] == 0 && state["retrying"] == 0).await;
        assert_eq!((&state["state"], state["deadLetters"].as_array().unwrap().len()), (&json!("ACTIVE"), 0));
        assert_eq!(receiver.deliveries().iter().filter(|delivery| delivery.seq() == 2).count(), 5);
        gateway.close().await;
    }

    async fn events_are_replayed_from_an_entry_and_a_new_secret_signs_beside_the_old_one(t) {
        t.party("企业").await;
        let receiver = Receiver::open(|_, _| Reply::Status(200)).await;
        let gateway = gateway(&t.registry).await;
        let auditor = t.key(Role::Auditor).await.unwrap();
        let (id, old) = created(&gateway, &auditor, &receiver, Value::Null).await;
        let last = head(&t).await;
        receiver.until("everything", |came| has_all(came, 1..=last)).await;
        let rotate = format!("mutation {{ rotateWebhookSecret(id: \"{id}\", keepHours: 1) {{ secret webhook {{ previousSecretUntil }} }} }}");
        let told = gateway.told(Some(&auditor), &rotate, &json!({})).await["rotateWebhookSecret"].take();
        let new = told["secret"].as_str().unwrap();
        assert!(new != old && told["webhook"]["previousSecretUntil"].is_string());
        let before = receiver.deliveries();
        let replay = format!("mutation {{ replayWebhook(id: \"{id}\", fromSeq: 2) {{ position }} }}");
        gateway.told(Some(&auditor), &replay, &json!({})).await;
        receiver.until("the replay", |came| has_all(&came[before.len()..], 2..=last)).await;
        let again: Vec<_> = receiver.deliveries().split_off(before.len());
        assert_eq!(again.iter().map(Delivery::seq).collect::<Vec<_>>(), (2..=last).collect::<Vec<_>>());
        for delivery in &again {
            verified(new, delivery);
            verified(&old, delivery);
            assert_eq!(delivery.header("webhook-signature").split(' ').count(), 2);
            let first = before.iter().find(|first| first.seq() == delivery.seq()).unwrap();
            assert_eq!(first.header("webhook-id"), delivery.header("webhook-id"), "the id stays the same");
        }
        gateway.told(Some(&auditor), &rotate.replace("keepHours: 1", "keepHours: 0"), &json!({})).await;
        gateway.told(Some(&auditor), &replay, &json!({})).await;
        receiver.until("a second replay", |came| came.len() > before.len() + again.len()).await;
        let last = receiver.deliveries().pop().unwrap();
        assert_eq!(last.header("webhook-signature").split(' ').count(), 1);
        assert!(Webhook::new(&old).unwrap().verify(last.body.as_bytes(), &last.headers).is_err());
        gateway.close().await;
    }

    async fn a_webhook_goes_on_after_a_restart_without_loss_and_one_gateway_at_a_time_serves_it(t) {
        let receiver = Receiver::open(|_, _| Reply::Status(200)).await;
        // Each gateway on connections of its own, as its process has them.
        let mut gateway = self::gateway(&t.another_gateway().await).await;
        let auditor = t.key(Role::Auditor).await.unwrap();
        created(&gateway, &auditor, &receiver, Value::Null).await;
        let elsewhere = t.another_gateway().await;
        let beside = self::gateway(&elsewhere).await;
        let mut stirred = Stirred::beside(&t, vec![]).await;
        let mut random = StdRng::seed_from_u64(7);
        for _ in 0..4 {
            stirred.stir(&t, &mut random, 6).await;
            gateway.registry.close().await;
            gateway.close().await;
            stirred.stir(&t, &mut random, 6).await;
            gateway = self::gateway(&t.another_gateway().await).await;
        }
        let last = head(&t).await;
        receiver.until("everything", |came| has_all(came, 1..=last)).await;
        let came = receiver.deliveries().len() as i64;
        // What was under way at each end may come again, and nothing else: two gateways do not both deliver.
        assert!(came <= last + 4 * 20, "{came} deliveries of {last} events");
        assert_eq!(receiver.firsts(), (1..=last).collect::<Vec<_>>());
        stirred.stir(&t, &mut random, 30).await;
        let more = head(&t).await - last;
        let before = receiver.deliveries().len() as i64;
        receiver.until("the rest", |came| has_all(came, 1..=last + more)).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(receiver.firsts(), (1..=last + more).collect::<Vec<_>>());
        assert!(receiver.deliveries().len() as i64 - before <= more, "an event came twice without need");
        gateway.close().await;
        beside.close().await;
        elsewhere.close().await;
    }

    async fn a_receiver_that_is_gone_and_an_owner_without_the_role_stop_deliveries_and_say_why(t) {
        let receiver = Receiver::open(|_, _| Reply::Status(410)).await;
        let gateway = gateway(&t.registry).await;
        let principal = t.registry.ensure_principal("hooked", Role::TradeOperator).await.unwrap();
        let operator = t.registry.issue_key(principal, Role::TradeOperator, None).await.unwrap();
        let (id, _) = created(&gateway, &operator, &receiver, json!({ "kinds": ["REGISTER_PARTY"] })).await;
        t.party("企业").await;
        let state = until_state(&gateway, &operator, |state| state["state"] == "DISABLED").await;
        assert_eq!(state["disabledBecause"], "WEBHOOK_GONE");
        receiver.answer_by(|_, _| Reply::Status(200));
        moved(&gateway, &operator, "resumeWebhook", &id).await;
        receiver.until("what had been refused", |came| came.len() == 2).await;
        moved(&gateway, &operator, "pauseWebhook", &id).await;
        t.party("企业 2").await;
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert_eq!(receiver.deliveries().len(), 2, "nothing comes while it is paused");
        moved(&gateway, &operator, "resumeWebhook", &id).await;
        receiver.until("what waited", |came| came.len() == 3).await;
        let seen = t.registry.principals_by_ids(&t.now().await, &[principal]).await.unwrap();
        t.done(RevokeRole { principal: Seen { id: principal, seq: seen[0].version }, role: Role::TradeOperator }).await;
        t.party("企业 3").await;
        tokio::time::sleep(Duration::from_millis(1_000)).await;
        assert_eq!(receiver.deliveries().len(), 3);
        let rows = t.registry.webhooks(principal).await.unwrap();
        assert_eq!(rows[0].disabled_because.unwrap().code(), "FEED_CHANGED");
        gateway.close().await;
    }

    async fn the_revocation_of_a_key_stops_webhooks_everywhere_and_says_why_until_they_are_resumed_where_they_stopped(t) {
        let receiver = Receiver::open(|_, _| Reply::Status(200)).await;
        // Keys are revoked beside the gateway that delivers, as `yulin token revoke` does it.
        let elsewhere = t.another_gateway().await;
        let gateway = gateway(&elsewhere).await;
        let principal = t.registry.ensure_principal("robbed", Role::TradeOperator).await.unwrap();
        let stolen = t.registry.issue_key(principal, Role::TradeOperator, None).await.unwrap();
        let own = t.registry.issue_key(principal, Role::TradeOperator, None).await.unwrap();
        let (id, _) = created(&gateway, &stolen, &receiver, json!({ "kinds": ["REGISTER_PARTY"] })).await;
        let auditor = t.key(Role::Auditor).await.unwrap();
        let beside = Receiver::open(|_, _| Reply::Status(200)).await;
        created(&gateway, &auditor, &beside, json!({ "kinds": ["REGISTER_PARTY"] })).await;
        t.party("企业").await;
        let last = head(&t).await.to_string();
        until_state(&gateway, &own, |state| state["position"] == last).await;
        assert!(t.registry.revoke_key(&stolen).await.unwrap());
        let stopped = state(&gateway, &own).await;
        assert_eq!((&stopped["state"], &stopped["disabledBecause"]), (&json!("DISABLED"), &json!("UNAUTHENTICATED")));
        t.party("企业 2").await;
        t.party("企业 3").await;
        let last = head(&t).await;
        beside.until("what others follow", |came| has_all(came, [last])).await;
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert_eq!(receiver.deliveries().len(), 1, "nothing comes after the revocation");
        let mut back = t.registry.webhooks(principal).await.unwrap().remove(0);
        back.state = WebhookState::Active;
        assert!(!t.registry.set_webhook_state(&back, &stolen).await.unwrap(), "the key that is lost sets nothing going");
        moved(&gateway, &own, "resumeWebhook", &id).await;
        receiver.until("what waited", |came| has_all(came, [last])).await;
        assert_eq!(receiver.deliveries().len(), 3, "each came once");
        assert_eq!(receiver.firsts(), beside.firsts());
        let resumed = state(&gateway, &own).await;
        assert_eq!((&resumed["state"], &resumed["disabledBecause"]), (&json!("ACTIVE"), &Value::Null));
        t.registry.revoke_all_keys().await.unwrap();
        let row = t.registry.webhooks(principal).await.unwrap().remove(0);
        let because = row.disabled_because.map(|because| because.code());
        assert_eq!((row.state, because), (WebhookState::Disabled, Some("UNAUTHENTICATED")));
        gateway.close().await;
        elsewhere.close().await;
    }

    async fn deliveries_rest_while_every_key_of_the_owner_is_expired_and_go_on_with_the_next(t) {
        let receiver = Receiver::open(|_, _| Reply::Status(200)).await;
        let gateway = gateway(&t.registry).await;
        let principal = t.registry.ensure_principal("late", Role::TradeOperator).await.unwrap();
        let key = t.registry.issue_key(principal, Role::TradeOperator, None).await.unwrap();
        created(&gateway, &key, &receiver, json!({ "kinds": ["REGISTER_PARTY"] })).await;
        t.party("企业").await;
        let last = head(&t).await.to_string();
        until_state(&gateway, &key, |state| state["position"] == last).await;
        t.raw().await.execute_unprepared("UPDATE api_key SET expires_at = 1").await.unwrap();
        t.party("企业 2").await;
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert_eq!(receiver.deliveries().len(), 1, "nothing comes without a key");
        assert_eq!(t.registry.webhooks(principal).await.unwrap()[0].state, WebhookState::Active);
        t.registry.issue_key(principal, Role::TradeOperator, None).await.unwrap();
        let last = head(&t).await;
        receiver.until("what waited", |came| has_all(came, [last])).await;
        assert_eq!(receiver.deliveries().len(), 2);
        gateway.close().await;
    }

    async fn webhooks_are_of_four_roles_and_everyone_sees_his_own_alone(t) {
        let receiver = Receiver::open(|_, _| Reply::Status(200)).await;
        let gateway = gateway(&t.registry).await;
        let code = |answer: &Value| answer["errors"][0]["extensions"]["code"].as_str().map(str::to_owned);
        let variables = json!({ "url": receiver.url() });
        let others = ["pauseWebhook(id: $id) { id }", "resumeWebhook(id: $id) { id }", "deleteWebhook(id: $id)",
            "retryDeadLetters(id: $id) { id }", "rotateWebhookSecret(id: $id) { secret }", "replayWebhook(id: $id, fromSeq: 1) { id }"]
            .map(|mutation| format!("mutation($id: ID!) {{ {mutation} }}"));
        let nobody = json!({ "id": uuid::Uuid::new_v4() });
        for role in Role::all().iter().filter(|role| **role != Role::System) {
            let key = t.key(*role).await;
            let may = matches!(role, Role::Venue | Role::Auditor | Role::Admin | Role::TradeOperator);
            let answer = gateway.asked(key.as_deref(), CREATE, &variables).await;
            assert_eq!(code(&answer), (!may).then(|| "FORBIDDEN".to_owned()), "{role}: {answer}");
            let read = gateway.asked(key.as_deref(), STATE, &json!({})).await;
            assert_eq!(code(&read), (!may).then(|| "FORBIDDEN".to_owned()), "{role}: {read}");
            for mutation in &others {
                let answer = gateway.asked(key.as_deref(), mutation, &nobody).await;
                let expected = if may { "NOT_FOUND" } else { "FORBIDDEN" };
                assert_eq!(code(&answer).as_deref(), Some(expected), "{mutation} as {role}: {answer}");
            }
        }
        let (auditor, venue) = (t.key(Role::Auditor).await.unwrap(), t.key(Role::Venue).await.unwrap());
        let id = state(&gateway, &auditor).await["id"].as_str().unwrap().to_owned();
        for mutation in &others {
            let answer = gateway.asked(Some(&venue), mutation, &json!({ "id": id })).await;
            assert_eq!(code(&answer).as_deref(), Some("NOT_FOUND"), "{mutation}: {answer}");
        }
        for url in ["http://10.0.0.1/", "http://example.com/", "https://169.254.169.254/", "nowhere"] {
            let answer = gateway.asked(Some(&auditor), CREATE, &json!({ "url": url })).await;
            assert_eq!(code(&answer).as_deref(), Some("WEBHOOK_ADDRESS"), "{url}: {answer}");
        }
        gateway.told(Some(&auditor), &format!("mutation {{ deleteWebhook(id: \"{id}\") }}"), &json!({})).await;
        assert_eq!(gateway.told(Some(&auditor), STATE, &json!({})).await["webhooks"], json!([]));
        gateway.close().await;
    }
}

/// `YULIN_WRITE_SCHEMA=1 cargo test -p yulin-tests --test gateway webhooks` writes it anew.
#[test]
fn the_schema_of_events_that_is_checked_in_is_the_one_of_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/events/cn.yulin.act.recorded.v1.json");
    let text = format!("{}\n", serde_json::to_string_pretty(&event_schema()).unwrap());
    if std::env::var_os("YULIN_WRITE_SCHEMA").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).expect("the schema of events"), text);
}
