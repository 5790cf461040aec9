//! GraphQL over HTTP, rule by rule.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod http_support;

use std::sync::atomic::Ordering;

use actix_web::test::TestRequest;
use http_support::{Answer, KEY, OneKey, asked, post, schema, sent, sent_to, sent_with};
use serde_json::{Value, json};
use yulin_gateway::http::Profile::{Development, Production};
use yulin_gateway::http::{Allowance, Documents, Door, Performing, Rate, Rates};

fn assert_refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status, answer.code()), (status, json!(code)), "{}", answer.text);
    assert!(answer.json().get("data").is_none(), "data is absent where nothing was executed: {}", answer.text);
    for lang in ["zh", "en"] {
        let message = &answer.json()["errors"][0]["extensions"]["messages"][lang];
        assert!(message.as_str().is_some_and(|text| !text.is_empty()), "{}", answer.text);
    }
}

#[actix_web::test]
async fn a_query_is_answered_with_its_data_and_the_entry_it_was_answered_at() {
    // What is restored while it is answered is less than a unit.
    let slow = Rate { most: 10_000, restored: 1 };
    let (allowance, documents) = (Allowance::of(Rates { key: slow, address: slow }), Documents::default());
    let door = Door {
        executor: schema().1,
        admission: OneKey,
        profile: Development,
        allowance,
        documents,
        performing: Performing::here(),
    };
    let answer = sent_to(asked("{ twice(number: 21) }"), door).await;
    let allowance = json!({ "most": 10_000, "left": 9_999, "restoredPerSecond": 1 });
    let cost = json!({ "requested": 1, "actual": 1, "allowance": allowance });
    assert_eq!(
        (answer.status, answer.json()),
        (200, json!({ "data": { "twice": 42 }, "extensions": { "cost": cost, "seq": 7 } }))
    );
    assert_eq!(answer.header("content-type"), "application/graphql-response+json; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[actix_web::test]
async fn an_answer_that_is_too_large_is_refused_and_not_sent() {
    let most = 32 * 1024 * 1024;
    let answer = sent(asked(&format!("{{ long(bytes: {}) }}", most - 1_000)), Development).await;
    assert_eq!(answer.status, 200);
    assert!(answer.text.len() < most, "{}", answer.text.len());
    let answer = sent(asked(&format!("{{ long(bytes: {most}) }}")), Development).await;
    assert_refused(&answer, 422, "LIMIT_EXCEEDED");
    assert_eq!(answer.json()["errors"][0]["extensions"]["facts"], json!({ "maxBytes": most }));
}

#[actix_web::test]
async fn the_media_type_follows_the_wish_of_the_client() {
    const NEW: &str = "application/graphql-response+json; charset=utf-8";
    const OLD: &str = "application/json; charset=utf-8";
    for (accept, expected) in [
        ("application/json", OLD),
        ("*/*", OLD),
        ("application/*", OLD),
        ("application/graphql-response+json, application/json;q=0.9", NEW),
        ("application/graphql-response+json, application/json", NEW),
        ("application/json, application/graphql-response+json", OLD),
        ("application/graphql-response+json;q=0.5, application/json", OLD),
        ("application/graphql-response+json, */*;q=0.1", NEW),
        ("application/json;q=0, */*", NEW),
        ("text/html, application/graphql-response+json;q=0.2", NEW),
    ] {
        let request = asked("{ twice(number: 1) }").insert_header(("accept", accept));
        assert_eq!(sent(request, Development).await.header("content-type"), expected, "Accept: {accept}");
    }
}

#[actix_web::test]
async fn a_client_that_takes_neither_type_is_told_so() {
    for accept in ["text/html", "application/json;q=0", "image/*"] {
        let request = asked("{ twice(number: 1) }").insert_header(("accept", accept));
        assert_refused(&sent(request, Development).await, 406, "NOT_ACCEPTABLE");
    }
}

#[actix_web::test]
async fn a_body_that_a_foreign_page_could_send_is_not_executed() {
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk"] {
        let (acts, executor) = schema();
        let request = asked("mutation { act }").insert_header(("content-type", content_type));
        assert_refused(&sent_with(request, Development, executor).await, 415, "MEDIA_TYPE_UNSUPPORTED");
        assert_eq!(acts.load(Ordering::SeqCst), 0, "{content_type}");
    }
    let bare = TestRequest::post().uri("/graphql").set_payload("{\"query\":\"{ __typename }\"}");
    assert_refused(&sent(bare, Development).await, 415, "MEDIA_TYPE_UNSUPPORTED");
}

#[actix_web::test]
async fn a_get_answers_queries_and_never_mutates() {
    let get = |address: &str| TestRequest::get().uri(address);
    let address = "/graphql?query=query($n:Int!){twice(number:$n)}&variables=%7B%22n%22:4%7D&operationName=";
    assert_eq!(sent(get(address), Development).await.json()["data"], json!({ "twice": 8 }));
    let named = "/graphql?query=query%20A%7Btwice(number:1)%7Dquery%20B%7Btwice(number:2)%7D&operationName=B";
    assert_eq!(sent(get(named), Development).await.json()["data"], json!({ "twice": 4 }));

    for query in ["mutation%7Bact%7D", "query%20Q%7B__typename%7Dmutation%20M%7Bact%7D&operationName=M"] {
        let (acts, executor) = schema();
        let answer = sent_with(get(&format!("/graphql?query={query}")), Development, executor).await;
        assert_refused(&answer, 405, "HTTP_METHOD_NOT_ALLOWED");
        assert_eq!(answer.header("allow"), "POST");
        assert_eq!(acts.load(Ordering::SeqCst), 0, "{query}");
    }
}

#[actix_web::test]
async fn a_mutation_is_performed_over_post() {
    let (acts, executor) = schema();
    let answer = sent_with(asked("mutation { act }"), Development, executor).await;
    assert_eq!(answer.json()["data"], json!({ "act": 1 }));
    assert_eq!(acts.load(Ordering::SeqCst), 1);
}

#[actix_web::test]
async fn parameters_of_the_wrong_kind_are_named() {
    for (body, code, field) in [
        (json!({}), "FIELD_REQUIRED", "query"),
        (json!({ "query": 1 }), "VALIDATION", "query"),
        (json!({ "query": "{__typename}", "operationName": [] }), "VALIDATION", "operationName"),
        (json!({ "query": "{__typename}", "variables": "x" }), "VALIDATION", "variables"),
        (json!({ "query": "{__typename}", "extensions": 0 }), "VALIDATION", "extensions"),
        (json!("text"), "VALIDATION", "body"),
    ] {
        let answer = sent(post(body.to_string()), Development).await;
        assert_refused(&answer, 400, code);
        assert_eq!(answer.json()["errors"][0]["extensions"]["field"], json!(field));
    }
    let nulls =
        json!({ "query": "{ twice(number: 1) }", "operationName": null, "variables": null, "extensions": null });
    assert_eq!(sent(post(nulls.to_string()), Development).await.status, 200);
}

#[actix_web::test]
async fn a_list_of_requests_is_refused_with_a_code() {
    let batch = json!([{ "query": "{__typename}" }, { "query": "{__typename}" }]);
    assert_refused(&sent(post(batch.to_string()), Development).await, 400, "BATCH_NOT_TAKEN");
}

#[actix_web::test]
async fn a_body_that_is_not_json_is_refused_with_its_place() {
    let answer = sent(post("{ \"query\": \n nonsense"), Development).await;
    assert_refused(&answer, 400, "JSON_INVALID");
    assert_eq!(answer.json()["errors"][0]["extensions"]["facts"]["line"], json!(2));
    assert_refused(&sent(post(""), Development).await, 400, "JSON_INVALID");
    assert_refused(&sent(post("[".repeat(200_000)), Development).await, 400, "JSON_INVALID");
}

#[actix_web::test]
async fn a_body_beyond_the_limit_is_refused_and_one_at_it_is_read() {
    let padded = |bytes: usize| {
        let rest = "{\"query\":\"{ __typename }\",\"x\":\"\"}".len();
        post(format!("{{\"query\":\"{{ __typename }}\",\"x\":\"{}\"}}", "y".repeat(bytes - rest)))
    };
    assert_eq!(sent(padded(1024 * 1024), Development).await.status, 200);
    assert_refused(&sent(padded(1024 * 1024 + 1), Development).await, 413, "BODY_TOO_LARGE");
}

#[actix_web::test]
async fn a_document_that_does_not_fit_is_400_in_the_newer_and_200_in_the_older_convention() {
    let unfit = ["{", "{ nothing }", "{ twice }"].map(|query| (query, "QUERY_INVALID"));
    for (query, code) in unfit.into_iter().chain([("{ twice(number: \"x\") }", "VALIDATION")]) {
        let newer = sent(asked(query), Development).await;
        assert_refused(&newer, 400, code);
        let older = sent(asked(query).insert_header(("accept", "application/json")), Development).await;
        assert_refused(&older, 200, code);
    }
}

#[actix_web::test]
async fn a_required_variable_without_a_value_fails_the_request_before_anything_is_done() {
    let (acts, executor) = schema();
    let query = "mutation($n: Int!) { act __typename @include(if: $n) }";
    for variables in [json!({}), json!({ "n": null })] {
        let request = post(json!({ "query": query, "variables": variables }).to_string());
        assert_refused(&sent_with(request, Development, executor.clone()).await, 400, "FIELD_REQUIRED");
    }
    assert_eq!(acts.load(Ordering::SeqCst), 0);
    let defaulted = asked("query($n: Int! = 3) { twice(number: $n) }");
    assert_eq!(sent(defaulted, Development).await.json()["data"], json!({ "twice": 6 }));
}

#[actix_web::test]
async fn a_syntax_error_tells_the_place_and_repeats_nothing_of_the_query() {
    let answer = sent(asked("{ twice(number: 1)\n hunter2 secret( }"), Development).await;
    assert_refused(&answer, 400, "QUERY_INVALID");
    assert!(!answer.text.contains("hunter2") && !answer.text.contains("secret"), "{}", answer.text);
    assert_eq!(answer.json()["errors"][0]["extensions"]["facts"]["line"], json!(2));
}

#[actix_web::test]
async fn a_long_message_is_cut_and_many_errors_are_counted() {
    let long = sent(asked(&format!("{{ {} }}", "n".repeat(5_000))), Development).await;
    assert!(long.text.len() < 1_500, "{} bytes", long.text.len());
    let fields = (0..40).map(|number| format!("nothing{number}")).collect::<Vec<_>>().join(" ");
    let many = sent(asked(&format!("{{ {fields} }}")), Development).await.json();
    assert_eq!(many["errors"].as_array().map(Vec::len), Some(5));
    assert_eq!(many["extensions"]["errorsNotShown"], json!(35));
}

#[actix_web::test]
async fn queries_that_grow_are_refused_at_once() {
    let doubled = |n: u32| format!("fragment F{n} on Query {{ ...F{0} ...F{0} }}", n + 1);
    let doubling = (0..40).map(doubled).collect::<Vec<_>>().join(" ");
    let bomb = format!("{{ ...F0 }} {doubling} fragment F40 on Query {{ __typename }}");
    let cycle = "{ ...A } fragment A on Query { ...B ...B } fragment B on Query { ...A ...A }";
    let started = std::time::Instant::now();
    assert_refused(&sent(asked(&bomb), Development).await, 400, "QUERY_TOO_COMPLEX");
    assert_refused(&sent(asked(cycle), Development).await, 400, "QUERY_INVALID");
    let repeated = format!("{{ {} }}", "__typename ".repeat(10_000));
    assert_refused(&sent(asked(&repeated), Development).await, 400, "QUERY_TOO_COMPLEX");
    let deep = format!("{}{}", "{a".repeat(1_000), "}".repeat(1_000));
    assert_refused(&sent(asked(&deep), Development).await, 400, "QUERY_TOO_COMPLEX");
    let directives = format!("{{ __typename {} }}", "@aa".repeat(10));
    assert_refused(&sent(asked(&directives), Development).await, 400, "QUERY_TOO_COMPLEX");
    let long = format!("{{ __typename }} # {}", "x".repeat(200_000));
    assert_refused(&sent(asked(&long), Development).await, 400, "QUERY_TOO_COMPLEX");
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}

#[actix_web::test]
async fn a_fault_keeps_its_cause_and_gives_a_reference() {
    let answer = sent(asked("{ fails twice(number: 1) }"), Development).await;
    assert_eq!(answer.status, 200, "a field that failed does not fail the request");
    assert_eq!(answer.json()["data"], json!({ "fails": null, "twice": 2 }));
    assert_eq!(answer.code(), json!("INTERNAL"));
    assert!(answer.json()["errors"][0]["extensions"]["reference"].is_string());
    assert!(!answer.text.contains("SELECT"), "{}", answer.text);
}

#[actix_web::test]
async fn a_panic_is_an_answer() {
    let answer = sent(asked("{ panics }"), Development).await;
    assert_refused(&answer, 500, "INTERNAL");
    assert!(!answer.text.contains("a fault of the program"));
}

#[actix_web::test]
async fn the_key_tells_who_asks() {
    let who = async |authorization: &str| {
        let request = asked("{ who }").insert_header(("authorization", authorization));
        sent(request, Development).await
    };
    assert_eq!(sent(asked("{ who }"), Development).await.json()["data"]["who"], json!("public"));
    assert_eq!(who(&format!("Bearer {KEY}")).await.json()["data"]["who"], json!(KEY));
    assert_eq!(who(&format!("bearer {KEY}")).await.json()["data"]["who"], json!(KEY));
    for wrong in ["Bearer wrong", "Basic dTpw", "Bearer ", "Bearer"] {
        let answer = who(wrong).await;
        assert_refused(&answer, 401, "UNAUTHENTICATED");
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"yulin\"");
        assert!(!answer.text.contains("wrong"));
    }
}

