//! The sandbox over HTTP: what each switch does to the client, and what it leaves in the journal.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;
use yulin_domain::codes::Role;
use yulin_gateway::http::Sandbox;
use yulin_tests::command::{binary, told};
use yulin_tests::{Gateway, TestRegistry, each_backend};

const REGISTER: &str = "mutation($act: ActEnvelopeInput!, $name: String!) { registerParty(act: $act,
    input: { kind: ENTERPRISE, name: $name }) { __typename ... on ActDone { receipt { seq } }
    ... on ActRefused { code facts } ... on ActPreview { asOfSeq } } }";

/// A sandbox, one who acts in it, and the entries that stood before he began.
struct House {
    gateway: Gateway,
    key: String,
    before: i64,
}

/// An act that may be sent again.
#[derive(Clone)]
struct Order(Value);

impl Order {
    fn new() -> Self {
        let id = Uuid::now_v7();
        Self(json!({ "act": { "actId": id, "reason": "test" }, "name": format!("Party {id}") }))
    }

    fn tried(mut self) -> Self {
        self.0["act"]["dryRun"] = json!(true);
        self
    }
}

impl House {
    async fn open(t: &TestRegistry) -> Self {
        let key = t.key(Role::Admin).await.unwrap();
        let gateway = Gateway::sandbox(&t.registry, Sandbox::default()).await;
        let before = t.registry.head().await.unwrap().seq;
        Self { gateway, key, before }
    }

    async fn sent(&self, order: &Order, fault: Option<&str>) -> reqwest::Result<Response> {
        let request = self.gateway.post(Some(&self.key)).json(&json!({ "query": REGISTER, "variables": order.0 }));
        match fault {
            Some(fault) => request.header("Yulin-Fault", fault),
            None => request,
        }
        .send()
        .await
    }

    /// What is answered under a fault, or without one.
    async fn told(&self, order: &Order, fault: Option<&str>) -> Value {
        self.sent(order, fault).await.expect("an answer").json().await.expect("JSON")
    }

    /// Entries recorded since the house was opened.
    async fn recorded(&self) -> i64 {
        self.gateway.registry.head().await.unwrap().seq - self.before
    }

    async fn plan(&self, method: Method, key: Option<&str>, body: Option<Value>) -> (StatusCode, Value) {
        let request = self.gateway.client().request(method, format!("http://{}/sandbox/faults", self.gateway.address));
        let request = key.map_or(request.try_clone().unwrap(), |key| request.bearer_auth(key));
        let request = body.map_or(request.try_clone().unwrap(), |body| request.json(&body));
        let answer = request.send().await.unwrap();
        (answer.status(), answer.json().await.unwrap())
    }
}

fn done(told: &Value) -> Option<i64> {
    let done = &told["data"]["registerParty"];
    (done["__typename"] == "ActDone").then(|| done["receipt"]["seq"].to_string().trim_matches('"').parse().unwrap())
}

