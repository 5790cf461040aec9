//! What the command line tells when it does nothing: a code, the field at fault, both languages, nothing from within.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;
use yulin_tests::command::{Told, binary, run, told};
use yulin_tests::{each_backend, postgres};

/// Texts of databases and of the program itself.
const WITHIN: [&str; 6] = ["SELECT", "no such table", "Query Error", "sqlx", "Connection Error", "error returned"];

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder for the test")
}

fn program(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(words).current_dir(folder).stdin(Stdio::null()).env_remove("YULIN_DATABASE").env_remove("YULIN_LOG");
    command
}

fn yulin(folder: &Path, words: &[&str]) -> Told {
    told(&program(folder, words).output().expect("the binary starts"))
}

fn assert_refused(told: &Told, code: &str, field: &str) {
    let (found, at, zh) = told.error();
    assert_eq!((found, at), (code, field), "{told:?}");
    assert!(zh.chars().any(|c| c > '\u{2e80}'), "a message in Chinese: {told:?}");
    assert!(told.stderr.contains(zh), "and for people: {told:?}");
    let all = format!("{}{}", told.stdout, told.stderr);
    assert!(!WITHIN.iter().any(|text| all.contains(text)), "{told:?}");
}

#[test]
fn what_only_reads_makes_no_database_and_says_what_is_wrong_with_it() {
    let folder = folder();
    let path = folder.path();
    std::fs::write(path.join("empty.sqlite"), []).unwrap();
    std::fs::write(path.join("noise.sqlite"), [7; 4_096]).unwrap();
    for command in [&["verify"][..], &["rebuild"], &["backup", "x.csv"], &["export", "parcels", "--out", "x.csv"]] {
        for (database, code) in [
            ("sqlite://absent.sqlite", "FILE_UNREADABLE"),
            ("sqlite://absent.sqlite?mode=rwc", "FILE_UNREADABLE"),
            ("sqlite://empty.sqlite", "NOT_READY"),
            ("sqlite://noise.sqlite", "FILE_UNREADABLE"),
            ("foo://x", "VALIDATION"),
        ] {
            let words = [command, &["--json", "--database", database]].concat();
            assert_refused(&yulin(path, &words), code, "database");
            assert!(!path.join("absent.sqlite").exists() && !path.join("x.csv").exists(), "{words:?}");
        }
    }
    for database in ["foo://x", "sqlite:///nonexistent/of/this/name/x.sqlite"] {
        let told = yulin(path, &["token", "issue", "--role", "PLANNER", "--json", "--database", database]);
        assert!(told.code != 0 && told.error().1 == "database", "{told:?}");
    }
}

/// That a database is out of reach is told with its place and the cause, and with nothing of who asked for it.
fn assert_away(told: &Told, problem: &str) {
    assert_refused(told, "NOT_READY", "database");
    let found = told.result["error"]["facts"]["problem"].as_str().unwrap_or_default();
    assert!(found.starts_with(problem) && told.stderr.contains(problem), "{problem}: {told:?}");
    let all = format!("{}{}", told.stdout, told.stderr);
    assert!(!["somebody", "hush", "://"].iter().any(|text| all.contains(text)), "{told:?}");
    assert_eq!(told.stdout.lines().count(), 1, "{told:?}");
}

/// It takes as long as gateways wait for a database that starts together with them.
#[test]
fn a_database_that_is_away_is_waited_for_aloud_and_then_told_with_the_cause() {
    let folder = folder();
    let database = "postgres://somebody:hush@127.0.0.1:1/x";
    let mut command = program(folder.path(), &["serve", "--bind", "127.0.0.1:0", "--json", "--database", database]);
    let began = Instant::now();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
    let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines().map(Result::unwrap);
    let waiting = lines.find(|line| line.contains("waiting")).expect("it is told that something is waited for");
    assert_eq!(waiting, "yulin: waiting for the database at 127.0.0.1:1: connection refused");
    assert!(began.elapsed() < Duration::from_secs(15), "while it is waited for: {:?}", began.elapsed());
    let rest: Vec<_> = lines.collect();
    let told = Told { stderr: rest.join("\n"), ..told(&child.wait_with_output().expect("it ends")) };
    assert!(began.elapsed() > Duration::from_secs(20), "a database that starts is waited for: {:?}", began.elapsed());
    assert_away(&told, "127.0.0.1:1: connection refused");
}

