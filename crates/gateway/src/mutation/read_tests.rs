//! What callers send, read or refused with the path of the field.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use async_graphql::{InputType, Value};
use serde_json::json;
use yulin_domain::codes::Role;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{Act, ActBody, ActId, Envelope, PrincipalId, Refused};
use yulin_domain::land::{Clearable, Disposition, Limits};
use yulin_domain::quantity::{Area, Fen, FenPerSquareMetre, Ratio, Share};

use super::ActBodyInput;
use super::authority::Actor;
use super::envelope::{ActEnvelopeInput, Effect};
use super::lines::lines;

const PARCEL: &str = "018f0000-0000-7000-8000-000000000001";

/// Reads an act's body from the JSON a client would send.
fn read(body: serde_json::Value) -> Result<ActBody, Refused> {
    let value = Value::from_json(body).expect("JSON is a GraphQL value");
    <ActBodyInput as InputType>::parse(Some(value)).unwrap_or_else(|_| panic!("the input fits its type")).read()
}

fn envelope(act: serde_json::Value) -> ActEnvelopeInput {
    let value = Value::from_json(act).expect("JSON is a GraphQL value");
    <ActEnvelopeInput as InputType>::parse(Some(value)).unwrap_or_else(|_| panic!("the envelope fits its type"))
}

fn square() -> serde_json::Value {
    json!({"type": "Polygon", "coordinates": [[[120.0, 29.0], [120.001, 29.0], [120.001, 29.001], [120.0, 29.0]]]})
}

fn refusal(body: serde_json::Value) -> (ErrorCode, Option<String>) {
    let refused = read(body).expect_err("it is refused");
    (refused.code, refused.field)
}

#[test]
fn a_card_is_read_exactly() {
    let act = read(json!({"registerParcel": {
        "district": format!("district:{PARCEL}"),
        "code": "330726001001GB00001",
        "uses": [{"use": "GBT21010_2017:0601", "share": {"numerator": 2, "denominator": "3"}},
                 {"use": "GBT21010_2017:0602", "share": {"numerator": "1", "denominator": "3"}}],
        "registeredArea": "12345.6789",
        "price": {"asking": "450.25"},
        "planning": {"plotRatio": {"min": {"value": "1.2"}, "max": {"value": 3, "limits": "EXCLUSIVE"}}},
        "stock": {"status": "IDLE", "since": "2024-03-01", "contract": {"price": "1000000.01", "startBy": "2023-03-01"}},
        "footprint": {"geometry": square()},
    }}));
    let ActBody::RegisterParcel(act) = act.unwrap() else { panic!("another act was read") };
    let uses: Vec<_> = act.facts.uses.unwrap().iter().map(|part| part.share).collect();
    assert_eq!(uses, [Share::new(2, 3).unwrap(), Share::new(1, 3).unwrap()]);
    assert_eq!(act.facts.registered_area, Some(Area::from_units(123_456_789)));
    assert_eq!(act.facts.price.unwrap().asking, Some(FenPerSquareMetre::from_fen(45_025)));
    let ratio = act.facts.planning.unwrap().plot_ratio.unwrap();
    assert_eq!(ratio.min, Some((Ratio::from_units(12_000), Limits::Inclusive)));
    assert_eq!(ratio.max, Some((Ratio::from_units(30_000), Limits::Exclusive)));
    let contract = act.facts.stock.unwrap().contract.unwrap();
    assert_eq!(contract.price, Some(Fen::from_fen(100_000_001)));
    assert_eq!(act.footprint.unwrap().crs().code(), 4326);
}

#[test]
fn a_number_that_is_too_fine_is_refused_at_its_field() {
    let body = json!({"registerParcel": {"district": PARCEL, "registeredArea": "1.00001"}});
    assert_eq!(refusal(body), (ErrorCode::NumberInvalid, Some("registeredArea".to_owned())));
}

