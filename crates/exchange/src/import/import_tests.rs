//! Features become the acts their columns ask for, or a refusal that names the column.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeMap;

use geo_types::{Geometry, polygon};
use uuid::Uuid;
use yulin_domain::codes::{CodeProfile, Role};
use yulin_domain::district::District;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::{AxisOrder, Crs, Footprint, FootprintRules, Strictness, SubmittedFootprint};
use yulin_domain::journal::{Act, ActBody, ActId, Digest, DistrictId, Envelope, ParcelId, PrincipalId};
use yulin_domain::land::{Parcel, RegisterParcel};

use super::*;
use crate::export::{FootprintShown, parcel_columns, parcel_geometry};
use crate::format::{AttributeValue, SourceFeature};

fn district() -> District {
    District {
        id: DistrictId(Uuid::from_u128(1)),
        code: "T".to_owned(),
        name: "T".to_owned(),
        parent: None,
        root: DistrictId(Uuid::from_u128(1)),
        profile: CodeProfile::Open,
        grid: Crs::epsg(2154).unwrap(),
        time_zone: "UTC".to_owned(),
        calendar: "none".to_owned(),
        boundary: None,
        generated: true,
    }
}

fn setting(district: &District) -> Setting<'_> {
    let crs = Some(district.grid);
    Setting { district, crs, axis: AxisOrder::EastFirst, manner: Manner::Change, effective: None }
}

fn square() -> Geometry<f64> {
    polygon![(x: 900_000.0, y: 6_600_000.0), (x: 900_100.0, y: 6_600_000.0), (x: 900_100.0, y: 6_600_100.0),
             (x: 900_000.0, y: 6_600_100.0)]
    .into()
}

fn feature(attributes: &[(&str, &str)]) -> SourceFeature {
    let text = |(name, value): &(&str, &str)| ((*name).to_owned(), AttributeValue::Text((*value).to_owned()));
    SourceFeature { number: 7, geometry: Ok(Some(square())), attributes: attributes.iter().map(text).collect() }
}

fn mapped(map: &str, feature: &SourceFeature) -> Mapping {
    let fields: Vec<String> = feature.attributes.keys().cloned().collect();
    Mapping::parse(Some(map), PARCEL_KEYS, &fields).unwrap()
}

fn registered(plan: Plan) -> RegisterParcel {
    match plan {
        Plan::Perform(body) => match *body {
            ActBody::RegisterParcel(act) => act,
            other => panic!("{other:?}"),
        },
        Plan::Unchanged => panic!("nothing was to be done"),
    }
}

/// The parcel that the act makes, as far as an import compares it.
fn parcel_of(act: &RegisterParcel, district: &District) -> Parcel {
    let blank = serde_json::json!({
        "id": ParcelId(Uuid::from_u128(5)), "district": district.id, "root_district": district.root,
        "state": "REGISTERED", "layer": "SURFACE", "ownership": "UNDETERMINED", "soil_gate": "UNKNOWN",
    });
    let mut parcel: Parcel = serde_json::from_value(blank).unwrap();
    act.facts.apply(&mut parcel);
    let submitted: &SubmittedFootprint = act.footprint.as_ref().unwrap();
    let rules = FootprintRules::standard(Strictness::Warn);
    parcel.footprint = Some(Footprint::prepare(submitted, district.grid, &rules).unwrap().footprint);
    parcel
}

#[test]
fn a_row_registers_a_parcel_and_again_it_is_unchanged() {
    let (district, feature) = (
        district(),
        feature(&[
            ("idu", "A1"),
            ("supf", "10000.5"),
            ("stockStatus", "IDLE"),
            ("stockSince", "2024-01-31"),
            ("use", "MNR2023:100101=2/3;MNR2023:0901=1/3"),
            ("plotRatioMax", "2.5"),
        ]),
    );
    let mapping = mapped("code=idu,registeredArea=SUPF,soilGate=const:PASS", &feature);
    let row = Row { mapping: &mapping, feature: &feature };
    let act = registered(plan_parcel(&row, &setting(&district), None).unwrap());
    assert_eq!(act.facts.code.as_deref(), Some("A1"));
    assert_eq!(act.facts.registered_area.unwrap().square_metres(), "10000.5");
    let parcel = parcel_of(&act, &district);
    let existing = Some(Existing { state: &parcel, seq: 3 });
    assert_eq!(plan_parcel(&row, &setting(&district), existing).unwrap(), Plan::Unchanged);
}

