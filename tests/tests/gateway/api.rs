//! The API as its clients meet it: cost, the entry an answer knows of, nodes, counts and pages.

use serde_json::{Value, json};
use yulin_domain::calendar::{CHINA, SetCalendar, shipped};
use yulin_domain::codes::{BookSource, Role};
use yulin_domain::factor::{Coverage, Position, ReconcileBooks};
use yulin_domain::journal::{ReconciliationId, ScheduleAct, ScheduleId};
use yulin_domain::quantity::{Instant, Units};
use yulin_tests::ledger::{hold_of, transfer, transfer_of};
use yulin_tests::{Gateway, acts, each_backend};

const REGISTER: &str = "mutation($name: String!, $id: ID!) { registerParty(input: { kind: ENTERPRISE, name: $name },
    act: { actId: $id, reason: \"a test\", legalBasis: \"a test\" }) { ... on ActDone { receipt { seq } changed } } }";

async fn with_seq(gateway: &Gateway, key: Option<&str>, seq: i64, query: &str) -> Value {
    let request = gateway.post(key).header("Yulin-Seq", seq).json(&json!({ "query": query }));
    request.send().await.unwrap().json().await.unwrap()
}

each_backend! {
    async fn what_a_mutation_wrote_is_read_on_another_gateway_by_its_seq(t) {
        let (here, there) = (Gateway::open(&t.registry).await, Gateway::open(&t.another_gateway().await).await);
        let admin = t.key(Role::Admin).await;
        for nth in 0..5 {
            let variables = json!({ "name": format!("企业 {nth}"), "id": uuid::Uuid::now_v7() });
            let done = here.asked(admin.as_deref(), REGISTER, &variables).await;
            let seq = done["extensions"]["seq"].as_i64().unwrap();
            assert_eq!(done["data"]["registerParty"]["receipt"]["seq"], seq.to_string());
            let party = done["data"]["registerParty"]["changed"][0].as_str().unwrap();
            let query = format!("{{ party(id: \"{party}\") {{ name }} parties {{ totalCount }} }}");
            let told = with_seq(&there, admin.as_deref(), seq, &query).await;
            assert_eq!(told["data"]["party"]["name"], format!("企业 {nth}"), "{told}");
            assert_eq!(told["data"]["parties"]["totalCount"], nth + 1);
            assert!(told["extensions"]["seq"].as_i64().unwrap() >= seq);
        }
        let head = t.now().await.seq;
        let ahead = with_seq(&there, admin.as_deref(), head + 1, "{ districts { code } }").await;
        let error = &ahead["errors"][0]["extensions"];
        assert_eq!((error["code"].as_str(), error["field"].as_str()), (Some("AS_OF_BEYOND_HEAD"), Some("Yulin-Seq")));
        let (waiting, written) = tokio::join!(
            with_seq(&there, admin.as_deref(), head + 1, "{ districts { code } }"),
            async {
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                t.district("LATE").await
            }
        );
        assert_eq!(waiting["data"]["districts"][0]["code"], "LATE", "{written}: {waiting}");
        there.registry.close().await;
        here.close().await;
        there.close().await;
    }

    async fn the_cost_of_an_answer_is_what_the_limit_counts(t) {
        let gateway = Gateway::open(&t.registry).await;
        let cost = |query: &'static str, variables: Value| {
            let gateway = &gateway;
            async move { gateway.asked(None, query, &variables).await["extensions"]["cost"]["requested"].clone() }
        };
        assert_eq!(cost("{ __typename }", json!({})).await, 1);
        assert_eq!(cost("{ parcels(first: 10) { nodes { code name } } }", json!({})).await, 4);
        assert_eq!(cost("{ parcels(first: 100) { nodes { code name } } }", json!({})).await, 31);
        assert_eq!(cost("query($n: Int) { parcels(first: $n) { nodes { code name } } }", json!({ "n": 100 })).await, 31);
        assert_eq!(cost("query($n: Int = 20) { parcels(first: $n) { ...P } } fragment P on ParcelConnection { nodes { code name } }", json!({})).await, 7);
        assert_eq!(cost("{ stockLand { nodes { code name } } }", json!({})).await, 16);
        assert_eq!(cost("{ districts { code } }", json!({})).await, 6);
        assert_eq!(cost("{ districts { zones { code footprint } } }", json!({})).await, 106);
        // A variable that is not given leaves nothing else out.
        let area = json!({ "type": "Polygon", "coordinates": [[[119.0, 29.0], [119.1, 29.0], [119.1, 29.1], [119.0, 29.0]]] });
        let shaped = "query($a: GeoJSON!, $u: String) { parcels(first: 10, filter: { area: { geometry: $a, relation: INTERSECTS }, text: $u }) { nodes { code } } }";
        assert_eq!(cost(shaped, json!({ "a": area })).await, 103);
        assert_eq!(cost(shaped, json!({ "a": area, "u": "x" })).await, 123);
        assert_eq!(cost("{ parcels(first: 100) { nodes { parents { successors { code } } } } }", json!({})).await, 321);
        let too_much = gateway.asked(None, "query($n: Int) { parcels(first: $n) { nodes { history(first: $n) { nodes { id seq hash kind } } } } }", &json!({ "n": 500 })).await;
        let error = &too_much["errors"][0]["extensions"];
        assert_eq!((error["code"].as_str(), &error["facts"]["most"]), (Some("QUERY_TOO_COMPLEX"), &json!(10_000)), "{too_much}");
        assert!(error["facts"]["cost"].as_i64().unwrap() > 10_000);
        gateway.close().await;
    }

    async fn lists_of_lists_are_refused_before_they_are_made(t) {
        let gateway = Gateway::open(&t.registry).await;
        let children = (0..6).fold("id".to_owned(), |below, _| format!("children {{ parent {{ {below} }} }}"));
        let zones = (0..5).fold("id".to_owned(), |below, _| format!("zones {{ district {{ {below} }} }}"));
        for query in [format!("{{ districts {{ {children} }} }}"), format!("{{ district(code: \"D\") {{ {zones} }} }}")] {
            let answer = gateway.asked(None, &query, &json!({})).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "QUERY_TOO_COMPLEX", "{query}: {answer}");
        }
        gateway.close().await;
    }

    async fn what_is_wrong_with_one_act_takes_no_receipt_of_another_away(t) {
        let gateway = Gateway::open(&t.registry).await;
        let admin = t.key(Role::Admin).await;
        let query = "mutation($id: ID!, $other: ID!, $name: String!, $wrong: SetPriceInput!) {
            one: registerParty(act: { actId: $id, reason: \"a test\", legalBasis: \"a test\" }, input: { kind: ENTERPRISE, name: $name }) { __typename ... on ActDone { receipt { seq } } }
            two: setPrice(act: { actId: $other, reason: \"a test\", legalBasis: \"a test\" }, input: $wrong) { __typename } }";
        let wrong = json!({ "parcel": "x", "price": {} });
        let variables = json!({ "id": uuid::Uuid::now_v7(), "other": uuid::Uuid::now_v7(), "name": "甲", "wrong": wrong });
        let answer = gateway.asked(admin.as_deref(), query, &variables).await;
        let seq = answer["data"]["one"]["receipt"]["seq"].as_str().map(str::to_owned);
        assert_eq!(seq, Some(t.now().await.seq.to_string()), "{answer}");
        assert_eq!((&answer["data"]["two"], &answer["errors"][0]["path"]), (&Value::Null, &json!(["two"])), "{answer}");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "VALIDATION");
        gateway.close().await;
    }

    async fn every_kind_of_object_is_a_node_and_its_id_is_one_and_stable(t) {
        let land = t.full_land("D1", 1).await;
        let (zone, feature) = t.surroundings(land.district).await;
        let begins_at = Instant::from_micros(jiff::Timestamp::now().as_microsecond() + 3_600_000_000);
        let legs = vec![acts::parcel(land.district, "LATER", [0.0, 500.0, 50.0, 550.0]).into()];
        let schedule = ScheduleId::made_by(t.done(ScheduleAct { begins_at, legs }).await, 0, 0);
        let l = t.ledger().await;
        l.fill(&t, 10, 10).await;
        let hold = hold_of(t.done(l.order(l.firms[0].rights, 1)).await);
        let moved = transfer_of(t.done(transfer(l.firms[0].rights, l.firms[1].rights, 1)).await);
        let position = Position { account: l.bank, posted: Units::of(10), held: None, holds: None };
        let books = ReconcileBooks {
            source: BookSource::Bank, venue: None, as_of: None, covers: Coverage::Listed, positions: vec![position], statement: None,
        };
        let reconciliation = ReconciliationId::made_by(t.done(books).await, 0, 0);
        let calendar = SetCalendar { replaces: None, ..shipped(CHINA).expect("it is shipped") };
        let calendar_id = calendar.id();
        t.done(calendar).await;
        let gateway = Gateway::open(&t.registry).await;
        let auditor = t.key(Role::Auditor).await;
        let act = gateway.told(auditor.as_deref(), "{ acts(first: 1) { nodes { id } } }", &json!({})).await;
        let nodes = [
            ("Account", format!("account:{}", l.pool)),
            ("Act", act["acts"]["nodes"][0]["id"].as_str().unwrap().to_owned()),
            ("Calendar", format!("calendar:{calendar_id}")),
            ("District", format!("district:{}", land.district)),
            ("Factor", format!("factor:{}", l.cod)),
            ("Feature", format!("feature:{feature}")),
            ("Freeze", format!("freeze:{}", land.freezes[0])),
            ("Hold", format!("hold:{hold}")),
            ("Parcel", format!("parcel:{}", land.parcels[0])),
            ("Party", format!("party:{}", land.persons[1])),
            ("Principal", format!("principal:{}", t.admin)),
            ("Reconciliation", format!("reconciliation:{reconciliation}")),
            ("Restriction", format!("restriction:{}", land.restrictions[1])),
            ("Right", format!("right:{}", land.rights[0])),
            ("Schedule", format!("schedule:{schedule}")),
            ("Transfer", format!("transfer:{moved}")),
            ("Zone", format!("zone:{zone}")),
        ];
        let one = "query($id: ID!) { node(id: $id) { __typename id } }";
        for (kind, id) in &nodes {
            let told = gateway.told(auditor.as_deref(), one, &json!({ "id": id })).await;
            assert_eq!(told["node"], json!({ "__typename": kind, "id": id }));
        }
        let all: Vec<_> = nodes.iter().rev().map(|(_, id)| id.clone()).collect();
        let told = gateway.told(auditor.as_deref(), "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", &json!({ "ids": all })).await;
        let found: Vec<_> = told["nodes"].as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap()).collect();
        assert_eq!(found, all);
        let possible = gateway.told(None, "{ __type(name: \"Node\") { possibleTypes { name } } }", &json!({})).await;
        let mut kinds: Vec<_> = possible["__type"]["possibleTypes"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, nodes.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), "a kind of node that is not tried");
        for (_, id) in &nodes {
            let (kind, _) = id.split_once(':').unwrap();
            let none = format!("{kind}:00000000-0000-4000-8000-000000000001");
            let told = gateway.told(auditor.as_deref(), one, &json!({ "id": none })).await;
            assert_eq!(told["node"], Value::Null, "{none}");
            let upper = format!("{kind}:{}", id.split_once(':').unwrap().1.to_uppercase());
            let refused = gateway.asked(auditor.as_deref(), one, &json!({ "id": upper })).await;
            assert_eq!(refused["errors"][0]["extensions"]["code"], "ID_INVALID", "{upper}: {refused}");
        }
        gateway.close().await;
    }

    async fn acts_and_parties_are_counted_and_paged_without_a_gap(t) {
        let land = t.full_land("D1", 3).await;
        let gateway = Gateway::open(&t.registry).await;
        let auditor = t.key(Role::Auditor).await;
        let head = t.now().await.seq;
        for (list, total) in [("parties", 12), ("acts(filter: { kinds: [SPLIT_PARCEL] })", 3),
            ("parties(filter: { kind: NATURAL_PERSON })", 6), ("parties(filter: { text: \"企业 1\" })", 1),
            (&*format!("acts(filter: {{ toSeq: \"{head}\" }})"), head)] {
            let (name, filter) = list.split_once('(').map_or((list, ""), |(name, rest)| (name, rest.trim_end_matches(')')));
            let query = format!("query($after: String) {{ list: {name}({filter} first: 5, after: $after) {{ totalCount nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}");
            let mut after = Value::Null;
            let mut seen = std::collections::BTreeSet::new();
            loop {
                let told = gateway.told(auditor.as_deref(), &query, &json!({ "after": after })).await;
                assert_eq!(told["list"]["totalCount"], total, "{list}");
                let new = told["list"]["nodes"].as_array().unwrap();
                assert!(new.iter().all(|node| seen.insert(node["id"].as_str().unwrap().to_owned())), "{list}: twice");
                if told["list"]["pageInfo"]["hasNextPage"] == false {
                    break;
                }
                // What is recorded meanwhile belongs to no page of this list.
                t.party(&format!("later {}", seen.len())).await;
                after = told["list"]["pageInfo"]["endCursor"].clone();
            }
            assert_eq!(i64::try_from(seen.len()).unwrap(), total, "{list}");
        }
        let query = "query($id: ID!) { parcel(id: $id) { history(first: 1) { totalCount nodes { kind } pageInfo { hasNextPage endCursor } } } }";
        let told = gateway.told(auditor.as_deref(), query, &json!({ "id": land.parcels[0].to_string() })).await;
        assert_eq!(told["parcel"]["history"]["totalCount"], 2);
        let later = "query($id: ID!, $after: String) { parcel(id: $id) { history(first: 1, after: $after) { totalCount nodes { kind } pageInfo { hasNextPage } } } }";
        let after = &told["parcel"]["history"]["pageInfo"]["endCursor"];
        let told = gateway.told(auditor.as_deref(), later, &json!({ "id": land.parcels[0].to_string(), "after": after })).await;
        assert_eq!(told["parcel"]["history"]["nodes"][0]["kind"], "BUNDLE");
        assert_eq!(told["parcel"]["history"]["pageInfo"]["hasNextPage"], false);
        gateway.close().await;
    }
}