#[test]
fn a_fault_deep_in_a_list_is_told_with_its_whole_path() {
    let child = |ends: &str| {
        json!({"code": "a", "footprint": {"geometry": square()},
        "tenure": {"rightType": "STATE_CONSTRUCTION", "endsOn": ends}})
    };
    let seen = json!({"id": PARCEL, "expectedSeq": "7"});
    let body = json!({"splitParcel": {"parcel": seen, "children": [child("2060-01-01"), child("2060-13-01")]}});
    assert_eq!(refusal(body), (ErrorCode::DateInvalid, Some("children[1].tenure.endsOn".to_owned())));
}

#[test]
fn an_id_of_another_kind_is_refused() {
    let body = json!({"retireParcel": {"parcel": {"id": format!("zone:{PARCEL}"), "expectedSeq": 1}}});
    assert_eq!(refusal(body), (ErrorCode::IdInvalid, Some("parcel.id".to_owned())));
}

#[test]
fn the_prefixed_and_the_bare_id_mean_the_same() {
    let act = |id: &str| read(json!({"retireParcel": {"parcel": {"id": id, "expectedSeq": 9}}})).unwrap();
    assert_eq!(act(PARCEL), act(&format!("parcel:{PARCEL}")));
}

#[test]
fn a_geometry_that_is_none_is_told_with_its_pointer() {
    let geometry = json!({"type": "Polygon", "coordinates": [[[120.0, "x"]]]});
    let refused =
        read(json!({"registerParcel": {"district": PARCEL, "footprint": {"geometry": geometry}}})).unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (ErrorCode::GeometryMalformed, Some("footprint.geometry")));
    assert!(refused.facts["problem"].as_str().unwrap().contains("coordinates[0][0][1]"));
}

#[test]
fn facts_are_cleared_only_where_it_is_said() {
    let seen = json!({"id": PARCEL, "expectedSeq": 1});
    let act = read(json!({"changeParcel": {"parcel": seen, "name": null, "clear": ["STREET"]}})).unwrap();
    let ActBody::ChangeParcel(act) = act else { panic!("another act was read") };
    assert_eq!((act.facts.name, act.facts.clear), (None, [Clearable::Street].into()));
}

#[test]
fn what_is_given_is_not_cleared_as_well() {
    let seen = json!({"id": PARCEL, "expectedSeq": 1});
    let given = [
        ("unitCode", "UNIT_CODE", json!("x")),
        ("lotNumber", "LOT_NUMBER", json!("x")),
        ("name", "NAME", json!("x")),
        ("location", "LOCATION", json!("x")),
        ("street", "STREET", json!("x")),
        ("tenure", "TENURE", json!({"rightType": "STATE_CONSTRUCTION"})),
        ("registeredArea", "REGISTERED_AREA", json!("1")),
        ("surveyedArea", "SURVEYED_AREA", json!("1")),
        ("stock", "STOCK", json!({"status": "IDLE", "since": "2024-03-01"})),
        ("external", "EXTERNAL", json!({"system": "TITLE", "externalId": "1", "state": "CONFIRMED"})),
    ];
    for (field, fact, value) in given {
        let change = |clear| read(json!({"changeParcel": {"parcel": seen, field: value, "clear": [clear]}}));
        let refused = change(fact).unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), (ErrorCode::Validation, Some("clear")), "{field}");
        assert_eq!(refused.facts["given"], fact);
        change(if fact == "NAME" { "STREET" } else { "NAME" }).expect("the one is given, the other cleared");
    }
    let child = json!({"code": "a", "footprint": {"geometry": square()}, "name": "x", "clear": ["NAME"]});
    let body = json!({"splitParcel": {"parcel": seen, "children": [child]}});
    assert_eq!(refusal(body), (ErrorCode::Validation, Some("children[0].clear".to_owned())));
}

