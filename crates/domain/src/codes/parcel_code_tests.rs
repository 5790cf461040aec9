//! Parcel codes against real strings, against the rules of GB/T 37346 and against an independent reading of its form.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;
use crate::error_catalogue::ErrorCode;

const SEEN: [&str; 2] = ["320802001009GB00001", "211103005007GB00001"];

fn refusal(text: &str) -> CodeRefused {
    ParcelCode::parse(text).unwrap_err()
}

#[test]
fn real_codes_are_read_and_written_unchanged() {
    for text in SEEN {
        let code = ParcelCode::parse(text).unwrap();
        assert_eq!(code.as_str(), text);
        assert_eq!(code.to_string(), text);
        assert_eq!(serde_json::to_string(&code).unwrap(), format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<ParcelCode>(&format!("\"{text}\"")).unwrap(), code);
    }
}

#[test]
fn the_parts_of_a_code_are_told_apart() {
    let code = ParcelCode::parse("330726004012JX01230").unwrap();
    assert_eq!(code.county(), "330726");
    assert_eq!(code.cadastral_district(), "004");
    assert_eq!(code.cadastral_subdistrict(), "012");
    assert_eq!((code.ownership_letter(), code.parcel_type_letter()), ('J', 'X'));
    assert_eq!(code.serial(), 1230);
    assert_eq!(code.ownership(), Ownership::Collective);
    assert_eq!(code.layer(), Some(ParcelLayer::Underground));
}

#[test]
fn ownership_and_layer_follow_the_letters() {
    let read = |letters: &str| ParcelCode::parse(&format!("330726004012{letters}00001")).unwrap();
    assert_eq!(read("GB").ownership(), Ownership::State);
    assert_eq!(read("ZB").ownership(), Ownership::Undetermined);
    assert_eq!(read("GB").layer(), Some(ParcelLayer::Surface));
    assert_eq!(read("GS").layer(), Some(ParcelLayer::Above));
}

#[test]
fn a_wrong_length_is_told_in_characters() {
    let refused = refusal("浦江县001009GB00001");
    assert_eq!(refused, CodeRefused::Length { kind: CodeKind::Parcel, expected: 19, found: 16 });
    assert_eq!(refused.error_code(), ErrorCode::CodeFormat);
    assert!(matches!(refusal(""), CodeRefused::Length { found: 0, .. }));
    assert!(matches!(refusal(" 320802001009GB00001"), CodeRefused::Length { found: 20, .. }));
}

#[test]
fn a_wrong_character_is_named_with_its_place() {
    let place = |text: &str| match refusal(text) {
        CodeRefused::Character { position, found, .. } => (position, found),
        other => unreachable!("{other}"),
    };
    assert_eq!(place("32080200100XGB00001"), (12, 'X'));
    assert_eq!(place("320802001009KB00001"), (13, 'K'));
    assert_eq!(place("320802001009gB00001"), (13, 'g'));
    assert_eq!(place("320802001009GK00001"), (14, 'K'));
    assert_eq!(place("320802001009GB0000１"), (19, '１'));
    assert_eq!(place("３20802001009GB00001"), (1, '３'));
    assert_eq!(place("320802001009GB0000é"), (19, 'é'));
}

#[test]
fn serial_zero_is_refused() {
    assert_eq!(refusal("330726004012GB00000"), CodeRefused::SerialZero { kind: CodeKind::Parcel });
}

#[test]
fn letters_that_exclude_each_other_are_refused() {
    for letters in ["GC", "JH", "JG", "GA"] {
        let refused = refusal(&format!("330726004012{letters}00001"));
        assert!(matches!(refused, CodeRefused::Combination { .. }), "{letters}");
        assert_eq!(refused.error_code(), ErrorCode::CodeCombo);
    }
    for letters in ["JC", "GH", "GG", "JA", "ZA"] {
        assert!(ParcelCode::parse(&format!("330726004012{letters}00001")).is_ok(), "{letters}");
    }
}

#[test]
fn a_state_ownership_parcel_is_accepted_where_the_district_says_so_and_stays_readable() {
    let text = "330726004012GA00001";
    let code = ParcelCode::parse_with(text, StateOwnershipParcels::Accepted).unwrap();
    let stored = serde_json::to_string(&code).unwrap();
    assert_eq!(serde_json::from_str::<ParcelCode>(&stored).unwrap(), code);
}

#[test]
fn the_cross_county_code_is_for_sea_and_islands() {
    assert_eq!(refusal("000000004012GB00001"), CodeRefused::CrossCounty { parcel_type: 'B' });
    assert!(ParcelCode::parse("000000004012GH00001").unwrap().check_county("330726").is_ok());
}

#[test]
fn another_county_is_refused_with_both_counties() {
    let refused = ParcelCode::parse(SEEN[0]).unwrap().check_county("330726").unwrap_err();
    assert_eq!(refused, CodeRefused::County { expected: "330726".into(), found: "320802".into() });
    assert_eq!(refused.error_code(), ErrorCode::CodeCounty);
    assert!(ParcelCode::parse(SEEN[0]).unwrap().check_county("320802").is_ok());
}

#[test]
fn a_stored_code_that_is_not_valid_is_not_read_back() {
    for text in ["\"330726004012GC00001\"", "\"330726\"", "7", "null"] {
        assert!(serde_json::from_str::<ParcelCode>(text).is_err(), "{text}");
    }
}

#[test]
fn the_letter_facts_agree_with_the_rules() {
    for ownership in OWNERSHIP_LETTERS {
        for parcel_type in PARCEL_TYPE_LETTERS {
            let text = format!("330726004012{}{}00001", ownership.letter, parcel_type.letter);
            if parcel_type.with.contains(ownership.letter) {
                assert!(ParcelCode::parse(&text).is_ok(), "{text}");
            }
        }
    }
    assert_eq!((OWNERSHIP_LETTERS.len(), PARCEL_TYPE_LETTERS.len(), FIXTURE_LETTERS.len()), (3, 14, 4));
}

/// The form of domain reference 1.1 read a second way, character by character and without the production tables.
fn has_form(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 19
        && bytes[..12].iter().all(u8::is_ascii_digit)
        && matches!(bytes[12], b'G' | b'J' | b'Z')
        && b"ABSXCDEFLNHGWY".contains(&bytes[13])
        && bytes[14..].iter().all(u8::is_ascii_digit)
}

proptest! {
    #[test]
    fn what_is_accepted_has_the_form_and_reads_back(text in "[0-9]{11,12}[GJZKg][A-Z][0-9]{5}") {
        match ParcelCode::parse(&text) {
            Ok(code) => {
                prop_assert!(has_form(&text));
                prop_assert_eq!(code.as_str(), text.as_str());
            }
            Err(CodeRefused::Length { .. } | CodeRefused::Character { .. }) => prop_assert!(!has_form(&text)),
            Err(_) => prop_assert!(has_form(&text)),
        }
    }

    #[test]
    fn no_text_makes_reading_panic(text in any::<String>()) {
        let _ = ParcelCode::parse(&text);
        let _ = UnitCode::parse(&text);
        let _ = CreditCode::parse(&text);
        let _ = LandUseCode::parse(&text);
    }
}
