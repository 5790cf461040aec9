//! Questions asked of a small registry through the schema, as different roles.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::{Value, json};
use yulin_domain::codes::{Labelled, Lang, Role, StockStatus};
use yulin_domain::journal::Seen;
use yulin_domain::land::SetPrice;

use super::test_registry::TestRegistry;

/// The two questions that clients are written against, to the letter; the first is an example of the demo as well.
const STOCK: &str = include_str!("../../../yulin/src/demo/stock.graphql");
const WITHIN: &str = "query Within($area: GeoJSON!, $after: String) {
  parcels(filter: { district: \"25354\", area: { geometry: $area, relation: COVERED } }, first: 100, after: $after) {
    totalCount nodes { code footprint area { computed { squareMetres } } } pageInfo { hasNextPage endCursor }
  }
}";
const CODES: &str = "query Codes($after: String, $first: Int!) {
  parcels(first: $first, after: $after) { totalCount nodes { code } edges { cursor } pageInfo { hasNextPage endCursor } }
}";

/// A polygon far around all parcels.
fn around() -> Value {
    json!({ "type": "Polygon", "coordinates": [[[5.0, 46.0], [7.0, 46.0], [7.0, 48.0], [5.0, 48.0], [5.0, 46.0]]] })
}

fn codes(nodes: &Value) -> Vec<&str> {
    nodes.as_array().unwrap().iter().map(|node| node["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_stock_question_works_to_the_letter_and_orders_by_price_with_asking_before_floor() {
    let test = TestRegistry::new().await;
    let told = test.told(Role::Planner, STOCK, json!({ "area": around() })).await;
    let land = &told["stockLand"];
    assert_eq!(land["totalCount"], 3);
    // The third asks nothing: its floor of 90 yuan orders it first.
    assert_eq!(codes(&land["nodes"]), ["P2", "P1", "P0"]);
    let last = &land["nodes"][2];
    assert_eq!(last["landUse"], json!({ "scheme": "GBT21010_2017", "code": "0601", "label": "工业用地" }));
    assert_eq!(last["area"]["registered"], json!({ "squareMetres": "10000", "mu": "15" }));
    assert_eq!(last["footprint"]["type"], "Polygon");
    assert_eq!(last["holders"][0]["party"]["name"], "演示企业");
    assert_eq!(last["holders"][0]["share"], json!({ "numerator": "2", "denominator": "3" }));
    assert_eq!(land["pageInfo"]["hasNextPage"], false);
}

#[tokio::test]
async fn the_public_is_answered_in_the_order_of_what_is_asked_and_the_floor_tells_nothing() {
    let test = TestRegistry::new().await;
    let told = test.told(Role::Public, STOCK, json!({ "area": around() })).await;
    assert_eq!(told["stockLand"]["totalCount"], 3);
    assert_eq!(codes(&told["stockLand"]["nodes"]), ["P1", "P0", "P2"]);
    assert_eq!(told["stockLand"]["nodes"][0]["holders"], Value::Null);
}

#[tokio::test]
async fn the_second_question_works_to_the_letter_with_geojson_as_text_as_well() {
    let test = TestRegistry::new().await;
    for area in [around(), Value::String(around().to_string())] {
        let told = test.told(Role::Public, WITHIN, json!({ "area": area })).await;
        assert_eq!(told["parcels"]["totalCount"], 5);
        assert_eq!(codes(&told["parcels"]["nodes"]), ["P0", "P1", "P2", "P3", "P4"]);
    }
}

#[tokio::test]
async fn a_natural_persons_name_is_read_by_an_officer_and_not_by_a_planner() {
    let test = TestRegistry::new().await;
    let query = "{ parcel(district: \"25354\", code: \"P0\") { holders { party { kind name withheld } } } }";
    let planner = test.told(Role::Planner, query, json!({})).await;
    let officer = test.told(Role::ZoneOfficer, query, json!({})).await;
    assert_eq!(planner["parcel"]["holders"][1]["party"]["name"], Value::Null);
    assert_eq!(planner["parcel"]["holders"][1]["party"]["withheld"][0], "name");
    assert_eq!(officer["parcel"]["holders"][1]["party"]["name"], "演示甲");
}

#[tokio::test]
async fn the_public_is_shown_outlines_and_told_what_is_withheld() {
    let test = TestRegistry::new().await;
    let query = "{ parcel(district: \"25354\", code: \"P1\") { generated holders { share { numerator } } rights { id }
        freezes { id } stock { status reasons } price { asking floor } withheld area { computed { squareMetres } } } }";
    let told = test.told(Role::Public, query, json!({})).await;
    let parcel = &told["parcel"];
    assert_eq!(parcel["generated"], true);
    for hidden in [
        &parcel["holders"],
        &parcel["rights"],
        &parcel["freezes"],
        &parcel["stock"]["reasons"],
        &parcel["price"]["floor"],
    ] {
        assert_eq!(*hidden, Value::Null);
    }
    assert_eq!(parcel["price"]["asking"], "300");
    for field in ["holders", "rights", "stock.reasons", "price.floor"] {
        assert!(parcel["withheld"].as_array().unwrap().contains(&json!(field)), "{field}");
    }
}

