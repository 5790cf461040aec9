//! A schema of a few fields and an admission without a registry, behind the gateway's own door.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use actix_web::body::to_bytes;
use actix_web::dev::ServiceResponse;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, web};
use async_graphql::{Context, EmptySubscription, Object, Request, Schema};
use serde_json::{Value, json};
use yulin_domain::codes::Role;
use yulin_gateway::http::{
    Admission, Admitted, Allowance, Caller, DemoInfo, Documents, Door, Example, HttpRefused, Page, Performing, Profile,
    Rates, Sender, routes, security_headers,
};

pub const KEY: &str = "the-known-key";

pub struct Query;

#[Object]
impl Query {
    async fn twice(&self, number: i32) -> i32 {
        number * 2
    }
    async fn long(&self, bytes: usize) -> String {
        "x".repeat(bytes)
    }
    async fn who(&self, ctx: &Context<'_>) -> String {
        ctx.data_unchecked::<Sender>().token.clone().unwrap_or_else(|| "public".to_owned())
    }
    async fn at_least(&self, ctx: &Context<'_>) -> Option<i64> {
        ctx.data_unchecked::<Sender>().at_least
    }
    async fn fails(&self) -> Option<async_graphql::Result<i32>> {
        Some(Err("near \"SELECT secret FROM personal\": syntax error".into()))
    }
    async fn panics(&self) -> i32 {
        i32::try_from(i64::MAX).expect("a fault of the program")
    }
}

pub struct Mutation;

#[Object]
impl Mutation {
    async fn act(&self, ctx: &Context<'_>) -> i64 {
        ctx.data_unchecked::<Arc<AtomicI64>>().fetch_add(1, Ordering::SeqCst) + 1
    }
}

pub type TestSchema = Schema<Query, Mutation, EmptySubscription>;

/// Knows one key, and answers every operation as of entry 7.
#[derive(Clone)]
pub struct OneKey;

impl Admission for OneKey {
    async fn admit(&self, sender: &Sender, request: Request) -> Result<Admitted, HttpRefused> {
        match sender.token.as_deref() {
            None | Some(KEY) => {
                let (request, caller) = (request.data(sender.clone()), Caller::of(sender));
                Ok(Admitted { request, answered_at: Box::new(|| Some(7)), caller })
            }
            Some(_) => Err(HttpRefused::KeyUnknown),
        }
    }

    async fn is_ready(&self) -> Result<(), HttpRefused> {
        Err(HttpRefused::NotReady)
    }
}

/// The number of acts performed, and the schema that performs them.
pub fn schema() -> (Arc<AtomicI64>, TestSchema) {
    let acts = Arc::new(AtomicI64::new(0));
    let schema = Schema::build(Query, Mutation, EmptySubscription).data(acts.clone()).limit_depth(12).finish();
    (acts, schema)
}

pub fn demo() -> DemoInfo {
    DemoInfo {
        zone_name: "浦江</script><b>".to_owned(),
        tokens: vec![(Role::Planner, "planner-key".to_owned())],
        examples: vec![Example {
            title: "Stock land".to_owned(),
            title_zh: "存量用地".to_owned(),
            query: "{ twice(number: 2) }".to_owned(),
            variables: json!({}),
        }],
    }
}

/// An answer, read.
pub struct Answer {
    pub status: u16,
    pub headers: actix_web::http::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
    pub fn code(&self) -> Value {
        self.json()["errors"][0]["extensions"]["code"].clone()
    }
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Sends one request to a gateway of its own.
pub async fn sent(request: TestRequest, profile: Profile) -> Answer {
    sent_with(request, profile, schema().1).await
}

pub async fn sent_with(request: TestRequest, profile: Profile, executor: TestSchema) -> Answer {
    let (allowance, documents) = (Allowance::of(Rates::usual(profile)), Documents::default());
    sent_to(
        request,
        Door { executor, admission: OneKey, profile, allowance, documents, performing: Performing::here() },
    )
    .await
}

pub async fn sent_to(request: TestRequest, door: Door<TestSchema, OneKey>) -> Answer {
    let profile = door.profile;
    let app = init_service(
        App::new()
            .app_data(web::Data::new(door))
            .app_data(web::Data::new(Page::new(Some(&demo()), profile)))
            .configure(routes::<TestSchema, OneKey>)
            .wrap(security_headers()),
    )
    .await;
    let response: ServiceResponse = call_service(&app, request.to_request()).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = to_bytes(response.into_body()).await.map_err(|_| "the body cannot be read").unwrap();
    Answer { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
}

/// A POST of JSON that asks for the newer media type.
pub fn post(body: impl Into<String>) -> TestRequest {
    TestRequest::post()
        .uri("/graphql")
        .insert_header(("content-type", "application/json"))
        .insert_header(("accept", "application/graphql-response+json"))
        .set_payload(body.into())
}

pub fn asked(query: &str) -> TestRequest {
    post(json!({ "query": query }).to_string())
}
