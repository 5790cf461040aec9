//! How many statements a page takes: as many as the kinds of thing it shows, however many items stand on it.

use serde_json::{Value, json};
use yulin_domain::codes::Role;
use yulin_domain::journal::RecordKey;
use yulin_tests::{Gateway, each_backend};

/// The sizes of page that must cost the same.
const SIZES: [usize; 3] = [5, 50, 100];

/// A page of parcels with holders and rights: key, head, search, parcels, rights, parties, names of persons.
const HOLDERS_AND_RIGHTS_MOST: u64 = 7;

const HOLDERS_AND_RIGHTS: &str = "query($first: Int!) { list: parcels(first: $first) { nodes { code
    holders { party { name } share { numerator denominator } } rights { id holders { party { name } } } } } }";

const PARCELS: &str =
    "query($first: Int!) { list: parcels(first: $first) { totalCount facets { byStatus { key count } }
    pageInfo { hasNextPage endCursor } nodes { id version code generated withheld stock { status contract { number } }
    district { code parent { code } children { code } zones { code } features { code district { code } } }
    holders { party { name kind contact erased { seq } history(first: 2) { totalCount nodes { seq } } } right { id } }
    rights { id version holders { party { name } } } restrictions { id inFavourOf { name } } freezes { id authority }
    parents { code holders { party { name } } successors { code } } successors { code }
    history(first: 3) { totalCount pageInfo { hasNextPage } nodes { seq kind changes { record } } }
    again: history(first: 1) { nodes { seq } } } } }";

const STOCK: &str = "query($first: Int!) { list: stockLand(first: $first, filter: { statuses: [INEFFICIENT],
    outside: [FLOOD], near: { features: [HIGHWAY_EXIT], withinM: \"90000\" } }, orderBy: [{ field: DISTANCE }]) {
    totalCount nodes { code stock { reasons idleClock { phase } } holders { party { name } } } } }";

const PARTIES: &str = "query($first: Int!) { list: parties(first: $first, filter: { kind: NATURAL_PERSON }) {
    totalCount nodes { id name contact identityNumber withheld erased { seq }
    history(first: 2) { totalCount nodes { seq changes { record } } } } } }";

const ACTS: &str = "query($first: Int!) { list: acts(first: $first) { totalCount
    nodes { id seq kind principal changes { record subject } } } }";

const NODES: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id
    ... on Parcel { code holders { party { name } } } ... on Party { name } ... on Right { holders { party { name } } }
    ... on Restriction { inFavourOf { name } } ... on Freeze { authority } ... on Zone { district { code } }
    ... on Principal { name party { name } } ... on Act { seq } } }";

/// Asks and counts.
async fn counted(gateway: &Gateway, key: Option<&str>, query: &str, variables: Value) -> (u64, Value) {
    let before = gateway.registry.statements_read();
    let told = gateway.told(key, query, &variables).await;
    (gateway.registry.statements_read() - before, told)
}

