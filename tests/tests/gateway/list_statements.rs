//! How many statements every list of the schema takes, with one level of what hangs on its rows: a stated number, and the
//! same whether there are few rows or many. `statements.rs` asks deeper, of the lists that clients ask most.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use yulin_domain::codes::Role;
use yulin_tests::paths::{Edge, Path, edges_of, leaves, paths};
use yulin_tests::question::{all_arguments, rows};
use yulin_tests::told::{is_list, is_required};
use yulin_tests::{Backend, Gateway, TestRegistry, Told, Whole};

/// How many there are of everything, few and many.
const SIZES: [usize; 2] = [3, 30];

/// The statements of each list, those of its entrance with them: who asks, as of when, the rows, what hangs on them.
const STATED: &[(&str, u64)] = &[
    ("Account.blocks", 4),
    ("Account.latestEntries", 5),
    ("Account.lots", 6),
    ("Account.openHolds", 6),
    ("Account.trusted", 4),
    ("Act.changes", 4),
    ("ActRefused.between", 10),
    ("Block.lines", 4),
    ("Calendar.days", 3),
    ("CodeList.items", 1),
    ("Difference.holds", 4),
    ("Difference.latestEntries", 5),
    ("District.children", 5),
    ("District.features", 4),
    ("District.zones", 4),
    ("Entry.units", 5),
    ("Event.changes", 4),
    ("Explanation.conditions", 7),
    ("Facets.byStatus", 5),
    ("Facets.byStreet", 5),
    ("Facets.byUse", 5),
    ("Factor.caps", 4),
    ("Factor.closed", 3),
    ("Factor.displayUnits", 3),
    ("Factor.tradeRules", 3),
    ("Feasibility.reasons", 10),
    ("Movement.units", 4),
    ("Parcel.freezes", 5),
    ("Parcel.history", 6),
    ("Parcel.holders", 6),
    ("Parcel.landUses", 4),
    ("Parcel.parents", 11),
    ("Parcel.restrictions", 6),
    ("Parcel.rights", 5),
    ("Parcel.successors", 11),
    ("Party.history", 5),
    ("Query.accounts", 13),
    ("Query.acts", 4),
    ("Query.awaitingTransfers", 5),
    ("Query.calendars", 3),
    ("Query.codeLists", 1),
    ("Query.compareBooks", 5),
    ("Query.districts", 5),
    ("Query.errorCatalogue", 1),
    ("Query.errors", 1),
    ("Query.events", 4),
    ("Query.factors", 5),
    ("Query.holds", 7),
    ("Query.movementRules", 1),
    ("Query.nodes: Account", 11),
    ("Query.nodes: Act", 3),
    ("Query.nodes: Calendar", 3),
    ("Query.nodes: District", 5),
    ("Query.nodes: Factor", 5),
    ("Query.nodes: Feature", 4),
    ("Query.nodes: Freeze", 5),
    ("Query.nodes: Hold", 5),
    ("Query.nodes: Parcel", 10),
    ("Query.nodes: Party", 8),
    ("Query.nodes: Principal", 4),
    ("Query.nodes: Reconciliation", 4),
    ("Query.nodes: Restriction", 6),
    ("Query.nodes: Right", 5),
    ("Query.nodes: Schedule", 3),
    ("Query.nodes: Transfer", 4),
    ("Query.nodes: Zone", 4),
    ("Query.parcelAt", 10),
    ("Query.parcels", 13),
    ("Query.parties", 9),
    ("Query.principals", 5),
    ("Query.schedules", 4),
    ("Query.statement", 7),
    ("Query.stockLand", 12),
    ("Query.unitLife", 4),
    ("Query.webhooks", 4),
    ("Reconciliation.differences", 5),
    ("Reconciliation.lines", 4),
    ("Right.holders", 6),
    ("Sale.reasons", 7),
    ("Totals.byPurpose", 4),
    ("Transfer.movements", 5),
    ("Webhook.deadLetters", 3),
];

