//! Cursors: sealed, of one registry and of one question.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::quantity::Instant;

use super::{Bookmark, Bookmarks, asked_hash};

fn place() -> Bookmark<i64> {
    Bookmark { seq: 7, valid: Instant::from_micros(11), asked: asked_hash(&"which"), keys: 42 }
}

#[test]
fn a_cursor_comes_back_as_it_was_written() {
    let bookmarks = Bookmarks::new([1; 32]);
    let read = bookmarks.read::<i64>(&bookmarks.write(&place()), &asked_hash(&"which")).unwrap();
    assert_eq!(read, place());
}

#[test]
fn a_cursor_with_any_character_changed_is_refused() {
    let bookmarks = Bookmarks::new([1; 32]);
    let cursor = bookmarks.write(&place());
    for at in 0..cursor.len() {
        let mut changed = cursor.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        let refused = bookmarks.read::<i64>(&changed, &asked_hash(&"which")).unwrap_err();
        assert_eq!(refused.code, ErrorCode::CursorInvalid, "character {at}");
    }
}

#[test]
fn a_cursor_of_another_registry_or_another_question_is_refused() {
    let cursor = Bookmarks::new([1; 32]).write(&place());
    let other_registry = Bookmarks::new([2; 32]).read::<i64>(&cursor, &asked_hash(&"which"));
    let other_question = Bookmarks::new([1; 32]).read::<i64>(&cursor, &asked_hash(&"another"));
    assert_eq!(other_registry.unwrap_err().code, ErrorCode::CursorInvalid);
    assert_eq!(other_question.unwrap_err().code, ErrorCode::CursorInvalid);
}

#[test]
fn whatever_is_no_cursor_is_refused_and_does_not_panic() {
    let bookmarks = Bookmarks::new([1; 32]);
    for text in ["", "=", "浦江", "AAAA", &"A".repeat(10_000)] {
        assert!(bookmarks.read::<i64>(text, "").is_err());
    }
}