fn code(told: &Value) -> &str {
    told["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

/// Whether the connection was closed without a byte of an answer.
fn is_cut_off(sent: &reqwest::Result<Response>) -> bool {
    sent.as_ref().is_err_and(|error| error.is_request() && !error.is_timeout())
}

each_backend! {
    async fn after_a_dropped_reply_the_same_id_gets_the_receipt_and_nothing_happened_twice(t) {
        let house = House::open(&t).await;
        let order = Order::new();
        assert!(is_cut_off(&house.sent(&order, Some("drop-reply")).await));
        assert_eq!(house.recorded().await, 1, "what was asked is done");
        let seq = done(&house.told(&order, None).await).expect("a receipt");
        assert_eq!(seq, house.before + 1);
        assert!(is_cut_off(&house.sent(&order, Some("drop-reply")).await));
        assert_eq!(done(&house.told(&order, None).await), Some(seq));
        assert_eq!(house.recorded().await, 1, "and once");
        house.gateway.close().await;
        t.assert_sound().await;
    }

    async fn after_a_dropped_request_nothing_has_happened(t) {
        let house = House::open(&t).await;
        let order = Order::new();
        assert!(is_cut_off(&house.sent(&order, Some("drop-request")).await));
        assert_eq!(house.recorded().await, 0);
        assert_eq!(done(&house.told(&order, None).await), Some(house.before + 1));
        house.gateway.close().await;
    }

    async fn an_unknown_outcome_is_settled_by_the_same_id(t) {
        let house = House::open(&t).await;
        let order = Order::new();
        let told = house.told(&order, Some("outcome-unknown")).await;
        assert_eq!((code(&told), &told["extensions"]["seq"]), ("OUTCOME_UNKNOWN", &Value::Null), "{told}");
        assert_eq!(house.recorded().await, 1);
        assert_eq!(done(&house.told(&order, None).await), Some(house.before + 1));
        assert_eq!(house.recorded().await, 1);
        house.gateway.close().await;
    }

    async fn busy_and_refused_acts_leave_nothing_and_are_not_remembered(t) {
        let house = House::open(&t).await;
        let order = Order::new();
        assert_eq!(code(&house.told(&order, Some("busy")).await), "BUSY");
        let told = house.told(&order, Some("refuse=FROZEN")).await;
        assert_eq!(told["data"]["registerParty"]["code"], "FROZEN", "{told}");
        assert_eq!(house.recorded().await, 0);
        let seq = done(&house.told(&order, None).await).expect("a receipt");
        assert_eq!(done(&house.told(&order, Some("refuse=FROZEN")).await), Some(seq), "a receipt is not taken back");
        house.gateway.close().await;
        t.assert_sound().await;
    }

    async fn queries_and_dry_runs_have_no_faults_of_acts(t) {
        let house = House::open(&t).await;
        for fault in ["busy", "refuse=FROZEN", "outcome-unknown"] {
            let tried = house.told(&Order::new().tried(), Some(fault)).await;
            assert_eq!(tried["data"]["registerParty"]["__typename"], "ActPreview", "{fault}: {tried}");
            let query = house.gateway.post(Some(&house.key)).json(&json!({ "query": "{ __typename }" }));
            let asked: Value = query.header("Yulin-Fault", fault).send().await.unwrap().json().await.unwrap();
            assert_eq!(asked["data"]["__typename"], "Query", "{fault}: {asked}");
        }
        house.gateway.close().await;
    }

    async fn a_slow_answer_is_late_by_as_much_as_was_asked_and_the_act_is_not(t) {
        let house = House::open(&t).await;
        let begun = Instant::now();
        let order = Order::new();
        let sent = tokio::join!(house.sent(&order, Some("slow=1500")), async {
            tokio::time::sleep(Duration::from_millis(1_000)).await;
            house.recorded().await
        });
        assert!(begun.elapsed() >= Duration::from_millis(1_500));
        assert_eq!(sent.1, 1, "recorded before it is answered");
        assert!(sent.0.unwrap().status().is_success());
        let begun = Instant::now();
        assert!(is_cut_off(&house.sent(&Order::new(), Some("slow=300, drop-reply")).await));
        assert!(begun.elapsed() >= Duration::from_millis(300));
        house.gateway.close().await;
    }

    async fn a_switch_that_cannot_be_read_is_told_with_a_code_and_nothing_is_done(t) {
        let house = House::open(&t).await;
        for fault in ["explode", "slow=60001", "slow=x", "refuse=BUSY", "refuse=NOPE", "busy, drop-reply", ""] {
            let sent = house.sent(&Order::new(), Some(fault)).await.unwrap();
            assert_eq!(sent.status(), StatusCode::BAD_REQUEST, "{fault}");
            let told: Value = sent.json().await.unwrap();
            let extensions = &told["errors"][0]["extensions"];
            assert_eq!((code(&told), &extensions["field"]), ("VALIDATION", &json!("Yulin-Fault")), "{fault}");
        }
        assert_eq!(house.recorded().await, 0);
        house.gateway.close().await;
    }

    async fn a_plan_is_of_one_key_and_its_faults_repeat_with_its_seed(t) {
        let house = House::open(&t).await;
        let chances = json!({ "drop-reply": 250, "drop-request": 250, "outcome-unknown": 250 });
        let plan = json!({ "seed": 11, "perMille": chances });
        let mut runs = Vec::new();
        for _ in 0..2 {
            let (status, told) = house.plan(Method::PUT, Some(&house.key), Some(plan.clone())).await;
            assert_eq!((status, &told["requests"], &told["plan"]["slowMillis"]), (StatusCode::OK, &json!(0), &json!(1_000)));
            let mut run = Vec::new();
            for _ in 0..20 {
                let sent = house.sent(&Order::new(), None).await;
                run.push(match sent {
                    Err(_) => "cut off".to_owned(),
                    Ok(answer) => code(&answer.json().await.unwrap()).to_owned(),
                });
            }
            runs.push(run);
        }
        assert_eq!(runs[0], runs[1]);
        assert!(["cut off", "OUTCOME_UNKNOWN", ""].iter().all(|one| runs[0].iter().any(|met| met == one)), "{runs:?}");
        assert!(done(&house.told(&Order::new(), Some("none")).await).is_some(), "the header goes before the plan");
        assert_eq!(house.plan(Method::GET, Some(&house.key), None).await.1["requests"], 20);
        let other = t.key(Role::ZoneOfficer).await.unwrap();
        assert_eq!(house.plan(Method::GET, Some(&other), None).await.1, json!({ "plan": null, "requests": 0 }));
        assert_eq!(house.plan(Method::DELETE, Some(&house.key), None).await.1["plan"], Value::Null);
        for _ in 0..20 {
            assert!(done(&house.told(&Order::new(), None).await).is_some());
        }
        house.gateway.close().await;
        t.assert_sound().await;
    }

    async fn a_client_that_asks_again_with_the_same_id_never_loses_count_under_random_faults(t) {
        let house = House::open(&t).await;
        let chances = json!({ "slow": 50, "busy": 150, "drop-reply": 150, "drop-request": 150, "outcome-unknown": 150 });
        let plan = json!({ "seed": 5, "slowMillis": 5, "perMille": chances });
        house.plan(Method::PUT, Some(&house.key), Some(plan)).await;
        let mut seqs = Vec::new();
        for _ in 0..60 {
            let order = Order::new();
            for attempt in 0..100 {
                assert!(attempt < 99, "never answered");
                let Ok(answer) = house.sent(&order, None).await else { continue };
                if let Some(seq) = done(&answer.json().await.unwrap()) {
                    seqs.push(seq);
                    break;
                }
            }
        }
        let expected: Vec<_> = (1..=60).map(|nth| house.before + nth).collect();
        assert_eq!(seqs, expected, "every act once, in the order of its client");
        house.gateway.close().await;
        t.assert_sound().await;
    }

    async fn what_is_no_plan_and_who_is_not_known_is_told_with_a_code(t) {
        let house = House::open(&t).await;
        let key = Some(house.key.as_str());
        for (body, field) in [
            (json!({ "perMille": { "busy": 1_001 } }), "perMille"),
            (json!({ "perMille": {}, "slowMillis": 60_001 }), "slowMillis"),
            (json!({ "perMille": {}, "refuseCode": "INTERNAL" }), "refuseCode"),
            (json!({ "perMille": { "explode": 1 } }), "body"),
            (json!([]), "body"),
        ] {
            let (status, told) = house.plan(Method::PUT, key, Some(body)).await;
            assert_eq!((status, code(&told)), (StatusCode::BAD_REQUEST, "VALIDATION"), "{told}");
            assert_eq!(told["errors"][0]["extensions"]["field"], field);
        }
        for key in [None, Some("yulin_unknown")] {
            let (status, told) = house.plan(Method::GET, key, None).await;
            assert_eq!((status, code(&told)), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"));
        }
        let (status, told) = house.plan(Method::POST, key, None).await;
        assert_eq!((status, code(&told)), (StatusCode::METHOD_NOT_ALLOWED, "HTTP_METHOD_NOT_ALLOWED"));
        house.gateway.close().await;
    }

    async fn every_answer_says_that_it_is_of_a_sandbox_and_none_elsewhere(t) {
        let house = House::open(&t).await;
        let earnest = Gateway::open(&t.registry).await;
        for path in ["/", "/healthz", "/nowhere", "/sandbox/faults", "/graphql?query=%7B__typename%7D"] {
            for (gateway, expected) in [(&house.gateway, true), (&earnest, false)] {
                let answer = gateway.client().get(format!("http://{}{path}", gateway.address)).send().await.unwrap();
                assert_eq!(answer.headers().contains_key("yulin-sandbox"), expected, "{path}");
                if path == "/sandbox/faults" && !expected {
                    let told: Value = answer.json().await.unwrap();
                    assert_eq!(code(&told), "ROUTE_UNKNOWN");
                }
            }
        }
        for fault in ["drop-request", "busy", "explode"] {
            let request = earnest.post(Some(&house.key)).header("Yulin-Fault", fault);
            let sent = request.json(&json!({ "query": REGISTER, "variables": Order::new().0 })).send().await.unwrap();
            assert!(done(&sent.json().await.unwrap()).is_some(), "the switch is not read: {fault}");
        }
        earnest.close().await;
        house.gateway.close().await;
    }
}

/// `yulin serve --sandbox` in a folder, until the test ends.
struct Served(std::process::Child);

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_makes_a_sandbox_of_its_own_which_is_no_demo() {
    let folder = tempfile::tempdir().unwrap();
    let yulin = |words: &[&str]| {
        let mut command = Command::new(binary());
        command.args(words).args(["--bind", "127.0.0.1:0", "--json"]).current_dir(folder.path());
        command.env_remove("YULIN_DATABASE").stdin(Stdio::null()).stderr(Stdio::null());
        command
    };
    let process = yulin(&["serve", "--sandbox", "--scale", "30"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut served = Served(process);
    let mut line = String::new();
    BufReader::new(served.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let start: Value = serde_json::from_str(&line).expect("it tells its address");
    let tokens = start["tokens"].as_array().unwrap();
    let venue = tokens.iter().find(|token| token["role"] == "VENUE").expect("a key for trading platforms");
    let ask = || {
        let asked = reqwest::Client::new().post(start["endpoint"].as_str().unwrap());
        asked
            .bearer_auth(venue["token"].as_str().unwrap())
            .json(&json!({ "query": "{ districts { generated calendar } calendar(name: \"CN\") { coversTo } }" }))
    };
    let answer = ask().send().await.unwrap();
    assert_eq!(answer.headers()["yulin-sandbox"], "true");
    let data: Value = answer.json().await.unwrap();
    assert_eq!(data["data"]["districts"][0], json!({ "generated": true, "calendar": "CN" }), "{data}");
    assert_eq!(data["data"]["calendar"]["coversTo"], "2026-12-31");
    assert!(is_cut_off(&ask().header("Yulin-Fault", "drop-reply").send().await));
    drop(served);
    let database = ["--database", "sqlite://yulin-sandbox.sqlite"];
    let refused = told(&yulin(&[&["serve", "--demo"][..], &database].concat()).output().unwrap());
    assert_eq!((refused.error().0, refused.error().1), ("STATE", "database"), "{refused:?}");
    let both = told(&yulin(&["serve", "--demo", "--sandbox"]).output().unwrap());
    assert_eq!(both.error().0, "VALIDATION", "{both:?}");
}
