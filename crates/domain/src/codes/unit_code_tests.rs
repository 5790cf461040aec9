//! Unit codes against real strings and the rules for the fixture part.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::error_catalogue::ErrorCode;

#[test]
fn real_codes_are_read_with_their_parcel() {
    for text in ["320802001009GB00001W00000000", "211103005007GB00001W00000000"] {
        let code = UnitCode::parse(text).unwrap();
        assert_eq!(code.as_str(), text);
        assert_eq!(Some(code.parcel_code().as_str()), text.get(..19));
        assert_eq!((code.fixture_letter(), code.fixture_number()), ('W', "00000000"));
        let stored = serde_json::to_string(&code).unwrap();
        assert_eq!(serde_json::from_str::<UnitCode>(&stored).unwrap(), code);
    }
}

#[test]
fn a_building_carries_its_number() {
    let code = UnitCode::parse("330726004012GB00001F00010203").unwrap();
    assert_eq!((code.fixture_letter(), code.fixture_number()), ('F', "00010203"));
}

#[test]
fn no_fixture_takes_eight_zeros() {
    let refused = UnitCode::parse("330726004012GB00001W00000001").unwrap_err();
    assert_eq!(refused, CodeRefused::FixtureNumber { found: "00000001".into() });
    assert_eq!(refused.error_code(), ErrorCode::UnitCodeFormat);
}

#[test]
fn the_parcel_part_follows_the_parcel_rules() {
    let zero = UnitCode::parse("330726004012GB00000W00000000").unwrap_err();
    assert_eq!(zero, CodeRefused::SerialZero { kind: CodeKind::Unit });
    assert_eq!(zero.error_code(), ErrorCode::UnitCodeFormat);
    let combination = UnitCode::parse("330726004012GC00001W00000000").unwrap_err();
    assert_eq!(combination.error_code(), ErrorCode::CodeCombo);
}

#[test]
fn a_parcel_code_is_no_unit_code() {
    let refused = UnitCode::parse("330726004012GB00001").unwrap_err();
    assert_eq!(refused, CodeRefused::Length { kind: CodeKind::Unit, expected: 28, found: 19 });
    let letter = UnitCode::parse("330726004012GB00001B00000000").unwrap_err();
    assert!(matches!(letter, CodeRefused::Character { position: 20, found: 'B', .. }));
}
