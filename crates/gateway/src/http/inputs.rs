//! Which input an error of the GraphQL library is about. The library says it in words; clients need it as a path.

use async_graphql::{Pos, ServerError};

/// How the messages begin that speak of a value that was sent.
const BEGINNINGS: [&str; 4] =
    ["Failed to parse \"", "Expected input type \"", "Invalid value for argument \"", "Invalid global ID"];

/// Whether a message speaks of a value that was sent.
pub fn is_of_input(message: &str) -> bool {
    BEGINNINGS.iter().any(|beginning| message.starts_with(beginning))
}

/// The path of the input that an error is about: told by the message where the value was looked at as a whole, else by
/// the argument before the place in the query.
pub fn field_of(error: &ServerError, query: &str) -> Option<String> {
    let named = error.message.strip_prefix("Invalid value for argument \"").and_then(|rest| rest.split_once('"'));
    match named {
        Some((path, reason)) => {
            let unknown = reason.strip_prefix(", unknown field \"").and_then(|rest| rest.split_once('"'));
            Some(unknown.map_or_else(|| dotted(path), |(field, _)| format!("{}.{field}", dotted(path))))
        }
        None => error.locations.first().and_then(|at| argument_at(query, *at)),
    }
}

/// The library writes the place in a list as a name; everywhere else it is written in brackets.
fn dotted(path: &str) -> String {
    let mut written = String::new();
    for part in path.split('.') {
        if part.parse::<usize>().is_ok() {
            written.push_str(&format!("[{part}]"));
        } else {
            let dot = if written.is_empty() { "" } else { "." };
            written.push_str(&format!("{dot}{part}"));
        }
    }
    written
}

/// The name of the argument whose value begins at a place: `name: value`.
fn argument_at(query: &str, at: Pos) -> Option<String> {
    let lines = query.split_inclusive('\n');
    let before: usize = lines.take(at.line.checked_sub(1)?).map(str::len).sum();
    let line = query.get(before..)?;
    let within = line.char_indices().nth(at.column.checked_sub(1)?)?.0;
    let head = query.get(..before + within)?.trim_end().strip_suffix(':')?.trim_end();
    let start = head.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(0, |place| place + 1);
    head.get(start..).filter(|name| !name.is_empty()).map(str::to_owned)
}
