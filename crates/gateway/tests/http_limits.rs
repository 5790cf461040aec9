//! How much is answered, and to which documents.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod http_support;

use std::collections::HashMap;

use actix_web::test::TestRequest;
use http_support::{Answer, KEY, OneKey, TestSchema, asked, post, schema, sent_to};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use yulin_gateway::http::{Allowance, Documents, Door, Performing, Profile, Rate, Rates, Trust};

fn door(rates: Rates, documents: Documents) -> Door<TestSchema, OneKey> {
    let (profile, allowance) = (Profile::Production, Allowance::of(rates));
    Door { executor: schema().1, admission: OneKey, profile, allowance, documents, performing: Performing::here() }
}

fn trusting(trust: Trust, documents: &[(&str, &str)]) -> Door<TestSchema, OneKey> {
    let named: HashMap<_, _> = documents.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    door(Rates::usual(Profile::Production), Documents::trusting(trust, named))
}

/// A question of 1,500 fields.
fn dear() -> TestRequest {
    let fields: Vec<_> = (0..1_500).map(|nth| format!("a{nth}:who")).collect();
    asked(&format!("{{ {} }}", fields.join(" ")))
}

async fn told(door: &Door<TestSchema, OneKey>, body: Value) -> (u16, Value) {
    let answer = sent_to(post(body.to_string()), door.clone()).await;
    let told = if answer.code().is_null() { answer.json()["data"].clone() } else { answer.code() };
    (answer.status, told)
}

#[actix_web::test]
async fn who_has_asked_too_much_is_told_when_to_come_back_and_others_are_answered() {
    let slow = Rate { most: 10_000, restored: 1 };
    let door = door(Rates { key: slow, address: slow }, Documents::default());
    let ask = |request: TestRequest| sent_to(request, door.clone());
    for nth in 1..=6 {
        let answer = ask(dear()).await;
        let left = answer.json()["extensions"]["cost"]["allowance"]["left"].as_i64().unwrap();
        // Some drains while it is answered.
        assert!(answer.status == 200 && (0..=60).contains(&(left - (10_000 - nth * 1_500))), "{}", answer.text);
        assert_eq!(answer.header("ratelimit"), format!("\"cost\";r={left};t={}", 10_000 - left));
        assert_eq!(answer.header("ratelimit-policy"), "\"cost\";q=10000;w=10000");
    }
    let refused: Answer = ask(dear()).await;
    assert_eq!((refused.status, refused.code()), (429, json!("RATE_LIMITED")), "{}", refused.text);
    let wait: i64 = refused.header("retry-after").parse().unwrap();
    assert!((440..=500).contains(&wait), "{wait}");
    let facts = refused.json()["errors"][0]["extensions"]["facts"].clone();
    assert_eq!((&facts["retryAfterSeconds"], &facts["cost"]), (&json!(wait), &json!(1_500)));
    assert!(refused.header("ratelimit").starts_with("\"cost\";r=10"), "{}", refused.header("ratelimit"));
    // What costs less is still answered, and so is whoever has a key.
    assert_eq!(ask(asked("{ who }")).await.status, 200);
    let known = dear().insert_header(("authorization", format!("Bearer {KEY}")));
    assert_eq!(ask(known).await.status, 200);
}

#[actix_web::test]
async fn what_the_answer_did_not_hold_is_given_back() {
    let slow = Rate { most: 10_000, restored: 1 };
    let door = door(Rates { key: slow, address: slow }, Documents::default());
    for _ in 0..5 {
        // Taken to cost 5,001, and then refused by the schema.
        let fields = "x ".repeat(100);
        let answer = sent_to(asked(&format!("{{ parcels(first: 500) {{ {fields} }} }}")), door.clone()).await;
        let cost = &answer.json()["extensions"]["cost"];
        assert_eq!((&cost["requested"], &cost["actual"]), (&json!(5_001), &json!(1)), "{}", answer.text);
    }
}

