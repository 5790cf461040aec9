//! Real parcels of others, and hard and broken geometry, through `yulin import`.
//!
//! What is expected is computed here by other means than the registry's: areas on the authalic sphere, the surveyor's
//! tolerance from its formula, places from the surveyor's own points.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use geo_types::{Coord, Geometry, MultiPolygon};
use serde_json::Value;
use tempfile::TempDir;
use yulin_domain::codes::CodeProfile;
use yulin_domain::district::RegisterDistrict;
use yulin_domain::geometry::Crs;
use yulin_domain::journal::DistrictId;
use yulin_domain::land::{Parcel, ParcelWarning};
use yulin_exchange::format::{OpenOptions, Source};
use yulin_tests::command::{Told, data, lines, run};
use yulin_tests::{Backend, TestRegistry, each_backend};

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder for the test")
}

async fn district(t: &TestRegistry, code: &str, grid: &str) -> DistrictId {
    let words = ["district", "add", "--code", code, "--name", code, "--profile", "open", "--crs", grid];
    let told = run(t, Path::new("."), &words).await;
    told.result["district"].as_str().unwrap_or_else(|| panic!("{told:?}")).parse().unwrap()
}

async fn import(t: &TestRegistry, folder: &Path, file: &Path, words: &str) -> Told {
    let mut all = vec!["import", "parcels", file.to_str().unwrap(), "--report", "report.ndjson"];
    all.extend(words.split(' '));
    run(t, folder, &all).await
}

/// The parcels of a district that the report names, by code.
async fn stored(t: &TestRegistry, district: DistrictId, folder: &Path) -> BTreeMap<String, Parcel> {
    let lines = lines(&folder.join("report.ndjson"));
    let codes: Vec<String> = lines.iter().filter_map(|line| Some(line["code"].as_str()?.to_owned())).collect();
    let parcels = t.registry.parcels_by_codes(&t.now().await, district, &codes).await.unwrap();
    parcels.into_iter().map(|parcel| (parcel.state.code.clone().unwrap(), parcel.state)).collect()
}

/// Every ring, with the sign of what it encloses.
fn rings(polygons: &MultiPolygon<f64>) -> Vec<(&geo_types::LineString<f64>, f64)> {
    let mut rings = Vec::new();
    for part in &polygons.0 {
        rings.push((part.exterior(), 1.0));
        rings.extend(part.interiors().iter().map(|hole| (hole, -1.0)));
    }
    rings
}

/// The area in longitude and latitude on the ellipsoid of GRS 80, by the cylinder of equal area: edges of parcels are
/// so short that what a geodesic bulges is far below what is asked for.
fn area_on_ellipsoid(lonlat: &MultiPolygon<f64>) -> f64 {
    const AXIS: f64 = 6_378_137.0;
    const E: f64 = 0.081_819_191_042_815_79;
    let authalic = |latitude: f64| {
        let s = latitude.to_radians().sin();
        (1.0 - E * E) * (s / (1.0 - E * E * s * s) + (E * s).atanh() / E)
    };
    let plane = |at: Coord<f64>| (AXIS * at.x.to_radians(), AXIS * authalic(at.y) / 2.0);
    let twice = |ring: &geo_types::LineString<f64>| -> f64 {
        let (x0, y0) = plane(ring.0[0]);
        let near: Vec<_> = ring.0.iter().map(|at| plane(*at)).map(|(x, y)| (x - x0, y - y0)).collect();
        near.windows(2).map(|edge| edge[0].0 * edge[1].1 - edge[1].0 * edge[0].1).sum()
    };
    rings(lonlat).into_iter().map(|(ring, sign)| sign * twice(ring).abs() / 2.0).sum()
}

/// `max(1 m², 2 m √(Σ D² / 8))`, D between the neighbours of each vertex, m = 0.05 m.
fn tolerance(grid: &MultiPolygon<f64>) -> f64 {
    let mut sum = 0.0;
    for (ring, _) in rings(grid) {
        let open = &ring.0[..ring.0.len() - 1];
        for at in 0..open.len() {
            let (before, after) = (open[(at + open.len() - 1) % open.len()], open[(at + 1) % open.len()]);
            sum += (after.x - before.x).powi(2) + (after.y - before.y).powi(2);
        }
    }
    (2.0 * 0.05 * f64::sqrt(sum / 8.0)).max(1.0)
}