#[test]
fn why_a_database_does_not_let_in_is_told_at_once_where_waiting_is_no_use() {
    let folder = folder();
    let several = "postgres://somebody:hush@127.0.0.1:1/x,postgres://somebody:hush@127.0.0.1:2/x";
    for (database, problem) in [
        (several, "127.0.0.1:1: connection refused; 127.0.0.1:2: connection refused"),
        ("postgres://somebody:hush@nowhere.invalid/x?port=1", "nowhere.invalid:1: name not known"),
        ("postgres:///x?host=/nowhere/at/all&port=1&user=somebody", "/nowhere/at/all:1: no such file or socket"),
        ("postgres://somebody:hu/sh@127.0.0.1/x", "the address is not understood"),
    ] {
        assert_away(&yulin(folder.path(), &["verify", "--json", "--database", database]), problem);
    }
    let Some(cluster) = postgres::cluster() else { return };
    let database = format!("{}/nowhere", cluster.url());
    let problem = format!("127.0.0.1:{}: database does not exist", cluster.port);
    assert_away(&yulin(folder.path(), &["migrate", "--json", "--database", &database]), &problem);
}

/// The end of a pipe that is written to and that nobody reads.
fn unread() -> std::io::PipeWriter {
    std::io::pipe().expect("a pipe").1
}

#[test]
fn a_reader_who_is_gone_ends_a_command_without_a_word() {
    let folder = folder();
    for words in [&["schema"][..], &["schema", "--json"], &["config", "check"]] {
        let told = told(&program(folder.path(), words).stdout(unread()).output().expect("the binary starts"));
        assert_eq!((told.code, told.stderr.as_str()), (141, ""), "{words:?}");
    }
    // Why nothing was done is told beside the results; where nobody reads that either, it ends as it would.
    let told = told(&program(folder.path(), &["verify"]).stdout(unread()).output().expect("the binary starts"));
    assert!(told.code == 1 && told.stderr.contains("FILE_UNREADABLE"), "{told:?}");
    let status = program(folder.path(), &["verify"]).stderr(unread()).status().expect("the binary starts");
    assert_eq!(status.code(), Some(1), "{status:?}");
}

#[test]
fn a_command_line_that_is_not_understood_is_told_as_json_where_json_is_asked_for() {
    let folder = folder();
    for (words, code, field) in [
        ("import parcels a.csv --district T --crs EPSG:99999", "CRS_UNKNOWN", "crs"),
        ("import parcels a.csv --district T --crs GCJ-02", "CRS_OBFUSCATED", "crs"),
        ("import parcels a.csv --district T --encoding FOO", "ENCODING_UNSUPPORTED", "encoding"),
        ("import parcels a.csv", "FIELD_REQUIRED", "district"),
        ("import houses a.csv", "VALUE_NOT_IN_LIST", "what"),
        ("token issue --role FOO", "VALUE_NOT_IN_LIST", "role"),
        ("token issue --role PLANNER --expires 0", "VALIDATION", "expires"),
        ("token issue --role PLANNER --expires -5", "VALIDATION", "expires"),
        ("token issue --role SYSTEM", "VALUE_NOT_IN_LIST", "role"),
        ("district add --code --name N --profile open", "FIELD_REQUIRED", "code"),
        ("verify --foo", "VALIDATION", "foo"),
        ("verify foo", "VALIDATION", "command"),
        ("nosuch --database sqlite://x", "VALIDATION", "command"),
    ] {
        let words: Vec<&str> = words.split(' ').chain(["--json"]).collect();
        let told = yulin(folder.path(), &words);
        assert_refused(&told, code, field);
        assert_eq!((told.code, told.stdout.lines().count()), (2, 1), "{told:?}");
        assert_eq!(told.stderr.matches("yulin: ").count(), 1, "told once: {told:?}");
        assert!(!["error:", "String(", "{\"", "Refused"].iter().any(|text| told.stderr.contains(text)), "{told:?}");
    }
    for (words, fact, value) in [
        ("nosuch", "given", json!("nosuch")),
        ("verfy", "similar", json!(["verify-extract", "verify"])),
        ("token issue --role PLANNER --expires -5", "problem", json!("-5 is not in 1..=3660")),
        ("token issue --role SYSTEM", "problem", json!("nobody acts as the registry itself")),
        ("district add --code N", "missing", json!(["--name <NAME>", "--profile <PROFILE>"])),
        ("district add --code N --name N --profile x", "allowed", json!(["open", "cn"])),
    ] {
        let words: Vec<&str> = words.split(' ').chain(["--json"]).collect();
        let told = yulin(folder.path(), &words);
        assert_eq!(told.result["error"]["facts"][fact], value, "{told:?}");
    }
    let told = yulin(folder.path(), &["verify", "--help", "--json"]);
    assert!(told.code == 0 && told.stdout.contains("Usage"), "{told:?}");
}

