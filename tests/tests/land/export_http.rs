//! Files over HTTP hold what the query fields answer: the same land, under the same rules, as of one entry.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use yulin_domain::codes::{PartyKind, RightType, Role, StockStatus};
use yulin_domain::journal::{PartyId, PersonalFields, PersonalText, PrincipalId, Seen};
use yulin_domain::land::{ContractFacts, GrantRight, HolderShare, Price, Stock, Tenure};
use yulin_domain::party::{ErasePersonal, RegisterParty, RegisterPrincipal};
use yulin_domain::quantity::{FenPerSquareMetre, Share};
use yulin_exchange::format::{FileFormat, OpenOptions, Source};
use yulin_gateway::http::{Listening, Profile, Running, ServeOptions, serve};
use yulin_tests::{TestRegistry, acts, each_backend};

const PERSON: &str = "演示某甲";
const OWNER: &str = "演示机械有限公司";

/// A registry that is served, and keys to it.
struct House {
    running: Running,
    stop: tokio::sync::oneshot::Sender<()>,
    keys: BTreeMap<&'static str, String>,
    person: PartyId,
}

impl House {
    async fn open(t: &TestRegistry, profile: Profile) -> Self {
        let (owner, person) = fill(t).await;
        let enterprise = RegisterPrincipal {
            name: "owner".to_owned(),
            party: Some(owner),
            roles: BTreeSet::from([Role::Enterprise]),
        };
        let enterprise = PrincipalId::made_by(t.done(enterprise).await, 0, 0);
        let mut keys =
            BTreeMap::from([("ENTERPRISE", t.registry.issue_key(enterprise, Role::Enterprise, None).await.unwrap())]);
        for (name, role) in
            [("PLANNER", Role::Planner), ("ZONE_OFFICER", Role::ZoneOfficer), ("INVESTOR", Role::Investor)]
        {
            let principal = t.registry.ensure_principal(name, role).await.unwrap();
            keys.insert(name, t.registry.issue_key(principal, role, None).await.unwrap());
        }
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let listening = Listening::at("127.0.0.1:0".parse().unwrap());
        let shutdown = Box::pin(async { stopped.await.unwrap_or_default() });
        let usual = ServeOptions::usual(t.registry.clone(), listening, profile);
        let running = serve(ServeOptions { shutdown, ..usual });
        Self { running: running.await.unwrap(), stop, keys, person }
    }

    async fn close(self) {
        self.stop.send(()).unwrap();
        self.running.handle.await.unwrap().unwrap();
    }

    /// Asks as a role; as the public where it has no key.
    async fn post(&self, role: &str, path: &str, body: &Value) -> Response {
        let request = Client::new().post(format!("http://{}/{path}", self.running.address)).json(body);
        let request = match self.keys.get(role) {
            Some(key) => request.bearer_auth(key),
            None => request,
        };
        request.send().await.unwrap()
    }

    async fn features(&self, role: &str, path: &str, body: &Value) -> Vec<Value> {
        let response = self.post(role, path, body).await;
        assert_eq!(response.status(), StatusCode::OK, "{}", response.text().await.unwrap());
        let file: Value = response.json().await.unwrap();
        file["features"].as_array().unwrap().clone()
    }
}