#[actix_web::test]
async fn the_entry_a_client_has_seen_reaches_the_resolvers() {
    let asked_at = async |seq: &str| sent(asked("{ atLeast }").insert_header(("yulin-seq", seq)), Development).await;
    assert_eq!(asked_at("41").await.json()["data"]["atLeast"], json!(41));
    assert_eq!(sent(asked("{ atLeast }"), Development).await.json()["data"]["atLeast"], Value::Null);
    for wrong in ["-1", "x", "9223372036854775808"] {
        assert_refused(&asked_at(wrong).await, 400, "NUMBER_INVALID");
    }
}

#[actix_web::test]
async fn production_shows_its_schema_to_known_senders_only() {
    let schema_query = "{ ...S } fragment S on Query { __schema { queryType { name } } }";
    assert_refused(&sent(asked(schema_query), Production).await, 403, "FORBIDDEN");
    assert_refused(&sent(asked("{ x: __type(name: \"Query\") { name } }"), Production).await, 403, "FORBIDDEN");
    let known = asked(schema_query).insert_header(("authorization", format!("Bearer {KEY}")));
    assert_eq!(sent(known, Production).await.status, 200);
    assert_eq!(sent(asked(schema_query), Development).await.status, 200);
    let misspelt = sent(asked("{ twic }"), Production).await;
    assert!(!misspelt.text.contains("Did you mean"), "{}", misspelt.text);
}