/// Lists whose length is that of a table of the program, of what is asked for, or of one record, and not of the registry.
const FIXED: [&str; 18] = [
    "ActRefused.between",
    "Block.lines",
    "Calendar.days",
    "CodeList.items",
    "Explanation.conditions",
    "Facets.byStatus",
    "Facets.byStreet",
    "Facets.byUse",
    "Query.codeLists",
    "Query.errorCatalogue",
    "Query.errors",
    "Query.movementRules",
    "Query.parcelAt",
    "Reconciliation.lines",
    "Account.trusted",
    "Difference.holds",
    "Factor.closed",
    "Totals.byPurpose",
];

type Way = (Path, Vec<String>);

/// What a way took, and how many rows it told of, with few and with many.
type Taken = BTreeMap<String, Vec<(u64, usize)>>;

/// Every list of objects that the schema holds, by its parent: pages are lists, their parts are not.
fn lists(schema: &Told, parents: &[String]) -> Vec<Edge> {
    let is_page = |name: &str| name.ends_with("Connection") || matches!(name, "EventBatch" | "Statement");
    let edges = parents.iter().filter(|parent| !is_page(parent)).flat_map(|parent| edges_of(schema, parent));
    edges.filter(|edge| is_page(&edge.to) || is_list(&schema.field(&edge.parent, &edge.field)["type"])).collect()
}

/// The rows of a type with one level of what hangs on each.
fn level(schema: &Told, name: &str) -> String {
    let objects = edges_of(schema, name).into_iter().filter(|edge| {
        let field = schema.field(&edge.parent, &edge.field);
        !field["args"].as_array().into_iter().flatten().any(is_required)
    });
    let mut objects: Vec<_> = objects.map(|edge| format!("{} {{ __typename }}", edge.field)).collect();
    objects.dedup();
    format!("__typename {} {}", leaves(schema, name).join(" "), objects.join(" "))
}

/// A list by its way, with its rows and one level below them.
fn question(schema: &Told, (path, arguments): &Way) -> String {
    let to = &path[path.len() - 1].to;
    let nodes = edges_of(schema, to).into_iter().find(|edge| edge.field == "nodes");
    let innermost = match &nodes {
        Some(nodes) => format!("{} nodes {{ {} }}", level(schema, to), level(schema, &nodes.to)),
        None => level(schema, to),
    };
    let nested = path.iter().zip(arguments).rev().fold(innermost, |below, (edge, arguments)| {
        let below = if edge.is_one_of_many { format!("... on {} {{ {below} }}", edge.to) } else { below };
        format!("{}{arguments} {{ {below} }}", edge.field)
    });
    format!("{{ {nested} }}")
}

/// Ways to a list: of each path one choice of arguments, pages so long. One object asked for by its id is not many, and
/// nodes are dear: those are gone by where no list leads there.
fn ways(whole: &Whole, all: &BTreeMap<String, Vec<Path>>, list: &Edge, size: usize) -> Vec<Way> {
    // Lists of lists are priced by all that they may hold.
    let size = if list.parent == "Query" { 4 * size } else { size };
    let [one, other] = [whole.sides[0].firm.rights, whole.ledger.firms[0].rights].map(|id| format!("account:{id}"));
    // Of accounts one on which much happens, of all states those that gave way too.
    let text = |text: &String| {
        let of_size = format!("first: {size}");
        text.replace("first: 100", &of_size).replace("first: 30", &of_size).replace(&one, &other)
    };
    let with = |path: Path| {
        let arguments: Vec<String> = all_arguments(whole, &path).first()?.iter().map(text).collect();
        Some((path, arguments))
    };
    let root = vec![vec![]];
    let paths = if list.parent == "Query" { &root } else { &all[&list.parent] };
    let paths = paths.iter().map(|path| [&path[..], std::slice::from_ref(list)].concat());
    let (by_id, others): (Vec<Way>, Vec<Way>) = paths.filter_map(with).partition(|way| way.1[0].starts_with("(id:"));
    let (nodes, lists): (Vec<Way>, Vec<Way>) = others.into_iter().partition(|way| way.1[0].starts_with("(ids:"));
    [lists, nodes, by_id].into_iter().find(|ways| !ways.is_empty()).unwrap_or_default()
}

