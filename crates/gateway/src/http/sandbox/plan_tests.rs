//! Plans: what is drawn, how often, and what is no plan.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::time::Duration;

use serde_json::json;
use yulin_domain::error_catalogue::ErrorCode;

use super::fault::{Fault, Faults};
use super::plan::{Chances, Plan};

const DRAWS: u64 = 20_000;

fn plan(seed: u64) -> Plan {
    let per_mille =
        Chances { slow: 100, busy: 50, refuse: 100, drop_reply: 200, drop_request: 250, outcome_unknown: 300 };
    Plan { seed, per_mille, slow_millis: 7, refuse_code: ErrorCode::Frozen }
}

fn draws(plan: &Plan) -> Vec<Faults> {
    (0..DRAWS).map(|nth| plan.drawn(nth)).collect()
}

#[test]
fn the_same_seed_draws_the_same_and_another_seed_something_else() {
    assert_eq!(draws(&plan(3)), draws(&plan(3)));
    assert_ne!(draws(&plan(3)), draws(&plan(4)));
}

#[test]
fn what_is_drawn_does_not_change_between_releases() {
    // SHA-256 of sixteen zero bytes begins with 374708fff7719dd5 979ec875d56cd228: 69 and 512 out of a thousand.
    let chances = Chances { drop_reply: 69, drop_request: 1, ..Chances::default() };
    let first = |per_mille| Plan { seed: 0, per_mille, slow_millis: 7, refuse_code: ErrorCode::State }.drawn(0);
    assert_eq!(first(chances), Faults { late: Duration::ZERO, fault: Some(Fault::DropRequest) });
    let slow = |slow| first(Chances { slow, ..Chances::default() }).late;
    assert_eq!((slow(512), slow(513)), (Duration::ZERO, Duration::from_millis(7)));
}

#[test]
fn each_fault_happens_about_as_often_as_planned() {
    let drawn = draws(&plan(9));
    let close = |found: usize, per_mille: u64| {
        let expected = DRAWS * per_mille / 1_000;
        let found = u64::try_from(found).unwrap();
        assert!(found.abs_diff(expected) < DRAWS / 50, "{found} of {expected}");
    };
    let of = |wanted: fn(&Option<Fault>) -> bool| drawn.iter().filter(|faults| wanted(&faults.fault)).count();
    close(of(|fault| *fault == Some(Fault::DropReply)), 200);
    close(of(|fault| *fault == Some(Fault::DropRequest)), 250);
    close(of(|fault| matches!(fault, Some(Fault::Act(_)))), 450);
    close(of(Option::is_none), 100);
    close(drawn.iter().filter(|faults| !faults.late.is_zero()).count(), 100);
}

#[test]
fn a_plan_is_read_with_its_defaults_and_nothing_unknown() {
    let plan: Plan = serde_json::from_value(json!({ "perMille": { "drop-reply": 5 } })).unwrap();
    assert_eq!(
        (plan.seed, plan.slow_millis, plan.refuse_code, plan.per_mille.drop_reply),
        (0, 1_000, ErrorCode::State, 5)
    );
    for wrong in [json!({}), json!({ "perMille": { "drop": 5 } }), json!({ "perMille": {}, "chance": 1 })] {
        assert!(serde_json::from_value::<Plan>(wrong).is_err());
    }
}

#[test]
fn chances_beyond_certainty_and_codes_that_refuse_nothing_are_refused() {
    let told = |given: serde_json::Value| {
        let refused = serde_json::from_value::<Plan>(given).unwrap().check().unwrap_err();
        refused.field.unwrap()
    };
    assert_eq!(told(json!({ "perMille": { "busy": 500, "refuse": 501 } })), "perMille");
    assert_eq!(told(json!({ "perMille": { "slow": 1001 } })), "perMille");
    assert_eq!(told(json!({ "perMille": {}, "slowMillis": 60001 })), "slowMillis");
    assert_eq!(told(json!({ "perMille": {}, "refuseCode": "BUSY" })), "refuseCode");
    assert_eq!(plan(1).check(), Ok(()));
}
