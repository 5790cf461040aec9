//! What is asked by a parameter is what is meant, and systems are written as their authority has them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::float_cmp)]

use geo_types::Coord;
use yulin_domain::codes::{Labelled, Role};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::Crs;
use yulin_domain::journal::Refused;

use super::cql2::parse;
use super::crs::{CRS84, ServiceCrs};
use super::openapi::{features, tiles};
use super::question::{LIMIT_MAX, Question};
use super::table::Table;
use super::titles::title;
use crate::layer::Layer;

fn read(parameters: &[(&str, &str)], role: Role) -> Result<Question, ErrorCode> {
    let owned = parameters.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Question::read(&owned, &Table::of(Layer::Parcels, role)).map_err(|refused| refused.code)
}

#[test]
fn ordinates_are_written_in_the_order_of_the_authority() {
    let at = Coord { x: 119.5, y: 29.25 };
    assert_eq!(ServiceCrs::DEFAULT.written(at), [119.5, 29.25]);
    let epsg = |code| ServiceCrs::of(Crs::epsg(code).unwrap());
    assert_eq!(epsg(4490).written(at), [29.25, 119.5]);
    assert_eq!(epsg(3857).written(at), [119.5, 29.25]);
    let grid = Coord { x: 500_000.123_45, y: 3_250_000.0 };
    assert_eq!(epsg(4549).written(grid), [3_250_000.0, 500_000.123_5]);
    assert_eq!(epsg(2154).written(grid), [500_000.123_5, 3_250_000.0]);
}

#[test]
fn systems_are_read_by_their_address() {
    for text in [CRS84, "http://www.opengis.net/def/crs/EPSG/0/4549", "[EPSG:4326]"] {
        assert!(ServiceCrs::read(text, "crs").is_ok(), "{text}");
    }
    assert_eq!(ServiceCrs::read("[EPSG:4549]", "crs").unwrap().uri(), "http://www.opengis.net/def/crs/EPSG/0/4549");
    for text in
        ["", "EPSG:4326", "http://www.opengis.net/def/crs/EPSG/0/999999", "http://www.opengis.net/def/crs/EPSG/0/-1"]
    {
        assert_eq!(ServiceCrs::read(text, "crs").unwrap_err().code, ErrorCode::CrsUnknown, "{text}");
    }
    let listed = ServiceCrs::listed([Crs::epsg(4549).unwrap()]);
    assert_eq!(listed[..2], [CRS84.to_owned(), "http://www.opengis.net/def/crs/EPSG/0/4549".to_owned()]);
    assert!(listed.iter().all(|uri| ServiceCrs::read(uri, "crs").unwrap().uri() == *uri));
}

#[test]
fn parameters_are_understood_or_refused() {
    let good = [("limit", "7"), ("bbox", "119,29,120,30"), ("datetime", "2024-01-01T00:00:00Z"), ("f", "json")];
    let question = read(&good, Role::Public).unwrap();
    assert_eq!((question.limit, question.valid.is_some(), question.filter.is_some()), (7, true, true));
    assert_eq!(read(&[("limit", "1000000")], Role::Public).unwrap().limit, LIMIT_MAX);
    assert!(read(&[("bbox", "170,-1,0,-170,1,10")], Role::Public).is_ok(), "over the meridian of 180 degrees");
    assert!(read(&[("bbox", "119,29,119,29")], Role::Public).is_ok(), "a box may be a point");
    assert!(read(&[("bbox", "180,-90,-180,90")], Role::Public).is_ok(), "the meridian of 180 degrees itself");
    assert!(read(&[("datetime", "../2024-01-01T00:00:00Z")], Role::Public).is_ok());
    assert!(read(&[("stockStatus", "IDLE")], Role::Public).is_ok(), "a column is a parameter");
    for (name, text, code) in [
        ("limit", "0", ErrorCode::NumberInvalid),
        ("limit", "x", ErrorCode::NumberInvalid),
        ("bbox", "1,2,3", ErrorCode::FilterInvalid),
        ("bbox", "119,30,120,29", ErrorCode::FilterInvalid),
        ("bbox", "nan,0,1,1", ErrorCode::FilterInvalid),
        ("datetime", "yesterday", ErrorCode::AsOfInvalid),
        ("datetime", "2024-01-02T00:00:00Z/2024-01-01T00:00:00Z", ErrorCode::AsOfInvalid),
        ("filter", "nothing = 1", ErrorCode::FilterInvalid),
        ("filter", "S_INTERSECTS(shape, POINT(1 2))", ErrorCode::FilterInvalid),
        ("filter-lang", "cql2-json", ErrorCode::ValueNotInList),
        ("colour", "red", ErrorCode::FilterInvalid),
        ("crs", "EPSG:1", ErrorCode::CrsUnknown),
    ] {
        assert_eq!(read(&[(name, text)], Role::Public).err(), Some(code), "{name}={text}");
    }
    assert!(read(&[("limit", "1"), ("limit", "2")], Role::Public).is_err());
}