each_backend! {
    async fn a_page_takes_the_same_statements_whatever_its_size(t) {
        let land = t.full_land("D1", 50).await;
        t.surroundings(land.district).await;
        let gateway = Gateway::open(&t.registry).await;
        let (auditor, enterprise) = (t.key(Role::Auditor).await, Some(t.key_of_party(land.firms[0]).await));
        for (name, query, key, shown) in [
            ("holders and rights", HOLDERS_AND_RIGHTS, &auditor, true),
            ("parcels", PARCELS, &auditor, true),
            ("parcels of an enterprise", PARCELS, &enterprise, true),
            ("parcels for the public", PARCELS, &None, true),
            ("stock land", STOCK, &auditor, true),
            ("parties", PARTIES, &auditor, true),
            ("acts", ACTS, &auditor, true),
        ] {
            let mut counts = Vec::new();
            for first in SIZES {
                let (count, told) = counted(&gateway, key.as_deref(), query, json!({ "first": first })).await;
                assert_eq!(told["list"]["nodes"].as_array().unwrap().len() == first, shown, "{name} at {first}");
                counts.push(count);
            }
            eprintln!("{name}: {counts:?} statements at {SIZES:?}");
            assert!(counts.iter().all(|count| *count == counts[0] && *count > 0), "{name}: {counts:?} at {SIZES:?}");
        }
        let (count, told) = counted(&gateway, auditor.as_deref(), HOLDERS_AND_RIGHTS, json!({ "first": 50 })).await;
        assert_eq!(told["list"]["nodes"][49]["holders"].as_array().unwrap().len(), 2);
        assert!(count <= HOLDERS_AND_RIGHTS_MOST, "{count} statements");
        gateway.close().await;
    }

    async fn nodes_take_the_same_statements_however_many_are_asked_for(t) {
        let land = t.full_land("D1", 20).await;
        let (zone, feature) = t.surroundings(land.district).await;
        let gateway = Gateway::open(&t.registry).await;
        let auditor = t.key(Role::Auditor).await;
        let mut counts = Vec::new();
        for each in [1, 10, 16] {
            let mut ids: Vec<String> = Vec::new();
            let mut name = |key: RecordKey| ids.push(key.to_string());
            land.parcels.iter().take(each).for_each(|id| name((*id).into()));
            land.firms.iter().take(each).for_each(|id| name((*id).into()));
            land.rights.iter().take(each).for_each(|id| name((*id).into()));
            land.restrictions.iter().take(each).for_each(|id| name((*id).into()));
            land.freezes.iter().take(each).for_each(|id| name((*id).into()));
            [zone.into(), feature.into(), land.district.into(), t.admin.into()].into_iter().for_each(name);
            let (count, told) = counted(&gateway, auditor.as_deref(), NODES, json!({ "ids": ids })).await;
            let shown: Vec<_> = told["nodes"].as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap()).collect();
            assert_eq!(shown, ids);
            counts.push(count);
        }
        eprintln!("nodes: {counts:?} statements");
        assert!(counts.iter().all(|count| *count == counts[0]), "{counts:?}");
        gateway.close().await;
    }

    async fn a_list_of_districts_takes_the_same_statements_however_many_there_are(t) {
        let gateway = Gateway::open(&t.registry).await;
        let query = "{ districts { code parent { code } children { code } zones { code district { code } } features { code } } }";
        let mut counts = Vec::new();
        for round in 0..2 {
            for nth in 0..4 {
                let district = t.district(&format!("D{round}{nth}")).await;
                t.surroundings(district).await;
            }
            let (count, told) = counted(&gateway, None, query, json!({})).await;
            let districts = told["districts"].as_array().unwrap();
            assert_eq!(districts.len(), 4 * (round + 1));
            assert!(districts.iter().all(|district| district["zones"][0]["code"] == "Z1"));
            counts.push(count);
        }
        assert_eq!(counts[0], counts[1]);
        gateway.close().await;
    }

    async fn a_list_of_acts_takes_the_same_statements_to_tell_what_each_changed(t) {
        let gateway = Gateway::open(&t.registry).await;
        let admin = t.key(Role::Admin).await;
        let query = "mutation($acts: [ActInput!]!) { performAll(acts: $acts) { ... on ActDone { changed receipt { seq } } } }";
        let mut counts = Vec::new();
        for length in [5, 50] {
            let register = |nth: usize| json!({ "registerParty": { "kind": "ENTERPRISE", "name": format!("企业 {nth}") } });
            let envelope = || json!({ "actId": uuid::Uuid::now_v7(), "reason": "a test", "legalBasis": "a test" });
            let acts: Vec<_> = (0..length).map(|nth| json!({ "act": envelope(), "do": register(nth) })).collect();
            let (count, told) = counted(&gateway, admin.as_deref(), query, json!({ "acts": acts })).await;
            let done = told["performAll"].as_array().unwrap();
            assert!(done.len() == length && done.iter().all(|done| done["changed"].as_array().unwrap().len() == 1));
            counts.push(count);
        }
        assert_eq!(counts[0], counts[1]);
        gateway.close().await;
    }
}
