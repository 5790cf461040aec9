//! Every act has its mutation, and no role performs through it what the table of authority bars.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::HashMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, Type, TypeDefinition, TypeKind, TypeSystemDefinition};
use async_graphql::{EmptySubscription, Object, Request, Schema};
use yulin_domain::codes::{Labelled, Role};
use yulin_domain::journal::{ActKind, PrincipalId, may_perform};
use yulin_persistence::Identity;

use super::Mutations;
use crate::request::Viewer;

#[derive(Default)]
struct Nothing;

#[Object]
impl Nothing {
    async fn nothing(&self) -> bool {
        true
    }
}

fn schema() -> Schema<Nothing, Mutations, EmptySubscription> {
    Schema::new(Nothing, Mutations::default(), EmptySubscription)
}

/// The types of the schema by name.
fn types() -> HashMap<String, TypeDefinition> {
    let document = parse_schema(schema().sdl()).expect("the schema parses");
    let types = document.definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(found) => Some((found.node.name.node.to_string(), found.node)),
        _ => None,
    });
    types.collect()
}

/// The kinds that a request may ask for; the others are the registry's own.
fn asked_kinds() -> impl Iterator<Item = ActKind> {
    ActKind::ALL.iter().copied().filter(|kind| {
        use ActKind::{Bundle, ExpireHold, ExpireLots, ReportDifferences, SettleSchedule};
        !matches!(kind, Bundle | SettleSchedule | ExpireHold | ExpireLots | ReportDifferences)
    })
}

fn field_of(kind: ActKind) -> String {
    let mut words = kind.name().split('_');
    let first = words.next().unwrap().to_lowercase();
    words.fold(first, |name, word| name + &word[..1] + &word[1..].to_lowercase())
}

/// The least literal that a type takes.
fn sample(wanted: &Type, types: &HashMap<String, TypeDefinition>) -> String {
    let BaseType::Named(name) = &wanted.base else { return "[]".to_owned() };
    match types.get(name.as_str()).map(|found| &found.kind) {
        Some(TypeKind::Enum(members)) => members.values[0].node.value.node.to_string(),
        Some(TypeKind::InputObject(object)) => {
            let oneof = types[name.as_str()].directives.iter().any(|at| at.node.name.node == "oneOf");
            let least =
                object.fields.iter().filter(|field| !field.node.ty.node.nullable && field.node.default_value.is_none());
            let chosen: Vec<_> = if oneof { object.fields.iter().take(1).collect() } else { least.collect() };
            let given =
                chosen.iter().map(|field| format!("{}: {}", field.node.name.node, sample(&field.node.ty.node, types)));
            format!("{{{}}}", given.collect::<Vec<_>>().join(", "))
        }
        _ => match name.as_str() {
            "Int" | "Seq" | "Decimal" => "1".to_owned(),
            "GeoJSON" => "{type: \"Point\"}".to_owned(),
            _ => "\"x\"".to_owned(),
        },
    }
}

fn request(kind: ActKind, types: &HashMap<String, TypeDefinition>) -> String {
    let TypeKind::Object(root) = &types["Mutation"].kind else { panic!("the root is an object") };
    let field =
        root.fields.iter().find(|field| field.node.name.node == field_of(kind)).expect("a mutation for the kind");
    let arguments = field
        .node
        .arguments
        .iter()
        .map(|argument| format!("{}: {}", argument.node.name.node, sample(&argument.node.ty.node, types)));
    format!("mutation {{ {}({}) {{ __typename }} }}", field_of(kind), arguments.collect::<Vec<_>>().join(", "))
}

async fn code(request: Request) -> String {
    let reply = schema().execute(request).await;
    let error = reply.errors.first().expect("an error");
    let extensions = error.extensions.as_ref().unwrap_or_else(|| panic!("uncoded: {}", error.message));
    format!(
        "{} {}",
        extensions.get("code").unwrap(),
        extensions.get("facts").map(ToString::to_string).unwrap_or_default()
    )
}

#[test]
fn every_kind_of_act_has_its_mutation_and_its_place_in_a_list() {
    let types = types();
    let TypeKind::Object(root) = &types["Mutation"].kind else { panic!("the root is an object") };
    let TypeKind::InputObject(body) = &types["ActBodyInput"].kind else { panic!("a body is an input") };
    let roots: Vec<_> = root.fields.iter().map(|field| field.node.name.node.to_string()).collect();
    let bodies: Vec<_> = body.fields.iter().map(|field| field.node.name.node.to_string()).collect();
    for kind in asked_kinds() {
        assert!(roots.contains(&field_of(kind)), "{kind} has no mutation");
        assert!(bodies.contains(&field_of(kind)), "{kind} cannot stand in a list");
    }
    // What is no act and stands in no journal.
    let of_webhooks = roots.iter().filter(|root| root.contains("ebhook") || *root == "retryDeadLetters").count();
    // Beside the kinds of act there are the list and the bundle, and nothing else.
    assert_eq!((roots.len() - of_webhooks, bodies.len()), (asked_kinds().count() + 2, asked_kinds().count()));
    assert_eq!(of_webhooks, 7);
}

#[tokio::test]
async fn no_role_performs_what_it_may_not() {
    let types = types();
    let mut barred = 0;
    for kind in asked_kinds() {
        let anonymous = code(Request::new(request(kind, &types)).data(Viewer::public())).await;
        assert!(anonymous.contains("UNAUTHENTICATED"), "{kind}: {anonymous}");
        for role in Role::all().iter().copied().filter(|role| !may_perform(*role, kind)) {
            let viewer = Viewer::of(Identity { principal: PrincipalId::SYSTEM, role, party: None, narrowing: None });
            let answer = code(Request::new(request(kind, &types)).data(viewer)).await;
            assert!(answer.contains("FORBIDDEN") && answer.contains(kind.name()), "{kind} as {role}: {answer}");
            barred += 1;
        }
    }
    assert!(barred > ActKind::ALL.len(), "{barred} pairs were tried");
}

#[tokio::test]
async fn a_leg_that_is_barred_bars_the_bundle() {
    let legs = "[{retireZone: {zone: {id: \"x\", expectedSeq: 1}}}, \
                 {grantRole: {principal: {id: \"x\", expectedSeq: 1}, role: ADMIN}}]";
    let bundle = format!("mutation {{ performBundle(act: {{actId: \"x\"}}, legs: {legs}) {{ __typename }} }}");
    let viewer =
        Viewer::of(Identity { principal: PrincipalId::SYSTEM, role: Role::ZoneOfficer, party: None, narrowing: None });
    let answer = code(Request::new(bundle).data(viewer)).await;
    assert!(answer.contains("FORBIDDEN") && answer.contains("GRANT_ROLE"), "{answer}");
}

#[test]
fn everything_a_client_sends_or_gets_is_described() {
    let types = types();
    for (name, found) in types.iter().filter(|(name, _)| *name != "Nothing") {
        assert!(found.description.is_some(), "{name} is not described");
        let fields: Vec<_> = match &found.kind {
            TypeKind::Object(object) => {
                object.fields.iter().map(|field| (&field.node.name.node, field.node.description.is_some())).collect()
            }
            TypeKind::InputObject(object) => {
                object.fields.iter().map(|field| (&field.node.name.node, field.node.description.is_some())).collect()
            }
            _ => Vec::new(),
        };
        for (field, described) in fields {
            assert!(described, "{name}.{field} is not described");
        }
    }
}
