//! What can be imported: zones, features, parties, rights, attributes, planned lots; tried, done, and done again.

use std::fmt::Write as _;
use std::path::Path;

use geo_types::{MultiPolygon, polygon};
use serde_json::{Value, json};
use tempfile::TempDir;
use yulin_domain::codes::{ExternalState, FeatureKind, ParcelState, ZoneKind};
use yulin_domain::journal::{ActKind, DistrictId};
use yulin_domain::land::Parcel;
use yulin_domain::quantity::{FenPerSquareMetre, Instant, Share};
use yulin_exchange::format::{AttributeValue, FieldKind, FieldSpec, FileFormat, Sink, SinkOptions, SinkTarget};
use yulin_persistence::{ActFilter, AsOf, PartyFilter, RecordedAt};
use yulin_tests::command::{Told, lines, run};
use yulin_tests::files::{Shape, shapefile, write_plain, write_zipped};
use yulin_tests::{TestRegistry, each_backend};

const EAST: f64 = 490_000.0;
const NORTH: f64 = 3_260_000.0;
/// 中国 in GBK, and Besançon in Latin-1.
const GBK: [u8; 4] = [0xd6, 0xd0, 0xb9, 0xfa];
const LATIN_1: [u8; 8] = [b'B', b'e', b's', b'a', 0xe7, b'o', b'n', b'!'];

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder for the test")
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("the file is written");
}

async fn import(t: &TestRegistry, folder: &Path, words: &str) -> Told {
    let words = format!("import {words} --report report.ndjson");
    run(t, folder, &words.split(' ').collect::<Vec<_>>()).await
}

/// What a dry run tells, the real run after it does; the dry run changes nothing, the second real one neither.
async fn tried_done_and_done_again(t: &TestRegistry, folder: &Path, words: &str) -> Vec<Value> {
    let head = t.registry.head().await.unwrap().seq;
    let dry = import(t, folder, &format!("{words} --dry-run")).await;
    let mut tried = lines(&folder.join("report.ndjson"));
    assert_eq!(t.registry.head().await.unwrap().seq, head, "a dry run records nothing");
    let real = import(t, folder, words).await;
    let done = lines(&folder.join("report.ndjson"));
    assert_eq!((dry.sums(), dry.code), (real.sums(), real.code));
    let mut told = done.clone();
    for line in tried.iter_mut().chain(&mut told) {
        line.as_object_mut().unwrap().remove("seq");
        // Records that were only tried have ids of their own, and overlaps stand in the order of ids.
        if let Some(overlaps) = line.pointer_mut("/refusal/facts/overlaps").and_then(Value::as_array_mut) {
            overlaps.iter_mut().for_each(|overlap| drop(overlap.as_object_mut().unwrap().remove("parcel")));
            overlaps.sort_by_key(|overlap| overlap["code"].to_string());
        }
        if line["outcome"] == "WOULD_STORE" {
            line["outcome"] = "STORED".into();
        }
    }
    assert_eq!(tried, told);
    let [read, stored, unchanged, rejected] = real.sums();
    let again = import(t, folder, words).await;
    assert_eq!(again.sums(), [read, 0, stored + unchanged, rejected], "{again:?}");
    done
}

fn ring([west, south, east, north]: [f64; 4]) -> Vec<[f64; 2]> {
    let corners = [(west, south), (west, north), (east, north), (east, south), (west, south)];
    corners.map(|(x, y)| [EAST + x, NORTH + y]).to_vec()
}

fn wkt(bounds: [f64; 4]) -> String {
    let corners: Vec<_> = ring(bounds).iter().map(|[x, y]| format!("{x} {y}")).collect();
    format!("\"POLYGON(({}))\"", corners.join(","))
}

