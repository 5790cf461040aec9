//! The authority matrix: every entry of the schema and every address, as every role, by every way that leads there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod asking;
mod compared;
mod edges;
mod entrances;
mod expected;
mod question;
mod viewers;

use std::time::Instant;

use yulin_domain::codes::Role;
use yulin_gateway::disclosure::types;
use yulin_tests::{Backend, Gateway, TestRegistry, Told};

use asking::Asking;
use compared::Tally;
use edges::{Edge, edges_of, paths};
use viewers::viewers;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_is_told_what_the_table_says_by_every_path_of_the_schema() {
    let t = TestRegistry::open(Backend::Sqlite).await.unwrap();
    let begun = Instant::now();
    let whole = t.whole().await;
    let gateway = Gateway::open(&t.registry).await;
    let schema = Told::by(&gateway).await;
    let viewers = viewers(&t, &whole).await;
    let admin = viewers.iter().find(|viewer| viewer.role == Role::Admin).unwrap();
    let paths = paths(&schema, "Query");
    let owner = |role| viewers.iter().find(|viewer| viewer.role == role && !viewer.own.is_empty()).unwrap();
    let chosen_by = [admin, owner(Role::Enterprise), owner(Role::Venue)];
    let asking =
        Asking { gateway: &gateway, schema: &schema, whole: &whole, viewers: &viewers, admin, chosen_by, paths };
    eprintln!("filled after {:?}", begun.elapsed());
    let mut tally = Tally::default();
    let reached = asking.paths.keys().map(String::as_str).chain(["Query"]);
    let all: Vec<_> = reached.flat_map(|parent| edges_of(&schema, parent)).collect();
    let is_node = |edge: &&Edge| (edge.parent.as_str(), edge.field.as_str()) == ("Query", "node");
    for edge in all.iter().filter(is_node) {
        asking.node(edge, &mut tally).await;
    }
    let others = all.iter().filter(|edge| !is_node(edge)).cloned().collect();
    let without_rows = asking.edges(others, &mut tally).await;
    let entries: usize = types().map(|of| of.rules.iter().map(|(_, fields)| fields.len()).sum::<usize>()).sum();
    eprintln!("{entries} entries, {} viewers, {} cases after {:?}", viewers.len(), tally.cases, begun.elapsed());
    assert!(without_rows.is_empty(), "without a row: {without_rows:#?}");
    tally.assert_right();
    gateway.close().await;
}
