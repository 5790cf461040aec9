//! A scheduled act over GraphQL: handed in, read, begun, taken back, refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::time::Duration;

use async_graphql::{Request, Variables};
use serde_json::{Value, json};
use yulin_domain::codes::Role;
use yulin_persistence::Identity;

use super::test_registry::TestRegistry;
use crate::request::{OperationSeq, PinnedAt, Viewer};

const SCHEDULE: &str =
    "mutation($input: ScheduleActInput!, $act: ActEnvelopeInput!) { scheduleAct(input: $input, act: $act) {
    __typename ... on ActDone { receipt { seq kind } changed } ... on ActRefused { code field } } }";
const CANCEL: &str =
    "mutation($input: CancelScheduleInput!, $act: ActEnvelopeInput!) { cancelSchedule(input: $input, act: $act) {
    __typename ... on ActRefused { code } } }";
const READ: &str =
    "query($id: ID!) { schedule(id: $id) { id version author role beginsAt kinds state refusal { code message } }
    node(id: $id) { id } }";

struct Office {
    test: TestRegistry,
    viewer: Viewer,
}

impl Office {
    async fn open() -> Self {
        let test = TestRegistry::new().await;
        let principal = test.registry.ensure_principal("office", Role::ZoneOfficer).await.unwrap();
        let viewer = Viewer::of(Identity { principal, role: Role::ZoneOfficer, party: None, narrowing: None });
        Self { test, viewer }
    }

    async fn ask(&self, query: &str, variables: Value) -> Value {
        let request = Request::new(query).variables(Variables::from_json(variables)).data(self.viewer.clone());
        let request = request.data(PinnedAt::default()).data(OperationSeq::default());
        serde_json::to_value(self.test.schema.execute(request).await).unwrap()
    }

    /// Hands in a price of the nth parcel that is to hold from a while ahead.
    async fn schedule(&self, nth: usize, ahead_ms: i64) -> Value {
        let parcel =
            json!({ "id": format!("parcel:{}", self.test.parcels[nth]), "expectedSeq": self.version(nth).await });
        let at = jiff::Timestamp::now() + Duration::from_millis(ahead_ms.unsigned_abs());
        let input = json!({ "beginsAt": at.to_string(), "legs": [{ "setPrice": { "parcel": parcel, "price": { "asking": "321" } } }] });
        let told = self.ask(SCHEDULE, json!({ "input": input, "act": envelope() })).await;
        assert_eq!(told["data"]["scheduleAct"]["receipt"]["kind"], "SCHEDULE_ACT", "{told:#}");
        told["data"]["scheduleAct"].clone()
    }

    async fn version(&self, nth: usize) -> Value {
        let query = "query($id: ID!) { parcel(id: $id) { version } }";
        self.ask(query, json!({ "id": format!("parcel:{}", self.test.parcels[nth]) })).await["data"]["parcel"]["version"].clone()
    }

    async fn read(&self, done: &Value) -> Value {
        let told = self.ask(READ, json!({ "id": done["changed"][0] })).await;
        assert!(told["errors"].is_null(), "{told:#}");
        assert_eq!(told["data"]["node"]["id"], done["changed"][0]);
        told["data"]["schedule"].clone()
    }

    async fn settled(&self, done: &Value) -> Value {
        for _ in 0..100 {
            let schedule = self.read(done).await;
            if schedule["state"] != "WAITING" {
                return schedule;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("nothing became of it")
    }
}

fn envelope() -> Value {
    json!({ "actId": uuid::Uuid::new_v4(), "reason": "test", "legalBasis": "test" })
}

#[tokio::test]
async fn a_scheduled_act_begins_and_its_price_is_read() {
    let office = Office::open().await;
    let done = office.schedule(0, 800).await;
    let waiting = office.read(&done).await;
    assert_eq!((&waiting["state"], &waiting["kinds"]), (&json!("WAITING"), &json!(["SET_PRICE"])));
    assert_eq!((&waiting["role"], &waiting["refusal"]), (&json!("ZONE_OFFICER"), &Value::Null));
    assert_eq!(office.settled(&done).await["state"], "BEGUN");
    let query = "query($id: ID!) { parcel(id: $id) { price { asking } } }";
    let told = office.ask(query, json!({ "id": format!("parcel:{}", office.test.parcels[0]) })).await;
    assert_eq!(told["data"]["parcel"]["price"]["asking"], "321", "{told:#}");
    let alone = "query($id: ID!) { schedule(id: $id) { id } }";
    let forbidden = office.test.refused(Role::Public, alone, json!({ "id": done["changed"][0] })).await;
    assert_eq!(forbidden["code"], "FORBIDDEN");
}

#[tokio::test]
async fn what_is_refused_in_its_time_says_why_and_what_is_taken_back_stays_so() {
    let office = Office::open().await;
    let first = office.schedule(1, 700).await;
    // The same parcel, as it was seen before the first began.
    let second = office.schedule(1, 701).await;
    let third = office.schedule(2, 60_000).await;
    assert_eq!(office.settled(&first).await["state"], "BEGUN");
    let refused = office.settled(&second).await;
    assert_eq!((&refused["state"], &refused["refusal"]["code"]), (&json!("REFUSED"), &json!("CONFLICT")));
    let seen = json!({ "schedule": { "id": third["changed"][0], "expectedSeq": third["receipt"]["seq"] } });
    let told = office.ask(CANCEL, json!({ "input": seen, "act": envelope() })).await;
    assert_eq!(told["data"]["cancelSchedule"]["__typename"], "ActDone", "{told:#}");
    assert_eq!(office.read(&third).await["state"], "CANCELLED");
}

#[tokio::test]
async fn a_schedule_of_a_schedule_is_refused_with_its_place() {
    let office = Office::open().await;
    let inner = json!({ "scheduleAct": { "beginsAt": "2099-01-01T00:00:00Z", "legs": [] } });
    let input = json!({ "beginsAt": "2090-01-01T00:00:00Z", "legs": [inner] });
    let told = office.ask(SCHEDULE, json!({ "input": input, "act": envelope() })).await;
    assert_eq!(told["errors"][0]["extensions"]["code"], "NOT_SCHEDULABLE", "{told:#}");
    assert_eq!(told["errors"][0]["extensions"]["field"], "legs[0]");
}
