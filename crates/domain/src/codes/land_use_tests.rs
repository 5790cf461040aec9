//! Land-use codes: the lists are whole and sorted, and a code is nothing without its scheme.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::error_catalogue::ErrorCode;

fn count(scheme: LandUseScheme, length: usize) -> usize {
    scheme.items().iter().filter(|item| item.code.len() == length).count()
}

#[test]
fn the_current_classes_are_12_and_73() {
    assert_eq!(count(LandUseScheme::Gbt21010, 2), 12);
    assert_eq!(count(LandUseScheme::Gbt21010, 4), 73);
    assert_eq!(LandUseScheme::Gbt21010.items().len(), 85);
}

#[test]
fn the_urban_classes_are_8_and_35_and_42() {
    assert_eq!(count(LandUseScheme::Gb50137, 1), 8);
    assert_eq!(count(LandUseScheme::Gb50137, 2), 35);
    assert_eq!(count(LandUseScheme::Gb50137, 3), 42);
}

#[test]
fn the_planning_classes_are_24_at_the_first_level() {
    assert_eq!(count(LandUseScheme::Mnr2023, 2), 24);
    assert_eq!(count(LandUseScheme::Mnr2023, 4), 111);
    assert_eq!(count(LandUseScheme::Mnr2023, 6), 40);
}

#[test]
fn every_list_is_sorted_by_code_and_every_class_can_be_read() {
    for scheme in LandUseScheme::all() {
        assert!(scheme.items().is_sorted_by(|a, b| a.code < b.code), "{scheme}");
        for item in scheme.items() {
            let code = LandUseCode::parse(item.text).unwrap();
            assert_eq!(item.text, format!("{scheme}:{}", item.code));
            assert_eq!((code.scheme(), code.code(), code.as_str()), (*scheme, item.code, item.text));
            assert_eq!(LandUseCode::of(*scheme, item.code).unwrap(), code);
        }
    }
}

#[test]
fn every_class_below_the_first_level_has_its_parent() {
    let parent = |scheme: LandUseScheme, code: &str| {
        scheme.items().iter().find(|item| item.code == code).unwrap().parent(scheme)
    };
    assert_eq!(parent(LandUseScheme::Mnr2023, "100102"), Some("1001"));
    assert_eq!(parent(LandUseScheme::Mnr2023, "1001"), Some("10"));
    assert_eq!(parent(LandUseScheme::Mnr2023, "10"), None);
    assert_eq!(parent(LandUseScheme::Gb50137, "A33"), Some("A3"));
    for scheme in LandUseScheme::all() {
        let shortest = scheme.items().iter().map(|item| item.code.len()).min().unwrap();
        for item in scheme.items() {
            assert_eq!(item.parent(*scheme).is_none(), item.code.len() == shortest, "{}", item.text);
        }
    }
}

#[test]
fn the_same_digits_mean_different_uses_in_two_schemes() {
    let railway = LandUseCode::parse("GBT21010_2017:1001").unwrap();
    let industry = LandUseCode::parse("MNR2023:1001").unwrap();
    assert_ne!(railway, industry);
    assert_eq!((railway.label(Lang::Zh), railway.label(Lang::En)), ("铁路用地", "Railway"));
    assert_eq!((industry.label(Lang::Zh), industry.label(Lang::En)), ("工业用地", "Industrial land"));
}

#[test]
fn a_code_lies_within_a_prefix_of_its_own_scheme_alone() {
    let code = LandUseCode::parse("MNR2023:100102").unwrap();
    let within = |prefix: &str| code.is_within(LandUsePrefix::parse(prefix).unwrap());
    assert!(within("MNR2023:10") && within("MNR2023:1001") && within("MNR2023:100102"));
    assert!(!within("MNR2023:1002") && !within("MNR2023:11") && !within("GBT21010_2017:10"));
}

#[test]
fn a_code_without_scheme_or_with_an_unknown_one_is_refused() {
    for text in ["0601", "GBT21010:0601", ":0601", "", "gbt21010_2017:0601"] {
        let refused = LandUseCode::parse(text).unwrap_err();
        assert_eq!(refused, CodeRefused::Scheme { found: text.into() });
        assert_eq!(refused.error_code(), ErrorCode::LandUseUnknown);
    }
    assert!(LandUseCode::parse("0601").unwrap_err().to_string().contains("GBT21010_2017, MNR2023, GB50137_2011"));
}

#[test]
fn a_class_that_is_not_listed_is_refused_and_the_text_cut() {
    let refused = LandUseCode::parse("GBT21010_2017:0605").unwrap_err();
    assert_eq!(refused, CodeRefused::LandUse { scheme: LandUseScheme::Gbt21010, found: "0605".into() });
    let long = LandUseCode::parse(&format!("MNR2023:{}", "9".repeat(1000))).unwrap_err();
    assert!(long.to_string().len() < 100);
    for prefix in ["MNR2023:", "MNR2023:%", "MNR2023:1_", "MNR2023:0"] {
        assert!(LandUsePrefix::parse(prefix).is_err(), "{prefix}");
    }
}

#[test]
fn a_code_is_stored_with_its_scheme() {
    let code = LandUseCode::parse("GBT21010_2017:0601").unwrap();
    assert_eq!(serde_json::to_string(&code).unwrap(), "\"GBT21010_2017:0601\"");
    assert_eq!(serde_json::from_str::<LandUseCode>("\"GBT21010_2017:0601\"").unwrap(), code);
    assert!(serde_json::from_str::<LandUseCode>("\"0601\"").is_err());
}