#[test]
fn one_column_of_the_planning_limits_leaves_the_others_as_they_are() {
    let district = district();
    let first = feature(&[("code", "A1"), ("plotRatioMin", "1.5"), ("plotRatioMax", "2.5"), ("heightMax", "40")]);
    let mapping = mapped("", &first);
    let row = Row { mapping: &mapping, feature: &first };
    let parcel = parcel_of(&registered(plan_parcel(&row, &setting(&district), None).unwrap()), &district);
    let sheet = feature(&[("code", "A1"), ("plotRatioMax", "3")]);
    let mapping = mapped("", &sheet);
    let row = Row { mapping: &mapping, feature: &sheet };
    let existing = Some(Existing { state: &parcel, seq: 3 });
    let Plan::Perform(body) = plan_attributes(&row, &setting(&district), existing).unwrap() else { panic!() };
    let ActBody::ChangeParcel(act) = *body else { panic!() };
    let planning = act.facts.planning.unwrap();
    assert_eq!(planning.plot_ratio.unwrap().min, parcel.planning.plot_ratio.unwrap().min);
    assert_eq!(planning.plot_ratio.unwrap().max.unwrap().0.to_string(), "3");
    assert_eq!(planning.height_m, parcel.planning.height_m);
    assert_eq!((act.parcel.seq, act.footprint), (3, None));
}

#[test]
fn a_moved_vertex_is_a_change_and_half_a_millimetre_is_none() {
    let (district, mut moved) = (district(), feature(&[("code", "A1")]));
    let mapping = mapped("", &moved);
    let act = plan_parcel(&Row { mapping: &mapping, feature: &moved }, &setting(&district), None).unwrap();
    let parcel = parcel_of(&registered(act), &district);
    let existing = Some(Existing { state: &parcel, seq: 3 });
    for (by, unchanged) in [(0.0004, true), (0.01, false)] {
        let shifted = geo::MapCoords::map_coords(&square(), |at| geo_types::Coord { x: at.x + by, y: at.y });
        moved.geometry = Ok(Some(shifted));
        let plan = plan_parcel(&Row { mapping: &mapping, feature: &moved }, &setting(&district), existing).unwrap();
        assert_eq!(plan == Plan::Unchanged, unchanged, "moved by {by} m");
    }
}

#[test]
fn what_cannot_be_read_names_its_column_and_value() {
    let district = district();
    for (column, value, code) in [
        ("registeredArea", "1.00001", ErrorCode::NumberInvalid),
        ("stockStatus", "LAZY", ErrorCode::ValueNotInList),
        ("termEnd", "31.12.2024", ErrorCode::DateInvalid),
        ("use", "MNR2023:9999", ErrorCode::LandUseUnknown),
    ] {
        let feature = feature(&[("code", "A1"), ("rightType", "STATE_CONSTRUCTION"), (column, value)]);
        let mapping = mapped("", &feature);
        let refused =
            plan_parcel(&Row { mapping: &mapping, feature: &feature }, &setting(&district), None).unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), (code, Some(column)));
        assert_eq!(refused.facts["value"], value);
    }
}

#[test]
fn a_mapping_to_a_column_that_is_not_there_is_refused_and_the_columns_are_named() {
    let fields = vec!["idu".to_owned()];
    let refused = Mapping::parse(Some("code=idx"), PARCEL_KEYS, &fields).unwrap_err();
    assert_eq!(refused.code, ErrorCode::ColumnUnknown);
    assert_eq!(refused.facts["columns"], serde_json::json!(["idu"]));
    let refused = Mapping::parse(Some("kode=idu"), PARCEL_KEYS, &fields).unwrap_err();
    assert_eq!(refused.code, ErrorCode::ValueNotInList);
}

#[test]
fn an_exported_row_is_imported_as_unchanged() {
    let district = district();
    let first = feature(&[
        ("code", "A1"),
        ("name", "甲地"),
        ("registeredArea", "10000"),
        ("askingPrice", "321.5"),
        ("infrastructure", "ROAD;WATER"),
        ("stockStatus", "IDLE"),
        ("stockSince", "2024-01-31"),
        ("signedOn", "2020-02-29"),
        ("contractPrice", "29950000"),
        ("rightType", "STATE_CONSTRUCTION"),
    ]);
    let mapping = mapped("", &first);
    let act = plan_parcel(&Row { mapping: &mapping, feature: &first }, &setting(&district), None).unwrap();
    let parcel = parcel_of(&registered(act), &district);
    for target in [2154, 4171, 4326, 3857] {
        let target = Crs::epsg(target).unwrap();
        let geometry = parcel_geometry(&parcel, FootprintShown::Surveyed, district.grid, target).unwrap().unwrap();
        let values = parcel_columns()
            .filter_map(|column| Some((column.name.to_owned(), column.value(&parcel, FootprintShown::Surveyed)?)));
        let attributes: BTreeMap<_, _> = values.collect();
        let exported = SourceFeature { number: 1, geometry: Ok(Some(geometry.into())), attributes };
        let mapping = mapped("", &exported);
        let setting = Setting { crs: Some(target), ..setting(&district) };
        let existing = Some(Existing { state: &parcel, seq: 3 });
        let plan = plan_parcel(&Row { mapping: &mapping, feature: &exported }, &setting, existing).unwrap();
        assert_eq!(plan, Plan::Unchanged, "through {target}");
    }
}

