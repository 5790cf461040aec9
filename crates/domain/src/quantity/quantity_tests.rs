//! Amounts are exact.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::{Area, Share, parse_scaled, sum_is_one, write_scaled};

#[test]
fn an_area_in_mu_is_the_one_of_the_field() {
    assert_eq!(Area::parse_square_metres("68507.52").unwrap().mu(), "102.7613");
    assert_eq!(Area::at_least_mu("10").unwrap().square_metres(), "6666.6667");
    assert_eq!(Area::at_most_mu("10").unwrap().square_metres(), "6666.6666");
}

#[test]
fn a_decimal_finer_than_its_scale_is_refused_and_not_rounded() {
    assert!(Area::parse_square_metres("1.00001").is_err());
    assert_eq!(Area::parse_square_metres("1.00010000").unwrap().units(), 10_001);
    for bad in ["", "-", ".", "1.", ".5", "1e3", "١", "NaN", "1 000", "99999999999999999999"] {
        assert!(parse_scaled(bad, 4).is_err(), "{bad:?} was taken");
    }
}

#[test]
fn thirds_sevenths_and_long_denominators_sum_to_one_exactly() {
    let share = |n, d| Share::new(n, d).unwrap();
    assert!(sum_is_one([share(1, 3), share(1, 3), share(1, 3)]));
    assert!(sum_is_one((0..7).map(|_| share(1, 7))));
    assert!(!sum_is_one([share(1, 3), share(333_333_333_333, 1_000_000_000_000), share(1, 3)]));
    assert!(!sum_is_one([]));
}

proptest! {
    #[test]
    fn a_written_decimal_reads_back_as_itself(units: i64) {
        prop_assert_eq!(parse_scaled(&write_scaled(units, 4), 4).unwrap(), units);
    }

    #[test]
    fn a_share_split_in_two_sums_to_the_whole(denominator in 2_u64..1_000_000_000, part in 1_u64..1_000_000_000) {
        let part = part % (denominator - 1) + 1;
        let one = Share::new(part, denominator).unwrap();
        let rest = Share::WHOLE.checked_sub(one).unwrap();
        prop_assert!(sum_is_one([one, rest]));
        prop_assert_eq!(one.checked_add(rest), Some(Share::WHOLE));
    }

    #[test]
    fn a_bound_in_mu_is_compared_as_integers(units in 0_i64..1_000_000_000_000, mu in 0_i64..100_000_000) {
        let bound = Area::at_least_mu(&write_scaled(mu, 4)).unwrap();
        prop_assert_eq!(Area::from_units(units) >= bound, 3 * i128::from(units) >= 2000 * i128::from(mu));
    }
}
