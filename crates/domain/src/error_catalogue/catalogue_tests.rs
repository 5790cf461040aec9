//! The catalogue as a whole: nothing missing, nothing twice.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use super::*;
use crate::codes::{CodeUnknown, Labelled, Lang};

#[test]
fn every_code_has_its_own_messages_in_both_languages() {
    for lang in [Lang::Zh, Lang::En] {
        let messages: BTreeSet<_> = ErrorCode::all().iter().map(|code| code.message(lang)).collect();
        assert_eq!(messages.len(), ErrorCode::all().len());
        assert!(messages.iter().all(|message| !message.is_empty() && !message.ends_with(['.', '。'])));
    }
}

#[test]
fn every_code_is_upper_snake_without_prefix_and_reads_back() {
    for code in ErrorCode::all() {
        let text = code.code();
        assert!(text.chars().all(|character| character.is_ascii_uppercase() || character == '_'), "{text}");
        assert!(!text.starts_with("E_") && !text.contains("__"), "{text}");
        assert_eq!(text.parse::<ErrorCode>().unwrap(), *code);
        assert_eq!(code.to_string(), text);
        assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{text}\""));
    }
}

#[test]
fn every_class_is_used() {
    let used: BTreeSet<_> = ErrorCode::all().iter().map(|code| code.class()).collect();
    assert!(ErrorClass::all().iter().all(|class| used.contains(class)));
}

#[test]
fn the_codes_that_clients_react_to_stand_in_the_right_class() {
    assert_eq!(ErrorCode::Conflict.class(), ErrorClass::Conflict);
    assert_eq!(ErrorCode::IdReused.class(), ErrorClass::Conflict);
    assert_eq!(ErrorCode::Busy.class(), ErrorClass::Busy);
    assert_eq!(ErrorCode::OutcomeUnknown.class(), ErrorClass::Fault);
    assert_eq!(ErrorCode::Unauthenticated.class(), ErrorClass::Authority);
    assert_eq!(ErrorCode::Forbidden.class(), ErrorClass::Authority);
    assert_eq!(ErrorCode::ParcelOverlap.class(), ErrorClass::Refused);
    assert_eq!(ErrorCode::RingSelfIntersection.class(), ErrorClass::Malformed);
}

#[test]
fn the_facts_of_a_case_follow_its_message() {
    let facts = [("area", "3.2 m²"), ("limit", "0.5 m²")];
    assert_eq!(
        ErrorCode::ParcelOverlap.message_with(Lang::En, &facts),
        "The parcel overlaps others (area: 3.2 m²; limit: 0.5 m²)"
    );
    assert_eq!(
        ErrorCode::ParcelOverlap.message_with(Lang::Zh, &[("面积", "3.2 m²")]),
        "与其他宗地重叠（面积：3.2 m²）"
    );
    assert_eq!(ErrorCode::Busy.message_with(Lang::En, &[]), ErrorCode::Busy.message(Lang::En));
}

#[test]
fn an_unknown_code_is_refused() {
    let unknown: CodeUnknown = "NO_SUCH_CODE".parse::<ErrorCode>().unwrap_err();
    assert_eq!(unknown.list, "ERROR_CODE");
    assert_eq!(unknown.allowed.len(), ErrorCode::all().len());
}
