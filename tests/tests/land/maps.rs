//! Tiles and the feature service tell what GraphQL tells: as many, as far as each may see, and at once after an act.

use geo::CoordsIter;
use mvt_reader::Reader;
use mvt_reader::feature::Value as Attribute;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use yulin_domain::codes::{Labelled, Role};
use yulin_domain::journal::Span;
use yulin_domain::land::{CorrectParcel, ParcelPatch, Price};
use yulin_domain::quantity::FenPerSquareMetre;
use yulin_tests::full::FullLand;
use yulin_tests::{Gateway, TestRegistry, each_backend};

/// A gateway, asked as a role.
struct Desk<'a> {
    gateway: &'a Gateway,
    key: Option<String>,
}

impl Desk<'_> {
    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        let url =
            if path.starts_with("http") { path.to_owned() } else { format!("http://{}{path}", self.gateway.address) };
        let mut request = self.gateway.client().get(url);
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.expect("an answer")
    }

    async fn json(&self, path: &str) -> Value {
        let answer = self.get(path, &[]).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.expect("JSON")
    }

    async fn refused(&self, path: &str) -> (StatusCode, String) {
        let answer = self.get(path, &[]).await;
        let status = answer.status();
        let told: Value = answer.json().await.expect("JSON");
        (status, told["errors"][0]["extensions"]["code"].as_str().expect("a code").to_owned())
    }

    async fn total(&self, filter: &Value) -> usize {
        let query = "query($filter: ParcelFilterInput) { parcels(first: 1, filter: $filter) { totalCount } }";
        let told = self.gateway.told(self.key.as_deref(), query, &json!({ "filter": filter })).await;
        usize::try_from(told["parcels"]["totalCount"].as_u64().unwrap()).unwrap()
    }

    /// The tile over the middle of all land, as its codes and attributes.
    async fn tile(&self, zoom: u32, headers: &[(&str, &str)]) -> (Response, String) {
        let told = self.json("/tiles/parcels.json").await;
        let middle = |place: usize| told["center"][place].as_f64().unwrap();
        let path = Place::over((middle(0), middle(1)), zoom).path();
        (self.get(&path, headers).await, path)
    }
}

/// A tile of the web map.
struct Place {
    zoom: u32,
    column: f64,
    row: f64,
}

impl Place {
    /// Units of a tile's side.
    const EXTENT: f64 = 4096.0;

    fn over(at: (f64, f64), zoom: u32) -> Self {
        let (x, y) = Self::at(at, zoom);
        Self { zoom, column: x.floor(), row: y.floor() }
    }

