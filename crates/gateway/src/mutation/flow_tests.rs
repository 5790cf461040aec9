//! Acts through GraphQL into a registry on SQLite, and their answers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use async_graphql::{EmptySubscription, Object, Request, Schema, Variables};
use serde_json::{Value, json};
use yulin_domain::codes::Role;
use yulin_domain::journal::PartyId;
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
    path: std::path::PathBuf,
    registry: Registry,
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
        let viewer = Viewer::of(Identity { principal, role: Role::Admin, party: None, narrowing: None });
        let schema = Schema::build(Nothing, Mutations::default(), EmptySubscription).data(registry.clone()).finish();
        let mut house = Self { path, registry, schema, viewer, district: String::new() };
        let done = house
            .act(json!({"registerDistrict": {"code": "PJ", "name": "浦江", "profile": "OPEN", "grid": 4549,
            "timeZone": "Asia/Shanghai", "calendar": "CN"}}))
            .await;
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

impl Drop for House {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let mut file = self.path.clone().into_os_string();
            file.push(end);
            // What SQLite has cleared away itself is not there.
            let _ = std::fs::remove_file(file);
        }
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
    let act = || json!({"actId": uuid::Uuid::new_v4()});
    let element = |body: Value| json!({"act": act(), "do": body});
    let acts = [price(&parcel, "300"), price(&parcel, "0.001"), price(&parcel, "301"), house.parcel(1)].map(element);
    let bundles = [
        json!({"act": act(), "legs": [house.parcel(2), house.parcel(3)]}),
        json!({"act": act(), "legs": [house.parcel(4), house.parcel(3)]}),
        json!({"act": act()}),
        json!({"act": act(), "do": house.parcel(4), "legs": [house.parcel(5)]}),
    ];
    let query = "mutation($acts: [ActInput!]!) { performAll(acts: $acts) {
        __typename ... on ActDone { changed } ... on ActRefused { code leg } } }";
    let all = [&acts[..], &bundles].concat();
    let reply = house.ask(query, json!({"acts": all})).await;
    let answers = reply["data"]["performAll"].as_array().unwrap_or_else(|| panic!("{reply:#}"));
    let named: Vec<_> = answers.iter().map(|answer| answer["__typename"].as_str()).collect();
    assert_eq!(named[..4], [Some("ActDone"), None, Some("ActRefused"), Some("ActDone")], "{reply:#}");
    assert_eq!(named[4..], [Some("ActDone"), Some("ActRefused"), None, None], "{reply:#}");
    assert_eq!((answers[4]["changed"].as_array().map(Vec::len), &answers[5]["leg"]), (Some(2), &json!(1)));
    let errors: Vec<_> = reply["errors"].as_array().unwrap().iter().map(|one| &one["extensions"]["code"]).collect();
    assert_eq!(errors, ["NUMBER_INVALID", "FIELD_REQUIRED", "VALIDATION"]);
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

#[tokio::test]
async fn rights_and_restrictions_are_granted_placed_and_carried() {
    let house = House::open().await;
    let holder = house.act(json!({"registerParty": {"kind": "DEPARTMENT", "name": "浦江县自然资源局"}})).await;
    let holder = holder["changed"][0].clone();
    let parcel = seen(&house.act(house.parcel(0)).await);
    let tenure = json!({"rightType": "STATE_CONSTRUCTION", "nature": "ALLOCATED", "grantMethod": "ALLOCATION"});
    let share = json!({"numerator": 1, "denominator": 1});
    let granted = house
        .act(json!({"grantRight": {"parcel": parcel, "tenure": tenure,
        "holders": [{"party": holder, "share": share}]}}))
        .await;
    assert_eq!(granted["__typename"], "ActDone", "{granted:#}");
    let right = granted["changed"][0].clone();
    let parcel = json!({"id": parcel["id"], "expectedSeq": granted["receipt"]["seq"]});
    let placed = house
        .act(json!({"placeRestriction": {"parcel": parcel, "nature": {"restriction": "MORTGAGE"},
        "right": right, "inFavourOf": holder, "amount": "5000000.5", "startsOn": "2026-01-01", "document": "D1",
        "external": {"system": "S", "externalId": "1", "state": "PENDING"}}}))
        .await;
    assert_eq!(placed["__typename"], "ActDone", "{placed:#}");
    let restriction = placed["changed"][0].clone();
    let parcel = json!({"id": parcel["id"], "expectedSeq": placed["receipt"]["seq"]});
    let ended = house
        .act(json!({"endRestriction": {"parcel": parcel, "restriction": restriction,
        "cause": "DISCHARGED"}}))
        .await;
    assert_eq!(ended["__typename"], "ActDone", "{ended:#}");
    let parcel = json!({"id": parcel["id"], "expectedSeq": ended["receipt"]["seq"]});
    let half = |nth: u32| {
        let edges = [119.9, 119.9005, 119.901];
        let (west, east) = (edges[nth as usize], edges[nth as usize + 1]);
        let ring = [[west, 29.45], [east, 29.45], [east, 29.451], [west, 29.451], [west, 29.45]];
        json!({"code": format!("C{nth}"), "footprint": {"geometry": {"type": "Polygon", "coordinates": [ring]}}})
    };
    let split = |dispositions: Value| json!({"splitParcel": {"parcel": parcel, "children": [half(0), half(1)], "dispositions": dispositions}});
    let left = house.act(split(json!([]))).await;
    assert_eq!(left["code"], "RIGHTS_NOT_CARRIED", "{left:#}");
    let done = house.act(split(json!([{"carried": {"record": right, "onto": [0, 1]}}]))).await;
    assert_eq!(done["__typename"], "ActDone", "{done:#}");
    // The right that ends, the parcel that retires, two parcels and two rights.
    assert_eq!(done["changed"].as_array().map(Vec::len), Some(6), "{done:#}");
}

