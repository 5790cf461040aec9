//! The golden journal of each format, as it is checked in, is read and folded on both databases as it always was.
//!
//! While format 1 is the one that is written, a new kind of act is added to `tests/src/golden.rs` at the end, and
//! `cargo test -p yulin-tests --test journal golden -- --ignored` appends what is new to the file: the entries before stay as
//! they were, whatever they would be if they were decided today.

use std::collections::BTreeSet;
use std::path::PathBuf;

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, JsonValue, Statement, Value};
use serde_json::json;
use yulin_domain::journal::*;
use yulin_persistence::{ActFilter, Migrate, OpenOptions, Registry, VerifyOptions, rebuild, verify};
use yulin_tests::backend::database;
use yulin_tests::projections::digests;
use yulin_tests::{Backend, acts, golden};

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden/format-1.ndjson")
}

/// The lines of the file: the journal's name, entries, personal data, digests.
fn lines() -> Vec<JsonValue> {
    let text = std::fs::read_to_string(file()).expect("the golden journal is checked in");
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn line_of(entry: &Entry) -> JsonValue {
    let header = &entry.header;
    let evidence: Vec<_> = header.evidence_hashes.iter().map(ToString::to_string).collect();
    json!({ "entry": {
        "seq": header.seq,
        "act_id": header.act_id.to_string(),
        "principal": header.principal.to_string(),
        "on_behalf_of": header.on_behalf_of,
        "kind": header.kind.name(),
        "format": header.format,
        "effective_at": header.effective_at.micros(),
        "recorded_at": header.recorded_at.micros(),
        "request_hash": header.request_hash.to_string(),
        "reason": header.reason,
        "legal_basis": header.legal_basis,
        "evidence_hashes": evidence.join(","),
        "approved_by": header.approved_by.map(|principal| principal.to_string()),
        "body": hex::encode(&entry.body),
        "prev_hash": header.prev_hash.to_string(),
        "hash": entry.hash.to_string(),
    }})
}

/// A database that holds the journal of the lines and nothing folded from it.
async fn filled(url: &str, lines: &[JsonValue]) {
    let options = OpenOptions { url: url.to_owned(), readers: 1, migrate: Migrate::Apply };
    Registry::open(&options).await.expect("a new registry").close().await;
    let raw = Database::connect(url).await.unwrap();
    for line in lines {
        if let Some(entry) = line["entry"].as_object() {
            insert(&raw, "journal", entry).await;
            let head = "UPDATE journal_head SET seq = $1, recorded_at = $2, hash = $3";
            let values = [
                value("seq", &entry["seq"]),
                value("recorded_at", &entry["recorded_at"]),
                value("hash", &entry["hash"]),
            ];
            raw.execute_raw(Statement::from_sql_and_values(raw.get_database_backend(), head, values)).await.unwrap();
        }
        if let Some(personal) = line["personal"].as_object() {
            insert(&raw, "personal", personal).await;
        }
        if let Some(journal) = line["journal"].as_str() {
            raw.execute_unprepared(&format!("UPDATE journal_head SET journal = '{journal}'")).await.unwrap();
        }
    }
    raw.close().await.unwrap();
}

async fn insert(raw: &DatabaseConnection, table: &str, row: &serde_json::Map<String, JsonValue>) {
    let columns: Vec<_> = row.keys().map(String::as_str).collect();
    let places: Vec<_> = (1..=columns.len()).map(|place| format!("${place}")).collect();
    let sql = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), places.join(", "));
    let values: Vec<_> = row.iter().map(|(name, of)| value(name, of)).collect();
    raw.execute_raw(Statement::from_sql_and_values(raw.get_database_backend(), sql, values)).await.unwrap();
}

fn value(column: &str, of: &JsonValue) -> Value {
    match (column, of) {
        ("request_hash" | "body" | "prev_hash" | "hash" | "salt", of) => {
            hex::decode(of.as_str().unwrap()).unwrap().into()
        }
        (_, JsonValue::Number(number)) => number.as_i64().unwrap().into(),
        (_, of) => of.as_str().map(str::to_owned).into(),
    }
}

async fn folded_as_always(backend: Backend) {
    let Some((url, _folder)) = database(backend).await else { return };
    let lines = lines();
    filled(&url, &lines).await;
    let folded = rebuild(&url, &mut |_| {}).await.expect("the journal folds");
    let entries: Vec<_> = lines.iter().filter(|line| line["entry"].is_object()).collect();
    assert_eq!(folded, entries.len() as u64);
    let expected = &lines.last().unwrap()["digests"];
    assert_eq!(&json!(digests(&url).await), expected, "{backend:?}");
    let report = verify(&url, &VerifyOptions::default(), &mut |_| {}).await.unwrap();
    assert!(report.sound, "{backend:?}: {:?}", report.first_wrong);
    read_as_always(&url).await;
}

