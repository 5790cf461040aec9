//! What a narrowed key is told is what the same role is told without it, filtered to its districts and factors: by lists,
//! counts, facets, nodes, nested fields, features, tiles and files. What is told of the whole registry is refused.

use std::collections::{BTreeMap, BTreeSet};

use mvt_reader::Reader;
use serde_json::{Value, json};
use yulin_domain::codes::{FeatureKind, Role, ZoneKind};
use yulin_domain::journal::DistrictId;
use yulin_domain::land::{FeatureGeometry, RegisterFeature, RegisterZone};
use yulin_gateway::disclosure::UNDIVIDED;
use yulin_tests::acts::{grid, rectangle};
use yulin_tests::socket::Socket;
use yulin_tests::{Gateway, TestRegistry, Whole, acts, each_backend};

const LAND: &str =
    "query($filter: ParcelFilterInput, $order: [ParcelOrder!]) { FIELD(first: 500, filter: $filter, orderBy: $order) {
    totalCount facets { byStatus { key count area { squareMetres } } byUse { key count } byStreet { key count } }
    nodes { id code district { code } history { totalCount } rights { id holders { party { id } } } restrictions { id }
        freezes { id } parents { id } successors { id } price { asking floor } } } }";
const BOOKS: &str = "query($filter: AccountFilterInput) { accounts(first: 500, filter: $filter) { nodes {
    id code factor { code } balance { posted { units } held { units } } openHolds { id } lots { id } latestEntries { seq amount } } } }";
const HOLDS: &str = "{ holds(first: 500) { totalCount nodes { id account { id factor { code } } open { units } } } }";
const AWAITING: &str =
    "{ awaitingTransfers(first: 500) { totalCount nodes { id movements { factor { code } amount { units } } } } }";

/// A registry of two districts and two factors, served, and who asks.
struct House {
    gateway: Gateway,
    whole: Whole,
    below: DistrictId,
    /// Not narrowed, to the first district, to emission rights, and to both.
    wide: String,
    land: String,
    books: String,
    both: String,
}

impl House {
    async fn open(t: &TestRegistry, role: Role) -> Self {
        let whole = t.whole().await;
        let below = below(t, "D1-below").await;
        t.parcel(below, "BELOW-1", [300.0, 300.0, 340.0, 340.0]).await;
        let (first, cod) = (whole.sides[0].land.district, whole.ledger.cod);
        Self {
            gateway: Gateway::open(&t.registry).await,
            wide: t.key(role).await.unwrap(),
            land: t.narrowed_key(role, &[first], &[]).await,
            books: t.narrowed_key(role, &[], &[cod]).await,
            both: t.narrowed_key(role, &[first], &[cod]).await,
            whole,
            below,
        }
    }

    async fn told(&self, key: &str, query: &str, variables: &Value) -> Value {
        self.gateway.told(Some(key), query, variables).await
    }

    async fn get(&self, key: &str, path: &str) -> reqwest::Response {
        let url = format!("http://{}{path}", self.gateway.address);
        self.gateway.client().get(url).bearer_auth(key).send().await.unwrap()
    }

    async fn json(&self, key: &str, path: &str) -> Value {
        let answer = self.get(key, path).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    async fn text(&self, key: &str, path: &str) -> String {
        let answer = self.get(key, path).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.unwrap()
    }

    /// The nodes of all ids as somebody is told them, by id; those that are refused or not there are null.
    async fn nodes(&self, key: &str) -> BTreeMap<String, Value> {
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }";
        let ids: Vec<_> = self.whole.ids.values().flatten().cloned().collect();
        let mut found = BTreeMap::new();
        for ids in ids.chunks(100) {
            let answer = self.gateway.asked(Some(key), query, &json!({ "ids": ids })).await;
            let nodes = answer["data"]["nodes"].as_array().unwrap().clone();
            found.extend(ids.iter().cloned().zip(nodes));
        }
        found
    }
}

async fn below(t: &TestRegistry, code: &str) -> DistrictId {
    let districts = t.registry.districts(&t.now().await).await.unwrap();
    districts.into_iter().find(|district| district.state.code == code).unwrap().state.id
}

fn in_first(code: &Value) -> bool {
    code == "D1" || code == "D1-below"
}

