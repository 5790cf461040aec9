//! Tests of well-known binary.
#![allow(clippy::indexing_slicing)]

use geo_types::{Geometry, Point};

use super::decode;

fn point(order: u8, code: u32, ordinates: &[f64]) -> Vec<u8> {
    let big = order == 0;
    let mut bytes = vec![order];
    bytes.extend(if big { code.to_be_bytes() } else { code.to_le_bytes() });
    for ordinate in ordinates {
        bytes.extend(if big { ordinate.to_be_bytes() } else { ordinate.to_le_bytes() });
    }
    bytes
}

#[test]
fn both_byte_orders_and_every_dimension_are_read() {
    let expected = Ok(Some(Geometry::Point(Point::new(3.0, 4.0))));
    for order in [0, 1] {
        assert_eq!(decode(&point(order, 1, &[3.0, 4.0])), expected);
        for code in [1001, 2001, 0x8000_0001, 0x4000_0001] {
            assert_eq!(decode(&point(order, code, &[3.0, 4.0, 9.0])), expected, "{code}");
        }
        for code in [3001, 0xc000_0001] {
            assert_eq!(decode(&point(order, code, &[3.0, 4.0, 9.0, 9.0])), expected, "{code}");
        }
    }
}

#[test]
fn an_empty_point_is_no_geometry_and_half_of_one_is_refused() {
    assert_eq!(decode(&point(1, 1, &[f64::NAN, f64::NAN])), Ok(None));
    assert_eq!(decode(&point(1, 1, &[f64::NAN, 1.0])).map_err(|problem| problem.code()), Err("GEOMETRY_NOT_FINITE"));
}

#[test]
fn too_few_bytes_too_many_and_unknown_codes_are_refused() {
    let whole = point(1, 1, &[3.0, 4.0]);
    for cut in 0..whole.len() {
        assert_eq!(decode(&whole[..cut]).map_err(|problem| problem.code()), Err("GEOMETRY_MALFORMED"), "{cut}");
    }
    let long: Vec<u8> = whole.iter().copied().chain([0]).collect();
    assert_eq!(decode(&long).map_err(|problem| problem.code()), Err("GEOMETRY_MALFORMED"));
    assert_eq!(decode(&point(1, 4001, &[3.0, 4.0])).map_err(|problem| problem.code()), Err("GEOMETRY_MALFORMED"));
    assert_eq!(decode(&point(1, 10, &[])).map_err(|problem| problem.code()), Err("GEOMETRY_UNSUPPORTED"));
}

#[test]
fn counts_are_checked_against_the_bytes_left() {
    for kind in [2_u32, 3, 4, 5, 6, 7] {
        let mut bytes = point(1, kind, &[]);
        bytes.extend(u32::MAX.to_le_bytes());
        assert_eq!(decode(&bytes).map_err(|problem| problem.code()), Err("GEOMETRY_MALFORMED"), "{kind}");
    }
}

#[test]
fn nesting_beyond_the_maximum_is_refused_without_a_fall() {
    let level = [1, 7, 0, 0, 0, 1, 0, 0, 0];
    let bytes: Vec<u8> = std::iter::repeat_n(level, 100_000).flatten().collect();
    assert_eq!(decode(&bytes).map_err(|problem| problem.code()), Err("GEOMETRY_MALFORMED"));
}
