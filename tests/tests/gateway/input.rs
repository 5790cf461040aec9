//! Bad input over HTTP: always an error with a code, in two languages, that names what is wrong.

use serde_json::{Value, json};
use yulin_domain::codes::Role;
use yulin_tests::{Gateway, each_backend};

/// A question, its variables, and the code and the field of its error.
type Case = (&'static str, Value, &'static str, &'static str);

const FILTER: &str = "query($filter: ParcelFilterInput) { parcels(filter: $filter) { totalCount } }";
const AREA: &str = "query($area: GeoJSON!) { parcels(filter: { area: { geometry: $area } }) { totalCount } }";
const PRICE: &str =
    "mutation($input: SetPriceInput!, $act: ActEnvelopeInput!) { setPrice(input: $input, act: $act) { __typename } }";

const CHANGE: &str = "mutation($input: ChangeParcelInput!, $act: ActEnvelopeInput!) \
    { changeParcel(input: $input, act: $act) { __typename } }";

fn asked() -> Vec<Case> {
    let filter = |value: Value| json!({ "filter": value });
    let polygon = |ring: Value| json!({ "area": { "type": "Polygon", "coordinates": [ring] } });
    vec![
        ("{ parcel(id: \"parcel:x\") { code } }", json!({}), "ID_INVALID", "id"),
        ("{ parcel(id: \"party:00000000-0000-4000-8000-000000000001\") { code } }", json!({}), "ID_INVALID", "id"),
        ("{ parcel(code: \"P1\") { code } }", json!({}), "FIELD_REQUIRED", "id"),
        ("{ node(id: \"浦江\") { id } }", json!({}), "ID_INVALID", "id"),
        ("{ node(id: \"parcel:{00000000-0000-4000-8000-000000000001}\") { id } }", json!({}), "ID_INVALID", "id"),
        (
            "{ nodes(ids: [\"parcel:00000000-0000-4000-8000-000000000001\", \"x\"]) { id } }",
            json!({}),
            "ID_INVALID",
            "ids[1]",
        ),
        ("{ act(id: \"x\") { seq } }", json!({}), "ID_INVALID", "id"),
        ("{ acts(filter: { subject: \"x\" }) { totalCount } }", json!({}), "ID_INVALID", "filter.subject"),
        ("{ party(id: \"x\") { name } }", json!({}), "ID_INVALID", "id"),
        ("{ district { name } }", json!({}), "FIELD_REQUIRED", "id"),
        ("{ parcels(first: 501) { totalCount } }", json!({}), "PAGE_SIZE", "first"),
        ("{ parcels(after: \"AAAA\") { totalCount } }", json!({}), "CURSOR_INVALID", "after"),
        ("{ acts(after: \"浦江\") { totalCount } }", json!({}), "CURSOR_INVALID", "after"),
        ("{ parties(after: \"\") { totalCount } }", json!({}), "CURSOR_INVALID", "after"),
        ("{ parcelAt(point: { lon: 200, lat: 0 }) { code } }", json!({}), "COORDINATE_OUT_OF_RANGE", "point"),
        ("{ parcels(asOf: { valid: \"yesterday\" }) { totalCount } }", json!({}), "TIME_INVALID", "asOf.valid"),
        (
            "{ parcels(asOf: { valid: \"2026-05-01T00:00:00\" }) { totalCount } }",
            json!({}),
            "TIME_INVALID",
            "asOf.valid",
        ),
        (
            "{ parcels(asOf: { recorded: { at: \"1999-01-01T00:00:00Z\" } }) { totalCount } }",
            json!({}),
            "AS_OF_INVALID",
            "asOf.recorded.at",
        ),
        (
            "{ parcels(asOf: { recorded: { seq: \"99999999\" } }) { totalCount } }",
            json!({}),
            "AS_OF_BEYOND_HEAD",
            "asOf.recorded.seq",
        ),
        (
            "{ parcels(asOf: { recorded: { at: \"2099-01-01T00:00:00Z\" } }) { totalCount } }",
            json!({}),
            "AS_OF_BEYOND_HEAD",
            "asOf.recorded.at",
        ),
        (FILTER, filter(json!({ "areaMu": { "min": "ten" } })), "NUMBER_INVALID", "filter.areaMu.min"),
        (FILTER, filter(json!({ "areaMu": { "max": "1e3" } })), "NUMBER_INVALID", "filter.areaMu.max"),
        (FILTER, filter(json!({ "price": { "min": "0.001" } })), "NUMBER_INVALID", "filter.price.min"),
        (FILTER, filter(json!({ "plotRatio": { "min": "-" } })), "NUMBER_INVALID", "filter.plotRatio.min"),
        (FILTER, filter(json!({ "idleSince": "2020-02-30" })), "DATE_INVALID", "filter.idleSince"),
        (FILTER, filter(json!({ "district": "nowhere" })), "DISTRICT_UNKNOWN", "filter.district"),
        (FILTER, filter(json!({ "districts": ["D1", "nowhere"] })), "DISTRICT_UNKNOWN", "filter.districts[1]"),
        (FILTER, filter(json!({ "landUse": ["0601"] })), "LAND_USE_UNKNOWN", "filter.landUse"),
        (FILTER, filter(json!({ "holder": "x" })), "ID_INVALID", "filter.holder"),
        (FILTER, filter(json!({ "text": "" })), "FILTER_INVALID", "filter.text"),
        (FILTER, filter(json!({ "text": "a\u{0}b" })), "VALIDATION", "variables"),
        (FILTER, filter(json!({ "text": "x".repeat(300) })), "TEXT_TOO_LONG", "filter.text"),
        (FILTER, filter(json!({ "codes": vec!["x"; 1001] })), "LIST_TOO_LONG", "filter.codes"),
        (FILTER, filter(json!({ "near": { "withinM": "10" } })), "FILTER_INVALID", "filter.near"),
        (
            FILTER,
            filter(json!({ "near": { "withinM": "-1", "point": { "lon": 1, "lat": 1 } } })),
            "NUMBER_INVALID",
            "filter.near.withinM",
        ),
        ("{ parcels(orderBy: [{ field: DISTANCE }]) { totalCount } }", json!({}), "FILTER_INVALID", "orderBy"),
        (AREA, json!({ "area": "{" }), "GEOMETRY_MALFORMED", "filter.area.geometry"),
        (AREA, json!({ "area": { "type": "Point", "coordinates": [1, 2] } }), "GEOMETRY_TYPE", "filter.area.geometry"),
        (
            AREA,
            polygon(json!([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]])),
            "RING_SELF_INTERSECTION",
            "filter.area.geometry",
        ),
        (AREA, polygon(json!([[0, 0], [1, 1]])), "RING_TOO_SHORT", "filter.area.geometry"),
        (AREA, polygon(json!([[0, 0], [1, 0], [1, 1]])), "RING_NOT_CLOSED", "filter.area.geometry"),
        (
            AREA,
            json!({ "area": { "type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]],
                "crs": { "type": "name", "properties": { "name": "EPSG:4549" } } } }),
            "GEOMETRY_MALFORMED",
            "filter.area.geometry",
        ),
        (FILTER, filter(json!({ "areaMu": { "min": "20", "max": "10" } })), "FILTER_INVALID", "filter.areaMu"),
        (FILTER, filter(json!({ "price": { "min": "2", "max": "1" } })), "FILTER_INVALID", "filter.price"),
        (FILTER, filter(json!({ "near": { "withinM": "10", "features": [] } })), "FILTER_INVALID", "filter.near"),
        (
            "{ parcels(asOf: { recorded: { seq: \"0\" } }) { totalCount } }",
            json!({}),
            "AS_OF_INVALID",
            "asOf.recorded.seq",
        ),
        (AREA, polygon(json!([[0, 0], [1, null], [1, 0], [0, 0]])), "GEOMETRY_MALFORMED", "filter.area.geometry"),
        (AREA, polygon(json!([[0, 0], [400, 0], [1, 1], [0, 0]])), "COORDINATE_OUT_OF_RANGE", "filter.area.geometry"),
        // What the types of the schema refuse.
        (FILTER, filter(json!({ "statuses": ["SLEEPING"] })), "VALIDATION", "filter.statuses[0]"),
        (FILTER, filter(json!({ "nothing": 1 })), "VALIDATION", "filter.nothing"),
        (FILTER, filter(json!("text")), "VALIDATION", "filter"),
        ("{ parcels(first: \"ten\") { totalCount } }", json!({}), "VALIDATION", "first"),
        (
            "query($first: Int) { parcels(first: $first) { totalCount } }",
            json!({ "first": "ten" }),
            "VALIDATION",
            "first",
        ),
        (
            "query($first: Int) { parcels(first: $first) { totalCount } }",
            json!({ "first": 3_000_000_000_u64 }),
            "VALIDATION",
            "first",
        ),
        ("query($id: ID!) { parcel(id: $id) { code } }", json!({}), "FIELD_REQUIRED", "variables.id"),
        ("{ acts(filter: { fromSeq: -1 }) { totalCount } }", json!({}), "VALIDATION", "filter.fromSeq"),
        ("{ acts(filter: { fromSeq: \"x\" }) { totalCount } }", json!({}), "VALIDATION", "filter.fromSeq"),
    ]
}