#[test]
fn nobody_asks_by_what_he_is_not_told() {
    let withheld = Table::of(Layer::Parcels, Role::Auditor).open;
    let public = Table::of(Layer::Parcels, Role::Public).open;
    let hidden: Vec<_> = withheld.iter().filter(|field| !public.contains(field)).collect();
    assert!(!hidden.is_empty());
    for field in hidden {
        let filter = format!("{} IS NOT NULL", field.name);
        assert_eq!(read(&[("filter", &filter)], Role::Public).err(), Some(ErrorCode::Forbidden), "{filter}");
        assert!(read(&[("filter", &filter)], Role::Auditor).is_ok(), "{filter}");
        assert_eq!(read(&[(&field.name, "1")], Role::Public).err(), Some(ErrorCode::Forbidden), "{filter}");
    }
}

#[test]
fn a_property_that_nobody_may_ask_by_is_told_as_such_and_not_as_forbidden() {
    for role in Role::all() {
        for (name, text) in [("filter", "holders = 'x'"), ("holders", "x")] {
            assert_eq!(read(&[(name, text)], *role).err(), Some(ErrorCode::FilterInvalid), "{role} {name}");
        }
    }
    let refused = checked("holders IS NOT NULL").unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("filter"));
    assert_eq!(refused.facts["notQueryable"], "holders");
    assert!(!refused.facts.contains_key("unknown"));
}

#[test]
fn a_property_is_compared_with_values_of_its_own_kind() {
    for filter in [
        "registeredArea = 15906.67 AND pointErrorMm <= 5.5 AND suspendedDays BETWEEN -1 AND 10",
        "code > 'A' AND code NOT LIKE '%7' AND stockStatus IN ('IDLE', 'NOPE')",
        "termEnd < DATE('2030-01-01') AND termEnd >= '2020-01-01'",
        "termEnd BETWEEN '2020-01-01' AND DATE('2030-01-01')",
        "generated = TRUE OR generated <> FALSE",
        "registeredArea IS NULL OR termEnd IS NULL OR generated IS NOT NULL",
        "S_INTERSECTS(geometry, POINT(1 2))",
    ] {
        assert!(checked(filter).is_ok(), "{filter}");
    }
}

#[test]
fn a_value_of_another_kind_is_refused_with_the_property_and_both_kinds() {
    let (text, number, truth) = ("a text in quotes", "a number", "TRUE or FALSE");
    let day = "DATE('…') with a day such as 2024-01-31";
    for (filter, property, expected, given) in [
        ("registeredArea > 'x'", "registeredArea", number, text),
        ("registeredArea = '15906.67'", "registeredArea", number, text),
        ("registeredArea LIKE '15%'", "registeredArea", number, "LIKE and a text in quotes"),
        ("pointErrorMm = TRUE", "pointErrorMm", number, truth),
        ("termEnd < TIMESTAMP('2030-01-01T00:00:00Z')", "termEnd", day, "TIMESTAMP('…')"),
        ("termEnd < 2030", "termEnd", day, number),
        ("termEnd < 'soon'", "termEnd", day, text),
        ("termEnd = '20300101'", "termEnd", day, text),
        ("code > 5", "code", text, number),
        ("code = DATE('2030-01-01')", "code", text, "DATE('…')"),
        ("generated = 1", "generated", truth, number),
        ("generated = 'true'", "generated", truth, text),
        ("code IN ('x', 5)", "code", text, number),
        ("NOT (TRUE OR registeredArea BETWEEN 1 AND '2')", "registeredArea", number, text),
    ] {
        let refused = checked(filter).unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), (ErrorCode::FilterInvalid, Some("filter")), "{filter}");
        let facts = ["property", "expected", "given"].map(|name| refused.facts[name].clone());
        assert_eq!(facts, [property, expected, given], "{filter}");
    }
}

/// A filter of parcels, as an auditor asks it.
fn checked(filter: &str) -> Result<(), Refused> {
    Table::of(Layer::Parcels, Role::Auditor).check(&mut parse(filter).unwrap())
}

#[test]
fn every_reference_of_the_description_leads_somewhere() {
    for described in [features("http://here"), tiles("http://here")] {
        let mut references = Vec::new();
        collect(&described, &mut references);
        assert!(references.len() > 30);
        for reference in references {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(described.pointer(pointer).is_some(), "{reference}");
        }
    }
}

fn collect(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(members) => {
            for (name, member) in members {
                match (name.as_str(), member.as_str()) {
                    ("$ref", Some(reference)) => found.push(reference.to_owned()),
                    _ => collect(member, found),
                }
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}

#[test]
fn systems_that_are_not_listed_are_refused() {
    let grids = || std::iter::once(Crs::epsg(4549).unwrap());
    let asked = |name: &str, code: u32| {
        let address = format!("http://www.opengis.net/def/crs/EPSG/0/{code}");
        read(&[(name, &address)], Role::Public).unwrap().check_systems(grids).map_err(|refused| refused.code)
    };
    for name in ["crs", "bbox-crs", "filter-crs"] {
        for listed in [4326, 4490, 3857, 4549] {
            assert_eq!(asked(name, listed), Ok(()), "{name} {listed}");
        }
        assert_eq!(asked(name, 2154), Err(ErrorCode::CrsUnknown), "{name}");
    }
}

#[test]
fn whatever_may_be_asked_by_has_a_title_in_both_languages() {
    for layer in Layer::ALL {
        for field in Table::of(layer, Role::Admin).open {
            let title = title(&field.name).unwrap_or_else(|| panic!("{} has no title", field.name));
            assert!(title.ends_with(')') && title.chars().any(|c| c > '\u{4dff}'), "{title}");
        }
    }
}
