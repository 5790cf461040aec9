//! The document of a request, parsed and weighed before the schema sees it.
//!
//! The schema's own limits walk every spread of every fragment. Twenty fragments that spread each other twice would keep
//! them busy for minutes, so the weight is taken here first, each fragment once.

use std::collections::HashMap;

use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::parser::{Error as ParseError, parse_query};
use async_graphql::{Name, Pos, Positioned, Value, Variables};

use super::limits::{DIRECTIVES_MAX, NAME_SHOWN_MAX, QUERY_TEXT_MAX, SELECTIONS_MAX};
use super::parameters::Parameters;
use super::refused::HttpRefused;
use super::tokens;
use crate::schema::{COST_MAX, Cost, Fragments, Price, cost_of_acts, cost_of_field, cost_of_work};

/// A document within the limits, and what its operation is.
#[derive(Debug)]
pub struct Document {
    pub parsed: ExecutableDocument,
    /// None where the operation cannot be told; the schema then says so.
    pub kind: Option<OperationType>,
    pub operation_name: Option<String>,
    pub asks_schema: bool,
    /// What the operation costs, within the limit.
    pub price: Price,
}

impl Document {
    /// Parses a query and refuses one that is too large in any way.
    pub fn read(parameters: &Parameters) -> Result<Self, HttpRefused> {
        let Parameters { query, operation_name, variables, left: _ } = parameters;
        if query.len() > QUERY_TEXT_MAX {
            return Err(HttpRefused::QueryTooLong);
        }
        if tokens::too_many(query) {
            return Err(HttpRefused::TooManyTokens);
        }
        let parsed = parse_query(query).map_err(|error| syntax(&error))?;
        let chosen = chosen(&parsed.operations, operation_name.as_deref());
        let (asks_schema, price) = weigh(&parsed, chosen.map(|(_, operation)| operation), variables)?;
        require_single_roots(&parsed)?;
        if let Some((_, operation)) = chosen {
            require_variables(operation, variables)?;
        }
        if price.requested > COST_MAX {
            return Err(HttpRefused::TooCostly { cost: price.requested });
        }
        let (name, kind) = chosen.map(|(name, operation)| (name.map(ToString::to_string), operation.ty)).unzip();
        Ok(Self { kind, operation_name: name.flatten(), asks_schema, price, parsed })
    }
}

/// The operation a request means, with its name: the one it names, else the only one.
fn chosen<'a>(
    operations: &'a DocumentOperations,
    name: Option<&str>,
) -> Option<(Option<&'a Name>, &'a OperationDefinition)> {
    match (operations, name) {
        (DocumentOperations::Single(operation), None) => Some((None, &operation.node)),
        (DocumentOperations::Multiple(named), Some(name)) => {
            named.get_key_value(name).map(|(name, operation)| (Some(name), &operation.node))
        }
        (DocumentOperations::Multiple(named), None) if named.len() == 1 => {
            named.iter().next().map(|(name, operation)| (Some(name), &operation.node))
        }
        (DocumentOperations::Single(_), Some(_)) | (DocumentOperations::Multiple(_), None) => None,
    }
}

/// The schema would find a missing value only at the field that uses it, when other fields are already under way.
fn require_variables(operation: &OperationDefinition, variables: &Variables) -> Result<(), HttpRefused> {
    for definition in &operation.variable_definitions {
        let definition = &definition.node;
        let name = definition.name.node.as_str();
        let is_required = !definition.var_type.node.nullable;
        let is_given = match variables.get(name) {
            Some(value) => *value != Value::Null,
            None => definition.default_value.is_some(),
        };
        if is_required && !is_given {
            return Err(HttpRefused::VariableMissing { name: name.chars().take(NAME_SHOWN_MAX).collect() });
        }
    }
    Ok(())
}

/// A subscription has one field at its root, and none of the schema's own, as the specification has it (Single Root Field).
/// It stands there itself: the schema would follow each of several, and none within a fragment.
fn require_single_roots(document: &ExecutableDocument) -> Result<(), HttpRefused> {
    let subscriptions = document.operations.iter().filter(|(_, one)| one.node.ty == OperationType::Subscription);
    for (_, operation) in subscriptions {
        if let Some(at) = surplus_root(&operation.node.selection_set) {
            return Err(HttpRefused::SeveralRoots { line: at.line, column: at.column });
        }
    }
    Ok(())
}

/// Where something stands at a root that is not the one field.
fn surplus_root(roots: &Positioned<SelectionSet>) -> Option<Pos> {
    let is_field = |one: &Positioned<Selection>| match &one.node {
        Selection::Field(field) => !field.node.name.node.starts_with("__"),
        Selection::InlineFragment(_) | Selection::FragmentSpread(_) => false,
    };
    let fields = roots.node.items.iter().enumerate();
    fields.into_iter().find(|(nth, one)| *nth > 0 || !is_field(one)).map(|(_, one)| one.pos)
}