fn square_metres(area: yulin_domain::quantity::Area) -> f64 {
    area.square_metres().parse().unwrap()
}

/// The polygons of a file, by the text of a field.
fn polygons_of(file: &Path, field: &str) -> HashMap<String, MultiPolygon<f64>> {
    let source = Source::open(file, &OpenOptions::default()).unwrap();
    let polygons = source.map(Result::unwrap).map(|feature| {
        let polygons = match feature.geometry.unwrap().unwrap() {
            Geometry::Polygon(one) => MultiPolygon(vec![one]),
            Geometry::MultiPolygon(several) => several,
            other => panic!("{other:?}"),
        };
        (feature.attributes[field].as_text().unwrap().into_owned(), polygons)
    });
    polygons.collect()
}

fn assert_area(parcel: &Parcel, expected: f64) {
    let computed = square_metres(parcel.footprint.as_ref().unwrap().area_computed());
    let bound = (expected * 0.0005).max(0.001);
    assert!((computed - expected).abs() <= bound, "{:?}: {computed} and {expected}", parcel.code);
}

each_backend! {
    /// 511 read and stored, again unchanged; true areas; flagged are exactly those beyond the formula.
    async fn the_french_parcels_are_stored_measured_and_flagged(t) {
        let Some(parcels) = data("parcels") else { return };
        let (folder, file) = (folder(), parcels.join("fr_parcels_2154.gpkg"));
        let id = district(&t, "25354", "EPSG:2154").await;
        let words = "--district 25354 --layer parcels_25354 --map code=idu,registeredArea=supf";
        let dry = import(&t, folder.path(), &file, &format!("{words} --dry-run")).await;
        assert_eq!((dry.code, dry.sums()), (0, [511, 511, 0, 0]));
        assert_eq!(import(&t, folder.path(), &file, words).await.sums(), [511, 511, 0, 0]);
        assert_eq!(import(&t, folder.path(), &file, words).await.sums(), [511, 0, 511, 0]);
        let found = stored(&t, id, folder.path()).await;
        assert_eq!(found.len(), 511);
        let elsewhere = polygons_of(&parcels.join("fr_parcels_25354_4326.geojson"), "idu");
        let mut flagged = 0;
        for (code, parcel) in &found {
            let footprint = parcel.footprint.as_ref().unwrap();
            assert_area(parcel, area_on_ellipsoid(footprint.lonlat()));
            // The same parcel in degrees, as others transformed it, to their eight decimals: within half a centimetre.
            let theirs: Vec<_> = rings(&elsewhere[code]).into_iter().flat_map(|(ring, _)| ring.0.clone()).collect();
            for at in rings(footprint.lonlat()).into_iter().flat_map(|(ring, _)| &ring.0) {
                assert!(theirs.iter().any(|there| (at.x - there.x).abs() < 5e-8 && (at.y - there.y).abs() < 5e-8));
            }
            let registered = square_metres(parcel.registered_area.unwrap());
            let differs = (registered - square_metres(footprint.area_computed())).abs() > tolerance(footprint.grid());
            assert_eq!(parcel.warnings.contains(&ParcelWarning::AreaDiffers), differs, "{code}");
            flagged += usize::from(differs);
        }
        assert_eq!(flagged, 442);
        let told = lines(&folder.path().join("report.ndjson"));
        let warned = told.iter().filter(|line| line["warnings"][0]["code"] == "AREA_DIFFERS").count();
        assert_eq!(warned, 442);
        t.assert_sound().await;
    }

    /// Areas in the web map's projection would be 2.43 times the true ones.
    async fn the_czech_plots_have_their_true_areas(t) {
        let Some(parcels) = data("parcels") else { return };
        let (folder, file) = (folder(), parcels.join("cz_bubenec_plots_3857.gpkg"));
        let id = district(&t, "CZ", "EPSG:5514").await;
        assert_eq!(import(&t, folder.path(), &file, "--district CZ --map code=ID").await.sums(), [407, 407, 0, 0]);
        assert_eq!(import(&t, folder.path(), &file, "--district CZ --map code=ID").await.sums(), [407, 0, 407, 0]);
        let found = stored(&t, id, folder.path()).await;
        assert_eq!(found.len(), 407);
        let submitted = polygons_of(&file, "ID");
        // The web map's projection undone: a sphere of the ellipsoid's great axis.
        let degrees = |at: Coord<f64>| {
            let (x, y) = (at.x / 6_378_137.0, at.y / 6_378_137.0);
            Coord { x: x.to_degrees(), y: (y.sinh().atan()).to_degrees() }
        };
        for (code, parcel) in &found {
            let lonlat = geo_types::MultiPolygon(
                submitted[code].0.iter().map(|part| {
                    let line = |ring: &geo_types::LineString<f64>| ring.0.iter().map(|at| degrees(*at)).collect();
                    geo_types::Polygon::new(line(part.exterior()), part.interiors().iter().map(line).collect())
                }).collect(),
            );
            assert_area(parcel, area_on_ellipsoid(&lonlat));
        }
    }

    /// Each file in a root district of its own; the pairs are compared as the registry keeps them.
    async fn the_dutch_pairs_lie_where_the_stated_accuracy_says(t) {
        let Some(parcels) = data("parcels") else { return };
        let folder = folder();
        let (mut kept, mut source) = (Vec::new(), None);
        for (code, file, crs) in [("NL-A", "nl_plots.wkt", "EPSG:4326"), ("NL-B", "nl_plots_epsg_28992.wkt", "EPSG:28992")] {
            let id = district(&t, code, "EPSG:28992").await;
            let words = format!("--district {code} --crs {crs}");
            assert_eq!(import(&t, folder.path(), &parcels.join(file), &words).await.sums(), [316, 316, 0, 0]);
            assert_eq!(import(&t, folder.path(), &parcels.join(file), &words).await.sums(), [316, 0, 316, 0]);
            let found = stored(&t, id, folder.path()).await;
            source = source.or_else(|| found.values().next().and_then(|parcel| parcel.footprint_source.clone()));
            kept.push(found);
        }
        let vertices = |parcel: &Parcel| {
            let grid = parcel.footprint.as_ref().unwrap().grid().clone();
            rings(&grid).into_iter().flat_map(|(ring, _)| ring.0.clone()).collect::<Vec<_>>()
        };
        let mut apart: Vec<f64> = Vec::new();
        for (code, one) in &kept[0] {
            let other = vertices(&kept[1][code]);
            let nearest = |at: &Coord<f64>| {
                other.iter().map(|there| (at.x - there.x).hypot(at.y - there.y)).fold(f64::INFINITY, f64::min)
            };
            apart.extend(vertices(one).iter().map(nearest));
        }
        apart.sort_by(f64::total_cmp);
        let (greatest, p95) = (apart[apart.len() - 1], apart[apart.len() * 95 / 100]);
        let source = source.unwrap();
        eprintln!(
            "{:?}: {} vertices of 316 pairs: greatest {greatest:.4} m, p95 {p95:.4} m; {}; stated accuracy {:?} mm",
            t.backend, apart.len(), source.transformation, source.accuracy_mm
        );
        assert!(greatest * 1000.0 <= f64::from(source.accuracy_mm.unwrap()));
        // Both files were made by the same parameters: what is left is the nine decimals of the one.
        assert!(greatest < 0.01, "{greatest} m: name the transformation and its accuracy");
    }

    /// From degrees, and from the surveyor's own X (north) and Y (east), with and without a word about the order.
    async fn the_japanese_parcel_lies_in_chiba_and_is_not_mirrored(t) {
        let Some(parcels) = data("parcels") else { return };
        let folder = folder();
        let survey = std::fs::read_to_string(parcels.join("jp_moj_12103-0400-76.xml")).unwrap();
        let ordinates = |name: &str| -> Vec<f64> {
            survey.split(&format!("<zmn:{name}>")).skip(1).map(|t| t[..t.find('<').unwrap()].parse().unwrap()).collect()
        };
        let surveyed: Vec<(f64, f64)> = ordinates("X").into_iter().zip(ordinates("Y")).collect();
        let id = district(&t, "JP", "EPSG:6677").await;
        let file = parcels.join("jp_moj_12103-0400-76_4326.geojson");
        let words = "--district JP --map code=筆ID,name=大字名,lotNumber=地番";
        assert_eq!(import(&t, folder.path(), &file, words).await.sums(), [1, 1, 0, 0]);
        let parcel = stored(&t, id, folder.path()).await.into_values().next().unwrap();
        assert_eq!(parcel.name.as_deref(), Some("作草部町"));
        let grid = parcel.footprint.as_ref().unwrap().grid().clone();
        let north_east: Vec<(f64, f64)> = grid.0[0].exterior().0.iter().map(|at| (at.y, at.x)).collect();
        for (north, east) in &north_east {
            let nearest = surveyed.iter().map(|(x, y)| (north - x).hypot(east - y)).fold(f64::INFINITY, f64::min);
            assert!(nearest < 0.001, "{nearest} m from any point of the survey");
        }
        let in_chiba = |at: &Coord<f64>| (140.0..140.3).contains(&at.x) && (35.5..35.7).contains(&at.y);
        assert!(parcel.footprint.as_ref().unwrap().lonlat().0[0].exterior().0.iter().all(in_chiba));
        // As the surveyor writes it: X first.
        let written: Vec<String> = north_east.iter().map(|(x, y)| format!("{x} {y}")).collect();
        std::fs::write(folder.path().join("x.csv"), format!("code,wkt\nX1,\"POLYGON(({}))\"\n", written.join(","))).unwrap();
        std::fs::write(
            folder.path().join("chiba.geojson"),
            r#"{"type":"Polygon","coordinates":[[[140,35.5],[140.3,35.5],[140.3,35.7],[140,35.7],[140,35.5]]]}"#,
        ).unwrap();
        for (code, said) in [("JP-BY-BOUNDARY", ""), ("JP-BY-WORD", " --axis north-first")] {
            let mut add = vec!["district", "add", "--code", code, "--name", "千葉", "--profile", "open", "--crs", "EPSG:6677"];
            if said.is_empty() {
                add.extend(["--boundary", "chiba.geojson"]);
            }
            let id: DistrictId = run(&t, folder.path(), &add).await.result["district"].as_str().unwrap().parse().unwrap();
            let words = format!("--district {code} --crs EPSG:6677{said}");
            let told = import(&t, folder.path(), Path::new("x.csv"), &words).await;
            assert_eq!(told.sums(), [1, 1, 0, 0], "{told:?}");
            let again = stored(&t, id, folder.path()).await.into_values().next().unwrap();
            assert_eq!(again.footprint.as_ref().unwrap().grid(), &grid, "{code}");
        }
    }

    /// Every polygon of the JTS cases, set down in France: stored or refused with a code.
    async fn every_case_of_jts_is_stored_or_refused(t) {
        let Some(cases) = data("geometry_tests/jts_xml/testxml") else { return };
        let folder = folder();
        let id = district(&t, "JTS", "EPSG:2154").await;
        let mut sheet = "code,wkt\n".to_owned();
        let mut count = 0_u64;
        for file in files(&cases, &["xml"]) {
            let text = String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into_owned();
            for wkt in ["<a>", "<b>"].into_iter().flat_map(|tag| text.split(tag).skip(1)) {
                let wkt = wkt.split("</").next().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
                count += 1;
                writeln!(sheet, "J{count},\"{}\"", in_france(&wkt, count)).unwrap();
            }
        }
        std::fs::write(folder.path().join("jts.csv"), sheet).unwrap();
        let words = "--district JTS --crs EPSG:2154 --axis east-first";
        let dry = import(&t, folder.path(), Path::new("jts.csv"), &format!("{words} --dry-run")).await;
        let told = import(&t, folder.path(), Path::new("jts.csv"), words).await;
        assert_eq!(told.sums(), dry.sums());
        let [read, taken, _, _] = told.sums();
        assert_eq!(read, count);
        let lines = lines(&folder.path().join("report.ndjson"));
        let refused = codes_of(&lines);
        assert_eq!(stored(&t, id, folder.path()).await.len() as u64, taken);
        eprintln!("{:?}: {count} geometries of JTS: {taken} stored, refused {refused:?}", t.backend);
        assert!(count > 3_000 && taken > 300);
        t.assert_sound().await;
    }
}

