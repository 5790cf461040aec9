//! The feed as it is followed: over sockets that are cut, by keys that end, within the protocol.

use std::time::{Duration, Instant};

use rand::{SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use yulin_domain::codes::{Labelled, Role};
use yulin_domain::journal::{ActKind, Entry, Seen, Subject};
use yulin_domain::party::RevokeRole;
use yulin_gateway::disclosure::{Reading, reading};
use yulin_tests::feed::{part_of, touches};
use yulin_tests::socket::{Books, FOLLOW, Socket, Subscriber};
use yulin_tests::stir::Stirred;
use yulin_tests::{Gateway, each_backend};

/// How often each subscriber is cut; `YULIN_LONG` asks for more.
fn cuts() -> usize {
    if std::env::var_os("YULIN_LONG").is_some() { 100 } else { 12 }
}

async fn first_batch(socket: &mut Socket, variables: &Value) -> Value {
    socket.subscribe("1", FOLLOW, variables).await;
    let heard = socket.heard().await;
    assert_eq!(heard["type"], "next", "{heard}");
    heard["payload"]["data"]["events"].clone()
}

/// The code with which a stream ends that is no longer allowed, and how long it took.
async fn ended(socket: &mut Socket, since: Instant) -> (Value, Duration) {
    loop {
        let heard = socket.heard().await;
        if let Some(errors) = heard["payload"].get("errors") {
            let code = errors[0]["extensions"]["code"].clone();
            assert_eq!(socket.heard().await, json!({ "type": "complete", "id": "1" }));
            return (code, since.elapsed());
        }
    }
}

each_backend! {
    async fn subscribers_that_are_cut_again_and_again_have_exactly_their_part(t) {
        let seed: u64 = rand::random::<u32>().into();
        println!("seed {seed}");
        let (district, firm) = (t.district("D1").await, t.party("所有人").await);
        let mut parcels = Vec::new();
        for nth in 0..3 {
            let west = f64::from(nth) * 20.0;
            parcels.push(t.parcel(district, &format!("OWN{nth}"), [west, 0.0, west + 20.0, 20.0]).await);
            t.granted(parcels[nth as usize], firm).await;
        }
        let own = t.key_of_party(firm).await;
        let auditor = t.key(Role::Auditor).await.unwrap();
        let elsewhere = t.another_gateway().await;
        let beat = Duration::from_millis(200);
        let (here, there) =
            (Gateway::with_heartbeat(&t.registry, beat).await, Gateway::with_heartbeat(&elsewhere, beat).await);
        let (done, until) = tokio::sync::watch::channel(0);
        let all = Subscriber::of(&here, &auditor, cuts());
        let part = Subscriber::of(&there, &own, cuts());
        let filter = json!({ "kinds": ["REGISTER_PARTY", "BUNDLE"] });
        let some = Subscriber { filter, ..Subscriber::of(&there, &auditor, cuts()) };
        let random = |nth| StdRng::seed_from_u64(seed + nth);
        let stirring = async {
            let mut stirred = Stirred::beside(&t, parcels.clone()).await;
            for nth in 0..(cuts() as u64 * 4) {
                stirred.stir(&t, &mut random(100 + nth), 3).await;
            }
            done.send_replace(t.now().await.seq);
        };
        let ((), of_all, of_part, of_some) = tokio::join!(
            stirring,
            all.follow(random(1), &until),
            part.follow(random(2), &until),
            some.follow(random(3), &until),
        );
        println!("{} and {} events; cut {:?} and {:?} times", of_all.taken.len(), of_part.taken.len(), all.cut, part.cut);
        let seen: Vec<Subject> = parcels.iter().map(|parcel| (*parcel).into()).chain([firm.into()]).collect();
        assert_eq!(of_all.taken, part_of(&t, |_| true).await);
        assert_eq!(of_part.taken, part_of(&t, |entry| touches(entry, &seen)).await);
        assert!(of_part.taken.len() > 5, "too little happened to the land of the enterprise");
        let of_kind = |entry: &Entry| matches!(entry.header.kind, ActKind::RegisterParty | ActKind::Bundle);
        assert_eq!(of_some.taken, part_of(&t, of_kind).await);
        here.close().await;
        there.close().await;
        elsewhere.close().await;
    }

    async fn a_sign_of_life_comes_though_nothing_matches_and_says_how_far_it_is_complete(t) {
        let gateway = Gateway::with_heartbeat(&t.registry, Duration::from_millis(300)).await;
        let mut socket = Socket::open(&gateway, t.key(Role::Auditor).await.as_deref()).await;
        let batch = first_batch(&mut socket, &json!({ "filter": { "kinds": ["REGISTER_ZONE"] } })).await;
        assert_eq!(batch["nodes"], json!([]));
        t.party("企业").await;
        let begun = Instant::now();
        let beat = socket.heard().await["payload"]["data"]["events"].clone();
        assert_eq!((&beat["nodes"], &beat["completeTo"]), (&json!([]), &json!(t.now().await.seq.to_string())));
        assert!(begun.elapsed() < Duration::from_secs(2) && beat["feed"] == batch["feed"]);
        gateway.close().await;
    }

    async fn a_stream_with_an_end_tells_everything_up_to_there_and_completes(t) {
        let gateway = Gateway::open(&t.registry).await;
        let mut socket = Socket::open(&gateway, t.key(Role::Auditor).await.as_deref()).await;
        let now = t.now().await.seq;
        // Two of the entries that it is to tell of are not yet recorded.
        socket.subscribe("1", FOLLOW, &json!({ "after": "1", "to": (now + 2).to_string() })).await;
        let mut books = Books { complete_to: 1, taken: vec![1], ..Books::default() };
        books.take(&socket.heard().await["payload"]["data"]["events"]);
        assert_eq!(books.complete_to, now);
        for name in ["甲", "乙", "丙"] {
            t.party(name).await;
        }
        while books.complete_to < now + 2 {
            books.take(&socket.heard().await["payload"]["data"]["events"]);
        }
        assert_eq!(books.taken, (1..=now + 2).collect::<Vec<_>>());
        assert_eq!(socket.heard().await, json!({ "type": "complete", "id": "1" }));
        // It ends as soon where nothing matches.
        let begun = Instant::now();
        let nothing = json!({ "filter": { "kinds": ["REGISTER_ZONE"] }, "to": t.now().await.seq.to_string() });
        socket.subscribe("1", FOLLOW, &nothing).await;
        while socket.heard().await["type"] != "complete" {}
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        socket.subscribe("1", FOLLOW, &json!({ "after": "2", "to": "1" })).await;
        assert_eq!(socket.heard().await["payload"]["errors"][0]["extensions"]["code"], "FILTER_INVALID");
        gateway.close().await;
    }

    async fn a_commit_is_told_soon_after_on_this_gateway_and_on_another(t) {
        let elsewhere = t.another_gateway().await;
        let (here, there) = (Gateway::open(&t.registry).await, Gateway::open(&elsewhere).await);
        let auditor = t.key(Role::Auditor).await;
        for (gateway, most) in [(&here, 300), (&there, 1_500)] {
            let mut socket = Socket::open(gateway, auditor.as_deref()).await;
            let now = json!({ "after": t.now().await.seq.to_string() });
            assert_eq!(first_batch(&mut socket, &now).await["nodes"], json!([]));
            t.party(&format!("企业 {most}")).await;
            let begun = Instant::now();
            let heard = socket.heard().await;
            assert_eq!(heard["payload"]["data"]["events"]["nodes"][0]["kind"], "REGISTER_PARTY", "{heard}");
            assert!(begun.elapsed() < Duration::from_millis(most), "{:?}", begun.elapsed());
        }
        here.close().await;
        there.close().await;
        elsewhere.close().await;
    }

    async fn a_stream_ends_with_its_code_when_key_role_or_scope_is_no_longer_the_same(t) {
        let gateway = Gateway::with_heartbeat(&t.registry, Duration::from_millis(300)).await;
        let principal = t.registry.ensure_principal("follower", Role::Auditor).await.unwrap();
        let revoked = t.registry.issue_key(principal, Role::Auditor, None).await.unwrap();
        let mut socket = Socket::open(&gateway, Some(&revoked)).await;
        first_batch(&mut socket, &json!({})).await;
        t.registry.revoke_key(&revoked).await.unwrap();
        let (code, took) = ended(&mut socket, Instant::now()).await;
        assert!(code == "FEED_CHANGED" && took < Duration::from_secs(2), "{code} after {took:?}");

        let key = t.registry.issue_key(principal, Role::Auditor, None).await.unwrap();
        let mut socket = Socket::open(&gateway, Some(&key)).await;
        first_batch(&mut socket, &json!({})).await;
        let seen = t.registry.principals_by_ids(&t.now().await, &[principal]).await.unwrap();
        t.done(RevokeRole { principal: Seen { id: principal, seq: seen[0].version }, role: Role::Auditor }).await;
        assert_eq!(ended(&mut socket, Instant::now()).await.0, "FEED_CHANGED");

        let (district, firm) = (t.district("D1").await, t.party("所有人").await);
        let own = t.key_of_party(firm).await;
        let old = t.parcel(district, "OLD", [0.0, 0.0, 20.0, 20.0]).await;
        let mut socket = Socket::open(&gateway, Some(&own)).await;
        let batch = first_batch(&mut socket, &json!({})).await;
        t.granted(old, firm).await;
        assert_eq!(ended(&mut socket, Instant::now()).await.0, "FEED_CHANGED");
        // He begins anew, and the name of the feed is another.
        assert_ne!(first_batch(&mut Socket::open(&gateway, Some(&own)).await, &json!({})).await["feed"], batch["feed"]);
        gateway.close().await;
    }

    async fn every_role_that_may_not_ask_for_events_may_not_follow_them(t) {
        let gateway = Gateway::open(&t.registry).await;
        for role in Role::all().iter().filter(|role| **role != Role::System) {
            let key = t.key(*role).await;
            let mut socket = Socket::open(&gateway, key.as_deref()).await;
            socket.subscribe("1", FOLLOW, &json!({})).await;
            let heard = socket.heard().await;
            let code = &heard["payload"]["errors"][0]["extensions"]["code"];
            let expected = if reading(*role, "Subscription", "events") == Reading::No { json!("FORBIDDEN") } else { Value::Null };
            assert_eq!(*code, expected, "{role}: {heard}");
        }
        gateway.close().await;
    }

    async fn the_protocol_is_kept_and_its_limits_hold(t) {
        let gateway = Gateway::open(&t.registry).await;
        let bare = || Socket::bare(&gateway, &[]);
        let init = json!({ "type": "connection_init" });
        let mut socket = bare().await.unwrap();
        socket.text("not json").await;
        assert_eq!(socket.closed().await, 4400);
        let mut socket = bare().await.unwrap();
        socket.subscribe("1", "{ __typename }", &json!({})).await;
        assert_eq!(socket.closed().await, 4401);
        let mut socket = bare().await.unwrap();
        socket.say(&json!({ "type": "connection_init", "payload": { "Authorization": "Bearer nobody" } })).await;
        assert_eq!(socket.closed().await, 4403);
        let mut socket = bare().await.unwrap();
        socket.say(&init).await;
        socket.say(&init).await;
        assert_eq!(socket.closed().await, 4429);
        assert_eq!(bare().await.unwrap().closed().await, 4408);
        assert!(Socket::bare(&gateway, &[("Sec-WebSocket-Protocol", "graphql-ws")]).await.is_err());
        assert!(Socket::bare(&gateway, &[("Origin", "http://elsewhere.example")]).await.is_err());
        let mut socket = Socket::open(&gateway, t.key(Role::Auditor).await.as_deref()).await;
        socket.subscribe("q", "{ districts { code } }", &json!({})).await;
        assert_eq!(socket.heard().await["payload"]["data"], json!({ "districts": [] }));
        assert_eq!(socket.heard().await["type"], "complete");
        for (query, code) in [
            ("{ nope }", "QUERY_INVALID"),
            ("subscription { events { nodes { changes { subject nope } } } }", "QUERY_INVALID"),
            ("query($n: Int) { parcels(first: 500) { nodes { history(first: 500) { nodes { id seq hash kind } } } } }", "QUERY_TOO_COMPLEX"),
        ] {
            socket.subscribe("q", query, &json!({})).await;
            let heard = socket.heard().await;
            assert_eq!((&heard["type"], &heard["payload"][0]["extensions"]["code"]), (&json!("error"), &json!(code)), "{heard}");
        }
        for nth in 0..33 {
            socket.subscribe(&nth.to_string(), FOLLOW, &json!({ "filter": { "kinds": ["REGISTER_ZONE"] } })).await;
        }
        let mut refused = Value::Null;
        while refused["type"] != "error" {
            refused = socket.heard().await;
        }
        assert_eq!((&refused["id"], &refused["payload"][0]["extensions"]["code"]), (&json!("32"), &json!("LIMIT_EXCEEDED")));
        socket.subscribe("0", FOLLOW, &json!({})).await;
        assert_eq!(socket.closed().await, 4409);
        // A closing frame has less room than an id.
        let mut socket = Socket::open(&gateway, t.key(Role::Auditor).await.as_deref()).await;
        for _ in 0..2 {
            socket.subscribe(&"登".repeat(42), FOLLOW, &json!({ "filter": { "kinds": ["REGISTER_ZONE"] } })).await;
        }
        assert_eq!(socket.closed().await, 4409);
        let mut open = Socket::open(&gateway, None).await;
        let begun = Instant::now();
        gateway.close().await;
        assert_eq!(open.closed().await, 1001);
        assert!(begun.elapsed() < Duration::from_secs(5), "an open socket does not hold up the end");
    }

    async fn whoever_has_seen_an_entry_is_told_of_nothing_older_elsewhere(t) {
        let key = t.key(Role::Auditor).await.unwrap();
        let elsewhere = t.another_gateway().await;
        let there = Gateway::open(&elsewhere).await;
        let asked = async |seen: i64| {
            let question = json!({ "query": "{ events(after: \"0\", first: 500) { completeTo } }" });
            let answer = there.post(Some(&key)).header("Yulin-Seq", seen.to_string()).json(&question).send().await.unwrap();
            let answer: Value = answer.json().await.unwrap();
            answer["data"]["events"]["completeTo"].as_str().map(|seq| seq.parse::<i64>().unwrap())
        };
        for nth in 0..5 {
            // What is asked there is shared for a while with whoever asks next.
            asked(0).await.unwrap();
            t.person(&format!("somebody {nth}")).await;
            let seen = t.registry.head().await.unwrap().seq;
            assert!(asked(seen).await.unwrap() >= seen);
        }
        there.close().await;
        elsewhere.close().await;
    }

    async fn events_come_over_server_sent_events_as_well(t) {
        let gateway = Gateway::open(&t.registry).await;
        let key = t.key(Role::Auditor).await;
        let asked = |query: &str, variables: Value| {
            gateway.post(key.as_deref()).header("Accept", "text/event-stream").json(&json!({ "query": query, "variables": variables }))
        };
        let answer = asked("{ districts { code } }", json!({})).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "text/event-stream; charset=utf-8");
        let text = answer.text().await.unwrap();
        assert!(text.starts_with("event: next\ndata: {\"data\":{\"districts\":[]}"), "{text}");
        assert!(text.ends_with("event: complete\ndata:\n\n"), "{text}");
        let mut answer = asked(FOLLOW, json!({})).send().await.unwrap();
        let first = String::from_utf8(answer.chunk().await.unwrap().unwrap().to_vec()).unwrap();
        assert!(first.starts_with("event: next\ndata: {\"data\":{\"events\":{\"nodes\":[{\"seq\":\"1\""), "{first}");
        t.party("企业").await;
        let next = String::from_utf8(answer.chunk().await.unwrap().unwrap().to_vec()).unwrap();
        assert!(next.contains("REGISTER_PARTY"), "{next}");
        let begun = Instant::now();
        gateway.close().await;
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}
