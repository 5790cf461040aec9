//! A client of a market over HTTP: acts as GraphQL, and the replies as they were told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::time::Duration;

use serde_json::{Value, json};
use yulin_domain::codes::Role;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{PlaceHold, ReleaseHold, Remainder, SettleHolds, SettleLeg, TransferUnits};
use yulin_domain::journal::{Act, ActBody, RecordKey, Refused};
use yulin_tests::TestRegistry;
use yulin_tests::market::{Market, Place};
use yulin_tests::replay::Lying;

const TOLD: &str = "__typename
    ... on ActDone { receipt { seq actId kind effectiveAt recordedAt hash } changed balances { account posted held } }
    ... on ActRefused { code leg field facts }";
/// Refusals that a market at random brings about.
const REFUSED: [ErrorCode; 3] = [ErrorCode::Insufficient, ErrorCode::HoldResolved, ErrorCode::HoldExceeded];

/// One who sends acts to whichever server there is.
#[derive(Debug, Clone)]
pub struct Trader {
    http: reqwest::Client,
    endpoint: String,
    /// Keys of the market's administrator and of its venue.
    admin: String,
    venue: String,
}

/// What was told of an act, in full: asked again, it must be told again.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply(Value);

impl Trader {
    /// One for a market; it has no server yet.
    pub async fn of(t: &TestRegistry, market: &Market) -> Self {
        let key = async |principal, role| t.registry.issue_key(principal, role, None).await.expect("a key");
        let http = reqwest::Client::builder().timeout(Duration::from_mins(1)).build().unwrap();
        let (admin, venue) = (key(market.ledger.admin, Role::Admin).await, key(market.ledger.venue, Role::Venue).await);
        Self { http, endpoint: String::new(), admin, venue }
    }

    /// The same, of another server.
    pub fn at(&self, endpoint: &str) -> Self {
        Self { endpoint: endpoint.to_owned(), ..self.clone() }
    }

    /// Sends an act; none where no answer comes, or one that does not say what became of it.
    pub async fn send(&self, act: &Act) -> Option<Reply> {
        let (query, variables) = asked(act);
        let key = if act.envelope.role == Role::Venue { &self.venue } else { &self.admin };
        let body = json!({ "query": query, "variables": variables });
        let sent = self.http.post(&self.endpoint).bearer_auth(key).json(&body).send().await.ok()?;
        let mut told: Value = sent.json().await.ok()?;
        if let Some(error) = told["errors"].get(0) {
            let code = &error["extensions"]["code"];
            assert!(["BUSY", "OUTCOME_UNKNOWN", "INTERNAL", "NOT_READY"].iter().any(|known| code == known), "{told}");
            return None;
        }
        Some(Reply(told["data"]["done"].take()))
    }
}

impl Reply {
    /// The entry, or why there is none.
    pub fn answer(&self) -> Result<i64, Refused> {
        let Self(done) = self;
        if done["__typename"] == "ActDone" {
            return Ok(number(&done["receipt"]["seq"]));
        }
        assert_eq!(done["__typename"], "ActRefused", "{done}");
        let code = done["code"].as_str().unwrap().parse().expect("a code of the catalogue");
        assert!(REFUSED.contains(&code), "{done}");
        let facts = serde_json::from_value(done["facts"].clone()).expect("facts by name");
        Err(Refused { facts, ..Refused::new(code) })
    }

    /// What it says of the accounts that were touched.
    pub fn lying(&self, market: &Market) -> Lying {
        let place = |one: &Value| -> Place {
            let is_named = |place: &Place| one["account"] == RecordKey::from(market.account(*place)).to_string();
            market.places().into_iter().find(is_named).expect("an account of the market")
        };
        let balances = self.0["balances"].as_array().expect("what lies there").iter();
        balances.map(|one| (place(one), (number(&one["posted"]), number(&one["held"])))).collect()
    }
}

fn number(value: &Value) -> i64 {
    value.as_str().expect("a number is a text").parse().expect("a number")
}

/// The request by which an act is asked for: of one leg by its own field, of several as a bundle.
fn asked(act: &Act) -> (String, Value) {
    let envelope = json!({ "actId": act.envelope.id.0, "reason": act.envelope.reason,
        "legalBasis": act.envelope.legal_basis });
    let mut legs: Vec<_> = act.legs.iter().map(input).collect();
    if legs.len() > 1 {
        let query = format!(
            "mutation($act: ActEnvelopeInput!, $legs: [ActBodyInput!]!) {{
            done: performBundle(act: $act, legs: $legs) {{ {TOLD} }} }}"
        );
        let legs: Vec<_> = legs.into_iter().map(|(field, _, input)| json!({ field: input })).collect();
        return (query, json!({ "act": envelope, "legs": legs }));
    }
    let (field, kind, input) = legs.remove(0);
    let query = format!(
        "mutation($act: ActEnvelopeInput!, $input: {kind}!) {{ done: {field}(act: $act, input: $input) {{ {TOLD} }} }}"
    );
    (query, json!({ "act": envelope, "input": input }))
}

/// The field of a leg, the type of its input, and its input.
fn input(leg: &ActBody) -> (&'static str, &'static str, Value) {
    let id = |key: RecordKey| key.to_string();
    match leg {
        ActBody::TransferUnits(TransferUnits { from, to, amount, .. }) => {
            let input = json!({ "from": id((*from).into()), "to": id((*to).into()), "amount": amount.to_string() });
            ("transferUnits", "TransferUnitsInput", input)
        }
        ActBody::PlaceHold(PlaceHold { account, amount, expires_at, .. }) => {
            let expires_at = expires_at.map(|at| at.to_string());
            let input = json!({ "account": id((*account).into()), "amount": amount.to_string(), "kind": "ORDER",
                "expiresAt": expires_at });
            ("placeHold", "PlaceHoldInput", input)
        }
        ActBody::SettleHolds(SettleHolds { legs, .. }) => {
            let leg = |SettleLeg { hold, to, amount, remainder }: &SettleLeg| {
                let remainder = if *remainder == Remainder::Keep { "KEEP" } else { "RELEASE" };
                json!({ "hold": id((*hold).into()), "to": id((*to).into()), "amount": amount.to_string(),
                    "remainder": remainder })
            };
            let legs: Vec<_> = legs.iter().map(leg).collect();
            ("settleHolds", "SettleHoldsInput", json!({ "legs": legs }))
        }
        ActBody::ReleaseHold(ReleaseHold { hold, .. }) => {
            ("releaseHold", "ReleaseHoldInput", json!({ "hold": id((*hold).into()) }))
        }
        other => panic!("a market does not ask for {other:?}"),
    }
}
