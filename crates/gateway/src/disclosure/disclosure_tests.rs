//! The table covers the schema: what is added without a rule fails here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;

use yulin_domain::codes::{Labelled, Role};

use super::{Reading, reading, types, withheld};
use crate::schema::schema_sdl;

/// `Type.field` of every object but the root of mutations, read from the schema itself.
fn fields_of_schema() -> BTreeSet<String> {
    let sdl = schema_sdl();
    let (mut fields, mut parent, mut is_text) = (BTreeSet::new(), None, false);
    for line in sdl.lines() {
        if line.trim() == "\"\"\"" {
            is_text = !is_text;
            continue;
        }
        if is_text {
            continue;
        }
        if let Some(rest) = line.strip_prefix("type ") {
            parent = rest.split_whitespace().next().filter(|name| *name != "Mutation").map(str::to_owned);
        } else if line.starts_with('}') {
            parent = None;
        } else if let (Some(parent), Some(rest)) = (&parent, line.strip_prefix('\t')) {
            let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
            if !name.is_empty() && (rest.contains(':') || rest.ends_with('(')) {
                fields.insert(format!("{parent}.{name}"));
            }
        }
    }
    fields
}

fn fields_of_table() -> Vec<String> {
    let fields =
        types().flat_map(|of| of.rules.iter().flat_map(move |(_, fields)| fields.iter().map(move |f| (of.name, *f))));
    fields.map(|(parent, field)| format!("{parent}.{field}")).collect()
}

#[test]
fn every_field_of_the_schema_has_one_rule_and_every_rule_a_field() {
    let schema = fields_of_schema();
    assert!(schema.len() > 200, "the schema was not read: {} fields", schema.len());
    let listed = fields_of_table();
    let table: BTreeSet<_> = listed.iter().cloned().collect();
    assert_eq!(table.len(), listed.len(), "a field stands in the table twice");
    let missing: Vec<_> = schema.difference(&table).collect();
    let stale: Vec<_> = table.difference(&schema).collect();
    assert!(missing.is_empty(), "without a rule: {missing:?}");
    assert!(stale.is_empty(), "no such field: {stale:?}");
}

#[test]
fn the_public_reads_no_holder_right_restriction_freeze_contract_or_floor_price() {
    for (parent, field) in [
        ("Parcel", "holders"),
        ("Parcel", "rights"),
        ("Parcel", "restrictions"),
        ("Parcel", "freezes"),
        ("Parcel", "history"),
        ("Stock", "contract"),
        ("Stock", "reasons"),
        ("Price", "floor"),
        ("Party", "identityNumber"),
        ("Query", "parties"),
        ("Query", "acts"),
    ] {
        assert_eq!(reading(Role::Public, parent, field), Reading::No, "{parent}.{field}");
        assert_eq!(reading(Role::Investor, parent, field), Reading::No, "{parent}.{field}");
    }
}

#[test]
fn names_of_natural_persons_are_read_by_four_roles_alone() {
    let readers: Vec<_> =
        Role::all().iter().filter(|role| reading(**role, "Party", "identityNumber") == Reading::Yes).collect();
    assert_eq!(readers, [&Role::ZoneOfficer, &Role::Approver, &Role::Auditor, &Role::Admin]);
}

#[test]
fn an_enterprise_reads_holders_of_its_own_land_alone() {
    assert_eq!(reading(Role::Enterprise, "Parcel", "holders"), Reading::OwnOnly);
    assert!(withheld(Role::Enterprise, "Parcel", |_| false).contains(&"holders"));
    assert!(!withheld(Role::Enterprise, "Parcel", |field| field == "holders").contains(&"holders"));
}

#[test]
fn what_has_no_rule_is_read_by_nobody() {
    assert!(Role::all().iter().all(|role| reading(*role, "Parcel", "secret") == Reading::No));
}
