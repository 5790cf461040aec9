//! What was said stays said: a question pinned in both times has one answer, byte for byte, until data are erased.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, IsolationLevel, Statement, TransactionTrait};
use serde_json::{Value, json};
use yulin_domain::codes::Role;
use yulin_domain::journal::{ParcelId, Seen, Span};
use yulin_domain::land::{CorrectParcel, GrantRight, HolderShare, Move, ParcelPatch, Price, Tenure, TransferRight};
use yulin_domain::party::{AmendParty, ErasePersonal};
use yulin_domain::quantity::{self, FenPerSquareMetre, Share};
use yulin_tests::backend::Backend;
use yulin_tests::full::{FullLand, person};
use yulin_tests::{Gateway, TestRegistry, acts, each_backend};

const DAY: i64 = 24 * 3600 * 1_000_000;
/// What is not forgotten by then is not at all.
const PATIENCE: Duration = Duration::from_secs(30);

const PINNED: &str = "query($asOf: AsOfInput, $parcel: ID!, $ids: [ID!]!, $lon: Float!, $lat: Float!) {
    parcel(id: $parcel, asOf: $asOf) { ...Facts }
    parcels(first: 3, filter: { text: \"old\" }, asOf: $asOf) { ...Page }
    stockLand(orderBy: [{ field: PRICE }, { field: AGE, direction: DESC }], asOf: $asOf) { ...Page }
    parcelAt(point: { lon: $lon, lat: $lat }, asOf: $asOf) { code name }
    nodes(ids: $ids, asOf: $asOf) { __typename id ... on Parcel { name area { computed { squareMetres } } }
        ... on Party { name } ... on Right { holders { share { numerator denominator } } } }
    districts(asOf: $asOf) { id version code name } }
    fragment Page on ParcelConnection { totalCount facets { byStatus { key count area { mu } } byStreet { key count } }
        pageInfo { hasNextPage startCursor endCursor } edges { cursor node { ...Facts } } }
    fragment Facts on Parcel { id version state code name validFrom validTo footprint withheld
        area { registered { squareMetres mu } computed { squareMetres mu } } price { asking floor }
        stockStatus stock { status since reasons contract { number } idleClock { phase days nextOn } }
        holders { party { id version name contact } share { numerator denominator } right { id version } }
        rights { id version validFrom validTo } restrictions { id } freezes { id }
        history(first: 2) { totalCount nodes { seq kind } pageInfo { endCursor } } }";

const ACTS: &str = "query($asOf: AsOfInput) { acts(asOf: $asOf, first: 100) { totalCount pageInfo { endCursor }
    nodes { id seq hash kind reason changes { record validFrom } } }
    parties(asOf: $asOf) { totalCount nodes { id version name } } }";

fn days_ago(days: i64) -> quantity::Instant {
    quantity::Instant::from_micros(jiff::Timestamp::now().as_microsecond() - days * DAY)
}

/// A parcel that has been known, and held by a firm, since last year.
async fn old_land(t: &TestRegistry) -> (ParcelId, FullLand) {
    let land = t.full_land("D1", 2).await;
    let mut register = acts::parcel(land.district, "OLD", [0.0, 200.0, 100.0, 300.0]);
    register.facts.name = Some("old name".to_owned());
    register.facts.street = Some("old street".to_owned());
    register.facts.price = Some(Price { asking: Some(FenPerSquareMetre::from_fen(100)), floor: None });
    let mut register = acts::act(t.admin, register);
    register.envelope.effective_at = Some(days_ago(400));
    let (id, receipt) = t.all_done(vec![register]).await.remove(0);
    let parcel = ParcelId::made_by(id, 0, 0);
    let right_type = yulin_domain::codes::RightType::StateConstruction;
    let tenure = Tenure { right_type, nature: None, grant_method: None, starts_on: None, ends_on: None };
    let holders = vec![HolderShare { party: land.firms[0], share: Share::WHOLE }];
    let seen = Seen { id: parcel, seq: receipt.seq };
    let grant = GrantRight { parcel: seen, tenure, holders, certificate: None, external: None };
    let mut grant = acts::act(t.admin, grant);
    grant.envelope.effective_at = Some(days_ago(399));
    t.all_done(vec![grant]).await;
    (parcel, land)
}