    fn at((lon, lat): (f64, f64), zoom: u32) -> (f64, f64) {
        let tiles = f64::from(1_u32 << zoom);
        let down = (1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0;
        ((lon + 180.0) / 360.0 * tiles, down * tiles)
    }

    fn path(&self) -> String {
        format!("/tiles/parcels/{}/{}/{}.mvt", self.zoom, self.column, self.row)
    }

    fn units(&self, at: (f64, f64)) -> (i32, i32) {
        let (x, y) = Self::at(at, self.zoom);
        let unit = |part: f64| (part * Self::EXTENT).round() as i32;
        (unit(x - self.column), unit(y - self.row))
    }
}

fn attributes(tile: Vec<u8>) -> Vec<std::collections::HashMap<String, Attribute>> {
    let reader = Reader::new(tile).expect("a tile");
    let features = reader.get_features_as::<i32>(0).expect("features");
    features.into_iter().map(|feature| feature.properties.unwrap_or_default()).collect()
}

async fn land(t: &TestRegistry) -> FullLand {
    let land = t.full_land("D1", 2).await;
    for nth in 0..7_u32 {
        let west = f64::from(nth) * 100.0;
        t.parcel(land.district, &format!("ROW-{nth}"), [west, 400.0, west + 90.0, 490.0]).await;
    }
    land
}

each_backend! {
    async fn as_many_features_come_page_by_page_as_graphql_counts(t) {
        land(&t).await;
        let gateway = Gateway::open(&t.registry).await;
        for role in [Role::Public, Role::Planner] {
            let desk = Desk { gateway: &gateway, key: t.key(role).await };
            let (mut next, mut ids) = (Some("/ogc/collections/parcels/items?limit=3".to_owned()), Vec::new());
            let mut matched = None;
            while let Some(path) = next {
                let page = desk.json(&path).await;
                assert!(page["numberReturned"].as_u64().unwrap() <= 3);
                matched = matched.or(page["numberMatched"].as_u64());
                ids.extend(page["features"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()));
                let links = page["links"].as_array().unwrap();
                next = links.iter().find(|link| link["rel"] == "next").map(|link| link["href"].as_str().unwrap().to_owned());
            }
            let total = desk.total(&Value::Null).await;
            assert!(total > 6);
            assert_eq!((ids.len(), matched), (total, Some(total as u64)), "{role}");
            let once: std::collections::BTreeSet<_> = ids.iter().collect();
            assert_eq!(once.len(), total, "each once");
            let one = desk.json(&format!("/ogc/collections/parcels/items/{}", ids[0])).await;
            assert_eq!(one["id"], ids[0].as_str());
        }
        gateway.close().await;
    }

    async fn filters_boxes_and_systems_are_those_of_the_registry(t) {
        let land = land(&t).await;
        let gateway = Gateway::open(&t.registry).await;
        let desk = Desk { gateway: &gateway, key: t.key(Role::Planner).await };
        let items = |query: &str| format!("/ogc/collections/parcels/items?limit=1000&{query}");
        let like = desk.json(&items("filter=code%20LIKE%20'ROW-%25'%20AND%20NOT%20code%20IN%20('ROW-0','ROW-1')")).await;
        assert_eq!(like["numberReturned"], 5);
        // What SQL answers whole is counted, as GraphQL counts it; what cannot be is empty and not searched for.
        let district = t.registry.districts(&t.now().await).await.unwrap();
        let district = &district.iter().find(|one| one.state.id == land.district).unwrap().state.code;
        let here = desk.json(&format!("/ogc/collections/parcels/items?limit=1&filter=district='{district}'")).await;
        assert_eq!((here["numberReturned"].clone(), here["numberMatched"].clone()), (json!(1), json!(desk.total(&json!({ "district": district })).await)));
        let statuses = desk.json(&items("filter=stockStatus%20IN%20('IDLE','NOPE')")).await;
        assert_eq!(statuses["numberMatched"], json!(desk.total(&json!({ "statuses": ["IDLE"] })).await));
        let nothing = desk.json(&items("filter=stockStatus='NOPE'")).await;
        assert_eq!((nothing["numberMatched"].clone(), nothing["features"].clone()), (json!(0), json!([])));
        let one = desk.json(&items("code=ROW-3")).await;
        assert_eq!(one["features"][0]["properties"]["code"], "ROW-3");
        let area = desk.json(&items("filter=computedArea%20BETWEEN%208000%20AND%208200")).await;
        assert!(area["numberReturned"].as_u64().unwrap() >= 7, "{area}");

        let shape = &one["features"][0]["geometry"]["coordinates"][0];
        let west = |at: usize| shape[at][0].as_f64().unwrap();
        let (lon, lat) = ((west(0) + west(2)) / 2.0, (shape[0][1].as_f64().unwrap() + shape[2][1].as_f64().unwrap()) / 2.0);
        let at = desk.json(&items(&format!("filter=S_INTERSECTS(geometry,POINT({lon}%20{lat}))"))).await;
        assert_eq!((at["numberReturned"].clone(), at["features"][0]["id"].clone()), (json!(1), one["features"][0]["id"].clone()));
        let boxed = desk.json(&items(&format!("bbox={lon},{lat},{lon},{lat}"))).await;
        assert_eq!(boxed["features"].as_array().unwrap().len(), 1);
        let apart = desk.json(&items(&format!("filter=S_DISJOINT(geometry,POINT({lon}%20{lat}))"))).await;
        assert_eq!(apart["features"].as_array().unwrap().len(), desk.total(&Value::Null).await - 1);

        let grid = t.registry.districts(&t.now().await).await.unwrap();
        let grid = grid.iter().find(|one| one.state.id == land.district).unwrap().state.grid;
        let uri = format!("http://www.opengis.net/def/crs/EPSG/0/{}", grid.code());
        let answer = desk.get(&items(&format!("code=ROW-3&crs={uri}")), &[]).await;
        assert_eq!(answer.headers()["content-crs"], format!("<{uri}>"));
        let told: Value = answer.json().await.unwrap();
        let corner = &told["features"][0]["geometry"]["coordinates"][0][0];
        let written = [corner[0].as_f64().unwrap(), corner[1].as_f64().unwrap()];
        let back = desk.json(&items(&format!("bbox-crs={uri}&bbox={0},{1},{0},{1}", written[0], written[1]))).await;
        let found: Vec<_> = back["features"].as_array().unwrap().iter().map(|one| one["properties"]["code"].clone()).collect();
        assert!(found.contains(&json!("ROW-3")), "{found:?}");

        for (query, status, code) in [
            ("filter=code%20=", StatusCode::BAD_REQUEST, "FILTER_INVALID"),
            ("filter=code%3E5", StatusCode::BAD_REQUEST, "FILTER_INVALID"),
            ("filter=registeredArea%3E'x'", StatusCode::BAD_REQUEST, "FILTER_INVALID"),
            ("filter=termEnd%3CTIMESTAMP('2030-01-01T00:00:00Z')", StatusCode::BAD_REQUEST, "FILTER_INVALID"),
            ("filter=holders='x'", StatusCode::BAD_REQUEST, "FILTER_INVALID"),
            ("registeredArea=x", StatusCode::BAD_REQUEST, "VALIDATION"),
            ("termEnd=2030", StatusCode::BAD_REQUEST, "VALIDATION"),
            ("colour=red", StatusCode::BAD_REQUEST, "FILTER_INVALID"),
            ("limit=0", StatusCode::BAD_REQUEST, "NUMBER_INVALID"),
            ("crs=EPSG:1", StatusCode::BAD_REQUEST, "CRS_UNKNOWN"),
            ("cursor=x", StatusCode::BAD_REQUEST, "CURSOR_INVALID"),
        ] {
            let (told, why) = desk.refused(&format!("/ogc/collections/parcels/items?{query}")).await;
            assert_eq!((told.as_u16(), why.as_str()), (status.as_u16(), code), "{query}");
        }
        assert_eq!(desk.refused("/ogc/collections/nothing/items").await.0, StatusCode::NOT_FOUND);
        gateway.close().await;
    }

    async fn a_tile_is_another_at_once_after_an_act_that_touched_it(t) {
        land(&t).await;
        let gateway = Gateway::open(&t.registry).await;
        let other = Gateway::open(&t.registry).await;
        let desk = Desk { gateway: &gateway, key: t.key(Role::Planner).await };
        let elsewhere = Desk { gateway: &other, key: desk.key.clone() };
        let (first, path) = desk.tile(14, &[]).await;
        assert_eq!(first.status(), StatusCode::OK, "{path}");
        assert_eq!(first.headers()["content-type"], "application/vnd.mapbox-vector-tile");
        let tag = first.headers()["etag"].to_str().unwrap().to_owned();
        let before = attributes(first.bytes().await.unwrap().to_vec());
        assert!(before.iter().any(|one| one["code"] == Attribute::String("ROW-3".to_owned())), "{before:?}");
        assert!(before.iter().all(|one| matches!(&one["id"], Attribute::String(id) if id.starts_with("parcel:"))));
        assert_eq!(desk.tile(14, &[("If-None-Match", &tag)]).await.0.status(), StatusCode::NOT_MODIFIED);

        // An act that touches nothing there leaves the tile what it was.
        t.person("Somebody").await;
        assert_eq!(desk.tile(14, &[("If-None-Match", &tag)]).await.0.status(), StatusCode::NOT_MODIFIED);

        let page = desk.json("/ogc/collections/parcels/items?code=ROW-3").await;
        let parcel = page["features"][0]["id"].as_str().unwrap().parse().unwrap();
        let price = Some(Price { asking: Some(FenPerSquareMetre::from_fen(4242)), floor: None });
        let facts = ParcelPatch { price, ..ParcelPatch::default() };
        t.done(CorrectParcel { parcel: t.seen(parcel).await, valid: Span::ALL, facts, footprint: None }).await;
        let seq = t.now().await.seq.to_string();
        for desk in [&desk, &elsewhere] {
            let (after, _) = desk.tile(14, &[("If-None-Match", &tag), ("Yulin-Seq", &seq)]).await;
            assert_eq!(after.status(), StatusCode::OK);
            let told = attributes(after.bytes().await.unwrap().to_vec());
            let row = told.iter().find(|one| one["code"] == Attribute::String("ROW-3".to_owned())).unwrap();
            assert_eq!(row["priceFen"], Attribute::SInt(4242));
        }
        let head = gateway.client().head(format!("http://{}{path}", gateway.address)).send().await.unwrap();
        assert_eq!((head.status(), head.headers()["vary"].to_str().unwrap().contains("Authorization")), (StatusCode::OK, true));
        assert!(head.bytes().await.unwrap().is_empty());
        let beyond = (t.now().await.seq + 1_000).to_string();
        let (refused, _) = desk.tile(14, &[("Yulin-Seq", &beyond)]).await;
        assert!(refused.status().is_client_error(), "{}", refused.status());
        other.close().await;
        gateway.close().await;
    }

    async fn a_tile_tells_each_what_graphql_tells_him(t) {
        let land = land(&t).await;
        // Its outline at one metre is elsewhere.
        t.parcel(land.district, "ODD", [30.4, 700.4, 70.4, 740.4]).await;
        let gateway = Gateway::open(&t.registry).await;
        let query = "query { parcels(filter: { codes: [\"ODD\"] }) { nodes { footprint } } }";
        let mut drawn = Vec::new();
        for role in Role::all().iter().filter(|role| **role != Role::System) {
            let desk = Desk { gateway: &gateway, key: t.key(*role).await };
            let told = gateway.told(desk.key.as_deref(), query, &Value::Null).await;
            let ring = told["parcels"]["nodes"][0]["footprint"]["coordinates"][0].as_array().unwrap().clone();
            let corners: Vec<_> = ring.iter().map(|at| (at[0].as_f64().unwrap(), at[1].as_f64().unwrap())).collect();
            let place = Place::over(corners[0], 17);
            let tile = desk.get(&place.path(), &[]).await.bytes().await.unwrap().to_vec();
            let features = Reader::new(tile.clone()).unwrap().get_features_as::<i32>(0).unwrap();
            let is_odd = |one: &&mvt_reader::feature::Feature<i32>| {
                one.properties.as_ref().is_some_and(|told| told["code"] == Attribute::String("ODD".to_owned()))
            };
            let odd = features.iter().find(is_odd).unwrap_or_else(|| panic!("{role}"));
            let vertices: Vec<_> = odd.get_geometry().coords_iter().map(|at| (at.x, at.y)).collect();
            let expected: Vec<_> = corners.iter().map(|corner| place.units(*corner)).collect();
            let near = |a: (i32, i32), b: (i32, i32)| (a.0 - b.0).abs() <= 1 && (a.1 - b.1).abs() <= 1;
            assert!(expected.iter().all(|at| vertices.iter().any(|other| near(*at, *other))), "{role}: {vertices:?} {expected:?}");
            assert!(vertices.iter().all(|at| expected.iter().any(|other| near(*at, *other))), "{role}: {vertices:?} {expected:?}");
            // TileJSON promises the attributes that the role reads; no other is there.
            let promised = desk.json("/tiles/parcels.json").await["vector_layers"][0]["fields"].clone();
            for name in attributes(tile).iter().flat_map(|one| one.keys()) {
                assert!(promised.get(name).is_some(), "{role}: {name}");
            }
            drawn.push((*role, vertices));
        }
        let of = |role| &drawn.iter().find(|(other, _)| *other == role).unwrap().1;
        assert_ne!(of(Role::Public), of(Role::Planner));
        gateway.close().await;
    }

    async fn nobody_is_shown_on_a_map_what_he_may_not_read(t) {
        land(&t).await;
        let gateway = Gateway::open(&t.registry).await;
        let officer = Desk { gateway: &gateway, key: t.key(Role::Auditor).await };
        let public = Desk { gateway: &gateway, key: None };
        let names = |page: &Value| -> std::collections::BTreeSet<String> {
            page["features"][0]["properties"].as_object().unwrap().keys().cloned().collect()
        };
        let path = "/ogc/collections/parcels/items?limit=1";
        let (theirs, all) = (names(&public.json(path).await), names(&officer.json(path).await));
        assert!(theirs.is_subset(&all) && theirs.len() < all.len());
        for hidden in all.difference(&theirs) {
            let (status, code) = public.refused(&format!("{path}&filter={hidden}%20IS%20NULL")).await;
            // By holders nobody asks, whoever reads them.
            let is_asked_by_none = hidden == "holders";
            let expected = if is_asked_by_none { (StatusCode::BAD_REQUEST, "FILTER_INVALID") } else { (StatusCode::FORBIDDEN, "FORBIDDEN") };
            assert_eq!((status, code.as_str()), expected, "{hidden}");
        }
        // The public's shapes are those of the outline, as GraphQL tells it.
        let feature = &public.json("/ogc/collections/parcels/items?code=ROW-3").await["features"][0];
        let query = "query($id: ID!) { parcel(id: $id) { footprint } }";
        let told = gateway.told(None, query, &json!({ "id": feature["id"] })).await;
        let (outer, inner) = (&feature["geometry"]["coordinates"][0], &told["parcel"]["footprint"]["coordinates"][0]);
        assert_eq!(outer, inner);
        let tags = [public.tile(14, &[]).await.0, officer.tile(14, &[]).await.0].map(|answer| answer.headers()["etag"].clone());
        assert_ne!(tags[0], tags[1], "what one role was sent is not kept for another");
        let unknown = Desk { gateway: &gateway, key: Some("yulin_unknown".to_owned()) };
        assert_eq!(unknown.get("/tiles/parcels.json", &[]).await.status(), StatusCode::UNAUTHORIZED);
        gateway.close().await;
    }
}
