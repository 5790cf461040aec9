//! Timelines against a plain model; entries against forgery; formats against drift.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::codes::Role;
use crate::party::{Principal, RegisterPrincipal};
use crate::quantity::Instant;

fn principal(name: &str) -> Principal {
    Principal { id: PrincipalId(Uuid::from_u128(7)), name: name.to_owned(), party: None, roles: [Role::Planner].into() }
}

fn put(from: i64, to: i64, name: Option<u8>) -> Change {
    let id = PrincipalId(Uuid::from_u128(7));
    let span = Span { from: Instant::from_micros(from), to: Instant::from_micros(to) };
    match name {
        Some(name) => Change::put(id.into(), id.into(), span, principal(&name.to_string())),
        None => Change::void(id.into(), id.into(), span),
    }
}

fn name_of(row: &Row) -> String {
    let Record::Principal(principal) = &*row.state else { return String::new() };
    principal.name.clone()
}

proptest! {
    /// C7: at each valid instant and each known instant at most one state, and later knowledge changes no earlier one.
    #[test]
    fn a_timeline_answers_as_a_table_of_days_would(changes in prop::collection::vec((0_i64..20, 1_i64..10, prop::option::of(0_u8..5)), 1..30)) {
        let mut timeline = Timeline::default();
        let mut known: Vec<(RowKey, Row, i64)> = Vec::new();
        let mut days: Vec<Vec<Option<String>>> = vec![vec![None; 30]];
        for (seq, (from, length, name)) in (1_i64..).zip(&changes) {
            let effects = timeline.apply(&put(*from, from + length, *name), seq);
            for closed in effects.closed {
                known.iter_mut().find(|(key, _, to)| *key == closed && *to == i64::MAX).unwrap().2 = seq;
            }
            for row in effects.opened {
                let key = RowKey { recorded_from: row.recorded_from, valid_from: row.valid.from };
                known.push((key, row, i64::MAX));
            }
            let mut today = days.last().unwrap().clone();
            for day in *from..(from + length).min(30) {
                today[usize::try_from(day).unwrap()] = name.map(|name| name.to_string());
            }
            days.push(today);
        }
        for (seq, table) in (0_i64..).zip(&days) {
            for (day, expected) in (0_i64..).zip(table) {
                let instant = Instant::from_micros(day);
                let found: Vec<_> = known.iter().filter(|(_, row, to)| row.recorded_from <= seq && seq < *to && row.valid.contains(instant)).collect();
                prop_assert!(found.len() <= 1);
                prop_assert_eq!(found.first().map(|(_, row, _)| name_of(row)), expected.clone());
            }
        }
    }

    /// L11: whatever one byte of a body is turned into, the entry no longer is what its hash says.
    #[test]
    fn a_body_with_one_byte_changed_is_not_intact(place in any::<prop::sample::Index>(), flip in 1_u8..=255) {
        let mut entry = golden();
        let at = place.index(entry.body.len());
        entry.body[at] ^= flip;
        prop_assert!(!entry.is_intact());
    }
}

/// An entry whose every byte is fixed.
fn golden() -> Entry {
    let id = ActId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001));
    let body = RegisterPrincipal { name: "规划处".to_owned(), party: None, roles: [Role::Planner].into() };
    let envelope = Envelope {
        id,
        principal: PrincipalId::SYSTEM,
        role: Role::System,
        narrowing: None,
        on_behalf_of: None,
        effective_at: None,
        not_after: None,
        reason: Some("golden".to_owned()),
        legal_basis: None,
        evidence: vec![Digest([9; 32])],
        personal_note: None,
    };
    let act = Act { envelope, legs: vec![body.into()] };
    let header = Header {
        seq: 1,
        act_id: id,
        principal: PrincipalId::SYSTEM,
        on_behalf_of: None,
        kind: act.kind(),
        format: 1,
        effective_at: Instant::from_micros(1_767_225_600_000_000),
        recorded_at: Instant::from_micros(1_767_225_600_000_001),
        request_hash: Digest([3; 32]),
        reason: Some("golden".to_owned()),
        legal_basis: None,
        evidence_hashes: vec![Digest([9; 32])],
        approved_by: None,
        prev_hash: chain_start(Uuid::from_u128(1)),
    };
    let parts = EntryBody::of([5; 32], &act, &[put(0, 10, Some(1))]).unwrap();
    Entry::seal(header, &parts).unwrap()
}

/// Format 1 is released: a change of this hash is a change of what every existing journal means.
#[test]
fn an_entry_of_format_1_hashes_as_it_always_did() {
    let entry = golden();
    assert!(entry.is_intact());
    assert_eq!(entry.hash.to_string(), "3086a67c47563409d4a2b0a78832894ef96e559e88c9ca01d5bc3f6ca802de67");
    let body = EntryBody::decode(&entry.body).unwrap();
    assert_eq!(body.read_act().unwrap().legs.len(), 1);
    assert_eq!(body.read_changes().unwrap(), vec![put(0, 10, Some(1))]);
}

#[test]
fn every_field_of_a_header_is_under_the_hash() {
    let entry = golden();
    let changes: [fn(&mut Header); 9] = [
        |header| header.seq = 2,
        |header| header.act_id = ActId(Uuid::nil()),
        |header| header.principal = PrincipalId(Uuid::nil()),
        |header| header.on_behalf_of = Some(String::new()),
        |header| header.kind = ActKind::GrantRole,
        |header| header.effective_at = Instant::from_micros(0),
        |header| header.reason = None,
        |header| header.legal_basis = Some("x".to_owned()),
        |header| header.evidence_hashes.clear(),
    ];
    for change in changes {
        let mut forged = entry.clone();
        change(&mut forged.header);
        assert!(!forged.is_intact());
    }
}

#[test]
fn the_root_of_a_merkle_list_is_that_of_rfc_6962() {
    // The hash of the empty tree is that of the empty string.
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(root(&[]).to_string(), empty);
    let leaf = leaf_hash(&[0; 32], b"one");
    assert_eq!(root(&[leaf]), leaf);
    assert_ne!(root(&[leaf, leaf]), leaf);
}

#[test]
fn the_same_content_has_the_same_canonical_form_and_other_content_another() {
    let one = serde_json::json!({"b": 1, "a": null, "c": [], "d": {"z": "鱼", "y": [1, {"q": null}]}});
    let same = serde_json::json!({"d": {"y": [1, {}], "z": "鱼"}, "b": 1});
    assert_eq!(canonical_bytes(&one).unwrap(), canonical_bytes(&same).unwrap());
    assert_eq!(canonical_bytes(&one).unwrap(), r#"{"b":1,"d":{"y":[1,{}],"z":"鱼"}}"#.as_bytes());
    assert_ne!(canonical_bytes(&one).unwrap(), canonical_bytes(&serde_json::json!({"b": 2})).unwrap());
}
