//! References of others that count once: written in one way, so that neither a blank nor a wide letter makes two of one.

use unicode_normalization::UnicodeNormalization;

use crate::district::check_text;
use crate::error_catalogue::ErrorCode;
use crate::journal::{Claim, Refused};

/// A reference as it is kept: compatible letters as one (NFKC), single blanks, none at the ends.
pub fn plain_reference(text: &str) -> String {
    let compatible: String = text.nfkc().collect();
    compatible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A reference that is written as it is kept.
pub fn check_reference(text: &str, field: &str) -> Result<(), Refused> {
    check_text(text, field)?;
    let plain = plain_reference(text);
    let refused = || Refused::new(ErrorCode::TextInvalid).at(field);
    if plain == text { Ok(()) } else { Err(refused().with("plain", plain)) }
}

/// The name of a measure of reduction, whose letters count alike large and small.
pub fn offset_source(source: &str) -> Claim {
    Claim::OffsetSource(source.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_the_same_however_it_was_typed() {
        for typed in ["BR-1", " BR-1", "BR-1 ", "ＢＲ-1", "BR－1", "\u{3000}BR-1"] {
            assert_eq!(plain_reference(typed), "BR-1", "{typed:?}");
        }
        assert_eq!(plain_reference("浦江\u{3000} 3 号"), "浦江 3 号");
        assert_ne!(plain_reference("BR-1"), plain_reference("BR-2"));
        assert!(check_reference("BR-1", "bankReference").is_ok());
        assert!(check_reference("BR-1 ", "bankReference").is_err());
        for hidden in ["BR-1\u{200b}", "\u{202e}1-RB", "\u{feff}BR-1"] {
            assert!(check_reference(hidden, "bankReference").is_err(), "{hidden:?}");
        }
        assert_eq!(offset_source("M-1"), offset_source("m-1"));
    }
}