fn performed() -> Vec<Case> {
    let act = || json!({ "actId": uuid::Uuid::now_v7(), "reason": "a test", "legalBasis": "a test" });
    let with = |name: &str, value: Value| {
        let mut act = act();
        act[name] = value;
        act
    };
    let input = json!({ "parcel": { "id": "00000000-0000-4000-8000-000000000001", "expectedSeq": "1" }, "price": { "asking": "10" } });
    let put = |path: &str, value: Value| {
        let mut input = input.clone();
        *input.pointer_mut(path).unwrap() = value;
        input
    };
    let price = |input: Value, act: Value| json!({ "input": input, "act": act });
    let seen = &input["parcel"];
    let error = json!({ "parcel": seen, "pointErrorMm": -5 });
    let ring = json!([[0, 0], [1, 0], [1, 1], [0, 0]]);
    let outline = json!({ "geometry": { "type": "Polygon", "coordinates": [ring] }, "crs": -4549 });
    let contract = json!({ "suspendedDays": -1 });
    let stock = json!({ "status": "IDLE", "since": "2020-01-01", "contract": contract });
    let party = "mutation($act: ActEnvelopeInput!) { registerParty(input: { kind: ENTERPRISE, name: \"企业\" }, act: $act) { __typename } }";
    let credit = "mutation($act: ActEnvelopeInput!) { registerParty(input: { kind: ENTERPRISE, name: \"企业\", creditCode: \"X\" }, act: $act) { __typename } }";
    vec![
        (PRICE, price(put("/parcel/id", json!("x")), act()), "ID_INVALID", "parcel.id"),
        (PRICE, price(put("/price/asking", json!("ten")), act()), "NUMBER_INVALID", "price.asking"),
        (PRICE, price(input.clone(), with("actId", json!("x"))), "ID_INVALID", "actId"),
        (PRICE, price(input.clone(), with("effectiveAt", json!("soon"))), "TIME_INVALID", "effectiveAt"),
        (PRICE, price(input.clone(), with("effectiveOn", json!("2024-13-01"))), "DATE_INVALID", "effectiveOn"),
        (PRICE, price(input.clone(), with("notAfter", json!("later"))), "TIME_INVALID", "notAfter"),
        (PRICE, price(input.clone(), with("evidence", json!(["zz"]))), "VALIDATION", "evidence[0]"),
        (PRICE, price(input.clone(), with("reason", json!("x".repeat(5_000)))), "TEXT_TOO_LONG", "reason"),
        (PRICE, price(put("/parcel/expectedSeq", json!("one")), act()), "VALIDATION", "input.parcel.expectedSeq"),
        (party, json!({ "act": with("effectiveOn", json!("2024-01-01")) }), "VALIDATION", "effectiveOn"),
        (party, json!({ "act": with("effectiveOn", json!("last year")) }), "DATE_INVALID", "effectiveOn"),
        (CHANGE, price(error, act()), "VALIDATION", "pointErrorMm"),
        (CHANGE, price(json!({ "parcel": seen, "footprint": outline }), act()), "CRS_UNKNOWN", "footprint.crs"),
        (CHANGE, price(json!({ "parcel": seen, "stock": stock }), act()), "VALIDATION", "stock.contract.suspendedDays"),
        (CHANGE, price(json!({ "parcel": seen, "name": "a\u{1}b" }), act()), "TEXT_INVALID", "name"),
        (CHANGE, price(json!({ "parcel": seen, "name": "x", "clear": ["NAME"] }), act()), "VALIDATION", "clear"),
        (credit, json!({ "act": act() }), "CREDIT_CODE_FORMAT", "creditCode"),
    ]
}

