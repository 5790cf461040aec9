//! Term limits of State Council Order 55 for uses of each scheme.
#![allow(clippy::unwrap_used)]

use super::*;

fn years(text: &str) -> u16 {
    max_term_years(LandUseCode::parse(text).unwrap())
}

#[test]
fn the_same_use_has_the_same_limit_in_every_scheme() {
    for (limit, uses) in [
        (70, ["GBT21010_2017:0701", "MNR2023:070102", "GB50137_2011:R2"]),
        (50, ["GBT21010_2017:0601", "MNR2023:100101", "GB50137_2011:M1"]),
        (50, ["GBT21010_2017:0604", "MNR2023:1101", "GB50137_2011:W1"]),
        (50, ["GBT21010_2017:0803", "MNR2023:0804", "GB50137_2011:A33"]),
        (40, ["GBT21010_2017:0504", "MNR2023:090104", "GB50137_2011:B14"]),
    ] {
        assert_eq!(uses.map(years), [limit; 3], "{uses:?}");
    }
}

#[test]
fn what_the_law_does_not_name_is_other() {
    for text in ["GBT21010_2017:0801", "GBT21010_2017:1003", "MNR2023:0702", "MNR2023:16", "GB50137_2011:U1"] {
        assert_eq!(land_purpose(LandUseCode::parse(text).unwrap()), LandPurpose::Other, "{text}");
        assert_eq!(years(text), 50);
    }
}

#[test]
fn every_limit_says_since_when_and_by_which_law() {
    assert_eq!(TERM_LIMITS.len(), LandPurpose::all().len());
    for (limit, purpose) in TERM_LIMITS.iter().zip(LandPurpose::all()) {
        assert_eq!(limit.purpose, *purpose);
        assert!(limit.source.contains("Order 55"));
        assert_eq!(limit.in_force_from.parse::<jiff::civil::Date>().unwrap(), jiff::civil::date(1990, 5, 19));
    }
}

#[test]
fn every_prefix_is_a_class_of_its_scheme() {
    for scheme in LandUseScheme::all() {
        for (prefix, _) in super::term_limits::purposes(*scheme) {
            assert!(LandUseCode::of(*scheme, prefix).is_ok(), "{scheme}:{prefix}");
        }
    }
}
