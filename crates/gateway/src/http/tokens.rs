//! Counting the lexical tokens of a query without building anything: the cheapest limit stands first.

use super::limits::QUERY_TOKENS_MAX;

/// Whether the text holds more tokens than are taken.
pub fn too_many(text: &str) -> bool {
    count(text.as_bytes()) > QUERY_TOKENS_MAX
}

/// The number of tokens as the GraphQL grammar cuts them; numbers and names run together count as one.
fn count(mut rest: &[u8]) -> usize {
    let mut tokens = 0;
    while let Some((&first, after)) = rest.split_first() {
        rest = match first {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => after,
            b'#' => skip_while(after, |byte| byte != b'\n'),
            _ => {
                tokens += 1;
                after_token(first, rest, after)
            }
        };
    }
    tokens
}

fn after_token<'a>(first: u8, rest: &'a [u8], after: &'a [u8]) -> &'a [u8] {
    match first {
        b'"' => rest.strip_prefix(b"\"\"\"").map_or_else(|| after_line(after), after_block),
        b'.' => skip_while(after, |byte| byte == b'.'),
        _ if is_word(first) => skip_while(after, |byte| is_word(byte) || byte == b'.'),
        _ => after,
    }
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+')
}

fn skip_while(bytes: &[u8], is_inside: impl Fn(u8) -> bool) -> &[u8] {
    let end = bytes.iter().position(|byte| !is_inside(*byte)).unwrap_or(bytes.len());
    bytes.get(end..).unwrap_or_default()
}

/// What follows a text in single quotes, which ends at its line.
fn after_line(mut rest: &[u8]) -> &[u8] {
    while let Some((&first, after)) = rest.split_first() {
        rest = match first {
            b'"' | b'\n' => return after,
            b'\\' => after.get(1..).unwrap_or_default(),
            _ => after,
        };
    }
    rest
}

/// What follows a block text, in which three quotes are escaped by a backslash.
fn after_block(mut rest: &[u8]) -> &[u8] {
    while let Some((_, after)) = rest.split_first() {
        if let Some(end) = rest.strip_prefix(b"\"\"\"") {
            return end;
        }
        rest = rest.strip_prefix(b"\\\"\"\"").unwrap_or(after);
    }
    rest
}

#[cfg(test)]
#[path = "tokens_tests.rs"]
mod tokens_tests;
