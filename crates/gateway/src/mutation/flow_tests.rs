//! Acts through GraphQL into a registry on SQLite, and their answers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use async_graphql::{EmptySubscription, Object, Request, Schema, Variables};
use serde_json::{Value, json};
use yulin_domain::codes::Role;
use yulin_persistence::{Identity, Migrate, OpenOptions, Registry};

use super::Mutations;
use crate::request::Viewer;

const ONE: &str = "mutation($act: ActEnvelopeInput!, $body: ActBodyInput!) { performBundle(act: $act, legs: [$body]) {
    __typename
    ... on ActDone { receipt { seq kind effectiveAt hash } changed }
    ... on ActRefused { code field leg facts message(lang: EN) between { seq kind } }
    ... on ActPreview { asOfSeq changes { record validFrom validTo } refusal { code } } } }";

#[derive(Default)]
struct Nothing;

#[Object]
impl Nothing {
    async fn nothing(&self) -> bool {
        true
    }
}

/// A registry of its own, a district in it, and an administrator.
struct House {
    schema: Schema<Nothing, Mutations, EmptySubscription>,
    viewer: Viewer,
    district: String,
}

impl House {
    async fn open() -> Self {
        let path = std::env::temp_dir().join(format!("yulin-mutation-{}.db", uuid::Uuid::new_v4()));
        let url = format!("sqlite://{}?mode=rwc", path.display());
        let options = OpenOptions { url, readers: 2, migrate: Migrate::Apply };
        let registry = Registry::open(&options).await.expect("a registry opens");
        let principal = registry.ensure_principal("test", Role::Admin).await.expect("a principal is registered");
        let viewer = Viewer::of(Identity { principal, role: Role::Admin, party: None });
        let schema = Schema::build(Nothing, Mutations::default(), EmptySubscription).data(registry).finish();
        let mut house = Self { schema, viewer, district: String::new() };
        let done = house.act(json!({"registerDistrict": {"code": "PJ", "name": "浦江", "profile": "OPEN", "grid": 4549,
            "timeZone": "Asia/Shanghai", "calendar": "CN"}})).await;
        house.district = done["changed"][0].as_str().expect("a district is made").to_owned();
        house
    }

    async fn ask(&self, query: &str, variables: Value) -> Value {
        let request = Request::new(query).variables(Variables::from_json(variables)).data(self.viewer.clone());
        serde_json::to_value(self.schema.execute(request).await).expect("a reply is JSON")
    }

    async fn sent(&self, act: Value, body: Value) -> Value {
        let reply = self.ask(ONE, json!({"act": act, "body": body})).await;
        assert!(reply["errors"].is_null(), "{reply:#}");
        reply["data"]["performBundle"].clone()
    }

    async fn act(&self, body: Value) -> Value {
        self.sent(json!({"actId": uuid::Uuid::new_v4()}), body).await
    }

    /// A parcel of a hundred metres or so, the nth from the west.
    fn parcel(&self, nth: u32) -> Value {
        let (west, east) = (119.9 + 0.002 * f64::from(nth), 119.901 + 0.002 * f64::from(nth));
        let ring = [[west, 29.45], [east, 29.45], [east, 29.451], [west, 29.451], [west, 29.45]];
        json!({"registerParcel": {"district": self.district, "code": format!("P{nth}"), "ownership": "STATE",
            "footprint": {"geometry": {"type": "Polygon", "coordinates": [ring]}}}})
    }
}

fn seen(done: &Value) -> Value {
    json!({"id": done["changed"][0], "expectedSeq": done["receipt"]["seq"]})
}

fn price(parcel: &Value, yuan: &str) -> Value {
    json!({"setPrice": {"parcel": parcel, "price": {"asking": yuan}}})
}

#[tokio::test]
async fn an_act_takes_effect_on_a_local_date_and_answers_the_same_when_asked_twice() {
    let house = House::open().await;
    let act = json!({"actId": uuid::Uuid::new_v4(), "effectiveOn": "2025-05-01", "reason": "test"});
    let done = house.sent(act.clone(), house.parcel(0)).await;
    assert_eq!(done["receipt"]["kind"], "REGISTER_PARCEL", "{done:#}");
    assert_eq!(done["receipt"]["effectiveAt"], "2025-04-30T16:00:00Z");
    assert!(done["changed"][0].as_str().unwrap().starts_with("parcel:"));
    assert_eq!(house.sent(act, house.parcel(0)).await, done);
}

