//! The error catalogue is what the product can answer, no more and no less; every refusal over HTTP has a code of it; what
//! is deprecated says why and until when.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use yulin_domain::codes::{Labelled, Lang};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_gateway::schema::schema_sdl;
use yulin_tests::{Backend, Gateway, TestRegistry};

/// Where codes are given as texts: enums of the flaws of geometry and of files, each with a code of the catalogue.
const CODED_BY_TEXT: [&str; 2] = ["domain/src/geometry/refused.rs", "exchange/src/format/problem.rs"];

/// A source of production: its path below `crates`, and its text without tests.
struct Source {
    path: String,
    text: String,
}

/// The sources of the crates, without tests and what only tests use.
fn sources() -> Vec<Source> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let (mut folders, mut found): (Vec<PathBuf>, Vec<Source>) = (vec![crates.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                folders.extend((name != "tests" && name != "target").then_some(path));
            } else if path.extension().is_some_and(|ending| ending == "rs") && !is_of_tests(&name) {
                let text = std::fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
                let below = path.strip_prefix(&crates).unwrap().to_str().unwrap().to_owned();
                found.push(Source { path: below, text });
            }
        }
    }
    found
}

fn is_of_tests(name: &str) -> bool {
    name.ends_with("_tests") || name == "test_registry"
}

fn is_catalogue(source: &Source) -> bool {
    source.path.starts_with("domain/src/error_catalogue/")
}

/// The variants that are named in a text after a mark, where they are made: not where they are matched or compared with.
fn made(text: &str, mark: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices(mark) {
        let rest = &text[at + mark.len()..];
        let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
        let after = skipped_braces(rest[name.len()..].trim_start());
        let is_pattern = ["=>", "|", ", _) =>", ") =>", "if ", ") if"].iter().any(|mark| after.starts_with(mark));
        let is_compared = text[..at].trim_end().ends_with("==") || text[..at].trim_end().ends_with("!=");
        if !is_pattern && !is_compared && name.chars().next().is_some_and(char::is_uppercase) {
            found.insert(name);
        }
    }
    found
}

/// What follows the fields of a variant.
fn skipped_braces(rest: &str) -> &str {
    match rest.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
        Some((_, after)) => after.trim_start(),
        None => rest,
    }
}

/// The texts that a source gives as codes.
fn codes_as_text(text: &str) -> BTreeSet<String> {
    let bodies = text.split("fn code(&self) -> &'static str {").skip(1);
    let bodies = bodies.filter_map(|rest| rest.split("\n    }\n").next());
    bodies.flat_map(|body| body.split('"').skip(1).step_by(2)).map(str::to_owned).collect()
}

/// The codes that some source of production answers with.
fn answered(sources: &[Source]) -> BTreeSet<String> {
    let names =
        sources.iter().filter(|source| !is_catalogue(source)).flat_map(|source| made(&source.text, "ErrorCode::"));
    let names: BTreeSet<_> = names.collect();
    let all = ErrorCode::all().iter();
    let by_name = all.filter(|code| names.contains(&format!("{code:?}"))).map(|code| code.code().to_owned());
    let texts = sources.iter().filter(|source| CODED_BY_TEXT.contains(&source.path.as_str()));
    by_name.chain(texts.flat_map(|source| codes_as_text(&source.text))).collect()
}

#[test]
fn the_catalogue_is_what_the_product_can_answer() {
    let sources = sources();
    assert!(sources.len() > 300, "the sources were not read: {}", sources.len());
    let answered = answered(&sources);
    let catalogue: BTreeSet<_> = ErrorCode::all().iter().map(|code| code.code().to_owned()).collect();
    let never: Vec<_> = catalogue.difference(&answered).collect();
    let unknown: Vec<_> = answered.difference(&catalogue).collect();
    assert!(never.is_empty(), "in the catalogue, and answered by nothing: {never:?}");
    assert!(unknown.is_empty(), "answered, and not in the catalogue: {unknown:?}");
}

