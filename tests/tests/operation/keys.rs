//! Keys that are replaced and revoked: on every gateway at once, also for whoever has an open socket.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use yulin_domain::codes::Role;
use yulin_domain::quantity::Instant as Time;
use yulin_persistence::Rotated;
use yulin_tests::command::run;
use yulin_tests::socket::{FOLLOW, Socket};
use yulin_tests::{Gateway, TestRegistry, each_backend};

const ASK: &str = "{ parties { totalCount } }";

async fn status(gateway: &Gateway, key: &str) -> u16 {
    gateway.post(Some(key)).json(&json!({ "query": ASK })).send().await.expect("an answer").status().as_u16()
}

async fn auditor(t: &TestRegistry) -> String {
    t.key(Role::Auditor).await.expect("a key")
}

fn digits(key: &str) -> String {
    hex::encode(Sha256::digest(key.as_bytes()))[..12].to_owned()
}

/// Asks over an open socket; the code of the error, or null.
async fn asked(socket: &mut Socket, id: &str) -> Value {
    socket.subscribe(id, ASK, &json!({})).await;
    loop {
        let heard = socket.heard().await;
        if heard["id"] == id && heard["type"] != "complete" {
            return heard["payload"][0]["extensions"]["code"].clone();
        }
    }
}

each_backend! {
    async fn a_key_that_is_revoked_ends_at_once_on_every_gateway_and_in_open_sockets(t) {
        let elsewhere = t.another_gateway().await;
        let beat = Duration::from_millis(300);
        let gateways =
            [Gateway::with_heartbeat(&t.registry, beat).await, Gateway::with_heartbeat(&elsewhere, beat).await];
        let (key, other) = (auditor(&t).await, auditor(&t).await);
        let mut sockets = Vec::new();
        for gateway in &gateways {
            assert_eq!(status(gateway, &key).await, 200);
            let mut idle = Socket::open(gateway, Some(&key)).await;
            assert_eq!(asked(&mut idle, "before").await, Value::Null);
            let mut following = Socket::open(gateway, Some(&key)).await;
            following.subscribe("f", FOLLOW, &json!({ "after": t.now().await.seq.to_string() })).await;
            assert_eq!(following.heard().await["type"], "next");
            sockets.push((idle, following));
        }
        let folder = tempfile::tempdir().unwrap();
        let told = run(&t, folder.path(), &["token", "revoke", &digits(&key)]).await;
        assert_eq!((told.code, &told.result["revoked"]), (0, &json!(1)), "{told:?}");
        for gateway in &gateways {
            assert_eq!((status(gateway, &key).await, status(gateway, &other).await), (401, 200));
        }
        let revoked = Instant::now();
        t.party("nobody hears of it").await;
        for (idle, following) in &mut sockets {
            assert_eq!(asked(idle, "after").await, "UNAUTHENTICATED");
            loop {
                let heard = following.heard().await;
                if heard["type"] == "complete" {
                    break;
                }
                assert!(heard["payload"]["data"]["events"]["nodes"].as_array().is_none_or(Vec::is_empty), "{heard}");
            }
            assert!(revoked.elapsed() < Duration::from_secs(3), "{:?}", revoked.elapsed());
        }
        let again = run(&t, folder.path(), &["token", "revoke", &digits(&key)]).await;
        assert_eq!(again.error().0, "NOT_FOUND");
        for gateway in gateways {
            gateway.close().await;
        }
        elsewhere.close().await;
    }

    async fn a_key_is_replaced_and_both_are_good_until_the_time_that_is_said(t) {
        let gateway = Gateway::open(&t.registry).await;
        let old = auditor(&t).await;
        let in_a_second = Time::from_micros(jiff::Timestamp::now().as_microsecond() + 1_500_000);
        let Rotated { token: new, expires_at, other_ends } = t.registry.rotate_key(&old, in_a_second, None).await.unwrap();
        assert_eq!((expires_at, other_ends), (None, in_a_second));
        assert_eq!((status(&gateway, &old).await, status(&gateway, &new).await), (200, 200));
        assert_eq!(t.registry.authenticate(&new).await.unwrap(), t.registry.authenticate(&old).await.unwrap());
        tokio::time::sleep(Duration::from_millis(1_600)).await;
        assert_eq!((status(&gateway, &old).await, status(&gateway, &new).await), (401, 200));

        let folder = tempfile::tempdir().unwrap();
        let rotated = run(&t, folder.path(), &["token", "rotate", &new, "--overlap", "1", "--expires", "30"]).await;
        let newest = rotated.result["token"].as_str().expect("a key").to_owned();
        assert_eq!((status(&gateway, &new).await, status(&gateway, &newest).await), (200, 200));
        // Where nothing is said the new one lives as long as the other was to live.
        let third = run(&t, folder.path(), &["token", "rotate", &newest]).await.result["token"].as_str().unwrap().to_owned();
        let listed = run(&t, folder.path(), &["token", "list"]).await;
        let of_third = listed.result["keys"].as_array().unwrap().iter().find(|key| key["key"] == digits(&third)).unwrap().clone();
        let [created, ends] = ["createdAt", "expiresAt"].map(|at| of_third[at].as_str().unwrap().parse::<jiff::Timestamp>().unwrap());
        assert_eq!((ends - created).total(jiff::Unit::Hour).unwrap().round(), 720.0, "{of_third}");
        // It never lives longer than it would have.
        let later = Time::from_micros(i64::MAX / 2);
        let ends = t.registry.rotate_key(&digits(&new), later, None).await.unwrap().other_ends;
        assert_eq!(json!(ends.to_string()), rotated.result["otherUntil"]);
        for ended in [old.as_str(), "000000000000", "yulin_none", ""] {
            let told = run(&t, folder.path(), &["token", "rotate", ended]).await;
            assert_eq!(told.error().0, if ended == old { "STATE" } else { "NOT_FOUND" }, "{told:?}");
        }

        let listed = run(&t, folder.path(), &["token", "list", "--all"]).await;
        assert!(!listed.stdout.contains("yulin_"), "no secret is told");
        let state = |key: &str| {
            let keys = listed.result["keys"].as_array().unwrap();
            keys.iter().find(|one| one["key"] == digits(key)).expect("it is listed")["state"].clone()
        };
        assert_eq!([state(&old), state(&new), state(&newest)], ["EXPIRED", "GOOD", "GOOD"]);
        let good = run(&t, folder.path(), &["token", "list"]).await;
        assert_eq!(good.result["keys"].as_array().unwrap().len(), 4, "{good:?}");
        assert_eq!(good.result["keys"][0]["name"], "test-AUDITOR");
        gateway.close().await;
    }

    async fn a_key_is_narrowed_by_codes_and_stays_so_when_it_is_replaced(t) {
        let l = t.ledger().await;
        let other = t.district("PJ-02").await;
        let folder = tempfile::tempdir().unwrap();
        let create = ["token", "create", "--role", "PLANNER", "--name", "X"];
        for (option, unknown, code) in [("--district", "PJ-99", "DISTRICT_UNKNOWN"), ("--factor", "SO2", "FACTOR_UNKNOWN")] {
            let told = run(&t, folder.path(), &[&create[..], &[option, unknown]].concat()).await;
            assert_eq!(told.error().0, code, "{told:?}");
        }
        let narrowed = ["--district", "ZONE", "--district", "PJ-02", "--factor", "COD"];
        let told = run(&t, folder.path(), &[&create[..], &narrowed].concat()).await;
        let key = told.result["token"].as_str().expect("a key").to_owned();
        let free = run(&t, folder.path(), &create).await.result["token"].as_str().expect("a key").to_owned();
        let rotated = run(&t, folder.path(), &["token", "rotate", &key]).await;
        let next = rotated.result["token"].as_str().expect("a key").to_owned();
        let listed = run(&t, folder.path(), &["token", "list"]).await;
        let told = |key: &str| {
            let keys = listed.result["keys"].as_array().unwrap();
            let one = keys.iter().find(|one| one["key"] == digits(key)).expect("it is listed");
            (one["districts"].clone(), one["factors"].clone())
        };
        for narrowed in [&key, &next] {
            assert_eq!(told(narrowed), (json!(["PJ-02", "ZONE"]), json!(["COD"])));
            let identity = t.registry.authenticate(narrowed).await.unwrap().expect("it is good");
            let narrowing = identity.narrowing.expect("it is narrowed");
            assert_eq!(narrowing.districts(), Some(&[l.district, other].into()));
            assert_eq!(narrowing.factors(), Some(&[l.cod].into()));
        }
        assert_eq!(told(&free), (json!([]), json!([])));
        assert_eq!(t.registry.authenticate(&free).await.unwrap().expect("it is good").narrowing, None);
        // Who is not narrowed is known by one statement.
        let before = t.registry.statements_read();
        t.registry.authenticate(&free).await.unwrap();
        assert_eq!(t.registry.statements_read() - before, 1);
    }
}