fn ids(list: &Value) -> BTreeSet<String> {
    list.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

/// Questions about land, without and with conditions.
fn filters() -> Vec<Value> {
    vec![
        json!({}),
        json!({ "statuses": ["IDLE"] }),
        json!({ "states": ["REGISTERED", "RETIRED"] }),
        json!({ "text": "地块" }),
        json!({ "landUse": ["GBT21010_2017:06"] }),
        json!({ "areaMu": { "min": "1" } }),
        json!({ "price": { "min": "300" } }),
        json!({ "inside": ["ZONE_BOUNDARY"] }),
        json!({ "outside": ["FLOOD"] }),
        json!({ "infrastructure": ["ROAD"] }),
        json!({ "districts": ["D1-below", "D2"] }),
    ]
}

each_backend! {
    async fn lists_counts_and_facets_of_land_are_those_of_the_role_in_its_districts(t) {
        let house = House::open(&t, Role::ZoneOfficer).await;
        let mut found = 0;
        for field in ["parcels", "stockLand"] {
            for filter in filters() {
                for order in [json!([]), json!([{ "field": "AREA", "direction": "DESC" }, { "field": "CODE", "direction": "ASC" }])] {
                    let mut of_first = filter.clone();
                    of_first["district"] = json!("D1");
                    let query = LAND.replace("FIELD", field);
                    let expected = house.told(&house.wide, &query, &json!({ "filter": of_first, "order": order })).await;
                    for key in [&house.land, &house.both] {
                        let told = house.told(key, &query, &json!({ "filter": filter, "order": order })).await;
                        assert_eq!(told, expected, "{field} {filter}");
                    }
                    found += expected[field]["totalCount"].as_u64().unwrap();
                    let same = house.told(&house.wide, &query, &json!({ "filter": filter, "order": order })).await;
                    let books = house.told(&house.books, &query, &json!({ "filter": filter, "order": order })).await;
                    assert_eq!(books, same, "a key narrowed to factors alone is not narrowed in land");
                }
            }
        }
        assert!(found > 20, "{found}");
        let beyond = house.told(&house.land, "{ parcels(filter: { district: \"D2\" }) { totalCount nodes { id } } }", &json!({})).await;
        assert_eq!(beyond["parcels"], json!({ "totalCount": 0, "nodes": [] }));
        let [lon, lat] = house.whole.inside;
        let at = format!("{{ parcelAt(point: {{ lon: {lon}, lat: {lat} }}) {{ id district {{ code }} }} }}");
        let wide = house.gateway.asked(Some(&house.wide), &at, &json!({})).await;
        let told = house.gateway.asked(Some(&house.land), &at, &json!({})).await;
        let expected: Vec<_> = wide["data"]["parcelAt"].as_array().unwrap().iter().filter(|one| in_first(&one["district"]["code"])).collect();
        assert!(wide["data"]["parcelAt"].as_array().unwrap().len() > expected.len() && !expected.is_empty(), "{wide}");
        assert_eq!(told["data"]["parcelAt"], json!(expected));
        house.gateway.close().await;
    }

    async fn what_lies_beyond_restricts_and_is_near_as_it_is_for_everybody(t) {
        let house = House::open(&t, Role::ZoneOfficer).await;
        let beyond = house.whole.sides[1].land.district;
        let lines = vec![vec![[490_010.0, 3_260_100.0]]];
        let geometry = FeatureGeometry { crs: grid(), lines };
        let station = RegisterFeature { district: beyond, kind: FeatureKind::RailwayStation, code: "R".to_owned(), name: None, geometry, replaces: None };
        let footprint = rectangle([-5_000.0, -5_000.0, 5_000.0, 5_000.0]);
        let zone = RegisterZone { district: beyond, kind: ZoneKind::Heritage, code: "M".to_owned(), name: None, source: None, footprint, replaces: None };
        t.all_done(vec![acts::act(t.admin, station), acts::act(t.admin, zone)]).await;
        let query = "query($filter: ParcelFilterInput) { parcels(first: 100, filter: $filter) { totalCount edges { node { id } distanceM } } }";
        let every = json!({ "district": "D1" });
        let all = house.told(&house.land, query, &json!({ "filter": every })).await["parcels"]["totalCount"].clone();
        assert_ne!(all, json!(0));
        for (member, of_it, expected) in [
            ("near", json!({ "features": ["RAILWAY_STATION"], "withinM": "200000" }), &all),
            ("inside", json!(["HERITAGE"]), &all),
            ("outside", json!(["HERITAGE"]), &json!(0)),
        ] {
            let mut filter = every.clone();
            filter[member] = of_it;
            let wide = house.told(&house.wide, query, &json!({ "filter": filter })).await;
            assert_eq!(wide["parcels"]["totalCount"], *expected, "{filter}: {wide}");
            assert_eq!(house.told(&house.land, query, &json!({ "filter": filter })).await, wide, "{filter}");
        }
        house.gateway.close().await;
    }

    async fn pages_of_one_key_are_no_pages_of_another(t) {
        let house = House::open(&t, Role::Planner).await;
        let query = "query($after: String) { parcels(first: 1, after: $after) { pageInfo { endCursor hasNextPage } nodes { id } } }";
        let (mut after, mut seen) = (Value::Null, BTreeSet::new());
        loop {
            let told = house.told(&house.land, query, &json!({ "after": after })).await;
            seen.extend(ids(&told["parcels"]["nodes"]));
            after = told["parcels"]["pageInfo"]["endCursor"].clone();
            if told["parcels"]["pageInfo"]["hasNextPage"] == false {
                break;
            }
            for other in [&house.wide, &house.both] {
                let refused = house.gateway.asked(Some(other), query, &json!({ "after": after })).await;
                assert_eq!(refused["errors"][0]["extensions"]["code"], "CURSOR_INVALID", "{refused}");
            }
        }
        let all = house.told(&house.wide, "{ parcels(first: 500, filter: { district: \"D1\" }) { nodes { id } } }", &json!({})).await;
        assert_eq!(seen, ids(&all["parcels"]["nodes"]));
        house.gateway.close().await;
    }

    async fn nodes_beyond_are_not_there_and_those_within_are_as_they_are(t) {
        let house = House::open(&t, Role::Auditor).await;
        let (wide, land, books) =
            (house.nodes(&house.wide).await, house.nodes(&house.land).await, house.nodes(&house.books).await);
        let query = LAND.replace("FIELD", "parcels");
        let every = json!({ "district": "D1", "states": ["REGISTERED", "PLANNED", "RETIRED"] });
        let of_first = house.told(&house.wide, &query, &json!({ "filter": every })).await;
        let of_first = of_first["parcels"]["nodes"].to_string();
        let zones = "{ districts { code zones { id } features { id } } }";
        let told = house.told(&house.wide, zones, &json!({})).await;
        let districts = told["districts"].as_array().unwrap().iter().filter(|one| in_first(&one["code"]));
        let around: String = districts.map(Value::to_string).collect();
        let cod = house.told(&house.wide, BOOKS, &json!({ "filter": { "factor": format!("factor:{}", house.whole.ledger.cod) } })).await;
        let holds = house.told(&house.wide, HOLDS, &json!({})).await;
        let holds = holds["holds"]["nodes"].as_array().unwrap().iter().filter(|one| one["account"]["factor"]["code"] == "COD");
        let of_cod = format!("{cod}{}", holds.map(Value::to_string).collect::<String>());
        let mut kinds = BTreeSet::new();
        for (id, node) in &wide {
            let kind = id.split(':').next().unwrap();
            let (in_land, in_books) = match kind {
                "parcel" | "right" | "restriction" | "freeze" => (of_first.contains(id.as_str()), true),
                "zone" | "feature" => (around.contains(id.as_str()), true),
                "account" | "hold" => (true, of_cod.contains(id.as_str())),
                "act" | "principal" | "schedule" | "reconciliation" => (false, false),
                "transfer" => (true, *id != format!("transfer:{}", house.whole.books.shares[0].deposit) && *id != format!("transfer:{}", house.whole.books.shares[1].deposit)),
                _ => (true, true),
            };
            assert_eq!(land[id], if in_land { node.clone() } else { Value::Null }, "{id}");
            assert_eq!(books[id], if in_books { node.clone() } else { Value::Null }, "{id}");
            kinds.insert((kind.to_owned(), in_land, in_books));
        }
        for kind in ["parcel", "right", "restriction", "freeze", "zone", "feature"] {
            assert!(kinds.contains(&(kind.to_owned(), true, true)) && kinds.contains(&(kind.to_owned(), false, true)), "{kind}");
        }
        for kind in ["account", "transfer"] {
            assert!(kinds.contains(&(kind.to_owned(), true, true)) && kinds.contains(&(kind.to_owned(), true, false)), "{kind}");
        }
        // Districts are there for all, what lies in them is not.
        let told = house.told(&house.land, zones, &json!({})).await;
        for district in told["districts"].as_array().unwrap() {
            let is_shown = !district["zones"].as_array().unwrap().is_empty();
            assert_eq!(is_shown, district["code"] == "D1", "{district}");
        }
        house.gateway.close().await;
    }

    async fn histories_tell_of_their_own_parcel_alone(t) {
        let house = House::open(&t, Role::Auditor).await;
        let query = format!("{{ parcel(id: \"parcel:{}\") {{ history {{ totalCount nodes {{ kind changes {{ subject }} }} }} }} }}", house.whole.sides[0].idle);
        let (wide, told) = (house.told(&house.wide, &query, &json!({})).await, house.told(&house.land, &query, &json!({})).await);
        assert_eq!(told["parcel"]["history"]["totalCount"], wide["parcel"]["history"]["totalCount"]);
        let other = house.whole.sides[1].idle.to_string();
        assert!(wide.to_string().contains(&other) && !told.to_string().contains(&other));
        house.gateway.close().await;
    }

    async fn features_tiles_and_files_of_land_are_those_of_the_role_in_its_districts(t) {
        let house = House::open(&t, Role::Planner).await;
        for layer in ["parcels", "restrictions", "features"] {
            let path = format!("/ogc/collections/{layer}/items?limit=1000");
            let (wide, told) = (house.json(&house.wide, &path).await, house.json(&house.land, &path).await);
            let all = wide["features"].as_array().unwrap();
            let expected: Vec<_> = all.iter().filter(|one| in_first(&one["properties"]["district"])).collect();
            assert!(!expected.is_empty() && expected.len() < all.len(), "{layer}");
            assert_eq!(told["features"], json!(expected), "{layer}");
            assert_eq!(told["numberMatched"], json!(expected.len()), "{layer}");
            for one in all {
                let path = format!("/ogc/collections/{layer}/items/{}", one["id"].as_str().unwrap());
                let status = house.get(&house.land, &path).await.status();
                assert_eq!(status, if in_first(&one["properties"]["district"]) { 200 } else { 404 }, "{path}");
            }
        }
        let path = tile(&house).await;
        let (wide, told) = (house.get(&house.wide, &path).await, house.get(&house.land, &path).await);
        assert_ne!(wide.headers()["etag"], told.headers()["etag"]);
        let tag = wide.headers()["etag"].to_str().unwrap().to_owned();
        let url = format!("http://{}{path}", house.gateway.address);
        let again = house.gateway.client().get(url).bearer_auth(&house.land).header("If-None-Match", tag).send().await.unwrap();
        assert_eq!(again.status(), 200, "what another was told is not held");
        let (wide, told) = (drawn(wide).await, drawn(told).await);
        let expected: BTreeSet<_> = wide.iter().filter(|(_, district)| district.starts_with("D1")).cloned().collect();
        assert!(!expected.is_empty() && expected.len() < wide.len());
        assert_eq!(told, expected);
        for name in ["parcels", "stock"] {
            let path = format!("/export/{name}.csv?crs=EPSG:4490");
            let expected = house.text(&house.wide, &format!("{path}&filter=%7B%22district%22%3A%22D1%22%7D")).await;
            assert_eq!(house.text(&house.land, &path).await, expected, "{name}");
            assert_ne!(house.text(&house.wide, &path).await, expected, "{name}");
        }
        house.gateway.close().await;
    }

    async fn the_ledger_is_that_of_its_factors(t) {
        let house = House::open(&t, Role::Auditor).await;
        let cod = json!({ "filter": { "factor": format!("factor:{}", house.whole.ledger.cod) } });
        let expected = house.told(&house.wide, BOOKS, &cod).await;
        for key in [&house.books, &house.both] {
            assert_eq!(house.told(key, BOOKS, &json!({})).await, expected);
        }
        let everything = house.told(&house.wide, BOOKS, &json!({})).await;
        assert_ne!(everything, expected);
        assert_eq!(house.told(&house.land, BOOKS, &json!({})).await, everything, "a key narrowed to land alone");
        let wide = house.told(&house.wide, HOLDS, &json!({})).await;
        let holds: Vec<_> = wide["holds"]["nodes"].as_array().unwrap().iter().filter(|one| one["account"]["factor"]["code"] == "COD").collect();
        assert!(!holds.is_empty());
        let expected = json!({ "totalCount": holds.len(), "nodes": holds });
        assert_eq!(house.told(&house.books, HOLDS, &json!({})).await["holds"], expected);
        let awaiting = house.told(&house.wide, AWAITING, &json!({})).await;
        assert_eq!(house.told(&house.books, AWAITING, &json!({})).await, awaiting);
        assert!(awaiting["awaitingTransfers"]["totalCount"].as_u64().unwrap() > 0);
        let cny = t.narrowed_key(Role::Auditor, &[], &[house.whole.ledger.cny]).await;
        assert_eq!(house.told(&cny, AWAITING, &json!({})).await["awaitingTransfers"], json!({ "totalCount": 0, "nodes": [] }));
        let factors = "{ factors { code caps { period } totals { issued } } }";
        let (wide, told) = (house.told(&house.wide, factors, &json!({})).await, house.told(&house.books, factors, &json!({})).await);
        for (wide, told) in wide["factors"].as_array().unwrap().iter().zip(told["factors"].as_array().unwrap()) {
            let expected = if wide["code"] == "COD" { wide.clone() } else { json!({ "code": wide["code"], "caps": [], "totals": null }) };
            assert_eq!(*told, expected);
        }
        let life = format!("{{ unitLife(factor: \"factor:{}\", from: \"0\", to: \"100\") {{ id }} }}", house.whole.ledger.cod);
        assert_eq!(house.told(&cny, &life, &json!({})).await["unitLife"], json!([]));
        assert!(!house.told(&house.books, &life, &json!({})).await["unitLife"].as_array().unwrap().is_empty());
        let trade = |to| format!("{{ feasibility(legs: [{{ from: \"account:{}\", to: \"account:{to}\", amount: \"1\" }}]) {{ feasible reasons {{ code facts }} }} }}", house.whole.ledger.firms[0].rights);
        let told = house.told(&house.books, &trade(house.whole.ledger.firms[1].money), &json!({})).await;
        let reason = &told["feasibility"]["reasons"][0];
        assert_eq!((&reason["code"], told["feasibility"]["reasons"].as_array().unwrap().len()), (&json!("FORBIDDEN"), 1), "{told}");
        let told = house.told(&house.books, &trade(house.whole.ledger.firms[1].rights), &json!({})).await;
        assert_eq!(told, house.told(&house.wide, &trade(house.whole.ledger.firms[1].rights), &json!({})).await);
        let today = jiff::Timestamp::now().in_tz("Asia/Shanghai").unwrap().date();
        let expected = house.text(&house.wide, &format!("/export/statement.csv?date={today}&factor=COD")).await;
        assert_eq!(house.text(&house.books, &format!("/export/statement.csv?date={today}")).await, expected);
        assert_ne!(house.text(&house.wide, &format!("/export/statement.csv?date={today}")).await, expected);
        house.gateway.close().await;
    }

    async fn who_asks_is_told_who_he_is_and_how_far_his_key_opens(t) {
        let house = House::open(&t, Role::Auditor).await;
        let asked = "{ viewer { role principalId name party { id } districts { code } factors { code } signedInUntil } }";
        let wide = house.told(&house.wide, asked, &json!({})).await["viewer"].clone();
        assert_eq!((&wide["role"], &wide["districts"], &wide["factors"]), (&json!("AUDITOR"), &Value::Null, &Value::Null));
        let own = format!("{{ node(id: {}) {{ ... on Principal {{ name }} }} }}", wide["principalId"]);
        assert_eq!(house.told(&house.wide, &own, &json!({})).await["node"]["name"], wide["name"]);
        let both = house.told(&house.both, asked, &json!({})).await["viewer"].clone();
        assert_eq!((&both["districts"], &both["factors"]), (&json!([{ "code": "D1" }]), &json!([{ "code": "COD" }])));
        assert!(both["name"].is_string());
        let firm = house.whole.ledger.firms[0].party;
        let holder = house.told(&t.key_of_party(firm).await, asked, &json!({})).await["viewer"].clone();
        assert_eq!((&holder["role"], &holder["party"]["id"]), (&json!("ENTERPRISE"), &json!(format!("party:{firm}"))));
        let public = house.gateway.told(None, asked, &json!({})).await["viewer"].clone();
        let nobody = json!({ "role": "PUBLIC", "principalId": null, "name": null, "party": null, "districts": null,
            "factors": null, "signedInUntil": null });
        assert_eq!(public, nobody);
        house.gateway.close().await;
    }

    async fn what_is_told_of_the_whole_registry_is_refused(t) {
        let house = House::open(&t, Role::Admin).await;
        let id = |kind: &str| house.whole.ids[kind][0].clone();
        let mut asked = BTreeSet::new();
        for (field, question) in [
            ("act", format!("{{ act(id: \"{}\") {{ id }} }}", id("act"))),
            ("acts", "{ acts { totalCount } }".to_owned()),
            ("events", "{ events { completeTo } }".to_owned()),
            ("reconciliation", format!("{{ reconciliation(id: \"{}\") {{ id }} }}", id("reconciliation"))),
            ("schedule", format!("{{ schedule(id: \"{}\") {{ id }} }}", id("schedule"))),
            ("principals", "{ principals { totalCount } }".to_owned()),
            ("schedules", "{ schedules(state: WAITING) { totalCount } }".to_owned()),
            ("webhooks", "{ webhooks { id deadLetters { seq } } }".to_owned()),
            ("createWebhook", "mutation { createWebhook(input: { url: \"https://example.org/\" }) { secret } }".to_owned()),
            ("principal", format!("{{ node(id: \"{}\") {{ id }} }}", id("principal"))),
        ] {
            asked.insert(field);
            let free = house.gateway.asked(Some(&house.wide), &question, &json!({})).await;
            assert!(free["errors"].is_null(), "{question}: {free}");
            for key in [&house.land, &house.books, &house.both] {
                let told = house.gateway.asked(Some(key), &question, &json!({})).await;
                assert_eq!(told["errors"][0]["extensions"]["code"], "FORBIDDEN", "{question}: {told}");
            }
        }
        let (_, fields) = UNDIVIDED.iter().find(|(parent, _)| *parent == "Query").unwrap();
        assert!(fields.iter().all(|field| asked.contains(field)), "{fields:?}");
        let mut socket = Socket::open(&house.gateway, Some(&house.land)).await;
        socket.subscribe("f", "subscription { events { completeTo } }", &json!({})).await;
        let heard = socket.heard().await.to_string();
        assert!(heard.contains("FORBIDDEN"), "{heard}");
        assert!(t.registry.authenticate(&house.land).await.unwrap().unwrap().narrowing.is_some());
        assert!(house.told(&house.land, "{ parties { totalCount } factors { code } districts { code } }", &json!({})).await.is_object());
        assert!(house.below != house.whole.sides[0].land.district);
        house.gateway.close().await;
    }
}

/// The tile that holds all land.
async fn tile(house: &House) -> String {
    let told = house.json(&house.wide, "/tiles/parcels.json").await;
    let middle = |place: usize| told["center"][place].as_f64().unwrap();
    let tiles = f64::from(1_u32 << 14);
    let down = (1.0 - middle(1).to_radians().tan().asinh() / std::f64::consts::PI) / 2.0;
    let (x, y) = ((middle(0) + 180.0) / 360.0 * tiles, down * tiles);
    format!("/tiles/parcels/14/{}/{}.mvt", x.floor(), y.floor())
}

/// The ids and districts of what a tile shows.
async fn drawn(answer: reqwest::Response) -> BTreeSet<(String, String)> {
    let reader = Reader::new(answer.bytes().await.unwrap().to_vec()).expect("a tile");
    let features = reader.get_features_as::<i32>(0).expect("features");
    let text = |value: &mvt_reader::feature::Value| format!("{value:?}").split('"').nth(1).unwrap().to_owned();
    let told = features.into_iter().map(|feature| feature.properties.unwrap_or_default());
    told.map(|properties| (text(&properties["id"]), text(&properties["district"]))).collect()
}
