//! Who may do and read what: every mutation and every guarded field, as every role, against the tables.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use yulin_domain::codes::{Labelled, RightType, Role};
use yulin_domain::journal::{ActKind, ParcelId, PartyId, RightId, may_perform};
use yulin_domain::land::{GrantRight, HolderShare, Move, Tenure, TransferRight};
use yulin_domain::quantity::Share;
use yulin_gateway::disclosure::{Reading, reading, types};
use yulin_tests::{Gateway, TestRegistry, each_backend};

const SCHEMA: &str = "{ __schema { mutationType { name } types { kind name isOneOf
    fields { name type { ...Type } args { name type { ...Type } } } inputFields { name type { ...Type } defaultValue }
    enumValues { name } } } }
    fragment Type on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// The schema as it tells itself.
struct Told(BTreeMap<String, Value>);

impl Told {
    async fn by(gateway: &Gateway) -> Self {
        let told = gateway.told(None, SCHEMA, &json!({})).await;
        let types = told["__schema"]["types"].as_array().unwrap().iter();
        Self(types.map(|one| (one["name"].as_str().unwrap().to_owned(), one.clone())).collect())
    }

    fn fields(&self, parent: &str) -> Vec<Value> {
        self.0[parent]["fields"].as_array().unwrap().clone()
    }

    /// The least value that fits a type of input.
    fn value(&self, of: &Value) -> Value {
        match of["kind"].as_str().unwrap() {
            "NON_NULL" => self.value(&of["ofType"]),
            "LIST" => json!([self.value(&of["ofType"])]),
            "ENUM" => self.0[of["name"].as_str().unwrap()]["enumValues"][0]["name"].clone(),
            "INPUT_OBJECT" => self.object(of["name"].as_str().unwrap()),
            _ => scalar(of["name"].as_str().unwrap()),
        }
    }

    fn object(&self, name: &str) -> Value {
        let fields = self.0[name]["inputFields"].as_array().unwrap();
        let is_required = |field: &&Value| field["type"]["kind"] == "NON_NULL" && field["defaultValue"].is_null();
        let required: Map<_, _> = fields
            .iter()
            .filter(is_required)
            .map(|field| (field["name"].as_str().unwrap().to_owned(), self.value(&field["type"])))
            .collect();
        if self.0[name]["isOneOf"] == true {
            let first = &fields[0];
            return json!({ first["name"].as_str().unwrap(): self.value(&first["type"]) });
        }
        Value::Object(required)
    }
}

fn scalar(name: &str) -> Value {
    match name {
        "Int" | "Float" => json!(4549),
        "Boolean" => json!(false),
        "ID" => json!("00000000-0000-4000-8000-000000000001"),
        "Date" => json!("2024-01-01"),
        "DateTime" => json!("2024-01-01T00:00:00Z"),
        "GeoJSON" => json!("{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]]]}"),
        _ => json!("1"),
    }
}

/// The mutations of a single act.
fn kind_of(mutation: &str) -> Option<ActKind> {
    let upper: String = mutation.chars().flat_map(|c| c.is_uppercase().then_some('_').into_iter().chain([c])).collect();
    upper.to_uppercase().parse().ok()
}

fn code_of(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

fn tried() -> Value {
    json!({ "actId": uuid::Uuid::now_v7(), "reason": "a test", "legalBasis": "a test", "dryRun": true })
}

/// Roles that somebody may hold a key for.
async fn keys(t: &TestRegistry) -> Vec<(Role, Option<String>)> {
    let mut keys = Vec::new();
    for role in Role::all().iter().filter(|role| **role != Role::System) {
        keys.push((*role, t.key(*role).await));
    }
    keys
}

/// A field of a type that some roles do not read.
fn guarded() -> Vec<(&'static str, &'static str)> {
    let fields = types()
        .flat_map(|of| of.rules.iter().flat_map(move |(_, fields)| fields.iter().map(move |field| (of.name, *field))));
    fields
        .filter(|(parent, field)| Role::all().iter().any(|role| reading(*role, parent, field) != Reading::Yes))
        .collect()
}

/// What is selected below a field.
fn selection(schema: &Told, parent: &str, field: &str) -> &'static str {
    let of = schema.fields(parent).into_iter().find(|one| one["name"] == field).unwrap();
    let mut of = &of["type"];
    while !of["ofType"].is_null() {
        of = &of["ofType"];
    }
    if matches!(of["kind"].as_str(), Some("OBJECT" | "INTERFACE" | "UNION")) { "{ __typename }" } else { "" }
}

