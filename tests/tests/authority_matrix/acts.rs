//! Mutations, as every role: who may perform what stands in the domain; what comes of it is told to whoever performed it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use yulin_domain::codes::Role;
use yulin_domain::journal::{ActKind, may_perform};
use yulin_gateway::disclosure::{Reading, reading};
use yulin_tests::Gateway;
use yulin_tests::paths::{edges_of, leaves};
use yulin_tests::told::{innermost, name_of};

use crate::asking::Asking;
use crate::compared::Tally;
use crate::viewers::Viewer;

/// Mutations that are no single act, each tried here or with webhooks in a way of its own.
const NO_ACTS: [&str; 10] = [
    "performAll",
    "performBundle",
    "createWebhook",
    "deleteWebhook",
    "pauseWebhook",
    "replayWebhook",
    "resumeWebhook",
    "retryDeadLetters",
    "rotateWebhookSecret",
    "",
];

/// The kind of act that a mutation performs.
fn kind_of(mutation: &str) -> ActKind {
    let upper: String = mutation.chars().flat_map(|c| c.is_uppercase().then_some('_').into_iter().chain([c])).collect();
    upper.to_uppercase().parse().unwrap_or_else(|_| panic!("{mutation} names no kind of act"))
}

fn envelope(is_dry: bool) -> Value {
    json!({ "actId": uuid::Uuid::now_v7(), "reason": "a test", "legalBasis": "a test", "dryRun": is_dry })
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

/// Whether an answer is refused as it must be to a role that may, or may not.
fn is_right(role: Role, may: bool, answer: &Value) -> bool {
    match role {
        Role::Public => code(answer) == "UNAUTHENTICATED",
        _ => (code(answer) == "FORBIDDEN") != may,
    }
}

/// Every mutation as everybody; how many there are.
pub async fn every_mutation(asking: &Asking<'_>, tally: &mut Tally) -> usize {
    let mutations = asking.schema.fields("Mutation");
    for mutation in &mutations {
        let name = name_of(mutation);
        if NO_ACTS.contains(&name) {
            continue;
        }
        let kind = kind_of(name);
        let arguments = mutation["args"].as_array().unwrap();
        let input = &arguments.iter().find(|argument| argument["name"] == "input").unwrap()["type"];
        let typed = name_of(innermost(input));
        let query = format!(
            "mutation($input: {typed}!, $act: ActEnvelopeInput!) {{ {name}(input: $input, act: $act) {{ __typename }} }}"
        );
        let variables = |_: &Viewer| json!({ "input": asking.schema.value(input), "act": envelope(true) });
        for (viewer, answer) in asking.answers(&query, variables).await {
            let is_fault = matches!(code(&answer), "QUERY_INVALID" | "VALIDATION" | "INTERNAL");
            let is_right = is_right(viewer.role, may_perform(viewer.role, kind), &answer) && !is_fault;
            tally.told((viewer, "mutation", name), is_right, &answer);
        }
    }
    mutations.len()
}

/// Lists and bundles, and webhooks, as everybody.
pub async fn every_other_mutation(asking: &Asking<'_>, tally: &mut Tally) {
    let party = json!({ "kind": "ENTERPRISE", "name": "企业" });
    let all = "mutation($acts: [ActInput!]!) { performAll(acts: $acts) { __typename } }";
    let bundle = "mutation($act: ActEnvelopeInput!, $legs: [ActBodyInput!]!) { performBundle(act: $act, legs: $legs) { __typename } }";
    let nobody = "\"webhook:00000000-0000-4000-8000-000000000001\"";
    for viewer in asking.viewers {
        let may = may_perform(viewer.role, ActKind::RegisterParty);
        let acts = json!({ "acts": [{ "act": envelope(true), "do": { "registerParty": party } }] });
        let legs = json!({ "act": envelope(true), "legs": [{ "registerParty": party }] });
        for (name, query, variables) in [("performAll", all, acts), ("performBundle", bundle, legs)] {
            let answer = asking.gateway.asked(viewer.key.as_deref(), query, &variables).await;
            tally.told((viewer, "mutation", name), is_right(viewer.role, may, &answer), &answer);
        }
        for name in NO_ACTS.iter().filter(|name| name.contains("ebhook") || **name == "retryDeadLetters") {
            let arguments = match *name {
                "createWebhook" => "input: { url: \"https://example.org/\" }".to_owned(),
                "replayWebhook" => format!("id: {nobody}, fromSeq: 1"),
                _ => format!("id: {nobody}"),
            };
            let below = if *name == "deleteWebhook" { "" } else { "{ __typename }" };
            let answer = told(asking.gateway, viewer, &format!("mutation {{ {name}({arguments}) {below} }}")).await;
            let may = reading(viewer.role, "Query", "webhooks") == Reading::Yes;
            let expected = match (may, *name) {
                (false, _) => "FORBIDDEN",
                (true, "createWebhook") => "",
                (true, _) => "NOT_FOUND",
            };
            let is_right =
                code(&answer) == expected || (viewer.role == Role::Public && code(&answer) == "UNAUTHENTICATED");
            tally.told((viewer, "mutation", name), is_right, &answer);
        }
    }
}

async fn told(gateway: &Gateway, viewer: &Viewer, query: &str) -> Value {
    gateway.asked(viewer.key.as_deref(), query, &json!({})).await
}

/// What comes of acts is told in full to whoever may perform them: the types that are reached in no other way.
pub async fn every_outcome(asking: &Asking<'_>, tally: &mut Tally) {
    let of = |name: &str| {
        let objects = edges_of(asking.schema, name)
            .into_iter()
            .map(|edge| format!("{} {{ {} }}", edge.field, leaves(asking.schema, &edge.to).join(" ")));
        format!("__typename {} {}", leaves(asking.schema, name).join(" "), objects.collect::<Vec<_>>().join(" "))
    };
    let payload = ["ActDone", "ActRefused", "ActPreview"].map(|name| format!("... on {name} {{ {} }}", of(name)));
    let payload = format!("{{ {} }}", payload.join(" "));
    let venue = asking.chosen_by[2];
    let account = asking.whole.ledger.firms[0].money;
    let register = format!(
        "mutation($act: ActEnvelopeInput!) {{ registerParty(act: $act, input: {{ kind: ENTERPRISE, name: \"企业\" }}) {payload} }}"
    );
    let stale = format!(
        "mutation($act: ActEnvelopeInput!) {{ amendParty(act: $act, input: {{ party: {{ id: \"party:{}\", expectedSeq: 1 }}, name: \"x\" }}) {payload} }}",
        asking.whole.sides[0].firm.party
    );
    let compare = format!(
        "mutation($act: ActEnvelopeInput!) {{ reconcileBooks(act: $act, input: {{ source: VENUE, positions: [{{ account: \"account:{account}\", posted: 7 }}] }}) {payload} }}"
    );
    let webhook = format!(
        "mutation {{ createWebhook(input: {{ url: \"https://example.org/\" }}) {{ {} }} }}",
        of("WebhookWithSecret")
    );
    let mut reached = BTreeSet::new();
    for (viewer, query, is_dry) in [
        (asking.admin, &register, false),
        (asking.admin, &register, true),
        (asking.admin, &stale, false),
        (asking.admin, &stale, true),
        (venue, &compare, false),
        (venue, &webhook, false),
    ] {
        let variables = json!({ "act": envelope(is_dry) });
        let variables = if query.contains("$act") { variables } else { json!({}) };
        let answer = asking.gateway.asked(viewer.key.as_deref(), query, &variables).await;
        let name =
            answer["data"].as_object().and_then(|data| data.values().next()).map(|told| told["__typename"].clone());
        reached.extend(name.and_then(|name| name.as_str().map(str::to_owned)));
        tally.told((viewer, "outcome", query), answer["errors"].is_null(), &answer);
    }
    assert_eq!(reached, ["ActDone", "ActPreview", "ActRefused", "WebhookWithSecret"].map(str::to_owned).into());
    let objects: BTreeSet<_> = asking.schema.objects().collect();
    let known = asking.paths.keys().map(String::as_str).chain([
        "Query",
        "Mutation",
        "Subscription",
        // Who asks is told of himself alone, which is tried apart.
        "Viewer",
        "ActDone",
        "ActPreview",
        "BalanceAfter",
        "WebhookWithSecret",
    ]);
    let unknown: Vec<_> = objects.difference(&known.collect()).copied().collect();
    assert!(unknown.is_empty(), "types that nothing here reaches: {unknown:?}");
}