/// The codes under which features were refused, each with both messages, and how often.
fn codes_of(lines: &[Value]) -> BTreeMap<String, usize> {
    let mut codes = BTreeMap::new();
    for refusal in lines.iter().filter(|line| line["outcome"] == "REJECTED").map(|line| &line["refusal"]) {
        assert!(["zh", "en"].iter().all(|lang| !refusal["messages"][lang].as_str().unwrap().is_empty()), "{refusal}");
        *codes.entry(refusal["code"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    codes
}

/// Text of numbers about nothing, moved so that each case has a square of France to itself.
fn in_france(wkt: &str, nth: u64) -> String {
    if !wkt.contains("POLYGON") {
        return wkt.to_owned();
    }
    #[allow(clippy::cast_precision_loss)]
    let (east, north) = (300_000.0 + (nth % 60) as f64 * 10_000.0, 6_200_000.0 + (nth / 60) as f64 * 10_000.0);
    let moved = |pair: &str| {
        let numbers: Vec<f64> = pair.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        match numbers.as_slice() {
            [x, y, ..] => format!("{} {}", x + east, y + north),
            _ => pair.to_owned(),
        }
    };
    let mut out = String::new();
    let mut pair = String::new();
    for letter in wkt.chars() {
        if letter.is_ascii_digit() || " .-+eE".contains(letter) && !pair.trim().is_empty() || letter == '-' {
            pair.push(letter);
        } else {
            out.push_str(&moved(&std::mem::take(&mut pair)));
            out.push(letter);
        }
    }
    out + &pair
}

fn files(below: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extensions));
        } else if path.extension().is_some_and(|e| extensions.iter().any(|x| e == *x)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Files of every kind, each by a command of its own: sums that add up, or a coded refusal of the file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_hard_or_broken_file_is_taken_or_refused_with_a_code() {
    let Some(root) = data("geometry_tests") else { return };
    let t = TestRegistry::open(Backend::Sqlite).await.expect("SQLite is built in");
    let folder = folder();
    let found = files(&root, &["geojson", "json", "gpkg", "shp", "zip", "dbf", "shx"]);
    assert!(found.len() > 200);
    let (mut sums, mut refused, mut whole) = ([0; 4], BTreeMap::<String, usize>::new(), BTreeSet::new());
    for (nth, file) in found.iter().enumerate() {
        // A root of its own: what other files hold is not in the way.
        let code = format!("W{nth}");
        t.done(RegisterDistrict {
            code: code.clone(),
            name: code.clone(),
            parent: None,
            profile: CodeProfile::Open,
            grid: Crs::epsg(3857).unwrap(),
            time_zone: "UTC".to_owned(),
            calendar: "NONE".to_owned(),
            boundary: None,
            generated: false,
        })
        .await;
        let encoded = file.extension().is_some_and(|e| e == "shp" || e == "zip");
        let encoding = if encoded { " --encoding latin-1" } else { "" };
        let words = format!("--district {code} --crs EPSG:4326 --map code=#{encoding}");
        let told = import(&t, folder.path(), file, &words).await;
        assert!([0, 1, 2].contains(&told.code), "{}: {told:?}", file.display());
        if told.result["error"].is_object() {
            let (code, field, zh) = told.error();
            assert!(!code.is_empty() && !field.is_empty() && !zh.is_empty(), "{}: {told:?}", file.display());
            whole.insert(code.to_owned());
            continue;
        }
        for (sum, more) in sums.iter_mut().zip(told.sums()) {
            *sum += more;
        }
        for (code, count) in codes_of(&lines(&folder.path().join("report.ndjson"))) {
            *refused.entry(code).or_default() += count;
        }
    }
    eprintln!(
        "{} files: {sums:?} read, stored, unchanged, rejected; refused {refused:?}; as a whole {whole:?}",
        found.len()
    );
    assert!(sums[0] > 1_000 && sums[1] > 50);
    t.assert_sound().await;
}
