//! Filters are understood as OGC 21-065 has them, and whatever is written harms nobody.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use yulin_exchange::format::AttributeValue;

use super::judge::Truth;
use super::{DEPTH_MAX, Expression, Facts, Shape, Spatial, judge, parse};

struct Parcel(BTreeMap<&'static str, AttributeValue>);

impl Facts for Parcel {
    fn value(&self, property: &str) -> Option<&AttributeValue> {
        self.0.get(property)
    }

    fn lies(&self, spatial: Spatial, shape: &Shape) -> Option<bool> {
        Some(spatial == Spatial::Intersects && matches!(shape, Shape::Box([west, ..]) if *west < 0.0))
    }
}

fn parcel() -> Parcel {
    Parcel(BTreeMap::from([
        ("code", AttributeValue::Text("D1-7".to_owned())),
        ("registeredArea", AttributeValue::Decimal("1000.5".to_owned())),
        ("termStart", AttributeValue::Date("2020-02-29".to_owned())),
        ("generated", AttributeValue::Boolean(true)),
        ("suspendedDays", AttributeValue::Integer(-3)),
    ]))
}

fn truth(filter: &str) -> Truth {
    judge(&parse(filter).unwrap_or_else(|refused| panic!("{filter}: {refused:?}")), &parcel())
}

#[test]
fn what_is_written_is_what_is_meant() {
    let meant = [
        "code = 'D1-7'",
        "\"code\" <> 'it''s'",
        "registeredArea = 1000.50 AND registeredArea > 9 AND registeredArea >= 1000.5",
        "registeredArea < 1.0005e4",
        "suspendedDays < 0 and suspendedDays > -3.5 and suspendedDays <= -3",
        "code LIKE 'D_-%' AND NOT code LIKE '%8'",
        "code NOT LIKE 'd1%'",
        "code IN ('x', 'D1-7')",
        "code NOT IN ('x')",
        "registeredArea BETWEEN 1000.5 AND 1000.5",
        "registeredArea NOT BETWEEN 0 AND 1000.4",
        "termStart = DATE('2020-02-29') AND termStart < DATE('2020-03-01')",
        "generated = TRUE",
        "missing IS NULL AND code IS NOT NULL",
        "missing = 1 OR code = 'D1-7'",
        "NOT (missing = 1 AND code = 'other')",
        "S_INTERSECTS(geometry, BBOX(-1, 0, 1, 2))",
        "NOT S_INTERSECTS(geometry, POINT(1 2))",
    ];
    for filter in meant {
        assert_eq!(truth(filter), Some(true), "{filter}");
    }
    assert_eq!(truth("missing = 1"), None);
    assert_eq!(truth("NOT missing = 1"), None);
    assert_eq!(truth("missing = 1 AND FALSE"), Some(false));
    assert_eq!(truth("code = 7"), None, "values of different kinds are not compared");
}

#[test]
fn or_binds_looser_than_and() {
    let parsed = parse("a = 1 OR b = 2 AND NOT c = 3").unwrap();
    let Expression::Any(terms) = parsed else { panic!("{parsed:?}") };
    assert!(matches!(&terms[1], Expression::All(both) if matches!(both[1], Expression::Not(_))));
}

#[test]
fn what_is_not_understood_is_refused_with_its_place() {
    for filter in [
        "",
        "code",
        "code =",
        "= 1",
        "code = 'open",
        "(code = 'x'",
        "code = 'x')",
        "code = 'x' AND",
        "code == 'x'",
        "code NOT = 'x'",
        "code IN ()",
        "code IS 1",
        "S_WITHIN(geometry, POINT(1 2))",
        "S_CROSSES(a, POINT(1 2))",
        "S_INTERSECTS(geometry, LINESTRING(0 0, 1 1))",
        "S_INTERSECTS(geometry, BBOX(1, 2, 3))",
        "termStart = DATE('2020-02-30')",
        "termStart = DATE('20200229')",
        "termStart = DATE('2020-02-29T10:00:00')",
        "code = 1e400",
        "code = 'x'; DROP TABLE parcel",
        "code BETWEEN 1",
        "1 = 1",
    ] {
        let refused = parse(filter).unwrap_err();
        assert_eq!(refused.field.as_deref(), Some("filter"), "{filter}");
    }
}

#[test]
fn depth_and_length_are_bounded() {
    let nested = |depth: usize| format!("{}TRUE{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&nested(DEPTH_MAX - 1)).is_ok());
    assert!(parse(&nested(DEPTH_MAX)).is_err());
    assert!(parse(&"NOT ".repeat(900)).is_err());
    assert!(parse(&"(".repeat(3_999)).is_err());
    assert!(parse(&"TRUE OR ".repeat(490)).is_err());
    assert!(parse(&" ".repeat(5_000)).is_err());
}

#[test]
fn a_pattern_full_of_wildcards_is_answered_at_once() {
    let begun = Instant::now();
    let filter = format!("code LIKE '{}x'", "%a".repeat(1_000));
    let parcel = Parcel(BTreeMap::from([("code", AttributeValue::Text("a".repeat(2_000)))]));
    assert_eq!(judge(&parse(&filter).unwrap(), &parcel), Some(false));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

proptest! {
    #[test]
    fn no_text_does_harm(filter in "[ -~\\n鱼]{0,200}") {
        let _ = parse(&filter).map(|expression| judge(&expression, &parcel()));
    }

    #[test]
    fn no_words_do_harm(words in prop::collection::vec(prop::sample::select(vec![
        "AND", "OR", "NOT", "(", ")", "code", "=", "'x'", "1", "LIKE", "IN", ",", "BETWEEN", "IS", "NULL",
        "S_INTERSECTS", "BBOX", "POINT", "DATE", "TRUE", "-", "\"", "POLYGON((0 0,1 1,1 0,0 0))",
    ]), 0..60)) {
        let _ = parse(&words.join(" ")).map(|expression| judge(&expression, &parcel()));
    }

    #[test]
    fn numbers_are_compared_as_they_are(a in -10_000_000_i64..10_000_000, b in -10_000_000_i64..10_000_000, decimals in 0_u32..5) {
        let text = |units: i64| {
            let scale = 10_i64.pow(decimals);
            let sign = if units < 0 { "-" } else { "" };
            format!("{sign}{}.{:0width$}", units.abs() / scale, units.abs() % scale, width = decimals as usize)
        };
        let parcel = Parcel(BTreeMap::from([("area", AttributeValue::Decimal(text(a).trim_end_matches('.').to_owned()))]));
        for (sign, holds) in [("<", a < b), ("=", a == b), (">", a > b)] {
            let filter = format!("area {sign} {}", text(b).trim_end_matches('.'));
            prop_assert_eq!(judge(&parse(&filter).unwrap(), &parcel), Some(holds), "{}", filter);
        }
    }
}