/// A right in a whole parcel.
async fn granted(t: &TestRegistry, parcel: ParcelId, to: PartyId) -> RightId {
    let right_type = RightType::StateConstruction;
    let tenure = Tenure { right_type, nature: None, grant_method: None, starts_on: None, ends_on: None };
    let holders = vec![HolderShare { party: to, share: Share::WHOLE }];
    let grant = GrantRight { parcel: t.seen(parcel).await, tenure, holders, certificate: None, external: None };
    RightId::made_by(t.done(grant).await, 0, 0)
}

each_backend! {
    async fn every_mutation_is_forbidden_to_every_role_that_the_table_does_not_name(t) {
        let gateway = Gateway::open(&t.registry).await;
        let schema = Told::by(&gateway).await;
        let mut unknown = Vec::new();
        let mut asked = 0;
        let keys = keys(&t).await;
        for mutation in schema.fields("Mutation") {
            let name = mutation["name"].as_str().unwrap();
            // Webhooks are no acts; `webhooks.rs` tries theirs as every role.
            if matches!(name, "performAll" | "performBundle" | "retryDeadLetters") || name.contains("ebhook") {
                continue;
            }
            let Some(kind) = kind_of(name) else { unknown.push(name.to_owned()); continue };
            let input = &mutation["args"].as_array().unwrap().iter().find(|arg| arg["name"] == "input").unwrap()["type"];
            let typed = input["ofType"]["name"].as_str().unwrap();
            let query = format!("mutation($input: {typed}!, $act: ActEnvelopeInput!) {{ {name}(input: $input, act: $act) {{ __typename }} }}");
            for (role, key) in &keys {
                let variables = json!({ "input": schema.value(input), "act": tried() });
                let answer = gateway.asked(key.as_deref(), &query, &variables).await;
                let code = code_of(&answer);
                let expected = match role {
                    Role::Public => code == "UNAUTHENTICATED",
                    other => (code == "FORBIDDEN") != may_perform(*other, kind),
                };
                assert!(expected, "{name} as {role}: {answer}");
                assert!(!matches!(code, "QUERY_INVALID" | "VALIDATION" | "INTERNAL"), "{name} as {role}: {answer}");
                asked += 1;
            }
        }
        assert!(unknown.is_empty(), "mutations that name no kind of act: {unknown:?}");
        assert!(asked > 400, "{asked}");
        gateway.close().await;
    }

    async fn lists_and_bundles_are_forbidden_act_by_act(t) {
        let gateway = Gateway::open(&t.registry).await;
        let name = json!({ "kind": "ENTERPRISE", "name": "企业" });
        let all = "mutation($acts: [ActInput!]!) { performAll(acts: $acts) { __typename } }";
        let bundle = "mutation($act: ActEnvelopeInput!, $legs: [ActBodyInput!]!) { performBundle(act: $act, legs: $legs) { __typename } }";
        for (role, key) in keys(&t).await {
            let acts = json!({ "acts": [{ "act": tried(), "do": { "registerParty": name } }] });
            let legs = json!({ "act": tried(), "legs": [{ "registerParty": name }] });
            for (query, variables) in [(all, acts), (bundle, legs)] {
                let answer = gateway.asked(key.as_deref(), query, &variables).await;
                let expected = match role {
                    Role::Public => "UNAUTHENTICATED",
                    other if may_perform(other, ActKind::RegisterParty) => "",
                    _ => "FORBIDDEN",
                };
                assert_eq!(code_of(&answer), expected, "{role}: {answer}");
            }
        }
        gateway.close().await;
    }

    async fn every_guarded_field_is_withheld_from_every_role_that_the_table_does_not_name(t) {
        let land = t.full_land("D1", 1).await;
        let gateway = Gateway::open(&t.registry).await;
        let schema = Told::by(&gateway).await;
        let parcel = land.parcels[0].to_string();
        let mut seen = BTreeSet::new();
        let mut keys = keys(&t).await;
        keys.retain(|(role, _)| *role != Role::Enterprise);
        let own = t.key_of_party(land.firms[0]).await;
        let other = t.key_of_party(land.firms[1]).await;
        let keys = keys.into_iter().map(|(role, key)| (role, key, false));
        let keys = keys.chain([(Role::Enterprise, Some(own), true), (Role::Enterprise, Some(other), false)]);
        for (role, key, is_own) in keys {
            for (parent, field) in guarded() {
                let below = selection(&schema, parent, field);
                let (path, query) = match parent {
                    "Parcel" => ("/parcel", format!("query($id: ID!) {{ parcel(id: $id) {{ {field} {below} }} }}")),
                    "Stock" => ("/parcel/stock", format!("query($id: ID!) {{ parcel(id: $id) {{ stock {{ {field} {below} }} }} }}")),
                    "Price" => ("/parcel/price", format!("query($id: ID!) {{ parcel(id: $id) {{ price {{ {field} {below} }} }} }}")),
                    _ => continue,
                };
                seen.insert((parent, field));
                let told = gateway.told(key.as_deref(), &query, &json!({ "id": parcel })).await;
                let is_shown = match reading(role, parent, field) {
                    Reading::Yes => true,
                    Reading::OwnOnly => is_own,
                    Reading::No => false,
                };
                let shown = &told.pointer(path).unwrap()[field];
                assert_eq!(!shown.is_null(), is_shown, "{parent}.{field} as {role}, own: {is_own}: {told}");
                let withheld = gateway.told(key.as_deref(), "query($id: ID!) { parcel(id: $id) { withheld } }", &json!({ "id": parcel })).await;
                let named = match parent {
                    "Parcel" => field.to_owned(),
                    parent => format!("{}.{field}", parent.to_lowercase()),
                };
                let names = withheld["parcel"]["withheld"].as_array().unwrap();
                assert_eq!(names.contains(&json!(named)), !is_shown, "{named} as {role}, own: {is_own}: {names:?}");
            }
        }
        let elsewhere: Vec<_> = guarded().into_iter().filter(|one| !seen.contains(one)).map(|(parent, _)| parent).collect();
        assert!(elsewhere.iter().all(|parent| matches!(*parent, "Party" | "Query" | "Principal" | "Subscription" | "Factor")), "not tried: {elsewhere:?}");
        gateway.close().await;
    }

    async fn parties_acts_and_principals_are_read_by_whom_the_table_names(t) {
        let land = t.full_land("D1", 1).await;
        let gateway = Gateway::open(&t.registry).await;
        let person = "query($id: ID!) { party(id: $id) { name contact identityNumber personalSets history { totalCount } withheld } }";
        let act = gateway.told(t.key(Role::Auditor).await.as_deref(), "{ acts(first: 1) { nodes { id } } }", &json!({})).await;
        let ids = [
            ("parties", act["acts"]["nodes"][0]["id"].clone()),
            ("principal", json!(format!("principal:{}", t.admin))),
        ];
        for (role, key) in keys(&t).await {
            let reads = |parent: &str, field: &str| reading(role, parent, field) == Reading::Yes;
            let code = |answer: &Value| code_of(answer).to_owned();
            let barred = |is_allowed: bool| if is_allowed { "" } else { "FORBIDDEN" };
            for (field, query) in [("parties", "{ parties { totalCount nodes { name } } }"), ("acts", "{ acts { totalCount } }")] {
                let answer = gateway.asked(key.as_deref(), query, &json!({})).await;
                assert_eq!(code(&answer), barred(reads("Query", field)), "{field} as {role}: {answer}");
            }
            let asked = gateway.asked(key.as_deref(), person, &json!({ "id": land.persons[0].to_string() })).await;
            assert_eq!(code(&asked), barred(reads("Query", "party")), "{role}: {asked}");
            if reads("Query", "party") {
                let party = &asked["data"]["party"];
                for field in ["contact", "identityNumber", "personalSets"] {
                    assert_eq!(!party[field].is_null(), reads("Party", field), "{field} as {role}: {party}");
                }
                assert_eq!(!party["name"].is_null(), reads("Party", "identityNumber"), "name as {role}: {party}");
            }
            let nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
            let list = json!({ "ids": ids.iter().map(|(_, id)| id.clone()).collect::<Vec<_>>() });
            let answer = gateway.asked(key.as_deref(), nodes, &list).await;
            for (place, (_, id)) in ids.iter().enumerate() {
                let is_allowed = reads("Query", "act");
                assert_eq!(answer["data"]["nodes"][place]["id"] == *id, is_allowed, "{id} as {role}: {answer}");
            }
        }
        gateway.close().await;
    }

    async fn the_ledger_is_read_by_whom_the_table_names(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 100).await;
        let gateway = Gateway::open(&t.registry).await;
        let factor = format!("factor:{}", l.cod);
        let asked = [
            ("Query", "accounts", "{ accounts { nodes { code } } }".to_owned()),
            ("Query", "account", format!("{{ account(id: \"account:{}\") {{ code }} }}", l.pool)),
            ("Query", "holds", format!("{{ holds(account: \"account:{}\") {{ id }} }}", l.pool)),
            ("Query", "statement", format!("{{ statement(account: \"account:{}\") {{ toSeq }} }}", l.pool)),
            ("Query", "hold", format!("{{ hold(id: \"hold:{}\") {{ id }} }}", l.pool)),
            ("Query", "transfer", format!("{{ transfer(id: \"transfer:{}\") {{ id }} }}", l.pool)),
            ("Query", "compareBooks", "{ compareBooks(positions: []) { accountId } }".to_owned()),
            ("Query", "unitLife", format!("{{ unitLife(factor: \"{factor}\", from: 0, to: 1) {{ id }} }}")),
            ("Factor", "totals", "{ factor(code: \"COD\") { totals { issued } } }".to_owned()),
        ];
        for (role, key) in keys(&t).await {
            for (parent, field, query) in &asked {
                let answer = gateway.asked(key.as_deref(), query, &json!({})).await;
                let expected = if reading(role, parent, field) == Reading::No { "FORBIDDEN" } else { "" };
                assert_eq!(code_of(&answer), expected, "{field} as {role}: {answer}");
                // Whoever reads his own alone has none of these.
                if reading(role, parent, field) == Reading::OwnOnly {
                    let text = answer["data"].to_string();
                    assert!(!text.contains("COD-") && !text.contains("toSeq"), "{field} as {role}: {answer}");
                }
            }
        }
        gateway.close().await;
    }

    async fn who_sold_reads_the_land_as_it_was_his_and_nothing_recorded_since(t) {
        let parties = [t.party("Seller").await, t.party("Buyer").await];
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "SOLD", [0.0, 0.0, 50.0, 50.0]).await;
        let right = granted(&t, parcel, parties[0]).await;
        let held = t.now().await;
        let moves = vec![Move { from: parties[0], to: parties[1], share: Share::WHOLE }];
        t.done(TransferRight { parcel: t.seen(parcel).await, right, moves, certificate: None, external: None }).await;
        let gateway = Gateway::open(&t.registry).await;
        let [seller, buyer] = [t.key_of_party(parties[0]).await, t.key_of_party(parties[1]).await];
        let auditor = t.key(Role::Auditor).await.unwrap();
        let then = json!({ "valid": held.valid.to_string() });
        let known_then = json!({ "recorded": { "seq": held.seq.to_string() } });
        let query = "query($id: ID!, $asOf: AsOfInput) { parcel(id: $id, asOf: $asOf) { withheld holders { party { id } } history { totalCount } } }";
        for (who, key, as_of, holder, acts) in [
            ("seller", &seller, &then, Some(0), None),
            ("seller", &seller, &known_then, Some(0), Some(2)),
            ("seller", &seller, &Value::Null, None, None),
            ("buyer", &buyer, &then, None, Some(3)),
            ("buyer", &buyer, &known_then, None, None),
            ("buyer", &buyer, &Value::Null, Some(1), Some(3)),
            ("auditor", &auditor, &then, Some(0), Some(3)),
        ] {
            let variables = json!({ "id": parcel.to_string(), "asOf": as_of });
            let told = gateway.told(Some(key), query, &variables).await["parcel"].take();
            let expected = holder.map(|nth: usize| json!(format!("party:{}", parties[nth])));
            assert_eq!(told["holders"][0]["party"]["id"], json!(expected), "{who} as of {as_of}: {told}");
            assert_eq!(told["history"]["totalCount"], json!(acts), "{who} as of {as_of}: {told}");
            let withheld = told["withheld"].as_array().unwrap();
            let named = ["holders", "history"].map(|field| withheld.contains(&json!(field)));
            assert_eq!(named, [holder.is_none(), acts.is_none()], "{who} as of {as_of}: {told}");
        }
        gateway.close().await;
    }

    async fn an_enterprise_sees_its_own_rows_and_asks_by_itself_alone(t) {
        let land = t.full_land("D1", 2).await;
        let gateway = Gateway::open(&t.registry).await;
        let own = Some(t.key_of_party(land.firms[0]).await);
        let mine = |party: String| json!({ "party": party });
        let query = "query($party: ID!) { parcels(filter: { holder: $party }) { totalCount nodes { code withheld
            holders { party { id name contact } share { numerator denominator } } rights { id } restrictions { inFavourOf { name } }
            freezes { id } history { totalCount } stock { contract { number } reasons } price { asking floor } } } }";
        let told = gateway.told(own.as_deref(), query, &mine(land.firms[0].to_string())).await;
        let parcel = &told["parcels"]["nodes"][0];
        assert_eq!((told["parcels"]["totalCount"].as_i64(), parcel["code"].as_str()), (Some(1), Some("D1-000-0")));
        assert_eq!(parcel["holders"].as_array().unwrap().len(), 2);
        assert_eq!(parcel["holders"][1]["party"]["name"], Value::Null, "the co-holder is a natural person");
        assert!(parcel["stock"]["contract"]["number"] == "HT-0-0" && parcel["price"]["floor"].is_null());
        let refused = gateway.asked(own.as_deref(), query, &mine(land.firms[1].to_string())).await;
        assert_eq!((code_of(&refused), &refused["errors"][0]["extensions"]["field"]), ("FORBIDDEN", &json!("filter.holder")));
        let all = gateway.told(own.as_deref(), "{ parcels { nodes { code holders { party { id } } rights { id } } } }", &json!({})).await;
        let shown = all["parcels"]["nodes"].as_array().unwrap().iter().filter(|one| !one["holders"].is_null());
        assert_eq!(shown.map(|one| one["code"].as_str().unwrap()).collect::<Vec<_>>(), ["D1-000-0"]);
        let nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        let ids = json!({ "ids": [format!("right:{}", land.rights[0]), format!("right:{}", land.rights[1]),
            format!("party:{}", land.firms[0]), format!("freeze:{}", land.freezes[1])] });
        let told = gateway.told(own.as_deref(), nodes, &ids).await;
        assert_eq!(told["nodes"], json!([{ "id": ids["ids"][0] }, null, { "id": ids["ids"][2] }, null]));
        for role in [Role::Venue, Role::Investor, Role::Public] {
            let answer = gateway.asked(t.key(role).await.as_deref(), nodes, &ids).await;
            assert_eq!(answer["data"]["nodes"], json!([null, null, null, null]), "{role}");
            assert_eq!(code_of(&answer), "FORBIDDEN", "{role}");
        }
        gateway.close().await;
    }
}
