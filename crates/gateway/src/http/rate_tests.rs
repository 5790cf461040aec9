#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::rate::{Bucket, Rate};

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
    assert_eq!(bucket.take(wait, RATE, 7), Ok(()));
}

proptest! {
    /// However it is asked and answered, no more passes in a time than the bucket holds and what drains in that time.
    #[test]
    fn no_more_passes_than_the_rate_allows(steps in prop::collection::vec((0_u64..200, 1_u32..3_000, 0_u32..3_000), 1..200)) {
        let (mut bucket, mut now, mut passed) = (Bucket::default(), 0, 0_u64);
        for (pause, cost, actual) in steps {
            now += pause;
            let before = bucket.level(now, RATE);
            match bucket.take(now, RATE, cost) {
                Ok(()) => {
                    let actual = actual.min(cost);
                    bucket.correct(now, RATE, (cost, actual));
                    passed += u64::from(actual);
                    prop_assert_eq!(bucket.level(now, RATE), before + u64::from(actual) * 1_000);
                }
                Err(wait) => {
                    prop_assert!(wait > 0);
                    prop_assert!(bucket.take(now + wait, RATE, cost).is_ok());
                    bucket.correct(now + wait, RATE, (cost, cost));
                    (now, passed) = (now + wait, passed + u64::from(cost));
                }
            }
            prop_assert!(bucket.level(now, RATE) <= 10_000_000);
            prop_assert!(passed * 1_000 <= 10_000_000 + now * 100, "{} in {} ms", passed, now);
        }
    }
}