each_backend! {
    async fn a_correction_of_last_year_leaves_the_answers_pinned_at_last_month_as_they_were(t) {
        let (parcel, land) = old_land(&t).await;
        let gateway = Gateway::open(&t.registry).await;
        let mut keys = Vec::new();
        for role in [Role::Public, Role::Planner, Role::Auditor, Role::Admin] {
            keys.push((role, t.key(role).await));
        }
        keys.push((Role::Enterprise, Some(t.key_of_party(land.firms[0]).await)));
        let pinned = t.now().await;
        let last_month = days_ago(30).to_string();
        let by_seq = json!({ "valid": last_month, "recorded": { "seq": pinned.seq.to_string() } });
        let by_time = json!({ "valid": last_month, "recorded": { "at": pinned.recorded_at.to_string() } });
        let right = t.registry.rights_on(&pinned, &[parcel]).await.unwrap()[&parcel][0].state.id;
        let at = gateway.told(None, "query($id: ID!) { parcel(id: $id) { footprint } }", &json!({ "id": parcel.to_string() })).await;
        let corner = at["parcel"]["footprint"]["coordinates"][0][0].clone();
        let variables = |as_of: &Value| json!({ "asOf": as_of, "parcel": parcel.to_string(), "lon": corner[0], "lat": corner[1],
            "ids": [format!("parcel:{parcel}"), format!("district:{}", land.district)] });
        let officers = |as_of: &Value| json!({ "asOf": as_of });
        let mut before = Vec::new();
        for (role, key) in &keys {
            for as_of in [&by_seq, &by_time] {
                let answer = gateway.asked(key.as_deref(), PINNED, &variables(as_of)).await;
                assert!(answer.get("errors").is_none(), "{role}: {answer}");
                assert_eq!(answer["data"]["parcel"]["name"], "old name", "{role}");
                assert_eq!(answer["extensions"]["seq"], pinned.seq, "{role}");
                before.push(said(&gateway, key, PINNED, &variables(as_of)).await);
                before.push(said(&gateway, key, ACTS, &officers(as_of)).await);
            }
        }
        let present_before = said(&gateway, &None, PINNED, &variables(&Value::Null)).await;

        t.done(CorrectParcel {
            parcel: t.seen(parcel).await,
            valid: Span::ALL,
            facts: ParcelPatch {
                name: Some("new name".to_owned()),
                price: Some(Price { asking: Some(FenPerSquareMetre::from_fen(999)), floor: None }),
                ..ParcelPatch::default()
            },
            footprint: Some(acts::rectangle([0.0, 200.0, 90.0, 290.0])),
        }).await;
        let moves = vec![Move { from: land.firms[0], to: land.firms[1], share: Share::WHOLE }];
        t.done(TransferRight { parcel: t.seen(parcel).await, right, moves, certificate: None, external: None }).await;
        let firm = t.registry.parties_by_ids(&t.now().await, &land.firms[..1]).await.unwrap().remove(0);
        let seen = Seen { id: land.firms[0], seq: firm.version };
        t.done(AmendParty { party: seen, name: Some("renamed".to_owned()), credit_code: None, personal: None, external: None }).await;

        let mut after = Vec::new();
        for (_, key) in &keys {
            for as_of in [&by_seq, &by_time] {
                after.push(said(&gateway, key, PINNED, &variables(as_of)).await);
                after.push(said(&gateway, key, ACTS, &officers(as_of)).await);
            }
        }
        for (nth, (before, after)) in before.iter().zip(&after).enumerate() {
            assert_eq!(before, after, "answer {nth}");
        }
        assert_ne!(said(&gateway, &None, PINNED, &variables(&Value::Null)).await, present_before, "the present has changed");
        let corrected = gateway.told(None, "query($id: ID!, $asOf: AsOfInput) { parcel(id: $id, asOf: $asOf) { name } }",
            &json!({ "id": parcel.to_string(), "asOf": { "valid": last_month } })).await;
        assert_eq!(corrected["parcel"]["name"], "new name", "what is known now of last month");
        gateway.close().await;
        t.assert_sound().await;
    }

    async fn erased_personal_data_stand_in_no_answer_and_in_no_byte_of_the_database(t) {
        let land = t.full_land("D1", 1).await;
        let name = "Zzyzx-Erasable-Name";
        let mut register = acts::act(t.admin, person(name));
        register.envelope.reason = Some("registered".to_owned());
        let party = yulin_domain::journal::PartyId::made_by(register.envelope.id, 0, 0);
        t.all_done(vec![register]).await;
        let parcel = t.parcel(land.district, "OWN", [0.0, 200.0, 50.0, 250.0]).await;
        let right_type = yulin_domain::codes::RightType::StateConstruction;
        let tenure = Tenure { right_type, nature: None, grant_method: None, starts_on: None, ends_on: None };
        let holders = vec![HolderShare { party, share: Share::WHOLE }];
        t.done(GrantRight { parcel: t.seen(parcel).await, tenure, holders, certificate: None, external: None }).await;
        let gateway = Gateway::open(&t.registry).await;
        let own = Some(t.key_of_party(party).await);
        let admin = t.key(Role::Admin).await;
        let before = t.now().await.seq;
        let questions = |as_of: Value| [
            ("query($asOf: AsOfInput, $party: ID!) { party(id: $party, asOf: $asOf) { id version name contact identityNumber personalSets
                erased { seq } history { nodes { seq kind reason changes { record } } } } }", json!({ "asOf": as_of, "party": party.to_string() })),
            ("query($asOf: AsOfInput) { acts(first: 500, asOf: $asOf) { nodes { seq kind reason onBehalfOf legalBasis changes { record } } } }", json!({ "asOf": as_of })),
            ("query($asOf: AsOfInput) { parties(first: 500, asOf: $asOf) { nodes { id name contact identityNumber } } }", json!({ "asOf": as_of })),
            ("query($asOf: AsOfInput) { parcels(first: 500, asOf: $asOf) { nodes { code holders { party { name contact identityNumber erased { seq } } }
                history { nodes { seq reason } } } } }", json!({ "asOf": as_of })),
            ("query($ids: [ID!]!, $asOf: AsOfInput) { nodes(ids: $ids, asOf: $asOf) { ... on Party { name contact } } }", json!({ "asOf": as_of, "ids": [format!("party:{party}")] })),
        ];
        let told = gateway.told(admin.as_deref(), questions(Value::Null)[0].0, &questions(Value::Null)[0].1).await;
        assert_eq!(told["party"]["name"], name);
        assert!(stored(&t, name).await, "the name is stored before it is erased");

        let erase = "mutation($input: ErasePersonalInput!, $act: ActEnvelopeInput!) { erasePersonal(input: $input, act: $act) {
            __typename ... on ActRefused { code field } ... on ActDone { receipt { seq } changed } } }";
        let input = json!({ "party": { "id": party.to_string(), "expectedSeq": told["party"]["version"] }, "personal": told["party"]["personalSets"] });
        let act = json!({ "actId": uuid::Uuid::now_v7(), "reason": "asked for", "legalBasis": "个人信息保护法 第47条" });
        let done = gateway.asked(admin.as_deref(), erase, &json!({ "input": input, "act": act })).await;
        assert_eq!(done["data"]["erasePersonal"]["__typename"], "ActDone", "{done}");
        assert_eq!(done["extensions"]["seq"].to_string(), done["data"]["erasePersonal"]["receipt"]["seq"].as_str().unwrap());

        for key in [t.key(Role::Auditor).await, t.key(Role::ZoneOfficer).await, t.key(Role::Planner).await, None, own, admin.clone()] {
            for as_of in [Value::Null, json!({ "recorded": { "seq": before.to_string() } })] {
                for (query, variables) in questions(as_of) {
                    let answer = String::from_utf8(gateway.bytes(key.as_deref(), query, &variables).await).unwrap();
                    assert!(!answer.contains(name), "{answer}");
                    assert!(!answer.contains("INTERNAL"), "{answer}");
                }
            }
        }
        for (as_of, acts) in [(Value::Null, 2), (json!({ "recorded": { "seq": before.to_string() } }), 1)] {
            let (query, variables) = &questions(as_of.clone())[0];
            let told = gateway.told(admin.as_deref(), query, variables).await;
            let erased = &done["data"]["erasePersonal"]["receipt"]["seq"];
            assert_eq!(told["party"]["erased"]["seq"], *erased, "as of {as_of} it is told why nothing is shown");
            assert_eq!(told["party"]["history"]["nodes"].as_array().unwrap().len(), acts, "as of {as_of}");
            let (query, variables) = &questions(as_of)[3];
            let told = gateway.told(admin.as_deref(), query, variables).await;
            let owned = told["parcels"]["nodes"].as_array().unwrap().iter().find(|one| one["code"] == "OWN").unwrap();
            assert_eq!(owned["holders"][0]["party"]["erased"]["seq"], *erased);
        }
        gateway.close().await;
        t.assert_sound().await;
        forgotten(&t, name).await;
    }

    async fn what_is_erased_while_a_reader_keeps_it_is_forgotten_when_he_has_gone(t) {
        let name = "Zzyzx-Kept-By-A-Reader";
        let party = t.person(name).await;
        let snapshot = t.now().await;
        let raw = t.raw().await;
        let isolation = (t.backend == Backend::Postgres).then_some(IsolationLevel::RepeatableRead);
        let reader = raw.begin_with_config(isolation, None).await.unwrap();
        let sql = "SELECT count(*) AS n FROM personal";
        let row = reader.query_one_raw(Statement::from_string(reader.get_database_backend(), sql)).await.unwrap().unwrap();
        assert_eq!(row.try_get::<i64>("", "n").unwrap(), 1);
        let seq = t.registry.parties_by_ids(&snapshot, &[party]).await.unwrap().remove(0).version;
        let personal = t.registry.personal_of_party(party).await.unwrap();
        t.done(ErasePersonal { party: Seen { id: party, seq }, personal }).await;
        // Time enough for a first try, which is in vain.
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(is_to_be_forgotten(&t).await, "what could not be forgotten is remembered");
        reader.rollback().await.unwrap();
        forgotten(&t, name).await;
        t.assert_sound().await;
    }
}