/// Six parcels: even ones idle, the third held by an enterprise, the fourth by a person.
async fn fill(t: &TestRegistry) -> (PartyId, PartyId) {
    let district = t.district("D1").await;
    let mut parcels = Vec::new();
    for number in 0..6_u32 {
        let west = f64::from(number) * 50.0;
        let mut register =
            acts::parcel(district, &format!("P{number}"), [west + 0.4, 0.4, west + 50.4, 40.0 + f64::from(number)]);
        let fen = |fen| Some(FenPerSquareMetre::from_fen(fen));
        register.facts.price = Some(Price { asking: fen(500 + i64::from(number)), floor: fen(137) });
        let status = if number % 2 == 0 { StockStatus::Idle } else { StockStatus::Ready };
        let contract = Some(ContractFacts { number: Some(format!("合同{number}")), ..ContractFacts::default() });
        register.facts.stock =
            (number < 5).then(|| Stock { status, since: date(2020, 1, 1), reasons: BTreeSet::new(), contract });
        let id = yulin_domain::journal::ParcelId::made_by(t.done(register).await, 0, 0);
        parcels.push(id);
    }
    let owner = t.party(OWNER).await;
    let person = RegisterParty {
        kind: PartyKind::NaturalPerson,
        name: None,
        credit_code: None,
        personal: Some(PersonalText::Given(PersonalFields([("name".to_owned(), PERSON.to_owned())].into()))),
        external: None,
    };
    let person = PartyId::made_by(t.done(person).await, 0, 0);
    for (parcel, party) in [(parcels[2], owner), (parcels[3], person)] {
        let tenure = Tenure {
            right_type: RightType::StateConstruction,
            nature: None,
            grant_method: None,
            starts_on: Some(date(2020, 1, 1)),
            ends_on: Some(date(2069, 12, 31)),
        };
        let holders = vec![HolderShare { party, share: Share::WHOLE }];
        t.done(GrantRight { parcel: t.seen(parcel).await, tenure, holders, certificate: None, external: None }).await;
    }
    (owner, person)
}

fn codes(features: &[Value]) -> Vec<String> {
    features.iter().map(|feature| feature["properties"]["code"].as_str().unwrap().to_owned()).collect()
}

/// Questions of many kinds, as variables of a query and as the filter of an export alike.
fn filters() -> Vec<Value> {
    let area = json!({ "type": "Polygon", "coordinates": [[[119.895, 29.455], [119.8985, 29.455], [119.8985, 29.46], [119.895, 29.46], [119.895, 29.455]]] });
    vec![
        json!({}),
        json!({ "district": "D1", "statuses": ["IDLE"] }),
        json!({ "areaSquareMetres": { "min": "2050", "max": "2150" } }),
        json!({ "area": { "geometry": area, "relation": "INTERSECTS" } }),
        json!({ "price": { "max": "5.02" }, "text": "P" }),
        json!({ "codes": ["P1", "P4"], "idleSince": "2020-01-01" }),
        json!({ "district": "D1", "near": { "point": { "lon": 119.8968, "lat": 29.457 }, "withinM": "60" } }),
    ]
}

