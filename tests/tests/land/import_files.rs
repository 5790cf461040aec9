//! Files that are not what they should be: bad ones, old encodings, systems that are refused, data off a web map.

use std::path::Path;

use geo_types::Coord;
use serde_json::{Value, json};
use tempfile::TempDir;
use yulin_domain::geometry::wgs84_to_gcj02;
use yulin_tests::command::{Told, lines, run};
use yulin_tests::files::{Row, Shape, shapefile, write_plain, write_zipped};
use yulin_tests::{Backend, TestRegistry};

const GBK: [u8; 4] = [0xd6, 0xd0, 0xb9, 0xfa];
const SQUARE: &str = "\"POLYGON((490000 3260000,490050 3260000,490050 3260050,490000 3260050,490000 3260000))\"";

async fn registry() -> (TestRegistry, TempDir) {
    let t = TestRegistry::open(Backend::Sqlite).await.expect("SQLite is built in");
    t.district("T").await;
    (t, tempfile::tempdir().expect("a folder for the test"))
}

async fn import(t: &TestRegistry, folder: &Path, words: &str) -> Told {
    let words = format!("import {words} --district T --report report.ndjson");
    run(t, folder, &words.split(' ').collect::<Vec<_>>()).await
}

fn squares(count: u32, name: &[u8]) -> Vec<(Shape, Row)> {
    let square = |n: u32| {
        let (west, south) = (490_000.0 + f64::from(n) * 10.0, 3_260_000.0);
        let (east, north) = (west + 10.0, south + 10.0);
        vec![[west, south], [west, north], [east, north], [east, south], [west, south]]
    };
    (0..count).map(|n| (Shape::Ring(square(n)), vec![format!("S{n}").into_bytes(), name.to_vec()])).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_cannot_be_read_is_refused_by_code_and_field_in_both_languages() {
    let (t, folder) = registry().await;
    let path = folder.path();
    let write = |name: &str, bytes: &[u8]| std::fs::write(path.join(name), bytes).unwrap();
    let members = shapefile(&["code", "name"], &squares(40, b"x"));
    write_zipped(path, "whole", &members);
    let zip = std::fs::read(path.join("whole.zip")).unwrap();
    write("cut.zip", &zip[..zip.len() / 2]);
    write("cut.shp", &members[0].1[..60]);
    write("cut.gpkg", b"SQLite format 3\0 and no more");
    write("noise.bin", &[7; 400]);
    write("noise.xlsx", &[7; 400]);
    write("noise.geojson", b"{\"type\":\"FeatureCollection\",\"features\":[{");
    write("empty.csv", b"");
    write("utf8.csv", &[b"code,name\nA1,".as_slice(), &GBK].concat());
    write("utf16.csv", &[0xff, 0xfe, b'c', 0]);
    write("good.csv", format!("code,wkt\nA1,{SQUARE}\n").as_bytes());
    write("no_code.csv", format!("id,wkt\nA1,{SQUARE}\n").as_bytes());
    std::fs::create_dir(path.join("folder.shp")).unwrap();
    let head = t.registry.head().await.unwrap().seq;
    for (words, code, field) in [
        ("parcels cut.zip", "FILE_MALFORMED", "file"),
        ("parcels cut.shp", "FILE_MALFORMED", "file"),
        ("parcels cut.gpkg", "FILE_MALFORMED", "file"),
        ("parcels noise.bin", "FORMAT_UNKNOWN", "file"),
        ("parcels noise.xlsx", "FILE_MALFORMED", "file"),
        ("parcels noise.geojson", "FILE_MALFORMED", "file"),
        ("parcels empty.csv", "HEADER_MISSING", "file"),
        ("parcels folder.shp", "FILE_UNREADABLE", "file"),
        ("parcels not_there.csv", "FILE_UNREADABLE", "file"),
        ("parcels utf8.csv --encoding UTF-8", "ENCODING_INVALID", "encoding"),
        ("parcels utf16.csv", "ENCODING_UNSUPPORTED", "encoding"),
        ("parcels good.csv --layer other --crs EPSG:4549", "LAYER_UNKNOWN", "layer"),
        ("parcels good.csv", "CRS_MISSING", "crs"),
        ("parcels good.csv --crs EPSG:4549 --map code=nummer", "COLUMN_UNKNOWN", "map"),
        ("parcels good.csv --crs EPSG:4549 --map kode=code", "VALUE_NOT_IN_LIST", "map"),
        ("parcels good.csv --crs EPSG:4549 --map code", "VALIDATION", "map"),
        ("parcels no_code.csv --crs EPSG:4549", "FIELD_REQUIRED", "map"),
        ("parcels good.csv --crs EPSG:4549 --effective gestern", "DATE_INVALID", "effective"),
        ("zones good.csv", "CRS_MISSING", "crs"),
        ("rights cut.gpkg", "FILE_MALFORMED", "file"),
    ] {
        let told = import(&t, path, words).await;
        assert_eq!(told.error().0, code, "{words}: {told:?}");
        assert_eq!(told.error().1, field, "{words}: {told:?}");
        assert!(told.error().2.chars().any(|c| c > '\u{2e80}'), "a message in Chinese: {told:?}");
        assert!(!told.stdout.contains(path.to_str().unwrap()), "no path is told: {told:?}");
    }
    let unknown = ["import", "parcels", "good.csv", "--district", "NONE", "--crs", "EPSG:4549"];
    assert_eq!(run(&t, path, &unknown).await.error().0, "DISTRICT_UNKNOWN");
    // The first command made the principal that it writes as; nothing else was recorded.
    assert!(t.registry.head().await.unwrap().seq <= head + 1);
    assert_eq!(import(&t, path, "parcels good.csv --crs EPSG:4549").await.sums(), [1, 1, 0, 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feature_that_cannot_be_taken_is_refused_and_the_others_are_stored() {
    let (t, folder) = registry().await;
    let path = folder.path();
    let huge: Vec<String> = (0..30_000).map(|n| format!("{} {}", 490_000 + n % 173, 3_260_000 + n % 199)).collect();
    let bad = [
        ("\"POLYGON((NaN 1,2 3,4 5,NaN 1))\"".to_owned(), "GEOMETRY_MALFORMED"),
        ("POLYGON EMPTY".to_owned(), "GEOMETRY_EMPTY"),
        (String::new(), "GEOMETRY_REQUIRED"),
        ("POINT(490000 3260000)".to_owned(), "GEOMETRY_TYPE"),
        ("\"POLYGON((490000 3260000,490050 3260000,490050 3260050))\"".to_owned(), "RING_NOT_CLOSED"),
        (
            "\"POLYGON((490000 3260000,490050 3260050,490050 3260000,490000 3260050,490000 3260000))\"".to_owned(),
            "RING_SELF_INTERSECTION",
        ),
        (
            "\"POLYGON((1e300 3260000,490050 3260050,490050 3260000,1e300 3260000))\"".to_owned(),
            "COORDINATE_OUT_OF_RANGE",
        ),
        ("\"POLYGON((490000 3260000,\"".to_owned(), "GEOMETRY_MALFORMED"),
        (format!("\"POLYGON(({},490000 3260000))\"", huge.join(",")), "TOO_MANY_VERTICES"),
    ];
    let mut sheet = "code,wkt\n".to_owned();
    for (n, (wkt, _)) in bad.iter().enumerate() {
        sheet += &format!("B{n},{wkt}\n");
    }
    sheet += &format!("GOOD,{SQUARE}\nSHORT\n,{SQUARE}\n");
    std::fs::write(path.join("bad.csv"), sheet).unwrap();
    let told = import(&t, path, "parcels bad.csv --crs EPSG:4549").await;
    assert_eq!((told.code, told.sums()), (2, [bad.len() as u64 + 3, 1, 0, bad.len() as u64 + 2]));
    let lines = lines(&path.join("report.ndjson"));
    let codes: Vec<_> = lines.iter().map(|line| line["refusal"]["code"].as_str().unwrap_or("-")).collect();
    let expected: Vec<_> = bad.iter().map(|(_, code)| *code).chain(["-", "RECORD_CORRUPT", "FIELD_REQUIRED"]).collect();
    assert_eq!(codes, expected);
    assert!(lines.iter().all(|line| line["refusal"].is_null() || line["refusal"]["field"].is_string()));

    // Records behind the end of a file that was cut are refused, each by itself.
    let mut members = shapefile(&["code", "name"], &squares(6, b"x"));
    members[0].1.truncate(100 + 2 * 136 + 30);
    write_plain(path, "cut", &members);
    let told = import(&t, path, "parcels cut.shp --crs EPSG:4549").await;
    assert_eq!(told.sums()[0], 6, "no record goes missing: {told:?}");
    let mut members = shapefile(&["code", "name"], &squares(6, b"x"));
    let table = &mut members[2].1;
    table.truncate(table.len() - 100);
    write_plain(path, "cut_table", &members);
    let told = import(&t, path, "parcels cut_table.shp --crs EPSG:4549 --dry-run").await;
    let [read, _, _, rejected] = told.sums();
    assert!(read == 6 && rejected >= 1, "{told:?}");
    t.assert_sound().await;
}

/// What became of each row: its refusal's code and field, or its outcome.
fn told_of_rows(folder: &Path) -> Vec<String> {
    let lines = lines(&folder.join("report.ndjson"));
    let told = |line: &Value| match line["refusal"]["code"].as_str() {
        Some(code) => format!("{code} {}", line["refusal"]["field"].as_str().unwrap_or("-")),
        None => line["outcome"].as_str().unwrap().to_owned(),
    };
    lines.iter().map(told).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_does_not_fit_its_header_is_refused_whatever_is_imported() {
    let (t, folder) = registry().await;
    let path = folder.path();
    let write = |name: &str, text: &str| std::fs::write(path.join(name), text).unwrap();
    let corrupt = "RECORD_CORRUPT record";
    write("parcels.csv", &format!("code,askingPrice,wkt\nQ1,5,{SQUARE}\n"));
    assert_eq!(import(&t, path, "parcels parcels.csv --crs EPSG:4549").await.sums(), [1, 1, 0, 0]);
    for (sheet, words, expected) in [
        ("code,askingPrice\nQ1,1,000\n", "attributes", &[corrupt][..]),
        ("code,askingPrice,name\nQ1,1\n", "attributes", &[corrupt]),
        ("code,askingPrice,name\nQ1,1,\"a\nQ2,2,b\n", "attributes", &[corrupt]),
        ("code,askingPrice,name\nQ1,1,\"a", "attributes", &[corrupt]),
        ("code,askingPrice,name\nQ1,1,\"a\nQ2,2,\"b\"\nQ9,3,c\n", "attributes", &[corrupt, "NOT_FOUND code"]),
        ("name,creditCode\n甲,乙,91330100799655058B\n丙,91330100799655058B\n", "parties", &[corrupt, "STORED"]),
        (
            "code,rightType,holders,share\nQ1,OWNERSHIP,91330100799655058B,1/2,x\nQ1,OWNERSHIP,91330100799655058B\n\
             Q1,OWNERSHIP,91330100799655058B,1\n",
            "rights",
            &[corrupt, corrupt, "STORED"],
        ),
        ("code,kind,wkt\nZ1,FLOOD\n", "zones --crs EPSG:4549", &[corrupt]),
        ("code,kind,wkt\nF1,ROAD,POINT(490000 3260000),x\n", "features --crs EPSG:4549", &[corrupt]),
        ("code,wkt\nQ7,,\n", "parcels --crs EPSG:4549", &[corrupt]),
    ] {
        write("sheet.csv", sheet);
        let (what, more) = words.split_once(' ').unwrap_or((words, ""));
        let told = import(&t, path, format!("{what} sheet.csv {more}").trim()).await;
        assert_eq!(told_of_rows(path), expected, "{sheet}");
        let refused = expected.iter().filter(|told| **told != "STORED").count() as u64;
        assert_eq!([told.sums()[0], told.sums()[3]], [expected.len() as u64, refused], "{told:?}");
    }
    let district = t.registry.districts(&t.now().await).await.unwrap()[0].state.id;
    let parcels = t.registry.parcels_by_codes(&t.now().await, district, &["Q1".to_owned()]).await.unwrap();
    assert_eq!(
        (parcels[0].state.price.asking.map(|price| price.fen()), parcels[0].state.name.as_deref()),
        (Some(500), None)
    );
    t.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_character_that_nobody_sees_is_told_with_the_column_it_stands_in() {
    let (t, folder) = registry().await;
    let path = folder.path();
    let write = |text: String| std::fs::write(path.join("a.csv"), text).unwrap();
    let invisible = ['\u{1}', '\n', '\u{85}', '\u{7f}'];
    let rows: Vec<_> = invisible.iter().enumerate().map(|(n, one)| format!("P{n},\"a{one}b\",{SQUARE}\n")).collect();
    write(format!("code,name,wkt\n{}", rows.concat()));
    import(&t, path, "parcels a.csv --crs EPSG:4549").await;
    assert_eq!(told_of_rows(path), ["TEXT_INVALID name"; 4]);
    write("creditCode,name\n91330100799655058B,\"a\nb\"\n".to_owned());
    import(&t, path, "parties a.csv").await;
    assert_eq!(told_of_rows(path), ["TEXT_INVALID name"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_are_read_in_the_encoding_that_is_named_or_told() {
    let (t, folder) = registry().await;
    let path = folder.path();
    let id = t.district("E").await;
    let latin = [b'B', b'e', b's', b'a', b'n', 0xe7, b'o', b'n'];
    let mut square = 0;
    let mut next = |name: &[u8]| {
        square += 1;
        vec![squares(10, name)[square].clone()]
    };
    write_plain(path, "named", &shapefile(&["code", "name"], &next(&GBK)));
    let mut told_by_cpg = shapefile(&["code", "name"], &next(&GBK));
    told_by_cpg.push(("cpg", b"GBK".to_vec()));
    write_zipped(path, "told", &told_by_cpg);
    write_plain(path, "latin", &shapefile(&["code", "name"], &next(&latin)));
    write_plain(path, "utf8", &shapefile(&["code", "name"], &next("浦江".as_bytes())));
    for (file, words, name) in [
        ("named.shp", " --encoding gb2312", "中国"),
        ("told.zip", "", "中国"),
        ("latin.shp", " --encoding iso-8859-1", "Besançon"),
        ("utf8.shp", "", "浦江"),
    ] {
        let words = format!("import parcels {file} --crs EPSG:4549 --district E --report report.ndjson{words}");
        let told = run(&t, path, &words.split(' ').collect::<Vec<_>>()).await;
        assert_eq!(told.sums(), [1, 1, 0, 0], "{told:?}");
        let code = lines(&path.join("report.ndjson"))[0]["code"].as_str().unwrap().to_owned();
        let found = t.registry.parcels_by_codes(&t.now().await, id, &[code]).await.unwrap();
        assert_eq!(found[0].state.name.as_deref(), Some(name), "{file}");
    }
    std::fs::write(
        path.join("gbk.csv"),
        [b"code,name,wkt\nC1,".as_slice(), &GBK, b",", SQUARE.as_bytes(), b"\n"].concat(),
    )
    .unwrap();
    let told = import(&t, path, "parcels gbk.csv --crs EPSG:4549").await;
    assert_eq!(told.sums(), [1, 1, 0, 0], "detected: {told:?}");
}

/// Squares just inside the edge of a square district, in degrees.
fn near_the_edge(west: f64, south: f64, side: f64) -> Vec<Vec<Coord<f64>>> {
    let step = 0.000_3;
    let at = |n: u32| side * f64::from(n) / 12.0 + 0.000_5;
    let corners = (0..11_u32)
        .flat_map(|n| [(at(n), 0.000_1), (at(n), side - 0.000_4), (0.000_1, at(n)), (side - 0.000_4, at(n))]);
    let ring = |(x, y): (f64, f64)| {
        let (x, y) = (west + x, south + y);
        [(x, y), (x + step, y), (x + step, y + step), (x, y + step), (x, y)].map(|(x, y)| Coord { x, y }).to_vec()
    };
    corners.map(ring).collect()
}

fn collection(rings: &[Vec<Coord<f64>>], crs: Option<&str>) -> String {
    let feature = |(n, ring): (usize, &Vec<Coord<f64>>)| {
        let ring: Vec<_> = ring.iter().map(|at| [at.x, at.y]).collect();
        json!({ "type": "Feature", "properties": { "code": format!("G{n}") },
                "geometry": { "type": "Polygon", "coordinates": [ring] } })
    };
    let features: Vec<Value> = rings.iter().enumerate().map(feature).collect();
    let mut document = json!({ "type": "FeatureCollection", "features": features });
    if let Some(name) = crs {
        document["crs"] = json!({ "type": "name", "properties": { "name": name } });
    }
    document.to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn web_map_coordinates_are_refused_where_named_and_flagged_where_they_show() {
    let (t, folder) = registry().await;
    let path = folder.path();
    let (west, south, side) = (119.85, 29.45, 0.03);
    let corners =
        [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]];
    let boundary = json!({ "type": "Polygon", "coordinates": [corners] }).to_string();
    std::fs::write(path.join("boundary.geojson"), boundary).unwrap();
    let add = "district add --code G --name 镇 --profile open --crs EPSG:4549 --boundary boundary.geojson";
    assert_eq!(run(&t, path, &add.split(' ').collect::<Vec<_>>()).await.code, 0);
    let true_ones = near_the_edge(west, south, side);
    let shifted: Vec<Vec<_>> =
        true_ones.iter().map(|ring| ring.iter().map(|at| wgs84_to_gcj02(*at)).collect()).collect();
    let write = |name: &str, text: String| std::fs::write(path.join(name), text).unwrap();
    write("a.geojson", collection(&true_ones, None));
    write("b.geojson", collection(&shifted, None));
    write("c.geojson", collection(&shifted, Some("GCJ-02")));
    write("d_bd09.geojson", collection(&shifted, None));
    let run_on = |file: &str| {
        let words = format!("import parcels {file} --district G --dry-run --report report.ndjson");
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        words
    };
    for (file, shift) in [("a.geojson", Value::Null), ("b.geojson", "GCJ-02".into())] {
        let words = run_on(file);
        let told = run(&t, path, &words.iter().map(String::as_str).collect::<Vec<_>>()).await;
        assert_eq!(told.result["fitsBetterUnshifted"], shift, "{told:?}");
        let lines = lines(&path.join("report.ndjson"));
        assert_eq!(lines.len(), true_ones.len());
        let flagged = |line: &Value| {
            let warnings = line["warnings"].as_array().cloned().unwrap_or_default();
            warnings
                .iter()
                .any(|warning| warning["code"] == "CRS_SUSPECT" && warning["facts"]["fitsBetterUnshifted"] == shift)
        };
        assert!(lines.iter().all(|line| flagged(line) != shift.is_null()), "{:?}", lines[0]);
    }
    for file in ["c.geojson", "d_bd09.geojson"] {
        let words = run_on(file);
        let told = run(&t, path, &words.iter().map(String::as_str).collect::<Vec<_>>()).await;
        assert_eq!((told.error().0, told.error().1), ("CRS_OBFUSCATED", "crs"), "{told:?}");
    }
    let told = import(&t, path, "parcels a.geojson --crs GCJ-02").await;
    assert!(told.code != 0 && told.stderr.contains("CRS_OBFUSCATED"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_system_is_read_from_the_file_or_named_over_it() {
    let (t, folder) = registry().await;
    let path = folder.path();
    let mut members = shapefile(&["code", "name"], &squares(1, b"x"));
    members.push((
        "prj",
        br#"PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000"]]"#.to_vec(),
    ));
    write_zipped(path, "prj", &members);
    assert_eq!(import(&t, path, "parcels prj.zip").await.sums(), [1, 1, 0, 0]);
    // The same file named to be in the next zone lies a hundred kilometres off: it is another place, not the same one.
    let told = import(&t, path, "parcels prj.zip --crs EPSG:4548 --dry-run").await;
    assert_eq!(told.sums(), [1, 1, 0, 0], "{told:?}");
    // Surveyors write north first; within China that shows.
    let north_first = "\"POLYGON((3261000 490000,3261000 490050,3261050 490050,3261050 490000,3261000 490000))\"";
    std::fs::write(path.join("north.csv"), format!("code,wkt\nN1,{north_first}\n")).unwrap();
    let told = import(&t, path, "parcels north.csv --crs EPSG:4549").await;
    assert_eq!(told.sums(), [1, 1, 0, 0], "{told:?}");
    assert!(told.stderr.contains("north"), "{told:?}");
}