/// The place and the expectation of the parser, without the line of the query that its own message would repeat.
fn syntax(error: &ParseError) -> HttpRefused {
    if matches!(error, ParseError::RecursionLimitExceeded) {
        return HttpRefused::TooDeep;
    }
    let at = error.positions().next().unwrap_or(Pos { line: 0, column: 0 });
    let message = error.to_string();
    let expected = match error {
        ParseError::Syntax { .. } => message.lines().rev().find_map(|line| line.trim_start().strip_prefix("= ")),
        _ => None,
    };
    match expected {
        // How the parser tells of a nesting that it would not follow.
        Some("stack limit reached") => HttpRefused::TooDeep,
        expected => {
            let expected = expected.unwrap_or_default().to_owned();
            HttpRefused::Syntax { line: at.line, column: at.column, expected }
        }
    }
}

/// Refuses a document that grows beyond `SELECTIONS_MAX` or never ends; tells whether it asks for the schema, and what
/// the operation costs that is to be executed.
fn weigh(
    document: &ExecutableDocument,
    chosen: Option<&OperationDefinition>,
    variables: &Variables,
) -> Result<(bool, Price), HttpRefused> {
    let variables = with_defaults(chosen, variables);
    let weights = HashMap::new();
    let mut scale = Scale { fragments: &document.fragments, variables: &variables, weights, asks_schema: false };
    let mut total = 0_usize;
    for (_, operation) in document.operations.iter() {
        few(&operation.node.directives)?;
        total = total.saturating_add(scale.set(&operation.node.selection_set.node)?.selections);
    }
    // Fragments that nothing spreads are walked by the validation as well.
    for name in document.fragments.keys() {
        total = total.max(scale.fragment(name)?.selections);
    }
    if total > SELECTIONS_MAX {
        return Err(HttpRefused::TooManySelections);
    }
    let Some(operation) = chosen else { return Ok((scale.asks_schema, Price::default())) };
    let weight = scale.set(&operation.selection_set.node)?;
    let kept = weight.work.saturating_add(cost_of_acts(operation, &document.fragments, &variables));
    Ok((scale.asks_schema, Price { requested: weight.cost.alone.saturating_add(kept), kept }))
}

/// The variables of an operation, with the defaults of those that are not given.
fn with_defaults(chosen: Option<&OperationDefinition>, variables: &Variables) -> Variables {
    let mut all = variables.clone();
    for definition in chosen.iter().flat_map(|operation| &operation.variable_definitions) {
        let definition = &definition.node;
        if let Some(default) = &definition.default_value {
            all.entry(definition.name.node.clone()).or_insert_with(|| default.node.clone());
        }
    }
    all
}

fn few(directives: &[Positioned<Directive>]) -> Result<(), HttpRefused> {
    if directives.len() > DIRECTIVES_MAX { Err(HttpRefused::TooManyDirectives) } else { Ok(()) }
}

/// What a part of a document weighs.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    /// Selections with every fragment written out.
    selections: usize,
    cost: Cost,
    /// What its work costs, whatever the answer holds.
    work: usize,
}

struct Scale<'a> {
    fragments: &'a Fragments,
    variables: &'a Variables,
    /// None while a fragment is being weighed: met again then, it spreads itself.
    weights: HashMap<&'a str, Option<Weight>>,
    asks_schema: bool,
}

impl<'a> Scale<'a> {
    fn set(&mut self, set: &'a SelectionSet) -> Result<Weight, HttpRefused> {
        let mut total = Weight::default();
        for item in &set.items {
            let weight = match &item.node {
                Selection::Field(field) => {
                    few(&field.node.directives)?;
                    self.asks_schema |= matches!(field.node.name.node.as_str(), "__schema" | "__type");
                    let below = self.set(&field.node.selection_set.node)?;
                    let cost = cost_of_field(&field.node, self.variables, below.cost);
                    let work = cost_of_work(&field.node, self.variables).saturating_add(below.work);
                    Weight { selections: below.selections.saturating_add(1), cost, work }
                }
                Selection::InlineFragment(inline) => {
                    few(&inline.node.directives)?;
                    self.set(&inline.node.selection_set.node)?.and_one()
                }
                Selection::FragmentSpread(spread) => {
                    few(&spread.node.directives)?;
                    self.fragment(spread.node.fragment_name.node.as_str())?
                }
            };
            total.selections = total.selections.saturating_add(weight.selections);
            total.cost = total.cost.plus(weight.cost);
            total.work = total.work.saturating_add(weight.work);
        }
        Ok(total)
    }

    fn fragment(&mut self, name: &str) -> Result<Weight, HttpRefused> {
        // A name without a fragment weighs nothing; the schema's validation tells of it.
        let Some((name, fragment)) = self.fragments.get_key_value(name) else { return Ok(Weight::default()) };
        match self.weights.get(name.as_str()) {
            Some(Some(weight)) => return Ok(*weight),
            Some(None) => return Err(HttpRefused::FragmentCycle),
            None => {}
        }
        self.weights.insert(name.as_str(), None);
        let weight = self.set(&fragment.node.selection_set.node)?.and_one();
        self.weights.insert(name.as_str(), Some(weight));
        Ok(weight)
    }
}

impl Weight {
    /// One selection more, which costs nothing itself.
    const fn and_one(self) -> Self {
        Self { selections: self.selections.saturating_add(1), ..self }
    }
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod document_tests;