#[tokio::test]
async fn the_public_may_not_ask_by_what_it_may_not_read() {
    let test = TestRegistry::new().await;
    let by_holder = format!("{{ parcels(filter: {{ holder: \"party:{}\" }}) {{ totalCount }} }}", uuid::Uuid::nil());
    let extensions = test.refused(Role::Public, &by_holder, json!({})).await;
    assert_eq!(extensions["code"], "FORBIDDEN");
    assert_eq!(extensions["field"], "filter.holder");
    assert_eq!(extensions["facts"]["reads"], "Parcel.holders");
    let acts = test.refused(Role::Public, "{ acts { nodes { seq } } }", json!({})).await;
    assert_eq!(acts["code"], "FORBIDDEN");
}

#[tokio::test]
async fn later_pages_answer_as_of_the_first_page_each_item_once() {
    let test = TestRegistry::new().await;
    let first = test.told(Role::Planner, CODES, json!({ "first": 2 })).await;
    assert_eq!(codes(&first["parcels"]["nodes"]), ["P0", "P1"]);
    assert_eq!(first["parcels"]["pageInfo"]["hasNextPage"], true);
    let version =
        test.told(Role::Planner, "{ parcel(district: \"25354\", code: \"P4\") { version } }", json!({})).await;
    let seq = version["parcel"]["version"].as_str().unwrap().parse().unwrap();
    let dearer = yulin_domain::quantity::FenPerSquareMetre::from_fen(99_900);
    let price = yulin_domain::land::Price { asking: Some(dearer), floor: None };
    test.act(SetPrice { parcel: Seen { id: test.parcels[4], seq }, price }).await;
    let mut after = first["parcels"]["pageInfo"]["endCursor"].clone();
    let mut seen = Vec::new();
    let query = CODES.replace("nodes { code }", "nodes { code price { asking } }");
    let first = test.told(Role::Planner, &query, json!({ "first": 2 })).await;
    assert_eq!(first["parcels"]["totalCount"], 5);
    loop {
        let page = test.told(Role::Planner, &query, json!({ "first": 2, "after": after })).await;
        let page = &page["parcels"];
        seen.extend(page["nodes"].as_array().unwrap().clone());
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(codes(&Value::Array(seen.clone())), ["P2", "P3", "P4"]);
    assert_eq!(seen[2]["price"]["asking"], "700", "the price set after the first page was read");
}

#[tokio::test]
async fn a_cursor_of_another_question_is_refused_with_its_code() {
    let test = TestRegistry::new().await;
    let first = test.told(Role::Planner, CODES, json!({ "first": 2 })).await;
    let after = first["parcels"]["pageInfo"]["endCursor"].as_str().unwrap();
    let other = format!("{{ stockLand(after: \"{after}\") {{ totalCount }} }}");
    assert_eq!(test.refused(Role::Planner, &other, json!({})).await["code"], "CURSOR_INVALID");
    let public = test.refused(Role::Public, CODES, json!({ "first": 2, "after": after })).await;
    assert_eq!(public["code"], "CURSOR_INVALID");
}

#[tokio::test]
async fn facets_and_explanations_agree_with_the_search() {
    let test = TestRegistry::new().await;
    let query = format!(
        "{{ stockLand(filter: {{ statuses: [IDLE], text: \"浦江\" }}, first: 0) {{ totalCount nodes {{ code }}
            facets {{ byStatus {{ key label count area {{ mu }} }} byUse {{ key count }} byStreet {{ key }} }}
            explain(parcel: \"parcel:{}\") {{ matches conditions {{ condition meets }} }} }} }}",
        test.parcels[1]
    );
    let told = test.told(Role::Planner, &query, json!({})).await;
    let land = &told["stockLand"];
    assert_eq!(land["totalCount"], 2);
    assert_eq!(land["nodes"], json!([]));
    assert_eq!(
        land["facets"]["byStatus"],
        json!([{ "key": "IDLE", "label": StockStatus::Idle.label(Lang::Zh), "count": 2, "area": { "mu": "30" } }])
    );
    assert_eq!(land["explain"]["matches"], false);
    let conditions = land["explain"]["conditions"].as_array().unwrap();
    let meets = |name: &str| conditions.iter().find(|one| one["condition"] == name).unwrap()["meets"].clone();
    assert_eq!((meets("statuses"), meets("text"), meets("stockLand")), (json!(false), json!(true), json!(true)));
}

#[tokio::test]
async fn land_inside_zones_of_which_there_is_none_is_no_land() {
    let test = TestRegistry::new().await;
    let told = test.told(Role::Planner, "{ parcels(filter: { inside: [FLOOD] }) { totalCount } }", json!({})).await;
    assert_eq!(told["parcels"]["totalCount"], 0);
    let outside = test.told(Role::Planner, "{ parcels(filter: { outside: [FLOOD] }) { totalCount } }", json!({})).await;
    assert_eq!(outside["parcels"]["totalCount"], 5);
}

#[tokio::test]
async fn near_a_point_the_distance_is_told_and_orders() {
    let test = TestRegistry::new().await;
    let at = test.told(Role::Planner, "{ parcel(district: \"25354\", code: \"P0\") { footprint } }", json!({})).await;
    let corner = &at["parcel"]["footprint"]["coordinates"][0][0];
    let query = "query Near($lon: Float!, $lat: Float!) { parcels(
        filter: { near: { point: { lon: $lon, lat: $lat }, withinM: \"150\" } }
        orderBy: [{ field: DISTANCE, direction: ASC }]) { edges { distanceM node { code } } } }";
    let told = test.told(Role::Planner, query, json!({ "lon": corner[0], "lat": corner[1] })).await;
    let edges = told["parcels"]["edges"].as_array().unwrap();
    assert_eq!(edges[0]["node"]["code"], "P0");
    assert!(edges[0]["distanceM"].as_f64().unwrap() < 0.01);
    assert_eq!(edges.len(), 2);
    let parcels = test.told(
        Role::Planner,
        "query At($lon: Float!, $lat: Float!) { parcelAt(point: { lon: $lon, lat: $lat }) { code } }",
        json!({ "lon": corner[0], "lat": corner[1] }),
    );
    assert_eq!(parcels.await["parcelAt"][0]["code"], "P0");
}

#[tokio::test]
async fn bad_input_names_its_field_in_both_languages() {
    let test = TestRegistry::new().await;
    for (query, code, field) in [
        ("{ parcels(filter: { areaMu: { min: \"ten\" } }) { totalCount } }", "NUMBER_INVALID", "filter.areaMu.min"),
        ("{ parcels(filter: { idleSince: \"2020-13-01\" }) { totalCount } }", "DATE_INVALID", "filter.idleSince"),
        ("{ parcels(filter: { district: \"nowhere\" }) { totalCount } }", "DISTRICT_UNKNOWN", "filter.district"),
        (
            "{ parcels(filter: { landUse: [\"GBT21010_2017:9999\"] }) { totalCount } }",
            "LAND_USE_UNKNOWN",
            "filter.landUse",
        ),
        ("{ parcels(first: -1) { totalCount } }", "PAGE_SIZE", "first"),
        ("{ parcels(after: \"浦江\") { totalCount } }", "CURSOR_INVALID", "after"),
        ("{ parcel(id: \"parcel:x\") { code } }", "ID_INVALID", "id"),
        (
            "{ parcels(asOf: { recorded: { seq: \"999999\" } }) { totalCount } }",
            "AS_OF_BEYOND_HEAD",
            "asOf.recorded.seq",
        ),
        (
            "{ parcels(filter: { area: { geometry: \"{\", relation: COVERED } }) { totalCount } }",
            "GEOMETRY_MALFORMED",
            "filter.area.geometry",
        ),
        (
            "{ parcels(filter: { area: { geometry: \"{\\\"type\\\":\\\"Polygon\\\",\\\"coordinates\\\":[[[5,46],[7,46],[7,48],[5,46]]]}\", relation: AREA_SHARE } }) { totalCount } }",
            "MIN_SHARE_REQUIRED",
            "filter.area.minShare",
        ),
    ] {
        let extensions = test.refused(Role::Planner, query, json!({})).await;
        assert_eq!((&extensions["code"], &extensions["field"]), (&json!(code), &json!(field)), "{query}");
        assert!(extensions["messages"]["zh"].is_string() && extensions["messages"]["en"].is_string());
    }
}

#[tokio::test]
async fn acts_and_nodes_are_read_by_id_and_a_parcels_history_holds_its_acts() {
    let test = TestRegistry::new().await;
    let query = "query One($id: ID!) { node(id: $id) { id ... on Parcel { code history { nodes { kind seq changes { kind } } } } } }";
    let told = test.told(Role::Auditor, query, json!({ "id": format!("parcel:{}", test.parcels[0]) })).await;
    assert_eq!(told["node"]["code"], "P0");
    let kinds: Vec<_> =
        told["node"]["history"]["nodes"].as_array().unwrap().iter().map(|act| act["kind"].clone()).collect();
    assert_eq!(kinds, ["REGISTER_PARCEL", "GRANT_RIGHT"]);
    let none = test.told(Role::Auditor, query, json!({ "id": format!("parcel:{}", uuid::Uuid::nil()) })).await;
    assert_eq!(none["node"], Value::Null);
}