#[test]
fn each_right_is_carried_or_ended() {
    let right = format!("right:{PARCEL}");
    let act = read(json!({"retireParcel": {"parcel": {"id": PARCEL, "expectedSeq": 1},
        "dispositions": [{"ended": right}, {"carried": {"record": right, "onto": [0, 2]}}]}}));
    let ActBody::RetireParcel(act) = act.unwrap() else { panic!("another act was read") };
    let record = right.parse().unwrap();
    assert_eq!(act.dispositions, [Disposition::Ended { record }, Disposition::Carried { record, onto: vec![0, 2] }]);
}

#[test]
fn a_feature_is_points_or_lines() {
    assert_eq!(lines(r#"{"type":"Point","coordinates":[1,2,3]}"#).unwrap(), [vec![[1.0, 2.0]]]);
    let two = lines(r#"{"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2],[3,3]]]}"#).unwrap();
    assert_eq!(two, [vec![[0.0, 0.0], [1.0, 1.0]], vec![[2.0, 2.0], [3.0, 3.0]]]);
    lines(r#"{"type":"LineString","coordinates":[[0,0]]}"#).expect_err("a line of one position is none");
    let refused = lines(r#"{"type":"LineString","coordinates":[[0,0],[1]]}"#).unwrap_err();
    assert!(refused.to_string().starts_with("coordinates[1]"), "{refused}");
    assert_eq!(lines(r#"{"type":"Polygon","coordinates":[]}"#).unwrap_err().code(), "GEOMETRY_TYPE");
    let of = json!({"district": PARCEL, "kind": "HIGHWAY_EXIT", "code": "F1", "geometry": {"geometry": square()}});
    let refused = read(json!({"registerFeature": of})).unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (ErrorCode::GeometryType, Some("geometry.geometry")));
    let needed = "a Point, MultiPoint, LineString or MultiLineString is needed, not Polygon";
    assert_eq!(refused.facts["problem"], needed);
}

#[test]
fn an_act_takes_effect_at_an_instant_or_on_a_date_but_not_both() {
    let on = envelope(json!({"actId": PARCEL, "effectiveOn": "2026-05-01"}));
    assert_eq!(on.effect().unwrap(), Effect::On(jiff::civil::date(2026, 5, 1)));
    let both = json!({"actId": PARCEL, "effectiveOn": "2026-05-01", "effectiveAt": "2026-05-01T00:00:00+08:00"});
    assert_eq!(envelope(both).effect().unwrap_err().field.as_deref(), Some("effectiveOn"));
}

#[test]
fn control_characters_are_refused_wherever_they_stand() {
    let plain = |body| {
        let envelope = Envelope::by_the_registry(ActId(uuid::Uuid::nil()));
        Act { envelope, legs: vec![read(body).unwrap()] }.check_plain()
    };
    let register =
        |field: &str, text: &str| json!({"registerParcel": {"district": format!("district:{PARCEL}"), field: text}});
    for text in ["A\u{0}", "A\u{1b}", "\u{7f}"] {
        for field in ["code", "unitCode", "lotNumber", "location"] {
            let refused = plain(register(field, text)).unwrap_err();
            assert_eq!((refused.code, refused.field), (ErrorCode::TextInvalid, Some(field.to_owned())), "{text:?}");
        }
        let later = json!({"scheduleAct": {"beginsAt": "2999-01-01T00:00:00Z", "legs": [register("code", text)]}});
        assert_eq!(plain(later).unwrap_err().field.as_deref(), Some("legs[0].code"));
        let sent = envelope(json!({"actId": PARCEL, "reason": text}));
        let actor = Actor { principal: PrincipalId::SYSTEM, role: Role::Admin, narrowing: None };
        let refused = sent.read(&actor, None).expect_err("it is refused");
        assert_eq!((refused.code, refused.field.as_deref()), (ErrorCode::TextInvalid, Some("reason")));
    }
    plain(register("location", "第一行\n第二行")).expect("lines are text");
}
