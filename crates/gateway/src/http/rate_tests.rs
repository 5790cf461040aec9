//! Allowances: how they are written, when there is room again, and that no more passes than they allow.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::rate::{Bucket, Rate, Taken};

const RATE: Rate = Rate { most: 10_000, restored: 100 };

#[test]
fn a_rate_is_written_as_it_is_read_and_holds_the_dearest_operation() {
    for good in ["10000/1", "200000/20000"] {
        assert_eq!(good.parse::<Rate>().unwrap().to_string(), good);
    }
    for bad in ["", "10000", "9999/1", "10000/0", "10000/-1", "x/1", "10000/1/1", "99999999999/1"] {
        assert!(bad.parse::<Rate>().is_err(), "{bad}");
    }
}

#[test]
fn who_comes_when_he_was_told_to_finds_room_and_not_a_millisecond_before() {
    let mut bucket = Bucket::default();
    bucket.take(0, RATE, 10_000).unwrap();
    let wait = bucket.take(0, RATE, 7).unwrap_err();
    assert_eq!(wait, 70);
    assert_eq!(bucket.take(wait - 1, RATE, 7), Err(1));
    assert!(bucket.take(wait, RATE, 7).is_ok());
}

#[test]
fn what_has_drained_meanwhile_is_not_given_back_again() {
    let mut bucket = Bucket::default();
    let first = bucket.take(0, RATE, 5_000).unwrap();
    // All of it has drained when another fills the bucket.
    bucket.take(50_000, RATE, 10_000).unwrap();
    bucket.correct(50_000, RATE, first, 1);
    assert_eq!(bucket.level(50_000, RATE), 10_000_000);
}

proptest! {
    /// However operations overlap, no more passes in a time than the bucket holds and what drains in that time.
    #[test]
    fn no_more_passes_than_the_rate_allows(
        steps in prop::collection::vec((0_u64..20_000, 1_u32..3_000, 0_u32..3_000, any::<bool>(), any::<prop::sample::Index>()), 1..200)
    ) {
        let (mut bucket, mut now, mut passed) = (Bucket::default(), 0, 0_u64);
        let mut under_way: Vec<(Taken, u32)> = Vec::new();
        for (pause, cost, actual, is_new, which) in steps {
            now += pause;
            if is_new || under_way.is_empty() {
                match bucket.take(now, RATE, cost) {
                    Ok(taken) => under_way.push((taken, actual.min(cost))),
                    Err(wait) => prop_assert!(wait > 0 && bucket.take(now + wait, RATE, cost).is_ok()),
                }
            } else {
                let (taken, actual) = under_way.swap_remove(which.index(under_way.len()));
                bucket.correct(now, RATE, taken, actual);
                passed += u64::from(actual);
            }
            now = now.max(bucket.at_ms());
            prop_assert!(bucket.level(now, RATE) <= 10_000_000);
            prop_assert!(passed * 1_000 <= 10_000_000 + now * 100, "{} in {} ms", passed, now);
        }
    }
}