#[test]
fn the_same_feature_asks_under_the_same_id_and_another_under_another() {
    let (district, feature) = (district(), feature(&[("code", "A1")]));
    let mapping = mapped("", &feature);
    let plan = plan_parcel(&Row { mapping: &mapping, feature: &feature }, &setting(&district), None).unwrap();
    let act = |naming: ActNaming| {
        let envelope = Envelope {
            id: ActId(Uuid::new_v4()),
            principal: PrincipalId::SYSTEM,
            role: Role::Admin,
            narrowing: None,
            on_behalf_of: None,
            effective_at: None,
            not_after: None,
            reason: None,
            legal_basis: None,
            evidence: Vec::new(),
            personal_note: None,
        };
        let mut act = Act { envelope, legs: vec![registered(plan.clone()).into()] };
        name_act(&mut act, &naming).unwrap();
        act.envelope.id
    };
    let naming = ActNaming { file: Digest([1; 32]), feature: 7, head: 9 };
    assert_eq!(act(naming), act(naming));
    for other in [
        ActNaming { feature: 8, ..naming },
        ActNaming { head: 10, ..naming },
        ActNaming { file: Digest([2; 32]), ..naming },
    ] {
        assert_ne!(act(naming), act(other));
    }
}

#[test]
fn a_share_is_written_as_fraction_decimal_or_percentage_and_is_exact() {
    let share_in = |text: &str| {
        let feature = feature(&[("holders", "reg/7"), ("share", text)]);
        let mapping = Mapping::parse(None, RIGHT_KEYS, &["holders".to_owned(), "share".to_owned()]).unwrap();
        let row = Row { mapping: &mapping, feature: &feature };
        holders_of(&row).map(|holders| holders[0].share.to_string())
    };
    for (text, share) in
        [("1/3", "1/3"), ("0.125", "1/8"), ("12.5%", "1/8"), ("25 %", "1/4"), ("1", "1/1"), ("100%", "1/1")]
    {
        assert_eq!(share_in(text).unwrap(), share);
    }
    for text in ["0", "1.5", "101%", "a", "-1/2", "0.", ".", "0.00000000000000000000001", "1/0"] {
        assert_eq!(share_in(text).unwrap_err().code, ErrorCode::ShareInvalid, "{text}");
    }
}

#[test]
fn holders_without_shares_hold_equal_ones() {
    let feature = feature(&[("holders", "91330726MA28D12E0X; reg/7 ;reg/8")]);
    let mapping = Mapping::parse(None, RIGHT_KEYS, &["holders".to_owned()]).unwrap();
    let holders = holders_of(&Row { mapping: &mapping, feature: &feature }).unwrap();
    assert!(holders.iter().all(|holder| holder.share.to_string() == "1/3"));
    assert_eq!(holders[1].party, PartyKey::External("reg/7".to_owned()));
    assert!(matches!(holders[0].party, PartyKey::CreditCode(_)));
}

#[test]
fn a_party_without_a_key_is_refused_and_the_number_of_a_person_is_none() {
    let planned = |attributes: &[(&str, &str)]| {
        let feature = feature(attributes);
        let fields: Vec<String> = feature.attributes.keys().cloned().collect();
        let mapping = Mapping::parse(None, PARTY_KEYS, &fields).unwrap();
        let row = Row { mapping: &mapping, feature: &feature };
        let planned = party_key(&row).and_then(|_| plan_party(&row, None, None));
        planned.map_err(|refused| (refused.code, refused.field.unwrap()))
    };
    let person = [("kind", "NATURAL_PERSON"), ("name", "X"), ("identityNumber", "7")];
    let refused = |code, field: &str| Err((code, field.to_owned()));
    assert_eq!(planned(&person), refused(ErrorCode::FieldRequired, "externalId"));
    assert_eq!(planned(&[("name", "X")]), refused(ErrorCode::FieldRequired, "creditCode"));
    let keyed = |id| [person.as_slice(), &[("externalSystem", "hr"), ("externalId", id)]].concat();
    assert_eq!(planned(&keyed("7")), refused(ErrorCode::PersonalDataMisplaced, "externalId"));
    assert!(matches!(planned(&keyed("8")), Ok(Plan::Perform(_))));
}
