//! Credit codes against real ones, and the check character against every change of one character.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;
use crate::error_catalogue::ErrorCode;

const REAL: [&str; 3] = ["91110000802100433B", "91330100799655058B", "914403001922038216"];
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

#[test]
fn real_codes_are_accepted() {
    for text in REAL {
        let code = CreditCode::parse(text).unwrap();
        assert_eq!(code.as_str(), text);
        assert_eq!(serde_json::from_str::<CreditCode>(&serde_json::to_string(&code).unwrap()).unwrap(), code);
    }
    assert_eq!(CreditCode::parse(REAL[1]).unwrap().division(), "330100");
}

#[test]
fn a_wrong_check_character_is_told_with_the_right_one() {
    let refused = CreditCode::parse("91110000802100433C").unwrap_err();
    assert_eq!(refused, CodeRefused::CheckCharacter { expected: 'B', found: 'C' });
    assert_eq!(refused.error_code(), ErrorCode::CreditCodeCheck);
}

#[test]
fn letters_that_look_like_digits_are_not_of_the_alphabet() {
    for letter in ['I', 'O', 'S', 'V', 'Z', 'a'] {
        let text = format!("9133010079965505{letter}B");
        let refused = CreditCode::parse(&text).unwrap_err();
        assert!(matches!(refused, CodeRefused::Character { position: 17, .. }), "{letter}");
    }
    let division = CreditCode::parse("91A30100799655058B").unwrap_err();
    assert!(matches!(division, CodeRefused::Character { position: 3, .. }));
    assert_eq!(division.error_code(), ErrorCode::CreditCodeFormat);
}

/// The weights as the domain reference lists them; the production code computes them.
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

fn with_check(body: &str) -> String {
    let value = |character: char| ALPHABET.find(character).unwrap();
    let sum: usize = body.chars().zip(WEIGHTS).map(|(character, weight)| value(character) * weight).sum();
    let check = ALPHABET.as_bytes()[(31 - sum % 31) % 31];
    format!("{body}{}", char::from(check))
}

const BODY: &str = "[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{9}";

proptest! {
    #[test]
    fn the_check_character_agrees_with_the_listed_weights(body in BODY) {
        prop_assert!(CreditCode::parse(&with_check(&body)).is_ok());
    }

    #[test]
    fn any_change_of_one_character_is_refused(body in BODY, place in 0_usize..18, other in 0_usize..31) {
        let valid = with_check(&body);
        let mut changed = valid.clone().into_bytes();
        changed[place] = ALPHABET.as_bytes()[other];
        let changed = String::from_utf8(changed).unwrap();
        prop_assert_eq!(CreditCode::parse(&changed).is_ok(), changed == valid);
    }

    #[test]
    fn any_exchange_of_neighbours_is_refused(body in BODY, place in 0_usize..17) {
        let valid = with_check(&body);
        let mut changed = valid.clone().into_bytes();
        changed.swap(place, place + 1);
        let changed = String::from_utf8(changed).unwrap();
        prop_assert_eq!(CreditCode::parse(&changed).is_ok(), changed == valid);
    }
}