/// Everything in it can be read: each act as submitted, what is erased and what is not; and it can be written on.
async fn read_as_always(url: &str) {
    let options = OpenOptions { url: url.to_owned(), readers: 2, migrate: Migrate::Check };
    let registry = Registry::open(&options).await.unwrap();
    let now = registry.snapshot(Default::default(), None).await.unwrap();
    let entries = registry.acts(&now, &ActFilter::default(), None, 500).await.unwrap();
    assert_eq!(entries.len() as i64, now.seq);
    let mut erased = Vec::new();
    for entry in &entries {
        assert!(entry.is_intact(), "{}", entry.header.seq);
        let act = EntryBody::decode(&entry.body).unwrap().read_act().unwrap();
        assert_eq!(act.kind(), entry.header.kind);
        erased.extend(act.legs.iter().flat_map(|leg| match leg {
            ActBody::ErasePersonal(erase) => erase.personal.clone(),
            _ => vec![],
        }));
    }
    assert_eq!(registry.erasures(&now, &erased).await.unwrap().len(), erased.len());
    assert!(registry.personal(&erased).await.unwrap().is_empty() && !erased.is_empty());
    let admin = registry.ensure_principal("golden-admin", yulin_domain::codes::Role::Admin).await.unwrap();
    let district = registry.districts(&now).await.unwrap().remove(0).state.id;
    let next = acts::act(admin, acts::parcel(district, "NEXT", [3_000.0, 0.0, 3_050.0, 50.0]));
    assert_eq!(registry.perform(next).await.unwrap().seq, now.seq + 1);
    registry.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_golden_journal_folds_as_always_on_sqlite() {
    folded_as_always(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_golden_journal_folds_as_always_on_postgres() {
    folded_as_always(Backend::Postgres).await;
}

#[test]
fn every_kind_of_act_and_of_record_stands_in_the_golden_journal() {
    let (mut acts, mut records) = (BTreeSet::new(), BTreeSet::new());
    for line in lines().iter().filter(|line| line["entry"].is_object()) {
        let body = EntryBody::decode(&hex::decode(line["entry"]["body"].as_str().unwrap()).unwrap()).unwrap();
        acts.insert(line["entry"]["kind"].as_str().unwrap().to_owned());
        acts.extend(body.read_act().unwrap().legs.iter().map(|leg| leg.kind().name().to_owned()));
        records.extend(body.read_changes().unwrap().iter().map(|change| change.key.kind.tag()));
    }
    let missing: Vec<_> = ActKind::ALL.iter().filter(|kind| !acts.contains(kind.name())).collect();
    assert!(missing.is_empty(), "not in the golden journal: {missing:?}");
    let missing: Vec<_> = RecordKind::ALL.iter().filter(|kind| !records.contains(kind.tag())).collect();
    assert!(missing.is_empty(), "not in the golden journal: {missing:?}");
}

/// The entries that are checked in, and after them those that only the generator has.
fn appended(golden: &golden::Golden) -> Vec<JsonValue> {
    let mut made: Vec<_> = lines().into_iter().filter(|line| line["entry"].is_object()).collect();
    for entry in golden.entries.iter().skip(made.len()) {
        let last = hex::decode(made.last().expect("entries")["entry"]["hash"].as_str().unwrap()).unwrap();
        let header = Header { prev_hash: Digest::from_slice(&last).unwrap(), ..entry.header.clone() };
        let parts = EntryBody::decode(&entry.body).unwrap();
        made.push(line_of(&Entry::seal(header, &parts).unwrap()));
    }
    made
}

/// Appends to the golden journal of the format that is written now.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "writes to tests/golden"]
async fn write_the_golden_journal() {
    let golden = golden::Golden::written();
    let mut made = vec![json!({ "journal": golden::journal().to_string() })];
    made.extend(appended(&golden));
    made.extend(golden.personal.values().map(|one| {
        json!({ "personal": {
            "id": one.id.to_string(),
            "fields": serde_json::to_string(&one.fields).unwrap(),
            "salt": hex::encode(one.salt),
        }})
    }));
    let (url, _folder) = database(Backend::Sqlite).await.unwrap();
    filled(&url, &made).await;
    rebuild(&url, &mut |_| {}).await.unwrap();
    made.push(json!({ "digests": digests(&url).await }));
    let text: String = made.iter().map(|line| format!("{line}\n")).collect();
    std::fs::write(file(), text).unwrap();
}
