//! `docs/limits.md` tells the limits that hold.
#![allow(clippy::panic)]

use std::time::Duration;

use super::limits::{
    BODY_MAX, DIRECTIVES_MAX, OPERATION_ID_MAX, OPERATION_MAX, QUERY_TEXT_MAX, QUERY_TOKENS_MAX, SELECTIONS_MAX,
    SOCKET_INIT_MAX, SOCKET_OPERATIONS_MAX, SOCKET_SILENCE_MAX, STRANGER_IDLE_MAX, STRANGERS_OF_ADDRESS_MAX,
    STREAMS_MAX, UNTAKEN_MAX,
};
use crate::request::ANSWER_MAX;
use crate::schema::{ALIASES_MAX, COST_MAX, DEPTH_MAX, MADE_MAX, NODES_MAX, PAGE_MAX};

const TOLD: &str = include_str!("../../../../docs/limits.md");

fn seconds(time: Duration) -> usize {
    usize::try_from(time.as_secs()).unwrap_or_default()
}

/// A number as a reader is shown it.
fn shown(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

#[test]
fn each_limit_is_told_at_its_line() {
    for (line, limit) in [
        ("body", BODY_MAX),
        ("text of a query", QUERY_TEXT_MAX),
        ("text of a query", QUERY_TOKENS_MAX),
        ("text of a query", SELECTIONS_MAX),
        ("depth", DEPTH_MAX),
        ("aliases", ALIASES_MAX),
        ("directives", DIRECTIVES_MAX),
        ("cost", COST_MAX),
        ("time", seconds(OPERATION_MAX)),
        ("answer", ANSWER_MAX),
        ("answer", MADE_MAX),
        ("items of a page", PAGE_MAX),
        ("ids of `nodes`", NODES_MAX),
        ("lots that are told", crate::factor::LOTS_TOLD_MAX),
        ("parcels that are looked at", crate::ogc::LOOKED_AT_MAX),
        ("sockets and streams", STREAMS_MAX),
        ("of these", STRANGERS_OF_ADDRESS_MAX),
        ("of these", seconds(STRANGER_IDLE_MAX)),
        ("operations on a socket", SOCKET_OPERATIONS_MAX),
        ("operations on a socket", OPERATION_ID_MAX),
        ("wait for `connection_init`", seconds(SOCKET_INIT_MAX)),
        ("silence of a socket", seconds(SOCKET_SILENCE_MAX)),
        ("what was sent", seconds(UNTAKEN_MAX)),
    ] {
        let told = TOLD.lines().find(|told| told.starts_with(&format!("| {line}"))).unwrap_or_else(|| panic!("{line}"));
        let words: Vec<_> = told.split([' ', '|']).map(|word| word.trim_end_matches([',', ';'])).collect();
        assert!(words.contains(&shown(limit).as_str()), "{told}: {limit}");
    }
}
