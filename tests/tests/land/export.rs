//! What is exported and imported again is the same land: every fact, and every vertex to the millimetre.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use geo_types::{Coord, MultiPolygon, Polygon};
use jiff::civil::date;
use serde_json::{Value, json};
use yulin_domain::codes::{Infrastructure, Labelled, LandUseCode, Ownership, RightType, Role, SoilGate, StockStatus};
use yulin_domain::district::{District, RegisterDistrict};
use yulin_domain::geometry::{AxisOrder, Crs, SubmittedFootprint};
use yulin_domain::journal::DistrictId;
use yulin_domain::land::{
    ContractFacts, Limits, Parcel, ParcelPatch, Planning, Price, Range, RegisterParcel, Stock, Tenure, UseShare,
};
use yulin_domain::party::ExternalRef;
use yulin_domain::quantity::{Area, Fen, FenPerSquareMetre, Ratio, Share};
use yulin_exchange::format::{FileFormat, OpenOptions, SinkTarget, Source};
use yulin_exchange::import::{Manner, Mapping, PARCEL_KEYS, Plan, Row, Setting, plan_parcel};
use yulin_gateway::export::{Export, ExportQuestion, Exportable, Exported};
use yulin_gateway::request::Viewer;
use yulin_persistence::{ParcelQuery, Sight};
use yulin_tests::{TestRegistry, acts, each_backend};

/// How far a vertex may come back from where it was.
const SAME_M: f64 = 0.001;

fn ratio(text: &str) -> Ratio {
    Ratio::parse(text).unwrap()
}

/// A card on which every fact stands that a parcel can have.
fn facts(code: &str) -> ParcelPatch {
    let land_use = |text| LandUseCode::parse(text).unwrap();
    let range =
        |min, max, limits| Some(Range { min: Some((ratio(min), Limits::Inclusive)), max: Some((ratio(max), limits)) });
    let contract = ContractFacts {
        number: Some("合同 2019-17".to_owned()),
        approved_on: Some(date(2019, 1, 31)),
        signed_on: Some(date(2019, 2, 28)),
        start_by: Some(date(2020, 2, 29)),
        handed_over_on: Some(date(2019, 3, 1)),
        suspended_days: Some(12),
        price: Some(Fen::from_fen(2_995_000_001)),
        investment_agreed: Some(Fen::from_fen(10_000_000_000)),
        area_to_develop: Some(Area::from_units(99_999_999)),
        ..ContractFacts::default()
    };
    ParcelPatch {
        code: Some(code.to_owned()),
        lot_number: Some(format!("地块{code}")),
        name: Some("甲,地 \"一号\"".to_owned()),
        location: Some("浦江县浦南街道".to_owned()),
        street: Some("浦南".to_owned()),
        uses: Some(vec![
            UseShare { land_use: land_use("MNR2023:100101"), share: Share::new(2, 3).unwrap() },
            UseShare { land_use: land_use("MNR2023:100102"), share: Share::new(1, 3).unwrap() },
        ]),
        ownership: Some(Ownership::State),
        tenure: Some(Tenure {
            right_type: RightType::StateConstruction,
            nature: None,
            grant_method: None,
            starts_on: Some(date(2019, 3, 1)),
            ends_on: Some(date(2069, 2, 28)),
        }),
        registered_area: Some(Area::from_units(100_000_001)),
        surveyed_area: Some(Area::from_units(100_000_003)),
        point_error_mm: Some(50),
        planning: Some(Planning {
            plot_ratio: range("1.2", "2.5", Limits::Exclusive),
            density: range("0.3", "0.55", Limits::Inclusive),
            green_rate: None,
            height_m: Some(Range { min: None, max: Some((ratio("40"), Limits::Exclusive)) }),
        }),
        price: Some(Price {
            asking: Some(FenPerSquareMetre::from_fen(45_050)),
            floor: Some(FenPerSquareMetre::from_fen(38_401)),
        }),
        infrastructure: Some(BTreeSet::from([Infrastructure::all()[0], Infrastructure::all()[1]])),
        soil_gate: Some(SoilGate::Pass),
        stock: Some(Stock {
            status: StockStatus::Idle,
            since: date(2022, 2, 28),
            reasons: BTreeSet::new(),
            contract: Some(contract),
        }),
        external: Some(ExternalRef {
            system: "REGISTER".to_owned(),
            external_id: format!("x-{code}"),
            state: yulin_domain::codes::ExternalState::Pending,
        }),
        ..ParcelPatch::default()
    }
}

/// Two parts, one with a hole, none of whose sides runs along an axis, at ordinates of a tenth of a millimetre.
fn shape(shift: f64) -> SubmittedFootprint {
    let at = |x: f64, y: f64| Coord { x: 490_000.123_4 + shift + x, y: 3_260_000.987_6 + y };
    let ring = |corners: &[[f64; 2]]| corners.iter().map(|[x, y]| at(*x, *y)).collect::<Vec<_>>().into();
    let shell = ring(&[[0.0, 0.0], [100.5, 3.25], [97.125, 99.75], [-2.5, 101.0], [0.0, 0.0]]);
    let hole = ring(&[[20.0, 20.0], [21.5, 60.25], [60.0, 58.0], [61.0, 22.75], [20.0, 20.0]]);
    let other = ring(&[[120.0, 10.0], [150.75, 12.5], [140.25, 80.125], [120.0, 10.0]]);
    let parts = MultiPolygon(vec![Polygon::new(shell, vec![hole]), Polygon::new(other, vec![])]);
    SubmittedFootprint::new(acts::grid(), parts).unwrap()
}

