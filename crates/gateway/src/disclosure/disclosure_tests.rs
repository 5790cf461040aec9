//! Who reads what, in a few cases that must never change by an oversight.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use yulin_domain::codes::{Labelled, Role};

use super::{Reading, reading, withheld};

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
