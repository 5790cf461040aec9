//! Tests of decimal texts.

use super::{OrdinateText, fits_double, is_decimal, is_json_number};

#[test]
fn decimals_are_told_from_other_text() {
    for text in ["0", "-1.50", "+3", ".5", "5.", "1e3", "1.5E-10"] {
        assert!(is_decimal(text), "{text}");
    }
    for text in ["", "-", ".", "1,5", "inf", "NaN", "1e", "1e+", "0x10", "1 2", "1.2.3"] {
        assert!(!is_decimal(text), "{text}");
    }
}

#[test]
fn only_what_json_takes_for_a_number_goes_unquoted() {
    for text in ["0", "-1.50", "1e3", "0.5", "120", "1.5E-10"] {
        assert!(is_json_number(text), "{text}");
        assert!(serde_json::from_str::<serde_json::Value>(text).is_ok(), "{text}");
    }
    for text in ["007", "+3", ".5", "5.", "-.5", "00.1", "1.e5"] {
        assert!(!is_json_number(text), "{text}");
        assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text}");
    }
}

#[test]
fn fifteen_digits_fit_a_double_and_sixteen_are_not_trusted() {
    assert!(fits_double("12345678901.2345"));
    assert!(fits_double("123456789012345000000"));
    assert!(fits_double("0.000000000000000000012"));
    assert!(!fits_double("1234567890123.4567"));
    assert!(!fits_double("1e400"));
}

#[test]
fn degrees_are_written_with_nine_decimals_and_no_idle_zeros() {
    let written = |value: f64| {
        let mut out = String::new();
        OrdinateText::Degrees.write(value, &mut out);
        out
    };
    assert_eq!(written(119.891_234_567_89), "119.891234568");
    assert_eq!(written(120.0), "120");
    assert_eq!(written(-0.000_000_000_1), "0");
    assert_eq!(written(-10.5), "-10.5");
}