#[tokio::test]
async fn a_frozen_parcel_is_released_by_a_second_person_alone() {
    let house = House::open().await;
    let parcel = seen(&house.act(house.parcel(0)).await);
    let frozen = house.act(json!({"placeFreeze": {"parcel": parcel, "kind": "COURT", "authority": "Court"}})).await;
    let freeze = frozen["changed"][0].clone();
    let parcel = json!({"id": parcel["id"], "expectedSeq": frozen["receipt"]["seq"]});
    let proposed = house
        .act(json!({"proposeFreezeRelease": {"parcel": parcel, "freeze": freeze,
        "authority": "Court"}}))
        .await;
    assert_eq!(proposed["__typename"], "ActDone", "{proposed:#}");
    let parcel = json!({"id": parcel["id"], "expectedSeq": proposed["receipt"]["seq"]});
    let approved = house.act(json!({"approveFreezeRelease": {"parcel": parcel, "freeze": freeze}})).await;
    assert_eq!(approved["code"], "FOUR_EYES", "{approved:#}");
}

#[tokio::test]
async fn zones_features_and_mistakes_come_and_go() {
    let house = House::open().await;
    let polygon = house.parcel(0)["registerParcel"]["footprint"].clone();
    let zone = house
        .act(json!({"registerZone": {"district": house.district, "kind": "FLOOD", "code": "Z",
        "footprint": polygon}}))
        .await;
    let on = json!({"actId": uuid::Uuid::new_v4(), "effectiveOn": "2020-01-01"});
    let early = house.sent(on, json!({"retireZone": {"zone": seen(&zone)}})).await;
    assert_eq!(early["__typename"], "ActRefused", "a zone cannot end before it began: {early:#}");
    assert_eq!(house.act(json!({"retireZone": {"zone": seen(&zone)}})).await["__typename"], "ActDone");
    let id = uuid::Uuid::new_v4();
    let feature = house.sent(json!({"actId": id}), json!({"registerFeature": {"district": house.district,
        "kind": "HIGHWAY_EXIT", "code": "F", "geometry": {"geometry": {"type": "Point", "coordinates": [119.9, 29.4]}}}})).await;
    let seq = feature["receipt"]["seq"].clone();
    let rescission = json!({"rescindAct": {"seq": seq, "act": format!("act:{id}")}});
    let unreasoned = house.act(rescission.clone()).await;
    assert_eq!(unreasoned["code"], "REASON_REQUIRED", "{unreasoned:#}");
    let rescinded = house.sent(json!({"actId": uuid::Uuid::new_v4(), "reason": "entered twice"}), rescission).await;
    assert_eq!(
        (&rescinded["__typename"], &rescinded["changed"]),
        (&json!("ActDone"), &feature["changed"]),
        "{rescinded:#}"
    );
}

#[tokio::test]
async fn a_person_is_kept_out_of_the_answer_and_erased_on_a_legal_basis() {
    let house = House::open().await;
    let named = json!({"registerParty": {"kind": "NATURAL_PERSON", "personal": {"name": "某甲", "contact": "c"}}});
    let done = house.act(named).await;
    let party: PartyId = done["changed"][0].as_str().unwrap().trim_start_matches("party:").parse().unwrap();
    let kept = house.registry.personal_of_party(party).await.unwrap();
    assert_eq!(house.registry.personal(&kept).await.unwrap()[&kept[0]].0["name"], "某甲");
    let erase = json!({"erasePersonal": {"party": seen(&done), "personal": [kept[0].to_string()]}});
    assert_eq!(house.act(erase.clone()).await["code"], "LEGAL_BASIS_REQUIRED");
    let act = json!({"actId": uuid::Uuid::new_v4(), "legalBasis": "PIPL 47"});
    assert_eq!(house.sent(act, erase).await["__typename"], "ActDone");
    assert!(house.registry.personal(&kept).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_empty_list_has_an_empty_answer_and_an_empty_bundle_none() {
    let house = House::open().await;
    let list = house.ask("mutation { performAll(acts: []) { __typename } }", json!({})).await;
    assert_eq!(list["data"]["performAll"], json!([]), "{list:#}");
    let bundle = "mutation { performBundle(act: {actId: \"x\"}, legs: []) { __typename } }";
    assert_eq!(house.ask(bundle, json!({})).await["errors"][0]["extensions"]["code"], "BUNDLE_INVALID");
}
