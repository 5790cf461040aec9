//! The ways through the schema: every field that answers with objects, and the paths from the roots to it.

use std::collections::{BTreeMap, VecDeque};

use crate::Told;
use crate::told::{is_required, name_of};
use serde_json::Value;

/// Paths that are kept to a type; whichever meets most rows is gone.
const PATHS_MAX: usize = 6;
/// Fields of a path.
const DEPTH_MAX: usize = 7;
/// Lists are gone through before single objects: they hold the rows of everybody.
const LISTS_FIRST: [&str; 6] = ["parcels", "accounts", "acts", "parties", "districts", "events"];

/// A field that answers with objects, of one type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    pub parent: String,
    pub field: String,
    pub to: String,
    /// Whether the schema knows more than this type there.
    pub is_one_of_many: bool,
}

/// The fields gone through, from a field of the root on.
pub type Path = Vec<Edge>;

/// Every such field of what is reached from a root, in the order of the schema.
pub fn edges_of(schema: &Told, parent: &str) -> Vec<Edge> {
    let edge = |field: Value| {
        let many = schema.answers_with(&field["type"]);
        let is_one_of_many = many.len() > 1;
        let edge = |to| Edge { parent: parent.to_owned(), field: name_of(&field).to_owned(), to, is_one_of_many };
        many.into_iter().map(edge).collect::<Vec<_>>()
    };
    schema.fields(parent).into_iter().flat_map(edge).collect()
}

/// Whether an edge leads to who asks himself: what stands there is nobody's row, and another for each.
pub fn is_of_asker(edge: &Edge) -> bool {
    edge.to == "Viewer" || edge.parent == "Viewer"
}

/// The paths to each type, short ones first.
pub fn paths(schema: &Told, root: &str) -> BTreeMap<String, Vec<Path>> {
    let mut found: BTreeMap<String, Vec<Path>> = BTreeMap::new();
    let mut begun = edges_of(schema, root);
    begun.retain(|edge| !is_of_asker(edge));
    let place = |edge: &Edge| LISTS_FIRST.iter().position(|list| *list == edge.field).unwrap_or(LISTS_FIRST.len());
    begun.sort_by_key(|edge| (place(edge), edge.field.clone()));
    let mut waiting: VecDeque<Path> = begun.into_iter().map(|edge| vec![edge]).collect();
    while let Some(path) = waiting.pop_front() {
        let to = path[path.len() - 1].to.clone();
        let known = found.entry(to.clone()).or_default();
        if known.len() >= PATHS_MAX {
            continue;
        }
        known.push(path.clone());
        if path.len() < DEPTH_MAX {
            let is_new = |edge: &Edge| !path.contains(edge);
            waiting.extend(edges_of(schema, &to).into_iter().filter(is_new).map(|edge| [&path[..], &[edge]].concat()));
        }
    }
    found
}

/// The fields of a type that answer with values and can be asked for as they are.
pub fn leaves(schema: &Told, parent: &str) -> Vec<String> {
    let is_leaf = |field: &Value| {
        let asks = field["args"].as_array().into_iter().flatten().any(is_required);
        !asks && schema.answers_with(&field["type"]).is_empty()
    };
    let fields = schema.fields(parent).into_iter().filter(is_leaf);
    fields.map(|field| name_of(&field).to_owned()).collect()
}