fn geojson(features: &[(Value, Value)]) -> String {
    let feature = |(properties, geometry): &(Value, Value)| json!({ "type": "Feature", "properties": properties, "geometry": geometry });
    let features: Vec<_> = features.iter().map(feature).collect();
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

fn geopackage(path: &Path, rows: &[([&str; 3], MultiPolygon<f64>)]) {
    let field = |name: &str| FieldSpec { name: name.to_owned(), kind: FieldKind::Text };
    let options = SinkOptions {
        layer: "zones".to_owned(),
        crs_epsg: Some(4549),
        fields: ["code", "kind", "name"].map(field).to_vec(),
        ..SinkOptions::default()
    };
    let mut sink = Sink::create(SinkTarget::File(path.to_owned()), FileFormat::GeoPackage, &options).unwrap();
    for (values, polygons) in rows {
        let values = values.map(|text| Some(AttributeValue::Text(text.to_owned())));
        sink.write(&values, Some(polygons)).unwrap();
    }
    sink.finish().unwrap();
}

async fn parcel(t: &TestRegistry, district: DistrictId, code: &str, as_of: AsOf) -> Option<Parcel> {
    let snapshot = t.registry.snapshot(as_of, None).await.unwrap();
    let found = t.registry.parcels_by_codes(&snapshot, district, &[code.to_owned()]).await.unwrap();
    found.into_iter().next().map(|parcel| parcel.state)
}

fn start_of(day: &str) -> Instant {
    Instant::start_of(day.parse().unwrap(), "Asia/Shanghai").unwrap()
}

each_backend! {
    /// CSV, GeoJSON, GeoPackage, Shapefile plain and zipped, with names in GBK and Latin-1.
    async fn zones_of_every_kind_of_file_are_there_and_again_unchanged(t) {
        let (folder, id) = (folder(), t.district("Z").await);
        let path = folder.path();
        write(path, "a.csv", &format!(
            "code,kind,name,wkt\nA1,FLOOD,洪水线,{}\nA2,NO_SUCH_KIND,,{}\nA3,OTHER,,\n",
            wkt([0.0, 0.0, 50.0, 50.0]), wkt([0.0, 0.0, 50.0, 50.0]),
        ));
        let square = json!([[[119.9, 29.4], [119.91, 29.4], [119.91, 29.41], [119.9, 29.41], [119.9, 29.4]]]);
        write(path, "b.geojson", &geojson(&[(
            json!({ "code": "B1", "kind": "INDUSTRIAL_CONTROL_LINE", "name": "控制线" }),
            json!({ "type": "Polygon", "coordinates": square }),
        )]));
        let block: MultiPolygon<f64> = polygon![
            (x: EAST, y: NORTH), (x: EAST + 90.0, y: NORTH), (x: EAST + 90.0, y: NORTH + 40.0), (x: EAST, y: NORTH + 40.0)
        ].into();
        geopackage(&path.join("c.gpkg"), &[(["C1", "HERITAGE", "古迹"], block)]);
        let row = |code: &[u8], name: &[u8]| {
            (Shape::Ring(ring([0.0, 0.0, 70.0, 70.0])), vec![code.to_vec(), b"ROAD_RESERVE".to_vec(), name.to_vec()])
        };
        let columns = ["code", "kind", "name"];
        write_plain(path, "d", &shapefile(&columns, &[row(b"D1", &GBK)]));
        write_zipped(path, "e", &shapefile(&columns, &[row(b"E1", &LATIN_1)]));
        for (file, words, sums) in [
            ("a.csv", "--crs EPSG:4549", [3, 1, 0, 2]),
            ("b.geojson", "--reason 规划", [1, 1, 0, 0]),
            ("c.gpkg", "--layer zones", [1, 1, 0, 0]),
            ("d.shp", "--crs EPSG:4549 --encoding GBK", [1, 1, 0, 0]),
            ("e.zip", "--crs EPSG:4549 --encoding Latin-1", [1, 1, 0, 0]),
        ] {
            let told = tried_done_and_done_again(&t, path, &format!("zones {file} --district Z {words}")).await;
            assert_eq!(told.len() as u64, sums[0]);
            let stored = told.iter().filter(|line| line["outcome"] == "STORED").count();
            assert_eq!(stored as u64, sums[1], "{told:?}");
        }
        let zones = t.registry.zones(&t.now().await, Some(id), &[]).await.unwrap();
        let told: Vec<_> = zones.iter().map(|zone| (zone.state.code.as_str(), zone.state.kind, zone.state.name.as_deref().unwrap())).collect();
        assert_eq!(told, [
            ("A1", ZoneKind::Flood, "洪水线"),
            ("B1", ZoneKind::IndustrialControlLine, "控制线"),
            ("C1", ZoneKind::Heritage, "古迹"),
            ("D1", ZoneKind::RoadReserve, "中国"),
            ("E1", ZoneKind::RoadReserve, "Besaçon!"),
        ]);
        let told = import(&t, path, "zones a.csv --district Z --crs EPSG:4549").await;
        assert_eq!(told.result["absent"], 4, "what the file does not name is left alone and counted");
        t.assert_sound().await;
    }

    async fn features_are_points_and_lines(t) {
        let (folder, id) = (folder(), t.district("F").await);
        let path = folder.path();
        write(path, "a.csv", "code;kind;name;wkt\nA1;HIGHWAY_EXIT;出口;POINT(490010 3260020)\nA2;HIGHWAY_EXIT;;POLYGON((0 0,1 0,1 1,0 0))\n\
            A3;HIGHWAY_EXIT;;LINESTRING(490010 3260020)\nA4;HIGHWAY_EXIT;;LINESTRING(490010 3260020,490010 3260020)\n");
        let line = json!({ "type": "LineString", "coordinates": [[119.900_000_123_456, 29.4], [119.91, 29.41]] });
        write(path, "b.geojson", &geojson(&[(json!({ "code": "B1", "kind": "HIGHWAY_EXIT" }), line)]));
        let row = |code: &[u8]| vec![code.to_vec(), b"SUBSTATION".to_vec(), GBK.to_vec()];
        write_plain(path, "c", &shapefile(&["code", "kind", "name"], &[(Shape::Point([EAST, NORTH]), row(b"C1"))]));
        for (file, words, rejected) in [
            ("a.csv", "--crs EPSG:4549", 3), ("b.geojson", "--reason 道路", 0), ("c.shp", "--crs EPSG:4549 --encoding gbk", 0),
        ] {
            let told = tried_done_and_done_again(&t, path, &format!("features {file} --district F {words}")).await;
            let refused: Vec<_> = told.iter().filter(|line| line["outcome"] == "REJECTED").collect();
            assert_eq!(refused.len(), rejected);
            assert!(refused.iter().all(|line| line["refusal"]["field"] == "geometry"));
            let codes = ["GEOMETRY_TYPE", "LINE_TOO_SHORT", "LINE_TOO_SHORT"];
            assert!(refused.iter().zip(codes).all(|(line, code)| line["refusal"]["code"] == code), "{refused:?}");
        }
        let found = t.registry.features(&t.now().await, Some(id), &[]).await.unwrap();
        let told: Vec<_> = found.iter().map(|one| (one.state.code.as_str(), one.state.kind)).collect();
        assert_eq!(told, [("A1", FeatureKind::HighwayExit), ("B1", FeatureKind::HighwayExit), ("C1", FeatureKind::Substation)]);
        assert_eq!(found[0].state.grid.lines, [[[490_010.0, 3_260_020.0]]]);
        assert_eq!(found[2].state.name.as_deref(), Some("中国"));
        t.assert_sound().await;
    }

    /// Parties, then rights on parcels with a row a holder, then prices and statuses.
    async fn parties_rights_and_attributes_follow_one_another(t) {
        let (folder, id) = (folder(), t.district("R").await);
        let path = folder.path();
        write(path, "parcels.csv", &format!("code,wkt\nP1,{}\nP2,{}\n", wkt([0.0, 0.0, 50.0, 50.0]), wkt([50.0, 0.0, 90.0, 50.0])));
        assert_eq!(import(&t, path, "parcels parcels.csv --district R --crs EPSG:4549").await.sums(), [2, 2, 0, 0]);
        write(path, "parties.csv", "kind,name,creditCode,externalSystem,externalId,contact\n\
            ENTERPRISE,浦江某厂,91330100799655058B,,,\nNATURAL_PERSON,某甲,,hr,7,1380000\nPLATFORM_COMPANY,平台,,hr,8,\n\
            ENTERPRISE,错码,91330100799655058C,,,\n");
        let told = tried_done_and_done_again(&t, path, "parties parties.csv").await;
        assert_eq!(told[3]["refusal"]["field"], "creditCode");
        assert!(!std::fs::read_to_string(path.join("report.ndjson")).unwrap().contains("某甲"), "no name in a report");
        let party = PartyFilter { credit_code: Some("91330100799655058B".to_owned()), ..PartyFilter::default() };
        let found = t.registry.parties(&t.now().await, &party, None, 2).await.unwrap();
        assert_eq!(found[0].state.name.as_deref(), Some("浦江某厂"));

        write(path, "rights.csv", "code,rightType,holders,share,certificate\n\
            P1,STATE_CONSTRUCTION,91330100799655058B,1/3,Z1\n\
            P2,STATE_CONSTRUCTION,91330100799655058B=1/2;hr/8=50%,,\n\
            P1,STATE_CONSTRUCTION,hr/7,0.5,Z1\n\
            P1,OWNERSHIP,hr/8,,\n\
            P1,STATE_CONSTRUCTION,hr/8,1/6,Z1\n\
            P2,OWNERSHIP,hr/8,0.25,\n\
            P9,OWNERSHIP,hr/8,,\n\
            P2,OWNERSHIP,hr/9,,\n");
        let told = tried_done_and_done_again(&t, path, "rights rights.csv --district R").await;
        let of = |feature: u64| told.iter().find(|line| line["feature"] == feature).unwrap();
        assert!(of(1)["seq"].is_number() && of(1)["seq"] == of(3)["seq"] && of(1)["seq"] == of(5)["seq"]);
        for (feature, code) in [(6, "SHARES_NOT_ONE"), (7, "NOT_FOUND"), (8, "PARTY_UNKNOWN")] {
            assert_eq!(of(feature)["refusal"]["code"], code, "{:?}", of(feature));
        }
        let p1 = parcel(&t, id, "P1", AsOf::default()).await.unwrap();
        let rights = t.registry.rights_on(&t.now().await, &[p1.id]).await.unwrap().remove(&p1.id).unwrap();
        assert_eq!(rights.len(), 2);
        let joint = rights.iter().find(|right| right.state.holders.len() == 3).expect("three rows are one right");
        let mut shares: Vec<_> = joint.state.holders.iter().map(|holder| holder.share.to_string()).collect();
        shares.sort();
        assert_eq!(shares, ["1/2", "1/3", "1/6"]);
        assert!(rights.iter().any(|right| right.state.holders.iter().all(|holder| holder.share == Share::WHOLE)));

        write(path, "attributes.csv", "code,askingPrice,stockStatus,stockSince,plotRatioMax\n\
            P1,100.5,IDLE,2020-01-01,2.0\nP2,abc,,,\nP1,99,,,\nP9,1,,,\n");
        let told = tried_done_and_done_again(&t, path, "attributes attributes.csv --district R").await;
        let codes: Vec<_> = told.iter().map(|line| line["refusal"]["code"].as_str().unwrap_or("-")).collect();
        assert_eq!(codes, ["-", "NUMBER_INVALID", "DUPLICATE_IN_FILE", "NOT_FOUND"]);
        let p1 = parcel(&t, id, "P1", AsOf::default()).await.unwrap();
        assert_eq!(p1.price.asking.map(FenPerSquareMetre::fen), Some(10_050));
        assert_eq!(p1.stock.unwrap().since.to_string(), "2020-01-01");
        let field = |(name, kind): (&str, FieldKind)| FieldSpec { name: name.to_owned(), kind };
        let fields = [("code", FieldKind::Text), ("floorPrice", FieldKind::Decimal)].map(field).to_vec();
        let options = SinkOptions { layer: "价格".to_owned(), fields, ..SinkOptions::default() };
        let mut sheet = Sink::create(SinkTarget::File(path.join("a.xlsx")), FileFormat::Xlsx, &options).unwrap();
        let values = [AttributeValue::Text("P1".to_owned()), AttributeValue::Decimal("88.25".to_owned())];
        sheet.write(&values.map(Some), None).unwrap();
        sheet.finish().unwrap();
        tried_done_and_done_again(&t, path, "attributes a.xlsx --district R").await;
        let price = parcel(&t, id, "P1", AsOf::default()).await.unwrap().price;
        let fen = [price.asking, price.floor].map(|price| price.map(FenPerSquareMetre::fen));
        assert_eq!(fen, [Some(10_050), Some(8_825)], "one column leaves the others as they are");
        t.assert_sound().await;
    }

    /// A lot has a number and no code; the same lot with a code becomes registered.
    async fn planned_lots_are_imported_and_later_registered(t) {
        let (folder, id) = (folder(), t.district("L").await);
        let path = folder.path();
        let at = wkt([0.0, 0.0, 50.0, 50.0]);
        write(path, "lots.csv", &format!(
            "code,lotNumber,parcelState,name,wkt\n,浦自然告字[2026]3号-1,PLANNED,甲,{at}\n,L2,PLANNED,乙,\n,,PLANNED,丙,\nR1,,,丁,{at}\nL2,,,戊,{}\n",
            wkt([50.0, 0.0, 90.0, 50.0]),
        ));
        let told = tried_done_and_done_again(&t, path, "parcels lots.csv --district L --crs EPSG:4549").await;
        let codes: Vec<_> = told.iter().map(|line| line["refusal"]["field"].as_str().unwrap_or("-")).collect();
        assert_eq!(codes, ["-", "-", "lotNumber", "-", "-"], "lots are not held against registered land");
        let lots = t.registry.planned_lots(&t.now().await, id, &["L2".to_owned()]).await.unwrap();
        assert_eq!((lots.len(), lots[0].state.name.as_deref()), (1, Some("乙")));
        write(path, "registered.csv", &format!("code,lotNumber,wkt\nR2,L2,{}\n", wkt([0.0, 50.0, 50.0, 90.0])));
        tried_done_and_done_again(&t, path, "parcels registered.csv --district L --crs EPSG:4549").await;
        let now = parcel(&t, id, "R2", AsOf::default()).await.unwrap();
        assert_eq!((now.id, now.state, now.name.as_deref()), (lots[0].state.id, ParcelState::Registered, Some("乙")));
        let told = import(&t, path, "parcels lots.csv --district L --crs EPSG:4549").await;
        assert_eq!(told.sums(), [5, 0, 3, 2], "a registered lot is not planned anew: {told:?}");
        t.assert_sound().await;
    }

    /// A number that is part of the names of many others is still that of one lot.
    async fn a_lot_registered_among_many_that_bear_its_number_in_their_names_is_not_planned_again(t) {
        let (folder, id) = (folder(), t.district("M").await);
        let path = folder.path();
        let mut others = "code,name,wkt\n".to_owned();
        for nth in 0..120_u32 {
            let west = f64::from(nth) * 20.0;
            writeln!(others, "A{nth:03},L2 旁 {nth},{}", wkt([west, 200.0, west + 20.0, 220.0])).unwrap();
        }
        write(path, "others.csv", &others);
        assert_eq!(import(&t, path, "parcels others.csv --district M --crs EPSG:4549").await.sums(), [120, 120, 0, 0]);
        write(path, "lots.csv", "code,lotNumber,parcelState,name\n,L2,PLANNED,甲\n");
        assert_eq!(import(&t, path, "parcels lots.csv --district M --crs EPSG:4549").await.sums(), [1, 1, 0, 0]);
        write(path, "registered.csv", &format!("code,lotNumber,wkt\nZ9,L2,{}\n", wkt([0.0, 50.0, 50.0, 90.0])));
        assert_eq!(import(&t, path, "parcels registered.csv --district M --crs EPSG:4549").await.sums(), [1, 1, 0, 0]);
        let told = import(&t, path, "parcels lots.csv --district M --crs EPSG:4549").await;
        assert_eq!(told.sums(), [1, 0, 0, 1], "it is registered already: {told:?}");
        let lots = t.registry.planned_lots(&t.now().await, id, &["L2".to_owned()]).await.unwrap();
        assert!(lots.is_empty(), "{lots:?}");
        t.assert_sound().await;
    }

    /// A change holds from its day on; a correction says what had been so all along, and the earlier record stays.
    async fn a_correction_and_a_change_differ(t) {
        let (folder, id) = (folder(), t.district("C").await);
        let path = folder.path();
        write(path, "p.csv", &format!("code,askingPrice,wkt\nP1,100,{}\n", wkt([0.0, 0.0, 50.0, 50.0])));
        let told = import(&t, path, "parcels p.csv --district C --crs EPSG:4549 --effective 2020-01-01 --reason 初始登记").await;
        assert_eq!(told.sums(), [1, 1, 0, 0]);
        write(path, "change.csv", "code,askingPrice\nP1,200\n");
        write(path, "correction.csv", "code,askingPrice\nP1,150\n");
        tried_done_and_done_again(&t, path, "attributes change.csv --district C --as change --effective 2024-01-01 --reason 调价").await;
        let valid = |day: &str| AsOf { valid: Some(start_of(day)), recorded: None };
        let price = |found: Option<Parcel>| found.unwrap().price.asking.map(FenPerSquareMetre::fen);
        assert_eq!(price(parcel(&t, id, "P1", valid("2022-06-01")).await), Some(10_000));
        assert_eq!(price(parcel(&t, id, "P1", valid("2024-01-01")).await), Some(20_000));
        let before = t.registry.head().await.unwrap().seq;
        let words = "attributes correction.csv --district C --as correction --effective 2021-01-01 --reason 录入错误";
        tried_done_and_done_again(&t, path, words).await;
        for (day, fen) in [("2020-06-01", 10_000), ("2022-06-01", 15_000), ("2025-01-01", 15_000)] {
            assert_eq!(price(parcel(&t, id, "P1", valid(day)).await), Some(fen), "{day}");
            let pinned = AsOf { recorded: Some(RecordedAt::Seq(before)), ..valid(day) };
            let then = if day < "2024" { 10_000 } else { 20_000 };
            assert_eq!(price(parcel(&t, id, "P1", pinned).await), Some(then), "{day} as it was known before");
        }
        assert!(parcel(&t, id, "P1", valid("2019-01-01")).await.is_none());
        let acts = t.registry.acts(&t.now().await, &ActFilter::default(), None, 100).await.unwrap();
        let told: Vec<_> = acts.iter().filter_map(|act| Some((act.header.kind, act.header.reason.clone()?))).collect();
        assert!(told.contains(&(ActKind::ChangeParcel, "调价".to_owned())), "{told:?}");
        assert!(told.contains(&(ActKind::CorrectParcel, "录入错误".to_owned())), "{told:?}");
        t.assert_sound().await;
    }

    /// The code by which a row finds its parcel is no fact that it changes: as a lot it had none.
    async fn the_card_of_a_parcel_that_was_once_a_planned_lot_is_corrected(t) {
        let (folder, id) = (folder(), t.district("K").await);
        let path = folder.path();
        write(path, "lots.csv", "lotNumber,parcelState,name\nL1,PLANNED,甲\n");
        let words = "parcels lots.csv --district K --crs EPSG:4549 --effective 2020-01-01";
        assert_eq!(import(&t, path, words).await.sums(), [1, 1, 0, 0]);
        write(path, "registered.csv", &format!("code,lotNumber,wkt\nR1,L1,{}\n", wkt([0.0, 0.0, 50.0, 50.0])));
        let words = "parcels registered.csv --district K --crs EPSG:4549 --effective 2022-01-01";
        assert_eq!(import(&t, path, words).await.sums(), [1, 1, 0, 0]);
        write(path, "card.csv", "code,askingPrice\nR1,150\n");
        tried_done_and_done_again(&t, path, "attributes card.csv --district K --as correction").await;
        write(path, "again.csv", &format!("code,street,wkt\nR1,大桥路,{}\n", wkt([0.0, 0.0, 50.0, 50.0])));
        let words = "parcels again.csv --district K --crs EPSG:4549 --as correction";
        tried_done_and_done_again(&t, path, words).await;
        let now = parcel(&t, id, "R1", AsOf::default()).await.unwrap();
        assert_eq!(now.price.asking.map(FenPerSquareMetre::fen), Some(15_000));
        assert_eq!((now.street.as_deref(), now.name.as_deref()), (Some("大桥路"), Some("甲")));
        t.assert_sound().await;
    }

    /// A sheet brings the title of a right up to date; who holds it and how long no sheet changes.
    async fn a_right_that_stands_takes_its_title_and_refuses_other_holders(t) {
        let (folder, id) = (folder(), t.district("H").await);
        let path = folder.path();
        write(path, "p.csv", &format!("code,wkt\nP1,{}\n", wkt([0.0, 0.0, 50.0, 50.0])));
        assert_eq!(import(&t, path, "parcels p.csv --district H --crs EPSG:4549").await.sums(), [1, 1, 0, 0]);
        write(path, "parties.csv", "kind,name,creditCode,externalSystem,externalId\n\
            ENTERPRISE,甲,91330100799655058B,,\nENTERPRISE,乙,,reg,7\n");
        assert_eq!(import(&t, path, "parties parties.csv").await.sums(), [2, 2, 0, 0]);
        let columns = "code,rightType,termEnd,holders,certificate,externalSystem,externalId,externalState\n";
        let right = "P1,STATE_CONSTRUCTION,2060-05-01,91330100799655058B=2/3;reg/7=1/3";
        let sheet = |rows: &[String]| write(path, "r.csv", &format!("{columns}{}\n", rows.join("\n")));
        let words = "rights r.csv --district H";
        sheet(&[format!("{right},Z1,,,")]);
        tried_done_and_done_again(&t, path, words).await;
        // Later rows of one file are decided after the earlier ones, when they are only tried, too.
        sheet(&[format!("{right},Z2,real-estate,8,CONFIRMED"), format!("{right},Z2,real-estate,8,")]);
        let told = tried_done_and_done_again(&t, path, words).await;
        let outcomes: Vec<_> = told.iter().map(|line| line["outcome"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["STORED", "UNCHANGED"], "{told:?}");
        let p1 = parcel(&t, id, "P1", AsOf::default()).await.unwrap();
        let standing = t.registry.rights_on(&t.now().await, &[p1.id]).await.unwrap().remove(&p1.id).unwrap();
        assert_eq!((standing.len(), standing[0].state.certificate.as_deref()), (1, Some("Z2")));
        let external = standing[0].state.external.clone().unwrap();
        assert_eq!((external.external_id.as_str(), external.state), ("8", ExternalState::Confirmed));
        for (row, differs) in [
            ("P1,STATE_CONSTRUCTION,2060-05-01,91330100799655058B=1/3;reg/7=2/3,Z2,,,", json!(["holders"])),
            ("P1,STATE_CONSTRUCTION,2061-05-01,reg/7,Z3,,,", json!(["termEnd", "holders", "certificate"])),
        ] {
            sheet(&[row.to_owned()]);
            let told = tried_done_and_done_again(&t, path, words).await;
            let refusal = &told[0]["refusal"];
            assert_eq!((&refusal["code"], &refusal["facts"]["differs"]), (&json!("RIGHT_OVERLAP"), &differs));
            assert_eq!(refusal["facts"]["right"], json!(standing[0].state.id.to_string()));
        }
        let acts = t.registry.acts(&t.now().await, &ActFilter::default(), None, 100).await.unwrap();
        assert_eq!(acts.iter().filter(|act| act.header.kind == ActKind::RecordTitle).count(), 1);
        t.assert_sound().await;
    }

    /// Overlaps within a file are seen, also by features of a later chunk, in a dry run as in the real one.
    async fn a_dry_run_decides_each_feature_after_the_earlier_ones(t) {
        let folder = folder();
        t.district("D").await;
        let mut sheet = "code,wkt\n".to_owned();
        for n in 0..620_u32 {
            let west = f64::from(n % 100) * 20.0;
            let south = f64::from(n / 100) * 20.0;
            sheet += &format!("S{n},{}\n", wkt([west, south, west + 20.0, south + 20.0]));
        }
        sheet += &format!("OVER,{}\nS3,{}\n", wkt([10.0, 10.0, 30.0, 30.0]), wkt([0.0, 500.0, 9.0, 509.0]));
        sheet += &format!("LAST,{}\n", wkt([0.0, 600.0, 9.0, 609.0]));
        write(folder.path(), "d.csv", &sheet);
        let told = tried_done_and_done_again(&t, folder.path(), "parcels d.csv --district D --crs EPSG:4549").await;
        let refused: Vec<_> = told.iter().filter(|line| line["outcome"] == "REJECTED").collect();
        let codes: Vec<_> = refused.iter().map(|line| line["refusal"]["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["PARCEL_OVERLAP", "DUPLICATE_IN_FILE"]);
        assert_eq!(refused[0]["refusal"]["facts"]["count"], 4);
        assert_eq!(told.len(), 623);
        t.assert_sound().await;
    }
}