async fn fill(t: &TestRegistry) -> DistrictId {
    let district = t.district("FROM").await;
    for (number, code) in ["A1", "A2", "007"].into_iter().enumerate() {
        let footprint = Some(shape(200.0 * f64::from(u32::try_from(number).unwrap())));
        let state = yulin_domain::codes::ParcelState::Registered;
        t.done(RegisterParcel { district, state, facts: facts(code), footprint }).await;
    }
    t.done(acts::parcel(district, "B1", [-500.0, 0.0, -400.0, 100.0])).await;
    district
}

async fn exported(t: &TestRegistry, members: Value, path: &Path, format: FileFormat) -> Exported {
    let question = ExportQuestion::read(Exportable::Parcels, members).unwrap();
    let viewer = Viewer { identity: None, role: Role::Admin };
    let export = Export::begin(&t.registry, viewer, None, question).await.unwrap();
    export.write((SinkTarget::File(path.to_owned()), format), u64::MAX, |_, _| {}).await.unwrap()
}

/// Imports a file as `yulin import parcels` does, without a mapping.
async fn imported(t: &TestRegistry, path: &Path, crs: Option<Crs>, district: &District) {
    let options = OpenOptions { crs_epsg: crs.map(Crs::code), ..OpenOptions::default() };
    let source = Source::open(path, &options).unwrap();
    let crs = Some(Crs::epsg(source.crs().usable_epsg().unwrap()).unwrap());
    let setting = Setting { district, crs, axis: AxisOrder::EastFirst, manner: Manner::Change, effective: None };
    let mapping = Mapping::parse(None, PARCEL_KEYS, source.fields()).unwrap();
    for feature in source {
        let feature = feature.unwrap();
        let row = Row { mapping: &mapping, feature: &feature };
        let Plan::Perform(body) = plan_parcel(&row, &setting, None).unwrap() else { panic!("nothing to do") };
        t.done(*body).await;
    }
}

async fn parcels(t: &TestRegistry, district: DistrictId) -> BTreeMap<String, Parcel> {
    let now = t.now().await;
    let query = ParcelQuery { sight: Sight::Full, districts: vec![district], first: 1_000, ..ParcelQuery::default() };
    let ids: Vec<_> = t.registry.search(&now, &query).await.unwrap().items.iter().map(|found| found.id).collect();
    let parcels = t.registry.parcels_by_ids(&now, &ids).await.unwrap();
    parcels.into_iter().map(|parcel| (parcel.state.code.clone().unwrap(), parcel.state)).collect()
}

/// The parcel without what belongs to its registration rather than to the land.
fn card(parcel: &Parcel, like: &Parcel) -> Parcel {
    let (id, district, root_district) = (like.id, like.district, like.root_district);
    Parcel { id, district, root_district, footprint: None, footprint_source: None, ..parcel.clone() }
}

/// The greatest distance between the vertices of two footprints, vertex by vertex, rings from their least vertex on.
fn greatest_distance(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> f64 {
    let rings = |shape: &MultiPolygon<f64>| {
        let rings = shape.0.iter().flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()));
        let from_least = |ring: &geo_types::LineString<f64>| {
            let mut open = ring.0[..ring.0.len() - 1].to_vec();
            let order = |a: &Coord<f64>, b: &Coord<f64>| a.x.total_cmp(&b.x);
            let least = open.iter().enumerate().min_by(|a, b| order(a.1, b.1)).unwrap().0;
            open.rotate_left(least);
            open
        };
        rings.map(from_least).collect::<Vec<_>>()
    };
    let (a, b) = (rings(a), rings(b));
    assert_eq!(a.iter().map(Vec::len).collect::<Vec<_>>(), b.iter().map(Vec::len).collect::<Vec<_>>());
    let pairs = a.iter().flatten().zip(b.iter().flatten());
    pairs.map(|(a, b)| (a.x - b.x).hypot(a.y - b.y)).fold(0.0, f64::max)
}