each_backend! {
    async fn whatever_is_wrong_is_told_with_code_field_and_two_languages(t) {
        t.district("D1").await;
        let gateway = Gateway::open(&t.registry).await;
        let head = t.now().await.seq;
        let admin = t.key(Role::Admin).await;
        let head = t.now().await.seq.max(head);
        let mut wrong = Vec::new();
        for (query, variables, code, field) in asked().into_iter().chain(performed()) {
            let answer = gateway.asked(admin.as_deref(), query, &variables).await;
            let error = &answer["errors"][0]["extensions"];
            let in_both = ["zh", "en"].iter().all(|lang| error["messages"][lang].as_str().is_some_and(|text| !text.is_empty()));
            if error["code"] != code || error["field"] != field || !in_both {
                wrong.push(format!("expected {code} at {field}: {query} {variables}\n    {}", answer["errors"]));
            }
        }
        assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
        assert_eq!(t.now().await.seq, head, "nothing was recorded");
        gateway.close().await;
    }

    async fn a_text_that_no_database_can_be_asked_for_is_told_as_one(t) {
        let gateway = Gateway::open(&t.registry).await;
        let nul = json!({ "filter": { "text": "a\u{0}b" } });
        for (query, variables, name) in [(FILTER, nul, "variables"), ("{ node(id: \"a\\u0000\") { id } }", json!({}), "query")] {
            let answer = gateway.asked(None, query, &variables).await;
            let expected = format!("a text in the parameter {name} holds the character U+0000, which no text may hold");
            assert_eq!(answer["errors"][0]["message"], expected, "{answer}");
        }
        gateway.close().await;
    }

    async fn what_is_no_request_is_refused_with_status_code_and_field(t) {
        let gateway = Gateway::open(&t.registry).await;
        let address = format!("http://{}/graphql", gateway.address);
        let client = gateway.client();
        let json = |body: &str| client.post(&address).header("Content-Type", "application/json").body(body.to_owned());
        let query = json!({ "query": "{ __typename }" }).to_string();
        let cases = [
            (client.put(&address), 405, "HTTP_METHOD_NOT_ALLOWED", Value::Null),
            (client.get(format!("{address}?query=mutation%7B__typename%7D")), 405, "HTTP_METHOD_NOT_ALLOWED", json!("query")),
            (client.get(format!("http://{}/nowhere", gateway.address)), 404, "ROUTE_UNKNOWN", Value::Null),
            (client.post(&address).header("Content-Type", "text/plain").body(query.clone()), 415, "MEDIA_TYPE_UNSUPPORTED", json!("Content-Type")),
            (json(&query).header("Accept", "text/html"), 406, "NOT_ACCEPTABLE", json!("Accept")),
            (json(&format!("[{query}]")), 400, "BATCH_NOT_TAKEN", Value::Null),
            (json("{"), 400, "JSON_INVALID", Value::Null),
            (json("\"query\""), 400, "VALIDATION", json!("body")),
            (json("{}"), 400, "FIELD_REQUIRED", json!("query")),
            (json("{\"query\": 7}"), 400, "VALIDATION", json!("query")),
            (json("{\"query\": \"{a}\", \"variables\": []}"), 400, "VALIDATION", json!("variables")),
            (json(&query).header("Yulin-Seq", "newest"), 400, "NUMBER_INVALID", json!("Yulin-Seq")),
            (json(&query).bearer_auth("nobody"), 401, "UNAUTHENTICATED", json!("Authorization")),
            (json("{\"query\": \"query($a: Int) { __typename }\"}"), 200, "QUERY_INVALID", Value::Null),
            (json("{\"query\": \"{ parcels(first: 1\"}"), 200, "QUERY_INVALID", json!("query")),
            (json("{\"query\": \"{ parcels(first: 500) { nodes { history(first: 500) { nodes { id seq kind hash } } } } }\"}"), 200, "QUERY_TOO_COMPLEX", json!("query")),
        ];
        for (request, status, code, field) in cases {
            let answer = request.send().await.unwrap();
            let found = answer.status().as_u16();
            let body: Value = answer.json().await.unwrap();
            let error = &body["errors"][0]["extensions"];
            assert_eq!((found, error["code"].as_str(), &error["field"]), (status, Some(code), &field), "{body}");
            assert!(error["messages"]["zh"].is_string() && error["messages"]["en"].is_string(), "{body}");
        }
        gateway.close().await;
    }
}
