//! The tables cover the schema and the addresses: what is added without a rule fails here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{ASKED, EXPORTS, ROUTES, UNDIVIDED, types};
use crate::export::Exportable;
use crate::schema::{FEW, PAGED, WHOLE, schema_sdl};

/// Arguments that choose no rows by a value: pages, times, what is asked for by its id, and inputs of their own.
const NO_FILTERS: [&str; 7] = ["after", "asOf", "feed", "filter", "first", "orderBy", "to"];
/// Lists that are made for their arguments: these say what is asked for, and narrow nothing.
const ASKED_FOR: [&str; 7] = [
    "Calendar.days",
    "Query.compareBooks",
    "Query.errors",
    "Query.nodes",
    "Query.parcelAt",
    "Query.unitLife",
    "Mutation.performAll",
];

/// A field of the schema: its type as text, and its arguments.
struct Field {
    of: String,
    arguments: Vec<String>,
}

/// What the schema holds, read from its text: the members of objects, inputs and enums by `kind Name`.
fn members_of_schema() -> BTreeMap<String, BTreeMap<String, Field>> {
    let sdl = schema_sdl();
    let (mut found, mut parent, mut open): (BTreeMap<String, BTreeMap<String, Field>>, _, Option<String>) =
        (BTreeMap::new(), String::new(), None);
    for line in without_descriptions(&sdl) {
        let word = |text: &str| text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>();
        let of =
            |text: &str| text.rsplit_once("): ").or_else(|| text.split_once(": ")).map_or("", |of| of.1).to_owned();
        let kind = ["type ", "input ", "enum "].into_iter().find(|kind| line.starts_with(kind));
        if let Some(kind) = kind {
            parent = format!("{kind}{}", word(&line[kind.len()..]));
            found.entry(parent.clone()).or_default();
        } else if line.starts_with('}') {
            parent.clear();
        } else if let (Some(members), Some(text)) = (found.get_mut(&parent), line.strip_prefix('\t')) {
            match (&open, text.strip_prefix('\t')) {
                (Some(field), Some(argument)) => {
                    members.get_mut(field).unwrap().arguments.push(word(argument.trim_start()));
                }
                (Some(field), None) => {
                    members.get_mut(field).unwrap().of = of(text);
                    open = None;
                }
                (None, _) => {
                    let name = word(text);
                    open = text.trim_end().ends_with('(').then(|| name.clone());
                    members.insert(name, Field { of: of(text), arguments: Vec::new() });
                }
            }
        }
    }
    found
}

fn without_descriptions(sdl: &str) -> impl Iterator<Item = &str> {
    let mut is_text = false;
    sdl.lines().filter(move |line| {
        let is_mark = line.trim() == "\"\"\"";
        is_text ^= is_mark;
        !is_mark && !is_text && !line.trim().is_empty()
    })
}

/// `Type.field` of every object but the root of mutations, whose fields are acts.
fn fields_of_schema() -> BTreeSet<String> {
    let schema = members_of_schema();
    let objects = schema.iter().filter_map(|(name, fields)| Some((name.strip_prefix("type ")?, fields)));
    let read = objects.filter(|(name, _)| *name != "Mutation");
    read.flat_map(|(name, fields)| fields.keys().map(move |field| format!("{name}.{field}"))).collect()
}

fn fields_of_table() -> Vec<String> {
    let fields =
        types().flat_map(|of| of.rules.iter().flat_map(move |(_, fields)| fields.iter().map(move |f| (of.name, *f))));
    fields.map(|(parent, field)| format!("{parent}.{field}")).collect()
}

/// What keeps a table from being that of the schema: what has no rule, what has two, and rules of nothing.
fn faults(schema: &BTreeSet<String>, listed: &[String]) -> Vec<String> {
    let table: BTreeSet<_> = listed.iter().cloned().collect();
    let mut faults: Vec<_> = schema.difference(&table).map(|field| format!("without a rule: {field}")).collect();
    faults.extend(table.difference(schema).map(|field| format!("no such field: {field}")));
    faults.extend(
        table
            .iter()
            .filter(|one| listed.iter().filter(|two| two == one).count() > 1)
            .map(|one| format!("twice: {one}")),
    );
    faults
}

#[test]
fn every_field_of_the_schema_has_one_rule_and_every_rule_a_field() {
    let schema = fields_of_schema();
    assert!(schema.len() > 500, "the schema was not read: {} fields", schema.len());
    assert_eq!(faults(&schema, &fields_of_table()), [""; 0]);
}

#[test]
fn a_new_field_without_a_rule_a_rule_without_a_field_and_a_second_rule_are_found() {
    let (mut schema, mut table) = (fields_of_schema(), fields_of_table());
    schema.insert("Parcel.secret".to_owned());
    assert_eq!(faults(&schema, &table), ["without a rule: Parcel.secret"]);
    table.extend(["Parcel.secret", "Parcel.secret", "Parcel.gone"].map(str::to_owned));
    assert_eq!(faults(&schema, &table), ["no such field: Parcel.gone", "twice: Parcel.secret"]);
}

