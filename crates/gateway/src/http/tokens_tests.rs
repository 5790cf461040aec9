//! What counts as a token.
#![allow(clippy::unwrap_used)]

use super::{count, too_many};

#[test]
fn punctuators_names_numbers_and_texts_count_one_each() {
    assert_eq!(count(b"{ parcel(id: \"a b\", at: -1.5e3) { code } }"), 14);
    assert_eq!(count(b"{ ...Part ... on Query { a } }"), 10);
}

#[test]
fn blanks_commas_and_comments_count_nothing() {
    assert_eq!(count(b" \t\r\n,, # all of this { } \n"), 0);
}

#[test]
fn a_brace_inside_a_text_is_part_of_the_text() {
    assert_eq!(count(br#"{ a(x: "{{\"{{", y: """ {{ \""" "{" """) }"#), 11);
}

#[test]
fn an_open_text_at_the_end_is_counted_and_ends() {
    assert_eq!(count(b"\"never closed"), 1);
    assert_eq!(count(b"\"\"\"never closed \""), 1);
    assert_eq!(count(b"\"\\"), 1);
}

#[test]
fn ten_thousand_repeated_fields_are_too_many() {
    assert!(too_many(&format!("{{{}}}", "__typename ".repeat(10_000))));
    assert!(!too_many("{ __typename }"));
}
