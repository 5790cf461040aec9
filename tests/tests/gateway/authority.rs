//! Who may read what, in cases that the matrix does not make: what was sold, what is asked beside what is refused.

use serde_json::{Value, json};
use yulin_domain::codes::{HoldKind, RightType, Role};
use yulin_domain::journal::{ParcelId, PartyId, RightId};
use yulin_domain::land::{GrantRight, HolderShare, Move, Tenure, TransferRight};
use yulin_domain::quantity::Share;
use yulin_tests::ledger::{freeze, hold_of};
use yulin_tests::{Gateway, TestRegistry, each_backend};

fn code_of(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

/// A right in a whole parcel.
async fn granted(t: &TestRegistry, parcel: ParcelId, to: PartyId) -> RightId {
    let right_type = RightType::StateConstruction;
    let tenure = Tenure { right_type, nature: None, grant_method: None, starts_on: None, ends_on: None };
    let holders = vec![HolderShare { party: to, share: Share::WHOLE }];
    let grant = GrantRight { parcel: t.seen(parcel).await, tenure, holders, certificate: None, external: None };
    RightId::made_by(t.done(grant).await, 0, 0)
}

each_backend! {
    async fn who_sold_reads_the_land_as_it_was_his_and_nothing_recorded_since(t) {
        let parties = [t.party("Seller").await, t.party("Buyer").await];
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "SOLD", [0.0, 0.0, 50.0, 50.0]).await;
        let right = granted(&t, parcel, parties[0]).await;
        let held = t.now().await;
        let moves = vec![Move { from: parties[0], to: parties[1], share: Share::WHOLE }];
        t.done(TransferRight { parcel: t.seen(parcel).await, right, moves, certificate: None, external: None }).await;
        let gateway = Gateway::open(&t.registry).await;
        let [seller, buyer] = [t.key_of_party(parties[0]).await, t.key_of_party(parties[1]).await];
        let auditor = t.key(Role::Auditor).await.unwrap();
        let then = json!({ "valid": held.valid.to_string() });
        let known_then = json!({ "recorded": { "seq": held.seq.to_string() } });
        let query = "query($id: ID!, $asOf: AsOfInput) { parcel(id: $id, asOf: $asOf) { withheld holders { party { id } } history { totalCount } } }";
        for (who, key, as_of, holder, acts) in [
            ("seller", &seller, &then, Some(0), None),
            ("seller", &seller, &known_then, Some(0), Some(2)),
            ("seller", &seller, &Value::Null, None, None),
            ("buyer", &buyer, &then, None, Some(3)),
            ("buyer", &buyer, &known_then, None, None),
            ("buyer", &buyer, &Value::Null, Some(1), Some(3)),
            ("auditor", &auditor, &then, Some(0), Some(3)),
        ] {
            let variables = json!({ "id": parcel.to_string(), "asOf": as_of });
            let told = gateway.told(Some(key), query, &variables).await["parcel"].take();
            let expected = holder.map(|nth: usize| json!(format!("party:{}", parties[nth])));
            assert_eq!(told["holders"][0]["party"]["id"], json!(expected), "{who} as of {as_of}: {told}");
            assert_eq!(told["history"]["totalCount"], json!(acts), "{who} as of {as_of}: {told}");
            let withheld = told["withheld"].as_array().unwrap();
            let named = ["holders", "history"].map(|field| withheld.contains(&json!(field)));
            assert_eq!(named, [holder.is_none(), acts.is_none()], "{who} as of {as_of}: {told}");
        }
        gateway.close().await;
    }

    async fn an_enterprise_sees_its_own_rows_and_asks_by_itself_alone(t) {
        let land = t.full_land("D1", 2).await;
        let gateway = Gateway::open(&t.registry).await;
        let own = Some(t.key_of_party(land.firms[0]).await);
        let mine = |party: String| json!({ "party": party });
        let query = "query($party: ID!) { parcels(filter: { holder: $party }) { totalCount nodes { code withheld
            holders { party { id name contact } share { numerator denominator } } rights { id } restrictions { inFavourOf { name } }
            freezes { id } history { totalCount } stock { contract { number } reasons } price { asking floor } } } }";
        let told = gateway.told(own.as_deref(), query, &mine(land.firms[0].to_string())).await;
        let parcel = &told["parcels"]["nodes"][0];
        assert_eq!((told["parcels"]["totalCount"].as_i64(), parcel["code"].as_str()), (Some(1), Some("D1-000-0")));
        assert_eq!(parcel["holders"].as_array().unwrap().len(), 2);
        assert_eq!(parcel["holders"][1]["party"]["name"], Value::Null, "the co-holder is a natural person");
        assert!(parcel["stock"]["contract"]["number"] == "HT-0-0" && parcel["price"]["floor"].is_null());
        let refused = gateway.asked(own.as_deref(), query, &mine(land.firms[1].to_string())).await;
        assert_eq!((code_of(&refused), &refused["errors"][0]["extensions"]["field"]), ("FORBIDDEN", &json!("filter.holder")));
        let all = gateway.told(own.as_deref(), "{ parcels { nodes { code holders { party { id } } rights { id } } } }", &json!({})).await;
        let shown = all["parcels"]["nodes"].as_array().unwrap().iter().filter(|one| !one["holders"].is_null());
        assert_eq!(shown.map(|one| one["code"].as_str().unwrap()).collect::<Vec<_>>(), ["D1-000-0"]);
        let nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        let ids = json!({ "ids": [format!("right:{}", land.rights[0]), format!("right:{}", land.rights[1]),
            format!("party:{}", land.firms[0]), format!("freeze:{}", land.freezes[1])] });
        let told = gateway.told(own.as_deref(), nodes, &ids).await;
        assert_eq!(told["nodes"], json!([{ "id": ids["ids"][0] }, null, { "id": ids["ids"][2] }, null]));
        for role in [Role::Venue, Role::Investor, Role::Public] {
            let answer = gateway.asked(t.key(role).await.as_deref(), nodes, &ids).await;
            assert_eq!(answer["data"]["nodes"], json!([null, null, null, null]), "{role}");
            assert_eq!(code_of(&answer), "FORBIDDEN", "{role}");
        }
        gateway.close().await;
    }

    async fn what_is_refused_and_may_be_null_takes_nothing_beside_it_away(t) {
        t.ledger().await;
        let gateway = Gateway::open(&t.registry).await;
        let planner = t.key(Role::Planner).await;
        let query = "query($id: ID!) { mine: factors { code totals { issued } } beside: errors(codes: [\"BUSY\"]) { code }
            other: account(id: $id) { code } }";
        let id = json!({ "id": format!("account:{}", uuid::Uuid::nil()) });
        let answer = gateway.asked(None, query, &id).await;
        let codes: Vec<_> = answer["data"]["mine"].as_array().unwrap().iter().map(|factor| factor["code"].as_str().unwrap()).collect();
        assert_eq!((codes, &answer["data"]["beside"][0]["code"]), (vec!["CNY", "COD"], &json!("BUSY")), "{answer}");
        assert!(answer["data"]["mine"][0]["totals"].is_null() && answer["data"]["other"].is_null());
        let mut places: Vec<_> = answer["errors"].as_array().unwrap().iter().map(|error| error["path"].to_string()).collect();
        places.sort();
        assert_eq!(places, ["[\"mine\",0,\"totals\"]", "[\"mine\",1,\"totals\"]", "[\"other\"]"]);
        // One that may be decided and one that may not, in one operation: the receipt of the first is told.
        let query = "mutation($a: ActEnvelopeInput!, $b: ActEnvelopeInput!, $zone: RetireZoneInput!) {
            refused: registerParty(act: $a, input: { kind: ENTERPRISE, name: \"x\" }) { __typename }
            decided: retireZone(act: $b, input: $zone) { __typename } }";
        let act = || json!({ "actId": uuid::Uuid::now_v7(), "reason": "a test", "legalBasis": "a test" });
        let zone = json!({ "zone": { "id": format!("zone:{}", uuid::Uuid::nil()), "expectedSeq": 1 } });
        let answer = gateway.asked(planner.as_deref(), query, &json!({ "a": act(), "b": act(), "zone": zone })).await;
        assert_eq!((code_of(&answer), &answer["data"]["refused"]), ("FORBIDDEN", &Value::Null), "{answer}");
        assert_eq!(answer["data"]["decided"]["__typename"], "ActRefused", "{answer}");
        gateway.close().await;
    }

    async fn a_page_of_holds_is_of_those_that_its_reader_sees(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 100).await;
        let account = l.firms[0].rights;
        for _ in 0..4 {
            t.done(freeze(HoldKind::Court, account, Some(1), vec![])).await;
        }
        let mut own = Vec::new();
        for _ in 0..3 {
            let act = t.registry.perform(l.by_venue(l.order(account, 1))).await.unwrap().act_id;
            own.push(format!("hold:{}", hold_of(act)));
        }
        own.sort();
        let gateway = Gateway::open(&t.registry).await;
        let venue = t.registry.issue_key(l.venue, Role::Venue, None).await.unwrap();
        let (mut found, mut after) = (Vec::new(), Value::Null);
        let query = "query($account: ID!, $after: String) { holds(account: $account, first: 1, after: $after) {
            totalCount nodes { id } pageInfo { hasNextPage endCursor } } }";
        loop {
            let variables = json!({ "account": format!("account:{account}"), "after": after });
            let told = gateway.told(Some(&venue), query, &variables).await;
            assert_eq!(told["holds"]["totalCount"], json!(own.len()));
            found.push(told["holds"]["nodes"][0]["id"].as_str().unwrap().to_owned());
            after = told["holds"]["pageInfo"]["endCursor"].clone();
            if told["holds"]["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
        }
        assert_eq!(found, own);
        let holder = t.key_of_party(l.firms[0].party).await;
        let query = format!("{{ holds(placedBy: \"principal:{}\") {{ totalCount }} }}", l.venue);
        let refused = gateway.asked(Some(&holder), &query, &json!({})).await;
        assert_eq!((code_of(&refused), &refused["errors"][0]["extensions"]["field"]), ("FIELD_REQUIRED", &json!("account")));
        // How many lie on another's account is nobody else's business.
        let query = format!("{{ holds(account: \"account:{account}\") {{ totalCount nodes {{ id }} }} }}");
        let stranger = t.key_of_party(l.firms[1].party).await;
        let none = json!({ "totalCount": 0, "nodes": [] });
        assert_eq!(gateway.told(Some(&stranger), &query, &json!({})).await["holds"], none);
        let told = gateway.told(Some(&holder), &query, &json!({})).await;
        assert_eq!(told["holds"]["totalCount"], json!(told["holds"]["nodes"].as_array().unwrap().len()));
        assert_ne!(told["holds"], none);
        gateway.close().await;
    }
}
