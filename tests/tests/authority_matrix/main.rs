//! The authority matrix: every entry of the schema and every address, as every role, by every way that leads there.
//!
//! Entries are fields, members of filters and orders, mutations, addresses and files; each stands in one of the tables of
//! `yulin_gateway::disclosure`, or in the domain for mutations. A case is one value, or its absence, told to one who asks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod acts;
mod asked;
mod asking;
mod compared;
mod doors;
mod expected;
mod followed;
mod viewers;

use std::collections::BTreeSet;
use std::time::Instant;

use yulin_domain::codes::{Labelled, Role};
use yulin_gateway::disclosure::{ASKED, EXPORTS, ROUTES, Reading, reading, types};
use yulin_tests::paths::{edges_of, paths};
use yulin_tests::{Backend, Gateway, TestRegistry, Told};

use asking::{Asking, is_node};
use compared::Tally;
use viewers::{narrowed, viewers};

/// What the matrix must not fall below.
const ENTRIES_LEAST: usize = 700;
const ROLES: usize = 14;
/// Those whose rows differ, and two that see all.
const ROLES_OF_ROWS: usize = 6;
const CASES_LEAST: u64 = 100_000;

/// How much is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// By every path, filter, subscription, mutation, address and file.
    Whole,
    /// Whose rows are told: nodes, lists, filters, counts and facets.
    Rows,
}

async fn matrix(t: TestRegistry, extent: Extent) {
    let begun = Instant::now();
    let whole = t.whole().await;
    let gateway = Gateway::open(&t.registry).await;
    let schema = Told::by(&gateway).await;
    let (mut viewers, narrowed) = (viewers(&t, &whole).await, narrowed(&t, &whole).await);
    if extent == Extent::Rows {
        viewers.retain(|viewer| !viewer.is_officer() || matches!(viewer.role, Role::Admin | Role::Auditor));
    }
    let admin = viewers.iter().find(|viewer| viewer.role == Role::Admin).unwrap();
    let paths = paths(&schema, "Query");
    let owner = |role| viewers.iter().find(|viewer| viewer.role == role && !viewer.own.is_empty()).unwrap();
    let chosen_by = [admin, owner(Role::Enterprise), owner(Role::Venue)];
    let asking = Asking {
        gateway: &gateway,
        schema: &schema,
        whole: &whole,
        viewers: &viewers,
        narrowed: &narrowed,
        admin,
        chosen_by,
        paths,
    };
    let mut tally = Tally::default();
    let past = |part: &str, tally: &Tally| println!("{part}: {} cases after {:?}", tally.cases, begun.elapsed());
    for edge in edges_of(&schema, "Query").iter().filter(|edge| is_node(edge)) {
        asking.node(edge, &mut tally).await;
    }
    past("nodes", &tally);
    asked::by_every_member(&asking, &mut tally).await;
    past("members of filters", &tally);
    let parents: Vec<_> = match extent {
        Extent::Whole => asking.paths.keys().cloned().chain(["Query".to_owned()]).collect(),
        Extent::Rows => vec!["Query".to_owned()],
    };
    let without_rows = asking.edges(&parents, &mut tally).await;
    assert!(without_rows.is_empty(), "nobody is told anything by: {without_rows:#?}");
    past("paths", &tally);
    let mut entries = 0;
    if extent == Extent::Whole {
        assert!(untried(&tally).is_empty(), "guarded, and of no row: {:?}", untried(&tally));
        followed::every_subscription(&asking, &mut tally, t.registry.head().await.unwrap().seq).await;
        past("subscriptions", &tally);
        doors::every_address(&t, &asking, &mut tally).await;
        past("addresses", &tally);
        doors::every_export(&asking, &mut tally).await;
        past("files", &tally);
        entries = entries_of_tables() + acts::every_mutation(&asking, &mut tally).await;
        acts::every_other_mutation(&asking, &mut tally).await;
        acts::every_outcome(&asking, &mut tally).await;
        assert!(entries >= ENTRIES_LEAST && tally.cases >= CASES_LEAST, "{entries} entries, {} cases", tally.cases);
    }
    let roles: BTreeSet<_> = viewers.iter().map(|viewer| viewer.role).collect();
    let (roles, asked, cases) = (roles.len(), viewers.len(), tally.cases);
    println!(
        "authority matrix: {entries} entries, {roles} roles, {asked} who ask, {cases} cases in {:?}",
        begun.elapsed()
    );
    assert_eq!(roles, if extent == Extent::Whole { ROLES } else { ROLES_OF_ROWS });
    tally.assert_right();
    gateway.close().await;
}

/// How many entries stand in the tables beside mutations.
fn entries_of_tables() -> usize {
    let fields = types().flat_map(|of| of.rules).map(|(_, fields)| fields.len()).sum::<usize>();
    let members = ASKED.iter().map(|(_, members)| members.len()).sum::<usize>();
    fields + members + ROUTES.len() + EXPORTS.len()
}

/// Fields that some role does not read and that nobody was told anything under: a rule that was not tried.
fn untried(tally: &Tally) -> Vec<String> {
    let fields =
        types().flat_map(|of| of.rules.iter().flat_map(move |(_, fields)| fields.iter().map(move |f| (of.name, *f))));
    let is_guarded = |(parent, field): &(&str, &str)| {
        let is_root = matches!(*parent, "Query" | "Subscription");
        !is_root && Role::all().iter().any(|role| reading(*role, parent, field) != Reading::Yes)
    };
    let untried = fields
        .filter(is_guarded)
        .filter(|(parent, field)| !tally.answered.contains(&((*parent).to_owned(), (*field).to_owned())));
    untried.map(|(parent, field)| format!("{parent}.{field}")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_is_told_what_the_tables_say_by_every_way() {
    matrix(TestRegistry::open(Backend::Sqlite).await.expect("SQLite is built in"), Extent::Whole).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_is_told_of_his_own_rows_on_postgres() {
    if let Some(registry) = TestRegistry::open(Backend::Postgres).await {
        matrix(registry, Extent::Rows).await;
    }
}