each_backend! {
    async fn an_export_imported_elsewhere_is_the_same_land_in_every_format_and_system(t) {
        let from = fill(&t).await;
        let before = parcels(&t, from).await;
        let folder = tempfile::tempdir().unwrap();
        let formats = [(FileFormat::GeoJson, "geojson"), (FileFormat::GeoPackage, "gpkg"), (FileFormat::Csv, "csv")];
        for crs in [4549, 4490, 4326] {
            for (format, ending) in formats {
                let path: PathBuf = folder.path().join(format!("parcels-{crs}.{ending}"));
                let members = json!({ "filter": { "district": "FROM" }, "crs": format!("EPSG:{crs}") });
                let exported = exported(&t, members, &path, format).await;
                assert_eq!((exported.features, exported.crs.map(yulin_domain::geometry::Crs::code)), (4, Some(crs)));
                let to = t.district(&format!("TO-{crs}-{ending}")).await;
                let district = t.registry.districts(&t.now().await).await.unwrap();
                let district = district.into_iter().find(|district| district.state.id == to).unwrap().state;
                // A table says no system; the others do.
                let told = (format == FileFormat::Csv).then(|| Crs::epsg(crs).unwrap());
                imported(&t, &path, told, &district).await;
                let after = parcels(&t, to).await;
                assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
                for (code, parcel) in &after {
                    assert_eq!(card(parcel, &before[code]), card(&before[code], &before[code]), "{code} through {path:?}");
                    let (was, is) = (before[code].footprint.as_ref().unwrap(), parcel.footprint.as_ref().unwrap());
                    let distance = greatest_distance(was.grid(), is.grid());
                    assert!(distance <= SAME_M, "{code} moved {distance} m through {path:?}");
                }
            }
        }
        t.assert_sound().await;
    }

    async fn a_sheet_holds_every_fact_and_no_outline(t) {
        let from = fill(&t).await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("parcels.xlsx");
        exported(&t, json!({ "filter": { "district": "FROM" } }), &path, FileFormat::Xlsx).await;
        let source = Source::open(&path, &OpenOptions::default()).unwrap();
        assert!(PARCEL_KEYS.iter().all(|key| source.fields().iter().any(|field| field == key)), "{:?}", source.fields());
        assert!(!source.fields().contains(&"wkt".to_owned()));
        let district = t.registry.districts(&t.now().await).await.unwrap().remove(0).state;
        let setting =
            Setting { district: &district, crs: None, axis: AxisOrder::EastFirst, manner: Manner::Change, effective: None };
        let mapping = Mapping::parse(None, PARCEL_KEYS, source.fields()).unwrap();
        let before = parcels(&t, from).await;
        for feature in source {
            let feature = feature.unwrap();
            let row = Row { mapping: &mapping, feature: &feature };
            let parcel = &before[&row.text("code").unwrap()];
            let existing = Some(yulin_exchange::import::Existing { state: parcel, seq: 1 });
            let plan = yulin_exchange::import::plan_attributes(&row, &setting, existing).unwrap();
            assert_eq!(plan, Plan::Unchanged, "{:?}", feature.attributes);
        }
    }

    async fn an_export_that_is_refused_or_given_up_leaves_nothing_and_keeps_the_old_file(t) {
        fill(&t).await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("parcels.gpkg");
        std::fs::write(&path, "the old one").unwrap();
        let names = || std::fs::read_dir(folder.path()).unwrap().count();
        let begin = |members: Value| {
            let question = ExportQuestion::read(Exportable::Parcels, members).unwrap();
            Export::begin(&t.registry, Viewer { identity: None, role: Role::Admin }, None, question)
        };
        let file = || (SinkTarget::File(path.clone()), FileFormat::GeoPackage);
        let too_many = begin(json!({})).await.unwrap().write(file(), 3, |_, _| {}).await.unwrap_err().refused();
        assert_eq!((too_many.code.code(), &too_many.facts["found"], &too_many.facts["most"]), ("LIMIT_EXCEEDED", &json!(4), &json!(3)));
        assert_eq!((names(), std::fs::read(&path).unwrap()), (1, b"the old one".to_vec()));

        // Given up at whatever await: it is polled once more each time, until it is through.
        for polls in 1..2_000 {
            let export = begin(json!({})).await.unwrap();
            let mut writing = Box::pin(export.write(file(), 4, |_, _| {}));
            let mut through = false;
            for _ in 0..polls {
                through = futures_util::poll!(writing.as_mut()).is_ready();
                if through {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
            drop(writing);
            if through {
                break;
            }
            // A thread that is writing ends its page first.
            let ended = async {
                while names() > 1 {
                    tokio::time::sleep(std::time::Duration::from_millis(1)).await;
                }
            };
            tokio::time::timeout(std::time::Duration::from_secs(10), ended).await.expect("the unfinished file goes");
        }
        assert_eq!(names(), 1);
        assert_eq!(Source::open(&path, &OpenOptions::default()).unwrap().count(), 4);

        let french = RegisterDistrict {
            code: "FR".to_owned(),
            name: "FR".to_owned(),
            parent: None,
            profile: yulin_domain::codes::CodeProfile::Open,
            grid: Crs::epsg(2154).unwrap(),
            time_zone: "Europe/Paris".to_owned(),
            calendar: "NONE".to_owned(),
            boundary: None,
            generated: false,
        };
        t.done(french).await;
        let Err(several) = begin(json!({})).await else { panic!("two grids are no system") };
        let several = several.refused();
        assert_eq!((several.code.code(), &several.facts["grids"]), ("CRS_MISSING", &json!([2154, 4549])));
        assert!(begin(json!({ "filter": { "district": "FROM" } })).await.is_ok());
    }
}