#[test]
fn every_member_of_a_filter_and_every_order_has_a_rule() {
    let schema = members_of_schema();
    let is_asked = |name: &str| name.ends_with("FilterInput") || name.ends_with("OrderField");
    let inputs =
        schema.iter().filter_map(|(name, of)| Some((name.split_once(' ')?.1, of))).filter(|(name, _)| is_asked(name));
    // How an area is given is no member of a parcel.
    let inputs = inputs.filter(|(name, _)| *name != "AreaFilterInput");
    let asked: BTreeSet<_> =
        inputs.flat_map(|(name, of)| of.keys().map(move |member| format!("{name}.{member}"))).collect();
    let lists = schema.iter().filter_map(|(name, fields)| Some((name.strip_prefix("type ")?, fields)));
    let narrowed = lists.flat_map(|(name, fields)| {
        let is_list = |of: &str| of.starts_with('[') || of.ends_with("Connection!");
        let lists = fields.iter().filter(move |(_, field)| is_list(&field.of));
        lists.map(move |(field, of)| (format!("{name}.{field}"), of))
    });
    let narrowed = narrowed.filter(|(list, _)| !ASKED_FOR.contains(&list.as_str()));
    let arguments = narrowed.flat_map(|(list, of)| {
        let by = of.arguments.iter().filter(|argument| !NO_FILTERS.contains(&argument.as_str()));
        by.map(|argument| format!("{list}.{argument}")).collect::<Vec<_>>()
    });
    let asked: BTreeSet<_> = asked.into_iter().chain(arguments).collect();
    let members =
        ASKED.iter().flat_map(|(of, members)| members.iter().map(move |(member, _)| format!("{of}.{member}")));
    assert_eq!(faults(&asked, &members.collect::<Vec<_>>()), [""; 0]);
}

#[test]
fn what_questions_read_are_fields_of_the_schema() {
    let schema = fields_of_schema();
    let read = ASKED.iter().flat_map(|(_, members)| members.iter().map(|(_, read)| read));
    for (parent, field) in read.chain(EXPORTS.iter().map(|(_, read)| read)) {
        assert!(schema.contains(&format!("{parent}.{field}")), "{parent}.{field}");
    }
}

#[test]
fn what_is_undivided_are_fields_of_the_schema_and_of_principals_every_one() {
    let schema = fields_of_schema();
    let undivided = UNDIVIDED.iter().flat_map(|(of, fields)| fields.iter().map(move |field| format!("{of}.{field}")));
    let undivided: BTreeSet<_> = undivided.collect();
    assert!(undivided.is_subset(&schema), "{:?}", undivided.difference(&schema));
    let of_principals = schema.iter().filter(|field| field.starts_with("Principal."));
    assert!(of_principals.into_iter().all(|field| undivided.contains(field)));
}

/// The addresses that the sources of a folder serve.
fn served(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            served(&path, found);
        } else if !path.file_stem().unwrap().to_str().unwrap().ends_with("_tests") {
            let source = std::fs::read_to_string(&path).unwrap();
            for mark in ["web::resource(\"", ".route(\"", "web::scope(\"", ".service(read(\"", ".service(told(\""] {
                found.extend(source.split(mark).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()));
            }
        }
    }
}

#[test]
fn every_address_that_is_served_has_a_rule() {
    let mut found = BTreeSet::new();
    served(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let listed: Vec<_> = ROUTES.iter().map(|(address, _)| (*address).to_owned()).collect();
    assert_eq!(faults(&found, &listed), [""; 0]);
    for land in [Exportable::Parcels, Exportable::Stock] {
        assert!(EXPORTS.iter().any(|(name, _)| *name == land.name()), "{land:?}");
    }
}

#[test]
fn every_list_of_objects_has_its_cost() {
    let schema = members_of_schema();
    let objects = schema.iter().filter_map(|(name, fields)| Some((name.strip_prefix("type ")?, fields)));
    let asked = objects.filter(|(name, _)| !name.ends_with("Connection") && *name != "Mutation");
    let fields: Vec<_> = asked.flat_map(|(_, fields)| fields).collect();
    let names = |is: &dyn Fn(&Field) -> bool| -> BTreeSet<_> {
        fields.iter().filter(|(_, field)| is(field)).map(|(name, _)| name.as_str()).collect()
    };
    let is_paged = |field: &Field| field.arguments.iter().any(|name| name == "first");
    assert_eq!(names(&is_paged), PAGED.into_iter().collect());
    let of_objects = |field: &Field| {
        let inner = field.of.trim_matches(['[', ']', '!']);
        field.of.starts_with('[') && (schema.contains_key(&format!("type {inner}")) || inner == "Node")
    };
    let listed: BTreeSet<_> = names(&|field| of_objects(field) && !is_paged(field));
    // Pages have items of these names, which are counted where the page is asked for.
    let counted: BTreeSet<_> = WHOLE.into_iter().chain(FEW).chain(PAGED).chain(["nodes"]).collect();
    assert_eq!(listed.difference(&counted).collect::<Vec<_>>(), [&""; 0]);
    assert!(WHOLE.into_iter().chain(FEW).all(|name| listed.contains(name) || name == "balances"));
}