each_backend! {
    async fn a_command_that_does_nothing_says_which_of_its_words_is_at_fault(t) {
        let folder = folder();
        let path = folder.path();
        t.district("T").await;
        let ring = "[[[119.9,29.4],[119.91,29.4],[119.91,29.41],[119.9,29.4]]]";
        let one = format!(r#"{{"type":"Feature","properties":{{}},"geometry":{{"type":"Polygon","coordinates":{ring}}}}}"#);
        std::fs::write(path.join("two.geojson"), format!(r#"{{"type":"FeatureCollection","features":[{one},{one}]}}"#)).unwrap();
        std::fs::write(path.join("a.csv"), "code,colour,floorPrise\nP1,red,1\n").unwrap();
        for (words, code, field) in [
            ("token revoke zzz", "NOT_FOUND", "token"),
            ("export parcels --out x.foo", "FORMAT_UNKNOWN", "out"),
            ("export parcels --out /nonexistent/of/this/name/x.csv", "FILE_UNWRITABLE", "out"),
            ("import attributes a.csv --district T --map floorPrice=floorPrise --report /nonexistent/r", "FILE_UNWRITABLE", "report"),
            ("import attributes a.csv --district T", "FIELD_REQUIRED", "map"),
            ("district add --code N --name N --profile open", "CRS_MISSING", "crs"),
            ("district add --code N --name N --profile open --crs EPSG:4326", "CRS_UNKNOWN", "crs"),
            ("district add --code N --name N --profile open --crs EPSG:4548 --parent T", "VALIDATION", "crs"),
            ("district add --code N --name N --profile open --parent NOPE", "DISTRICT_UNKNOWN", "parent"),
            ("district add --code N --name N --profile cn --time-zone Mars", "VALIDATION", "time-zone"),
            ("import parties a.csv --district NOPE", "DISTRICT_UNKNOWN", "district"),
            ("token issue --role PLANNER --principal ", "FIELD_REQUIRED", "principal"),
            ("district add --code N --name N --profile cn --boundary two.geojson", "LIMIT_EXCEEDED", "boundary"),
            ("district add --code N --name N --profile cn --boundary none.geojson", "FILE_UNREADABLE", "boundary"),
            ("serve --demo --bind 127.0.0.1:0", "STATE", "database"),
            ("serve --demo --bind 0.0.0.0:0", "VALIDATION", "bind"),
            ("serve --read-standby --bind 127.0.0.1:0", "VALIDATION", "read-standby"),
            ("serve --sandbox --bind 127.0.0.1:0", "STATE", "database"),
        ] {
            assert_refused(&run(&t, path, &words.split(' ').collect::<Vec<_>>()).await, code, field);
        }
        let told = run(&t, path, &["import", "attributes", "a.csv", "--district", "T", "--map", "floorPrice=floorPrise"]).await;
        assert_eq!((told.sums(), told.result["columnsUnused"].to_string()), ([1, 0, 0, 1], r#"["colour"]"#.to_owned()));
    }

    /// Before there is a district nobody can guess a grid; where one is named, or was made since, the file is empty.
    async fn an_export_of_nothing_is_an_empty_file(t) {
        let folder = folder();
        let path = folder.path();
        assert_refused(&run(&t, path, &["export", "parcels", "--out", "a.csv"]).await, "CRS_MISSING", "crs");
        let told = run(&t, path, &["export", "parcels", "--out", "b.csv", "--crs", "EPSG:4490"]).await;
        assert_eq!((told.code, told.result["written"].as_u64()), (0, Some(0)), "{told:?}");
        let head = t.registry.head().await.unwrap().seq;
        t.district("T").await;
        let before = format!(r#"{{"recorded":{{"seq":"{head}"}}}}"#);
        for more in [&["--out", "c.csv"][..], &["--out", "d.csv", "--as-of", &before]] {
            let told = run(&t, path, &[&["export", "parcels"], more].concat()).await;
            let facts = (told.code, told.result["written"].as_u64(), told.result["crs"].as_u64());
            assert_eq!(facts, (0, Some(0), Some(4549)), "{told:?}");
        }
        assert!(path.join("d.csv").is_file());
    }
}