#[tokio::test]
async fn a_dry_run_tells_the_changes_and_records_nothing() {
    let house = House::open().await;
    let parcel = seen(&house.act(house.parcel(0)).await);
    let act = json!({"actId": uuid::Uuid::new_v4(), "dryRun": true});
    let preview = house.sent(act, price(&parcel, "300")).await;
    assert_eq!(preview["__typename"], "ActPreview", "{preview:#}");
    assert_eq!((&preview["asOfSeq"], &preview["changes"][0]["record"]), (&parcel["expectedSeq"], &parcel["id"]));
    // Had it been recorded, the version seen would be another.
    assert_eq!(house.act(price(&parcel, "300")).await["__typename"], "ActDone");
    let refused = house.sent(json!({"actId": uuid::Uuid::new_v4(), "dryRun": true}), price(&parcel, "301")).await;
    assert_eq!(refused["refusal"]["code"], "CONFLICT", "{refused:#}");
}

#[tokio::test]
async fn a_conflict_names_the_acts_in_between() {
    let house = House::open().await;
    let parcel = seen(&house.act(house.parcel(0)).await);
    let other = house.act(price(&parcel, "300")).await;
    let refused = house.act(price(&parcel, "301")).await;
    assert_eq!((&refused["code"], &refused["field"]), (&json!("CONFLICT"), &json!("parcel")), "{refused:#}");
    assert_eq!(refused["between"], json!([{"seq": other["receipt"]["seq"], "kind": "SET_PRICE"}]));
}

#[tokio::test]
async fn each_act_of_a_list_is_answered_on_its_own() {
    let house = House::open().await;
    let parcel = seen(&house.act(house.parcel(0)).await);
    let element = |body: Value| json!({"act": {"actId": uuid::Uuid::new_v4()}, "do": body});
    let acts = [price(&parcel, "300"), price(&parcel, "0.001"), price(&parcel, "301"), house.parcel(1)].map(element);
    let query = "mutation($acts: [ActInput!]!) { performAll(acts: $acts) { __typename ... on ActRefused { code } } }";
    let reply = house.ask(query, json!({"acts": acts})).await;
    let answers = reply["data"]["performAll"].as_array().unwrap_or_else(|| panic!("{reply:#}"));
    let named: Vec<_> = answers.iter().map(|answer| answer["__typename"].as_str()).collect();
    assert_eq!(named, [Some("ActDone"), None, Some("ActRefused"), Some("ActDone")], "{reply:#}");
    assert_eq!(reply["errors"].as_array().unwrap().len(), 1);
    assert_eq!(reply["errors"][0]["path"], json!(["performAll", 1]));
    assert_eq!(reply["errors"][0]["extensions"]["code"], "NUMBER_INVALID");
    assert_eq!(reply["errors"][0]["extensions"]["field"], "price.asking");
}

#[tokio::test]
async fn a_bundle_is_all_or_none_and_names_the_leg() {
    let house = House::open().await;
    let query = "mutation($act: ActEnvelopeInput!, $legs: [ActBodyInput!]!) { performBundle(act: $act, legs: $legs) {
        __typename ... on ActDone { receipt { kind } changed } ... on ActRefused { code leg } } }";
    let overlapping = [house.parcel(0), house.parcel(1), house.parcel(0)];
    let act = || json!({"actId": uuid::Uuid::new_v4()});
    let reply = house.ask(query, json!({"act": act(), "legs": overlapping})).await;
    assert_eq!(reply["data"]["performBundle"]["leg"], 2, "{reply:#}");
    let reply = house.ask(query, json!({"act": act(), "legs": [house.parcel(0), house.parcel(1)]})).await;
    assert_eq!(reply["data"]["performBundle"]["receipt"]["kind"], "BUNDLE", "{reply:#}");
    assert_eq!(reply["data"]["performBundle"]["changed"].as_array().map(Vec::len), Some(2));
}
