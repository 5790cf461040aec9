//! What is asked of an export is read as the schema reads it, and what does not fit names its field.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::{Value, json};
use yulin_domain::error_catalogue::ErrorCode;

use super::{ExportQuestion, Exportable};

fn refused(members: Value) -> (ErrorCode, String) {
    let refused = ExportQuestion::read(Exportable::Parcels, members).expect_err("it is refused");
    (refused.code, refused.field.unwrap_or_default())
}

#[test]
fn a_question_with_every_kind_of_condition_is_read() {
    let members = json!({
        "filter": {
            "district": "D1", "statuses": ["IDLE"], "areaMu": { "min": "10", "max": 20 }, "idleSince": "2020-01-01",
            "area": { "geometry": { "type": "Point", "coordinates": [120, 29] }, "relation": "COVERED" },
            "near": { "point": { "lon": 120.1, "lat": 29.5 }, "withinM": "100" }, "codes": "A1", "text": null,
        },
        "asOf": { "recorded": { "seq": "7" } },
        "crs": "EPSG:4490",
    });
    let question = ExportQuestion::read(Exportable::Stock, members).unwrap();
    assert_eq!(question.filter.codes, Some(vec!["A1".to_owned()]));
    assert_eq!(question.crs.unwrap().code(), 4490);
}

#[test]
fn what_does_not_fit_the_schema_names_its_field() {
    for (filter, code, field) in [
        (json!({ "statusses": ["IDLE"] }), ErrorCode::Validation, "filter.statusses"),
        (json!({ "statuses": ["IDLE", "LAZY"] }), ErrorCode::ValueNotInList, "filter.statuses[1]"),
        (json!({ "statuses": [null] }), ErrorCode::FieldRequired, "filter.statuses[0]"),
        (json!({ "areaMu": { "least": "1" } }), ErrorCode::Validation, "filter.areaMu.least"),
        (json!({ "areaMu": { "min": true } }), ErrorCode::Validation, "filter.areaMu.min"),
        (json!({ "area": { "relation": "COVERED" } }), ErrorCode::FieldRequired, "filter.area.geometry"),
        (json!({ "idleSince": 2020 }), ErrorCode::Validation, "filter.idleSince"),
        (
            json!({ "near": { "point": { "lon": "x", "lat": 1 }, "withinM": 1 } }),
            ErrorCode::Validation,
            "filter.near.point.lon",
        ),
        (json!([]), ErrorCode::Validation, "filter"),
    ] {
        assert_eq!(refused(json!({ "filter": filter })), (code, field.to_owned()), "{filter}");
    }
    assert_eq!(refused(json!({ "filter": { "text": "a\u{0}b" } })), (ErrorCode::TextInvalid, "filter".to_owned()));
    assert_eq!(refused(json!({ "fitler": {} })), (ErrorCode::Validation, "fitler".to_owned()));
    let both = json!({ "recorded": { "seq": 1, "at": "2026-01-01T00:00:00Z" } });
    assert_eq!(refused(json!({ "asOf": both })), (ErrorCode::Validation, "asOf.recorded".to_owned()));
    assert_eq!(refused(json!({ "crs": "EPSG:1" })), (ErrorCode::CrsUnknown, "crs".to_owned()));
}