#[test]
fn a_code_that_is_only_matched_or_compared_is_not_taken_to_be_answered() {
    let text = "match code { ErrorCode::Busy => 1, ErrorCode::Internal | ErrorCode::Timeout => 2 } \
        if code == ErrorCode::NotReady { return Err(Refused::new(ErrorCode::Forbidden)) } \
        Self::A { line, .. } => 1, Err(Self::B { line })";
    assert_eq!(made(text, "ErrorCode::"), BTreeSet::from(["Forbidden".to_owned()]));
    assert_eq!(made(text, "Self::"), BTreeSet::from(["B".to_owned()]));
}

#[test]
fn every_refusal_over_http_is_made_somewhere_and_has_a_code() {
    let sources = sources();
    let refused = sources.iter().find(|source| source.path == "gateway/src/http/refused.rs").unwrap();
    let declared = refused.text.split("pub enum HttpRefused {").nth(1).unwrap().split("\n}").next().unwrap();
    let variant = |line: &str| {
        let name: String = line.strip_prefix("    ")?.chars().take_while(char::is_ascii_alphanumeric).collect();
        name.chars().next()?.is_uppercase().then_some(name)
    };
    let declared: BTreeSet<_> = declared.lines().filter_map(variant).collect();
    assert!(declared.len() > 40, "{declared:?}");
    // That each has a code of the catalogue the compiler sees: `HttpRefused::code` matches them all.
    let made: BTreeSet<_> = sources.iter().flat_map(|source| made(&source.text, "HttpRefused::")).collect();
    let never: Vec<_> = declared.difference(&made).collect();
    assert!(never.is_empty(), "refusals that nothing makes: {never:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_catalogue_is_told_as_it_is_and_the_schema_names_the_same_codes() {
    let t = TestRegistry::open(Backend::Sqlite).await.unwrap();
    let gateway = Gateway::open(&t.registry).await;
    let query = "{ errorCatalogue { code class message(lang: EN) messages { zh en } }
        __type(name: \"ErrorCode\") { enumValues { name } } }";
    let told = gateway.told(None, query, &json!({})).await;
    let expected: Vec<Value> = ErrorCode::all().iter().map(entry).collect();
    assert_eq!(told["errorCatalogue"], json!(expected));
    let names = told["__type"]["enumValues"].as_array().unwrap().iter().map(|value| value["name"].as_str().unwrap());
    let codes: BTreeSet<_> = ErrorCode::all().iter().map(|code| code.code()).collect();
    assert_eq!(names.collect::<BTreeSet<_>>(), codes);
    gateway.close().await;
}

fn entry(code: &ErrorCode) -> Value {
    let [zh, en] = [Lang::Zh, Lang::En].map(|lang| code.message(lang));
    json!({ "code": code.code(), "class": code.class().code(), "message": en, "messages": { "zh": zh, "en": en } })
}

/// What is wrong with the deprecations of a schema: each says why, and the day after which what it marks may go.
fn undated(sdl: &str) -> Vec<String> {
    let marks = sdl.lines().filter(|line| line.contains("@deprecated"));
    let is_dated = |line: &&str| {
        let reason = line.split("reason: \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let mut words = reason.split(|c: char| !c.is_ascii_digit() && c != '-').filter(|word| word.len() == 10);
        reason.len() > 20 && words.any(|word| word.parse::<jiff::civil::Date>().is_ok())
    };
    marks.filter(|line| !is_dated(line)).map(|line| line.trim().to_owned()).collect()
}

#[test]
fn what_is_deprecated_says_why_and_from_when_it_may_be_gone() {
    assert_eq!(undated(&schema_sdl()), [""; 0]);
    assert_eq!(undated("\told: Int @deprecated\n\tolder: Int @deprecated(reason: \"use `new`\")").len(), 2);
    let good = "\told: Int @deprecated(reason: \"Ask for `new`; may be gone after 2027-06-30 (已弃用)\")";
    assert_eq!(undated(good), [""; 0]);
}