each_backend! {
    async fn a_file_holds_what_the_query_answers_for_whoever_asks(t) {
        let house = House::open(&t, Profile::Development).await;
        let mut counts = BTreeSet::new();
        for role in ["PUBLIC", "INVESTOR", "PLANNER"] {
            for filter in filters() {
                for (field, name) in [("parcels", "parcels"), ("stockLand", "stock")] {
                    let query = format!("query Q($f: ParcelFilterInput) {{ {field}(filter: $f, first: 100) {{ nodes {{ code footprint }} }} }}");
                    let answer = house.post(role, "graphql", &json!({ "query": query, "variables": { "f": filter } })).await;
                    let answer: Value = answer.json().await.unwrap();
                    let nodes = answer["data"][field]["nodes"].as_array().unwrap_or_else(|| panic!("{answer}")).clone();
                    let asked = json!({ "filter": filter, "crs": "EPSG:4490" });
                    let features = house.features(role, &format!("export/{name}.geojson"), &asked).await;
                    let expected: Vec<_> = nodes.iter().map(|node| node["code"].as_str().unwrap().to_owned()).collect();
                    assert_eq!(codes(&features), expected, "{role} {filter}");
                    for (node, feature) in nodes.iter().zip(&features) {
                        let vertex = |shape: &Value, path: &str| shape.pointer(path).and_then(Value::as_f64).unwrap();
                        let path = if node["footprint"]["type"] == "MultiPolygon" { "/coordinates/0/0/1" } else { "/coordinates/0/1" };
                        for ordinate in ["0", "1"] {
                            let told = vertex(&node["footprint"], &format!("{path}/{ordinate}"));
                            let ring = feature["geometry"]["coordinates"][0][0].as_array().unwrap();
                            let place: usize = ordinate.parse().unwrap();
                            assert!(ring.iter().any(|at| (at[place].as_f64().unwrap() - told).abs() < 1e-9), "{role}: {told}");
                        }
                    }
                    counts.insert((role, features.len()));
                }
            }
        }
        assert!(counts.len() > 9, "the questions tell nothing apart: {counts:?}");
        house.close().await;
    }

    async fn withheld_facts_have_no_column_and_are_not_asked_by(t) {
        let house = House::open(&t, Profile::Development).await;
        let all = json!({ "crs": "EPSG:4549" });
        let public = house.post("PUBLIC", "export/parcels.csv", &all).await;
        let withheld = public.headers()["Yulin-Withheld"].to_str().unwrap().to_owned();
        assert!(withheld.contains("floorPrice") && withheld.contains("contractNumber") && withheld.contains("holders"));
        let text = public.text().await.unwrap();
        for hidden in ["floorPrice", ",1.37,", "contractNumber", "合同", "holders", OWNER, PERSON, "externalId", "pointErrorMm"] {
            assert!(!text.contains(hidden), "{hidden} is told to the public");
        }
        assert!(text.contains("5.03"), "the asking price is open");
        assert!(!text.contains("490150.4 3260000.4"), "the surveyed corner is told to the public");

        let officer = house.post("ZONE_OFFICER", "export/parcels.csv", &all).await;
        assert!(officer.headers().get("Yulin-Withheld").is_none());
        let text = officer.text().await.unwrap();
        for open in [",1.37,", "合同3", OWNER, PERSON, "490150.4 3260000.4"] {
            assert!(text.contains(open), "{open} is withheld from an officer: {text}");
        }
        let planner = house.post("PLANNER", "export/parcels.csv", &all).await.text().await.unwrap();
        assert!(planner.contains(OWNER) && !planner.contains(PERSON), "a planner reads firms, not persons");

        let own = house.features("ENTERPRISE", "export/parcels.geojson", &json!({})).await;
        for feature in &own {
            let properties = &feature["properties"];
            let is_own = properties["code"] == "P2";
            assert_eq!(properties["contractNumber"].is_string(), is_own, "{properties}");
            assert_eq!(properties["holders"], if is_own { json!(format!("{OWNER} 1/1")) } else { Value::Null });
        }
        let party = house.person.to_string();
        let refused = house.post("PUBLIC", "export/parcels.csv", &json!({ "filter": { "holder": party } })).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        let body: Value = refused.json().await.unwrap();
        assert_eq!(body["errors"][0]["extensions"]["code"], "FORBIDDEN");
        assert_eq!(body["errors"][0]["extensions"]["field"], "filter.holder");

        let before = t.now().await.seq;
        let sealed = t.registry.personal_of_party(house.person).await.unwrap();
        let seq = t.registry.parties_by_ids(&t.now().await, &[house.person]).await.unwrap()[0].version;
        t.done(ErasePersonal { party: Seen { id: house.person, seq }, personal: sealed }).await;
        for members in [all, json!({ "asOf": { "recorded": { "seq": before.to_string() } } })] {
            let erased = house.post("ZONE_OFFICER", "export/parcels.csv", &members).await.text().await.unwrap();
            assert!(!erased.contains(PERSON) && erased.contains(OWNER), "an erased name is told");
        }
        house.close().await;
    }

    async fn a_file_stands_as_of_one_entry_and_says_which(t) {
        let house = House::open(&t, Profile::Development).await;
        let before = t.now().await.seq;
        let district = t.registry.districts(&t.now().await).await.unwrap()[0].state.id;
        t.done(acts::parcel(district, "LATER", [1_000.0, 0.0, 1_010.0, 10.0])).await;
        let response = house.post("PLANNER", "export/stock.gpkg", &json!({ "filter": { "statuses": ["IDLE"] } })).await;
        let headers = response.headers().clone();
        assert_eq!(headers["Yulin-Seq"], (before + 1).to_string().as_str());
        assert_eq!((headers["Yulin-Features"].to_str().unwrap(), headers["Yulin-Crs"].to_str().unwrap()), ("3", "EPSG:4549"));
        assert_eq!(headers["Content-Disposition"], "attachment; filename=\"stock.gpkg\"");
        assert_eq!(headers["Content-Type"], "application/geopackage+sqlite3");
        let bytes = response.bytes().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stock.gpkg");
        std::fs::write(&path, &bytes).unwrap();
        let source = Source::open(&path, &OpenOptions::default()).unwrap();
        assert_eq!((source.format(), source.layer()), (FileFormat::GeoPackage, Some("stock")));
        assert_eq!(source.count(), 3);

        let now = house.features("PLANNER", "export/parcels.geojson", &json!({})).await;
        assert!(codes(&now).contains(&"LATER".to_owned()));
        let then = json!({ "asOf": { "recorded": { "seq": before.to_string() } } });
        assert!(!codes(&house.features("PLANNER", "export/parcels.geojson", &then).await).contains(&"LATER".to_owned()));
        let beyond = house.post("PLANNER", "export/parcels.geojson", &json!({ "asOf": { "recorded": { "seq": "9999" } } })).await;
        assert_eq!(beyond.status(), StatusCode::CONFLICT);
        house.close().await;
    }

    async fn what_cannot_be_answered_is_coded_in_both_languages_and_names_the_field(t) {
        let house = House::open(&t, Profile::Production).await;
        for (path, body, status, code, field) in [
            ("export/parcels.csv", json!({ "filter": { "statuses": ["LAZY"] } }), 400, "VALUE_NOT_IN_LIST", json!("filter.statuses[0]")),
            ("export/parcels.csv", json!({ "filter": { "colour": "red" } }), 400, "VALIDATION", json!("filter.colour")),
            ("export/parcels.csv", json!({ "filter": { "areaMu": { "min": "ten" } } }), 400, "NUMBER_INVALID", json!("filter.areaMu.min")),
            ("export/parcels.csv", json!({ "filter": { "district": "NO" } }), 422, "DISTRICT_UNKNOWN", json!("filter.district")),
            ("export/parcels.csv", json!({ "crs": "EPSG:1" }), 400, "CRS_UNKNOWN", json!("crs")),
            ("export/parcels.dwg", json!({}), 404, "ROUTE_UNKNOWN", Value::Null),
            ("export/parties.csv", json!({}), 404, "ROUTE_UNKNOWN", Value::Null),
        ] {
            let response = house.post("PLANNER", path, &body).await;
            assert_eq!(response.status().as_u16(), status, "{path} {body}");
            let error = response.json::<Value>().await.unwrap()["errors"][0]["extensions"].clone();
            assert_eq!((&error["code"], &error["field"]), (&json!(code), &field), "{path} {body}");
            assert!(error["messages"]["zh"].is_string() && error["messages"]["en"].is_string());
        }
        let address = format!("http://{}/export/parcels.csv", house.running.address);
        let filter = json!({ "codes": ["P1"] }).to_string();
        let by_address = Client::new().get(&address).query(&[("filter", filter.as_str()), ("crs", "EPSG:4490")]);
        let text = by_address.try_clone().unwrap().bearer_auth(&house.keys["PLANNER"]).send().await.unwrap().text().await.unwrap();
        assert_eq!(text.lines().count(), 2, "{text}");
        assert_eq!(by_address.send().await.unwrap().status(), 400, "a foreign page could have sent it");
        let unknown = Client::new().post(&address).bearer_auth("yulin_none").json(&json!({})).send().await.unwrap();
        assert_eq!(unknown.status(), StatusCode::UNAUTHORIZED);
        let broken = Client::new().get(&address).query(&[("filter", "{")]).bearer_auth(&house.keys["PLANNER"]).send().await.unwrap();
        assert_eq!(broken.json::<Value>().await.unwrap()["errors"][0]["extensions"]["code"], "JSON_INVALID");
        let deleted = Client::new().delete(&address).send().await.unwrap();
        assert_eq!(deleted.status(), StatusCode::METHOD_NOT_ALLOWED);
        house.close().await;
    }
}
