//! The page about movements is what the table of movements says: written anew with `YULIN_WRITE_SCHEMA=1`.

use std::path::PathBuf;

use yulin_domain::codes::{Labelled, Lang};
use yulin_domain::factor::{HolderRule, MoveRule, RULES, TradeCheck, WhileBlocked};

fn page() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/movements.md")
}

fn codes<T: Labelled>(members: &[T]) -> String {
    members.iter().map(|member| member.code()).collect::<Vec<_>>().join(" ")
}

fn line(rule: &MoveRule) -> String {
    let MoveRule { movement, kinds, from, to, from_status, to_status, roles, holder, trade, while_blocked } = rule;
    let holder = match holder {
        HolderRule::Any => "",
        HolderRule::Same => "the same",
        HolderRule::Different => "different",
    };
    let trade = match trade {
        TradeCheck::BetweenHolders => "between holders",
        TradeCheck::NotAsked => "",
    };
    let blocked = match while_blocked {
        WhileBlocked::Stops => "",
        WhileBlocked::GoesOn => "goes on",
    };
    let by = if roles.is_empty() { "the registry".to_owned() } else { codes(roles) };
    format!(
        "| {} ({}) | {} | {} | {} | {} | {} | {by} | {holder} | {trade} | {blocked} |\n",
        movement.code(),
        movement.label(Lang::Zh),
        codes(kinds),
        codes(from),
        codes(to),
        codes(from_status),
        codes(to_status),
    )
}

fn written() -> String {
    let head = "# Movements\n\nWritten from the table in `crates/domain/src/factor/rules.rs`, from which every check of a \
movement derives. What is\nnot here is refused `MOVE_NOT_ALLOWED`; an account in another status `ACCOUNT_STATUS`; another \
role `FORBIDDEN`; holders\nthat do not fit `HOLDER_MISMATCH`; a factor that is not tradable on the day `NOT_TRADABLE`. The \
administrator and the registry\nitself may do whatever stands here. An ENTERPRISE disposes of its own accounts alone, a \
VENUE deals on accounts and factors that\nare opened to it (`VENUE_NOT_AUTHORISED`). While another book differs from this one about an \
account, it is refused\n`ACCOUNT_BLOCKED`, but where the last column says otherwise.\n\n| movement | factors | from | to | \
status of from | status of to | by | holders | tradable | while books differ |\n|---|---|---|---|---|---|---|---|---|---|\n";
    RULES.iter().fold(head.to_owned(), |page, rule| page + &line(rule))
}

#[test]
fn the_page_about_movements_is_what_the_table_says() {
    if std::env::var_os("YULIN_WRITE_SCHEMA").is_some() {
        std::fs::write(page(), written()).expect("the page is written");
    }
    assert_eq!(std::fs::read_to_string(page()).expect("the page is checked in"), written());
}

#[test]
fn no_two_lines_speak_of_the_same_movement() {
    for (place, one) in RULES.iter().enumerate() {
        for other in &RULES[place + 1..] {
            let meet = one.movement == other.movement
                && one.kinds.iter().any(|kind| other.kinds.contains(kind))
                && one.from.iter().any(|from| other.from.contains(from))
                && one.to.iter().any(|to| other.to.contains(to));
            assert!(!meet, "{one:?} and {other:?}");
        }
    }
}