/// The end of a way at which rows are counted.
fn rows_of(schema: &Told, answer: &Value, path: &Path) -> usize {
    let to = &path[path.len() - 1].to;
    let nodes = edges_of(schema, to).into_iter().find(|edge| edge.field == "nodes");
    rows(&answer["data"], &path.iter().cloned().chain(nodes).collect::<Vec<_>>())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_list_takes_a_stated_number_of_statements_however_many_rows_it_has() {
    let t = TestRegistry::open(Backend::Sqlite).await.unwrap();
    let mut whole = t.whole().await;
    let gateway = Gateway::open(&t.registry).await;
    let schema = Told::by(&gateway).await;
    let principal = t.registry.ensure_principal("test-ADMIN", Role::Admin).await.unwrap();
    let admin = t.key(Role::Admin).await.unwrap();
    let all = paths(&schema, "Query");
    let parents: Vec<_> = all.keys().cloned().chain(["Query".to_owned()]).collect();
    let mut taken: BTreeMap<String, Taken> = BTreeMap::new();
    for size in SIZES {
        t.grow(&mut whole, size, (principal, &admin)).await;
        // The gateway looks for what was recorded elsewhere; whoever reads just then reads the newest entry once more.
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        for list in lists(&schema, &parents) {
            let of = if list.is_one_of_many { format!(": {}", list.to) } else { String::new() };
            let taken = taken.entry(format!("{}.{}{of}", list.parent, list.field)).or_default();
            for (nth, way) in ways(&whole, &all, &list, size).iter().enumerate() {
                let question = question(&schema, way);
                let before = t.registry.statements_read();
                let answer = gateway.asked(Some(&admin), &question, &json!({})).await;
                let count = t.registry.statements_read() - before;
                // Lists of lists of lists are dearer than any may be; they are gone to by shorter ways.
                if answer["errors"][0]["extensions"]["code"] == "QUERY_TOO_COMPLEX" {
                    continue;
                }
                assert!(answer["errors"].is_null(), "{question}: {answer}");
                let name = way.0.iter().map(|edge| edge.field.as_str()).collect::<Vec<_>>().join(".");
                taken.entry(format!("{nth} {name}")).or_default().push((count, rows_of(&schema, &answer, &way.0)));
            }
        }
    }
    gateway.close().await;
    check(&taken);
}

/// Every list takes as many statements with many rows as with few, and as many as are stated.
fn check(taken: &BTreeMap<String, Taken>) {
    let mut wrong = Vec::new();
    let mut stated = BTreeMap::new();
    for (list, ways) in taken {
        // With few rows there are fewer ways: those of few are asked for again.
        let ways: BTreeMap<_, _> = ways.iter().filter(|(_, taken)| taken.len() == SIZES.len()).collect();
        let growing = ways.iter().filter(|(_, taken)| taken[1].0 != taken[0].0);
        wrong.extend(growing.map(|(way, taken)| format!("{list} by {way} takes {taken:?} (statements, rows)")));
        let Some(most) = ways.values().max_by_key(|taken| taken[1].1) else {
            wrong.push(format!("no way leads to {list}, with few and with many"));
            continue;
        };
        if most[1].1 <= most[0].1 && !FIXED.contains(&list.as_str()) {
            wrong.push(format!("{list} does not grow: {ways:?}"));
        }
        stated.insert(list.as_str(), most[1].0);
    }
    let expected: BTreeMap<_, _> = STATED.iter().copied().collect();
    let table: String = stated.iter().map(|(list, count)| format!("    (\"{list}\", {count}),\n")).collect();
    println!("statements of {} lists, at {SIZES:?} of everything:\n{table}", stated.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(stated, expected);
}
