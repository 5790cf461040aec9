//! The code lists as a whole: complete, labelled, unambiguous, and equal to the published divisions.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use super::*;

#[test]
fn every_list_has_a_name_of_its_own_and_a_source() {
    let ids: BTreeSet<_> = code_lists().iter().map(|list| list.facts.id).collect();
    assert_eq!(ids.len(), code_lists().len());
    assert_eq!(code_lists().len(), 44);
    for list in code_lists() {
        let ListFacts { id, name_zh, name_en, source, dated } = list.facts;
        assert!(!name_zh.is_empty() && !name_en.is_empty() && !source.is_empty(), "{id}");
        assert!(dated.is_none_or(|dated| dated.len() >= 4 && dated.starts_with(['1', '2'])), "{id}");
        assert_eq!(code_list(id), Some(list));
    }
    assert_eq!(code_list("NO_SUCH_LIST"), None);
}

#[test]
fn every_code_is_unique_in_its_list_and_its_parent_stands_before_it() {
    for list in code_lists() {
        let mut seen = BTreeSet::new();
        for item in &list.items {
            assert!(item.parent.is_none_or(|parent| seen.contains(parent)), "{} {}", list.facts.id, item.code);
            assert!(seen.insert(item.code), "{} {}", list.facts.id, item.code);
        }
        assert!(!seen.is_empty());
    }
}

#[test]
fn every_label_is_there_in_both_languages_and_unique_among_its_siblings() {
    for list in code_lists() {
        let mut seen = BTreeSet::new();
        for item in &list.items {
            for lang in [Lang::Zh, Lang::En] {
                let label = item.label(lang);
                assert_eq!(label.trim(), label);
                assert!(!label.is_empty(), "{} {}", list.facts.id, item.code);
                assert!(seen.insert((item.parent, lang, label)), "{} {label}", list.facts.id);
            }
            assert!(item.label_en.is_ascii(), "{}", item.label_en);
            assert!(item.label_zh.chars().any(|character| character > '\u{2e80}'), "{}", item.label_zh);
        }
    }
}

#[test]
fn labels_repeat_across_branches_only_where_the_standard_repeats_them() {
    for list in code_lists() {
        let mut codes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for item in &list.items {
            codes.entry(item.label_zh).or_default().push(item.code);
        }
        let repeated: Vec<_> = codes.into_values().filter(|codes| codes.len() > 1).collect();
        if list.facts.id == "LAND_USE_GB50137_2011" {
            assert_eq!(repeated, [["R11", "R21", "R31"], ["R12", "R22", "R32"]]);
        } else {
            assert_eq!(repeated, Vec::<Vec<&str>>::new(), "{}", list.facts.id);
        }
    }
}

fn reads_and_writes_every_member<T>()
where
    T: Labelled + std::fmt::Debug + std::fmt::Display + serde::Serialize + serde::de::DeserializeOwned,
    T: std::str::FromStr<Err = CodeUnknown>,
{
    for member in T::all() {
        let code = member.code();
        assert_eq!(member.to_string(), code);
        assert_eq!(code.parse::<T>().as_ref(), Ok(member));
        assert_eq!(serde_json::to_string(member).unwrap(), format!("\"{code}\""));
        assert_eq!(serde_json::from_str::<T>(&format!("\"{code}\"")).unwrap(), *member);
        assert!(code.to_lowercase() == code || code.to_lowercase().parse::<T>().is_err());
    }
}

#[test]
fn every_enum_is_written_and_read_by_its_code() {
    reads_and_writes_every_member::<Division>();
    reads_and_writes_every_member::<LandUseScheme>();
    reads_and_writes_every_member::<LandPurpose>();
    reads_and_writes_every_member::<Ownership>();
    reads_and_writes_every_member::<RightType>();
    reads_and_writes_every_member::<RightNature>();
    reads_and_writes_every_member::<GrantMethod>();
    reads_and_writes_every_member::<RestrictionKind>();
    reads_and_writes_every_member::<ResponsibilityKind>();
    reads_and_writes_every_member::<FreezeKind>();
    reads_and_writes_every_member::<ExternalState>();
    reads_and_writes_every_member::<StockStatus>();
    reads_and_writes_every_member::<IdleCause>();
    reads_and_writes_every_member::<InefficiencyReason>();
    reads_and_writes_every_member::<SoilGate>();
    reads_and_writes_every_member::<Infrastructure>();
    reads_and_writes_every_member::<ParcelLayer>();
    reads_and_writes_every_member::<ParcelState>();
    reads_and_writes_every_member::<CodeProfile>();
    reads_and_writes_every_member::<ZoneKind>();
    reads_and_writes_every_member::<FeatureKind>();
    reads_and_writes_every_member::<PartyKind>();
    reads_and_writes_every_member::<Role>();
}

#[test]
fn an_unknown_code_is_refused_with_what_is_allowed_and_cut_to_size() {
    let unknown = "owned".parse::<Ownership>().unwrap_err();
    assert_eq!(unknown.allowed, ["STATE", "COLLECTIVE", "UNDETERMINED"]);
    assert_eq!(unknown.to_string(), "\"owned\" is not in the list OWNERSHIP; allowed: STATE, COLLECTIVE, UNDETERMINED");
    let long = "宗".repeat(10_000).parse::<Role>().unwrap_err();
    assert_eq!(long.found.chars().count(), FOUND_MAX);
}

#[test]
fn the_sizes_of_the_lists_are_those_of_their_sources() {
    for (id, size) in [
        ("DIVISION", 11),
        ("STOCK_STATUS", 9),
        ("INEFFICIENCY_REASON", 8),
        ("INFRASTRUCTURE", 8),
        ("GRANT_METHOD", 9),
        ("RIGHT_NATURE", 6),
        ("ROLE", 15),
        ("LAND_USE_GBT21010_2017", 85),
        ("LAND_USE_MNR2023", 175),
        ("LAND_USE_GB50137_2011", 85),
    ] {
        assert_eq!(code_list(id).unwrap().items.len(), size, "{id}");
    }
}

/// Names of the published divisions by their six digits, from one of the data files.
fn published(file: &str, digits_missing: &str) -> Option<BTreeMap<String, String>> {
    let Some(root) = std::env::var_os("YULIN_TEST_DATA") else {
        eprintln!("SKIPPED: divisions are not compared with {file}, YULIN_TEST_DATA is not set");
        return None;
    };
    let path = std::path::Path::new(&root).join("codes").join(file);
    let mut reader = csv::Reader::from_path(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        (format!("{}{digits_missing}", row.get(0).unwrap()), row.get(1).unwrap().to_owned())
    });
    Some(rows.collect())
}

#[test]
fn the_divisions_are_the_published_ones() {
    for (file, digits_missing, expected) in
        [("provinces.csv", "0000", 1), ("cities.csv", "00", 1), ("areas.csv", "", 9)]
    {
        let Some(names) = published(file, digits_missing) else {
            return;
        };
        let known: Vec<_> = Division::all().iter().filter(|division| names.contains_key(division.code())).collect();
        assert_eq!(known.len(), expected, "{file}");
        for division in known {
            assert_eq!(names.get(division.code()).map(String::as_str), Some(division.label(Lang::Zh)), "{division}");
        }
        let of_jinhua = names.keys().filter(|code| code.starts_with("3307") && !code.ends_with("00")).count();
        assert!(file != "areas.csv" || of_jinhua == 9, "{of_jinhua} counties of Jinhua are published");
    }
}
