//! What an operation costs: a unit for every field, and lists by the ten items they may hold.
//!
//! The limit counts this and the answer tells it. It is taken from the document before anything is asked.

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{Field, OperationDefinition, OperationType, Selection};
use async_graphql::{Name, Value, Variables};

use super::node::NODES_MAX;
use super::page::{PAGE_DEFAULT, PAGE_MAX};

/// The most that an operation may cost.
pub const COST_MAX: usize = 10_000;
/// What each act costs, and each leg of a bundle.
const ACT_COST: usize = 10;
/// What a search costs that looks at shapes, by each member of its filter for which it does; and one of texts.
const SHAPE_COST: usize = 100;
const TEXT_COST: usize = 20;
const SHAPED: [&str; 4] = ["area", "near", "inside", "outside"];
/// What it costs to count or group all that a search finds.
const COUNT_COST: usize = 10;
/// Items that are counted as one.
const ITEMS_A_UNIT: usize = 10;
/// Parts of a unit, in which answers are weighed.
const PARTS: usize = 1_000_000;
/// Fields that are cut into pages by `first`.
pub const PAGED: [&str; 10] =
    ["accounts", "acts", "deadLetters", "events", "history", "holds", "parcels", "parties", "statement", "stockLand"];

/// Fields that answer a whole list, however long it is.
pub const WHOLE: [&str; 11] = [
    "days",
    "factors",
    "features",
    "holders",
    "lots",
    "openHolds",
    "parents",
    "successors",
    "unitLife",
    "webhooks",
    "zones",
];
/// Items that such a list is taken to hold.
const ITEMS_ASSUMED: usize = 50;

/// What something costs: what the document says, and what of it is not given back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Price {
    pub requested: usize,
    /// What its work costs, whatever the answer holds: acts and searches.
    pub kept: usize,
}

/// The cost of a field, given that of what is selected below it.
pub fn cost_of_field(field: &Field, variables: &Variables, below: usize) -> usize {
    let times = match field.name.node.as_str() {
        "nodes" => ids(field, variables),
        name if PAGED.contains(&name) => page(field, variables).div_ceil(ITEMS_A_UNIT),
        name if WHOLE.contains(&name) => ITEMS_ASSUMED.div_ceil(ITEMS_A_UNIT),
        _ => 1,
    };
    below.saturating_mul(times.max(1)).saturating_add(1)
}

/// What the work of a field costs beside its answer, which is not given back.
pub fn cost_of_work(field: &Field, variables: &Variables) -> usize {
    match field.name.node.as_str() {
        "parcels" | "stockLand" => match argument(field, "filter", variables) {
            Some(Value::Object(filter)) => cost_of_filter(&filter),
            Some(_) | None => 0,
        },
        "totalCount" | "facets" => COUNT_COST,
        _ => 0,
    }
}

fn cost_of_filter(filter: &IndexMap<Name, Value>) -> usize {
    let is_given = |name: &str| filter.get(name).is_some_and(|value| *value != Value::Null);
    let shapes = SHAPED.iter().filter(|name| is_given(name)).count();
    shapes.saturating_mul(SHAPE_COST).saturating_add(if is_given("text") { TEXT_COST } else { 0 })
}

/// What the acts of an operation cost beside their answers, which is not given back.
pub fn cost_of_acts(operation: &OperationDefinition, variables: &Variables) -> usize {
    if operation.ty != OperationType::Mutation {
        return 0;
    }
    let acts = operation.selection_set.node.items.iter().map(|item| match &item.node {
        Selection::Field(field) => acts_of(&field.node, variables),
        Selection::FragmentSpread(_) | Selection::InlineFragment(_) => 1,
    });
    acts.fold(0_usize, usize::saturating_add).saturating_mul(ACT_COST)
}

fn acts_of(field: &Field, variables: &Variables) -> usize {
    let listed = match field.name.node.as_str() {
        "performAll" => "acts",
        "performBundle" => "legs",
        _ => return 1,
    };
    match argument(field, listed, variables) {
        Some(Value::List(acts)) => acts.len(),
        Some(_) | None => 1,
    }
}

fn page(field: &Field, variables: &Variables) -> usize {
    let Some(Value::Number(first)) = argument(field, "first", variables) else { return PAGE_DEFAULT };
    // What is out of range is refused by the field itself.
    first.as_u64().and_then(|first| usize::try_from(first).ok()).map_or(PAGE_DEFAULT, |first| first.min(PAGE_MAX))
}

/// Ids asked for; a field of the same name without them, such as the items of a page, is not multiplied.
fn ids(field: &Field, variables: &Variables) -> usize {
    match argument(field, "ids", variables) {
        Some(Value::List(ids)) => ids.len().min(NODES_MAX),
        Some(_) | None => 1,
    }
}

fn argument(field: &Field, name: &str, variables: &Variables) -> Option<Value> {
    let given = field.get_argument(name)?.node.clone();
    given.into_const_with(|variable: Name| variables.get(&variable).cloned().ok_or(())).ok()
}

/// What an answer cost: a unit for every field in it, of the items of a list every tenth.
pub fn cost_of_answer(data: &Value) -> usize {
    weigh(data, PARTS).div_ceil(PARTS).max(1)
}

fn weigh(value: &Value, weight: usize) -> usize {
    match value {
        Value::Object(fields) => {
            fields.values().fold(0, |sum: usize, field| sum.saturating_add(weight).saturating_add(weigh(field, weight)))
        }
        Value::List(items) => {
            let weight = (weight / ITEMS_A_UNIT).max(1);
            items.iter().fold(0, |sum: usize, item| sum.saturating_add(weigh(item, weight)))
        }
        Value::Null | Value::Number(_) | Value::String(_) | Value::Boolean(_) | Value::Binary(_) | Value::Enum(_) => 0,
    }
}