/// The text of an answer, to the byte, without what its asker has left of his allowance: that is of him, not of what is answered.
async fn said(gateway: &Gateway, key: &Option<String>, query: &str, variables: &Value) -> String {
    let mut text = String::from_utf8(gateway.bytes(key.as_deref(), query, variables).await).expect("text");
    let from = text.find("\"allowance\":{").expect("an answer tells of the allowance");
    let length = text[from..].find('}').expect("an object ends") + 1;
    text.replace_range(from..from + length, "");
    text
}

/// Waits until what was erased stands in no byte.
async fn forgotten(t: &TestRegistry, text: &str) {
    let begun = Instant::now();
    while is_to_be_forgotten(t).await {
        assert!(begun.elapsed() < PATIENCE, "it is not forgotten");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(!stored(t, text).await, "{text} is still stored");
}

/// Whether the mark of something to be forgotten stands.
async fn is_to_be_forgotten(t: &TestRegistry) -> bool {
    let raw = t.raw().await;
    let sql = "SELECT 1 AS found FROM setting WHERE name = 'to_forget'";
    raw.query_one_raw(Statement::from_string(raw.get_database_backend(), sql)).await.unwrap().is_some()
}

/// Whether a text stands anywhere in the database: in the bytes of its files, or in any column of any table.
async fn stored(t: &TestRegistry, text: &str) -> bool {
    if let Some(path) = t.url.strip_prefix("sqlite://").and_then(|url| url.split('?').next()) {
        return ["", "-wal", "-shm", "-journal"].iter().any(|end| {
            let bytes = std::fs::read(format!("{path}{end}")).unwrap_or_default();
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        });
    }
    let raw = t.raw().await;
    let backend = raw.get_database_backend();
    let asked = |sql: String| Statement::from_string(backend, sql);
    let tables = "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'".to_owned();
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    for row in raw.query_all_raw(asked(tables)).await.unwrap() {
        let table: String = row.try_get("", "name").unwrap();
        let sql =
            format!("SELECT count(*) AS n FROM \"{table}\" t WHERE t::text LIKE '%{text}%' OR t::text LIKE '%{hex}%'");
        let found: i64 = raw.query_one_raw(asked(sql)).await.unwrap().unwrap().try_get("", "n").unwrap();
        if found > 0 {
            return true;
        }
    }
    // The bytes of the table's file, where its server runs beside the test: freed ones too.
    raw.execute_unprepared("CHECKPOINT").await.unwrap();
    let file = "SELECT current_setting('data_directory') || '/' || pg_relation_filepath('personal') AS path".to_owned();
    let path: String = raw.query_one_raw(asked(file)).await.unwrap().unwrap().try_get("", "path").unwrap();
    let bytes = std::fs::read(&path).unwrap_or_else(|why| {
        eprintln!("SKIPPED: the bytes of {path}, which lie elsewhere: {why}");
        Vec::new()
    });
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
