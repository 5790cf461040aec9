//! What an operation costs: a unit for every field, and lists by the ten items they may hold; lists inside lists by every item.
//!
//! The limit counts this and the answer tells it. It is taken from the document before anything is asked.

use std::collections::HashMap;
use std::convert::Infallible;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    Field, FragmentDefinition, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Value, Variables};

use super::node::NODES_MAX;
use super::page::{PAGE_DEFAULT, PAGE_MAX};

/// The most that an operation may cost.
pub const COST_MAX: usize = 10_000;
/// What each act costs, and each leg of a bundle.
const ACT_COST: usize = 5;
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
pub const PAGED: [&str; 13] = [
    "accounts",
    "acts",
    "awaitingTransfers",
    "deadLetters",
    "events",
    "history",
    "holds",
    "parcels",
    "parties",
    "principals",
    "schedules",
    "statement",
    "stockLand",
];

/// Fields that answer a whole list, which may be long.
pub const WHOLE: [&str; 14] = [
    "calendars",
    "children",
    "codeLists",
    "days",
    "differences",
    "districts",
    "errorCatalogue",
    "factors",
    "features",
    "lots",
    "movementRules",
    "unitLife",
    "webhooks",
    "zones",
];
/// Items that such a list is taken to hold; and one of many such.
const ITEMS_ASSUMED: usize = 50;
const ITEMS_ASSUMED_EACH: usize = 10;

/// Fields that answer a few objects of one thing.
pub const FEW: [&str; 31] = [
    "balances",
    "between",
    "blocks",
    "byPurpose",
    "byStatus",
    "byStreet",
    "byUse",
    "caps",
    "changes",
    "closed",
    "compareBooks",
    "conditions",
    "displayUnits",
    "errors",
    "freezes",
    "holders",
    "items",
    "landUses",
    "latestEntries",
    "lines",
    "movements",
    "openHolds",
    "parcelAt",
    "parents",
    "reasons",
    "restrictions",
    "rights",
    "successors",
    "tradeRules",
    "trusted",
    "units",
];
/// Items that these are taken to hold.
const FEW_ASSUMED: usize = 5;

/// What something costs: what the document says, and what of it is not given back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Price {
    pub requested: usize,
    /// What its work costs, whatever the answer holds: acts and searches.
    pub kept: usize,
}

/// What a part of a document costs as it stands, and inside a list, each item of which asks it again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    pub alone: usize,
    pub within: usize,
}

impl Cost {
    /// Both together.
    pub const fn plus(self, other: Self) -> Self {
        Self { alone: self.alone.saturating_add(other.alone), within: self.within.saturating_add(other.within) }
    }
}

/// The cost of a field, given that of what is selected below it. Of the items of a list ten are counted as one; of a list
/// inside a list every one is.
pub fn cost_of_field(field: &Field, variables: &Variables, below: Cost) -> Cost {
    let (alone, within) = match items(field, variables) {
        None => (below.alone, below.within),
        Some((items, each)) => {
            (below.within.saturating_mul(items.max(1).div_ceil(ITEMS_A_UNIT)), below.within.saturating_mul(each.max(1)))
        }
    };
    Cost { alone: alone.saturating_add(1), within: within.saturating_add(1) }
}

/// The items that a field is taken to answer with, and where each item of a list asks for it; none where it is no list.
fn items(field: &Field, variables: &Variables) -> Option<(usize, usize)> {
    let as_many = |items| (items, items);
    match field.name.node.as_str() {
        // The items of a page have the same name: its size was counted where the page was asked for.
        "nodes" => ids(field, variables).map(as_many),
        "performAll" => Some(as_many(acts_of(field, variables))),
        name if PAGED.contains(&name) => Some(as_many(page(field, variables))),
        name if WHOLE.contains(&name) => Some((ITEMS_ASSUMED, ITEMS_ASSUMED_EACH)),
        name if FEW.contains(&name) => Some(as_many(FEW_ASSUMED)),
        _ => None,
    }
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

/// The fragments of a document.
pub type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

/// What the acts of an operation cost beside their answers, which is not given back. The document was weighed before: no
/// fragment spreads itself, and written out it is within its limit.
pub fn cost_of_acts(operation: &OperationDefinition, fragments: &Fragments, variables: &Variables) -> usize {
    if operation.ty != OperationType::Mutation {
        return 0;
    }
    acts_in(&operation.selection_set.node, fragments, variables).saturating_mul(ACT_COST)
}

fn acts_in(set: &SelectionSet, fragments: &Fragments, variables: &Variables) -> usize {
    let acts = set.items.iter().map(|item| match &item.node {
        Selection::Field(field) => acts_of(&field.node, variables),
        Selection::InlineFragment(inline) => acts_in(&inline.node.selection_set.node, fragments, variables),
        Selection::FragmentSpread(spread) => {
            let spread = fragments.get(&spread.node.fragment_name.node);
            spread.map_or(0, |fragment| acts_in(&fragment.node.selection_set.node, fragments, variables))
        }
    });
    acts.fold(0, usize::saturating_add)
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

/// Ids asked for; none of a field of the same name without them.
fn ids(field: &Field, variables: &Variables) -> Option<usize> {
    match argument(field, "ids", variables) {
        Some(Value::List(ids)) => Some(ids.len().min(NODES_MAX)),
        Some(_) | None => None,
    }
}

/// An argument with its variables filled in. What is not given is null here: the schema leaves such a member out, and asks
/// for all the others.
fn argument(field: &Field, name: &str, variables: &Variables) -> Option<Value> {
    let asked = field.get_argument(name)?.node.clone();
    let given = |variable: Name| Ok::<_, Infallible>(variables.get(&variable).cloned().unwrap_or_default());
    asked.into_const_with(given).ok()
}

/// What an answer cost: a unit for every field in it, of the items of a list every tenth; of a list inside a list every one.
pub fn cost_of_answer(data: &Value) -> usize {
    weigh(data, PARTS, PARTS / ITEMS_A_UNIT).div_ceil(PARTS).max(1)
}

/// Every field weighs so much, and so much inside a list.
fn weigh(value: &Value, weight: usize, within: usize) -> usize {
    match value {
        Value::Object(fields) => {
            let below = fields.values().map(|field| weight.saturating_add(weigh(field, weight, within)));
            below.fold(0, usize::saturating_add)
        }
        Value::List(items) => items.iter().map(|item| weigh(item, within, within)).fold(0, usize::saturating_add),
        Value::Null | Value::Number(_) | Value::String(_) | Value::Boolean(_) | Value::Binary(_) | Value::Enum(_) => 0,
    }
}
