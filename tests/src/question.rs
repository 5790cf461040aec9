//! A question as text, from a path through the schema and the arguments of its fields.

use crate::entrances::arguments;
use crate::paths::{Edge, leaves};
use crate::{Told, Whole};
use serde_json::Value;

/// By what rows are known apart, on the way to what is asked.
const KNOWN_BY: [&str; 7] = ["id", "kind", "accountId", "from", "to", "subject", "subjects"];

/// Every choice of arguments of the fields of a path.
pub fn all_arguments(whole: &Whole, path: &[Edge]) -> Vec<Vec<String>> {
    let of = |Edge { parent, field, to, .. }: &Edge| {
        arguments(whole, parent, field, to).unwrap_or_else(|| vec![String::new()])
    };
    path.iter().map(of).fold(vec![vec![]], |all: Vec<Vec<String>>, choice| {
        let with = |begun: &Vec<String>| {
            let begun = begun.clone();
            choice.iter().map(move |one| [&begun[..], std::slice::from_ref(one)].concat()).collect::<Vec<_>>()
        };
        all.iter().flat_map(with).collect()
    })
}

/// The text of a path: what rows are known by on the way, and every value at its end.
pub fn text(schema: &Told, path: &[Edge], arguments: &[String]) -> String {
    let [edge, rest @ ..] = path else { return String::new() };
    let all = leaves(schema, &edge.to);
    let is_told = |leaf: &&String| rest.is_empty() || KNOWN_BY.contains(&leaf.as_str());
    let told: Vec<_> = all.iter().filter(is_told).map(String::as_str).collect();
    let node = if edge.to.ends_with("Edge") { "node { __typename id }" } else { "" };
    let below = format!("{} {node} {}", told.join(" "), text(schema, rest, &arguments[1..]));
    let below = if edge.is_one_of_many { format!("... on {} {{ __typename {below} }}", edge.to) } else { below };
    format!("{}{} {{ __typename {below} }}", edge.field, arguments[0])
}

/// How many objects an answer holds at the end of a path.
pub fn rows(value: &Value, path: &[Edge]) -> usize {
    match (value, path) {
        (Value::Array(all), _) => all.iter().map(|one| rows(one, path)).sum(),
        (Value::Object(_), [edge, rest @ ..]) => rows(&value[&edge.field], rest),
        (Value::Object(_), []) => 1,
        _ => 0,
    }
}