#[actix_web::test]
async fn production_refuses_a_get_that_a_foreign_page_could_send() {
    let get = || TestRequest::get().uri("/graphql?query=%7B__typename%7D");
    assert_refused(&sent(get(), Production).await, 400, "PREFLIGHT_REQUIRED");
    assert_eq!(sent(get().insert_header(("yulin-preflight", "1")), Production).await.status, 200);
    assert_eq!(sent(get(), Development).await.status, 200);
}

#[actix_web::test]
async fn an_answer_to_a_get_that_its_client_holds_is_not_sent_again() {
    let get = |query: &str| {
        TestRequest::get().uri(&format!("/graphql?query={}", query.replace('{', "%7B").replace('}', "%7D")))
    };
    let first = sent(get("{twice(number:2)}"), Development).await;
    let tag = first.header("etag").to_owned();
    assert_eq!((first.status, first.header("cache-control")), (200, "private, no-cache"));
    assert!(tag.starts_with("W/\"") && !first.text.is_empty(), "{tag}");
    let again =
        |query: &str, held: &str| sent(get(query).insert_header(("if-none-match", held.to_owned())), Development);
    let held = again("{twice(number:2)}", &format!("\"other\", {tag}")).await;
    assert_eq!((held.status, held.header("etag"), held.text.as_str()), (304, tag.as_str(), ""));
    assert!(held.header("ratelimit").starts_with("\"cost\""), "{:?}", held.headers);
    assert_eq!(again("{twice(number:3)}", &tag).await.status, 200);
    assert_eq!(again("{twice(number:2)}", "\"other\"").await.status, 200);
    // What failed is not kept, and what was posted has no name.
    assert_eq!(sent(get("{nothing}"), Development).await.header("etag"), "");
    assert_eq!(sent(asked("{ twice(number: 2) }"), Development).await.header("etag"), "");
}