#[actix_web::test]
async fn acts_have_a_price_that_no_answer_gives_back() {
    let door = door(Rates::usual(Profile::Production), Documents::default());
    let answer = sent_to(asked("mutation { one: act two: act }"), door.clone()).await;
    let cost = &answer.json()["extensions"]["cost"];
    assert_eq!((&cost["requested"], &cost["actual"]), (&json!(12), &json!(12)), "{}", answer.text);
    let acts: Vec<_> = (0..200).map(|nth| json!({ "nth": nth })).collect();
    let list = json!({ "query": "mutation($a: [X!]!) { performAll(acts: $a) { x } }", "variables": { "a": acts } });
    let limited = door.clone();
    let answer = sent_to(post(list.to_string()), door).await;
    assert_eq!(answer.json()["extensions"]["cost"]["requested"], json!(1_021), "{}", answer.text);
    // A fragment hides none of them.
    let hidden = "mutation($a: [X!]!) { ...M ... on Mutation { act } }
        fragment M on Mutation { a: performAll(acts: $a) { x } b: performAll(acts: $a) { x } }";
    let answer = sent_to(post(json!({ "query": hidden, "variables": { "a": acts } }).to_string()), limited).await;
    assert_eq!(answer.json()["extensions"]["cost"]["requested"], json!(2_048), "{}", answer.text);
}

#[actix_web::test]
async fn what_is_not_answered_is_not_left_here() {
    let door = trusting(Trust::Off, &[]);
    let named = |query: &str| {
        let hash = hex::encode(Sha256::digest(query));
        json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
    };
    let nothing = "this is no query";
    let (status, _) = told(&door, json!({ "query": nothing, "extensions": named(nothing) })).await;
    assert_eq!(status, 400);
    assert_eq!(told(&door, json!({ "extensions": named(nothing) })).await.1, json!("PERSISTED_QUERY_NOT_FOUND"));
}

#[actix_web::test]
async fn a_document_that_was_left_is_answered_by_its_digest() {
    let door = trusting(Trust::Off, &[]);
    let query = "query($n: Int!) { twice(number: $n) }";
    let hash = hex::encode(Sha256::digest(query));
    let named = |hash: &str| json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    let asked = json!({ "extensions": named(&hash), "variables": { "n": 4 } });
    assert_eq!(told(&door, asked.clone()).await, (400, json!("PERSISTED_QUERY_NOT_FOUND")));
    let mut with_query = asked.clone();
    with_query["query"] = json!(query);
    assert_eq!(told(&door, with_query.clone()).await, (200, json!({ "twice": 8 })));
    assert_eq!(told(&door, asked).await, (200, json!({ "twice": 8 })));
    let address = format!(
        "/graphql?variables=%7B%22n%22:5%7D&extensions=%7B%22persistedQuery%22:%7B%22version%22:1,%22sha256Hash%22:%22{hash}%22%7D%7D"
    );
    let get = TestRequest::get().uri(&address).insert_header(("yulin-preflight", "1"));
    assert_eq!(sent_to(get, door.clone()).await.json()["data"], json!({ "twice": 10 }));
    with_query["extensions"] = named(&"0".repeat(64));
    assert_eq!(told(&door, with_query).await, (400, json!("VALIDATION")));
    for wrong in [json!({ "version": 2, "sha256Hash": hash }), json!({ "version": 1 }), json!({ "sha256Hash": 1 })] {
        let sent = json!({ "query": query, "extensions": { "persistedQuery": wrong } });
        assert_eq!(told(&door, sent).await, (400, json!("VALIDATION")));
    }
}

#[actix_web::test]
async fn only_trusted_documents_are_answered_where_that_is_enforced() {
    let (query, other) = ("{ twice(number: 3) }", "{ who }");
    for (trust, of_others) in [
        (Trust::Off, (200, json!({ "who": "public" }))),
        (Trust::Log, (200, json!({ "who": "public" }))),
        (Trust::Enforce, (403, json!("DOCUMENT_UNTRUSTED"))),
    ] {
        let door = trusting(trust, &[("sha256:abc", query)]);
        let by_hash = |name: &str| json!({ "persistedQuery": { "version": 1, "sha256Hash": name } });
        for sent in [
            json!({ "query": query }),
            json!({ "documentId": "abc" }),
            json!({ "documentId": "sha256:abc" }),
            json!({ "extensions": by_hash("abc") }),
        ] {
            assert_eq!(told(&door, sent.clone()).await, (200, json!({ "twice": 6 })), "{trust:?} {sent}");
        }
        assert_eq!(told(&door, json!({ "query": other })).await, of_others);
        let left = json!({ "query": other, "extensions": by_hash(&hex::encode(Sha256::digest(other))) });
        assert_eq!(told(&door, left).await, of_others);
        assert_eq!(told(&door, json!({ "documentId": "none" })).await, (400, json!("DOCUMENT_UNKNOWN")));
        assert_eq!(told(&door, json!({})).await, (400, json!("FIELD_REQUIRED")));
    }
}
