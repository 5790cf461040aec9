//! The document of a request, parsed and weighed before the schema sees it.
//!
//! The schema's own limits walk every spread of every fragment. Twenty fragments that spread each other twice would keep
//! them busy for minutes, so the weight is taken here first, each fragment once.

use std::collections::HashMap;

use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, FragmentDefinition, OperationDefinition, OperationType,
    Selection, SelectionSet,
};
use async_graphql::parser::{Error as ParseError, parse_query};
use async_graphql::{Name, Pos, Positioned, Value, Variables};

use super::limits::{DIRECTIVES_MAX, NAME_SHOWN_MAX, QUERY_TEXT_MAX, SELECTIONS_MAX};
use super::parameters::Parameters;
use super::refused::HttpRefused;
use super::tokens;

/// A document within the limits, and what its operation is.
#[derive(Debug)]
pub struct Document {
    pub parsed: ExecutableDocument,
    /// None where the operation cannot be told; the schema then says so.
    pub kind: Option<OperationType>,
    pub operation_name: Option<String>,
    pub asks_schema: bool,
}

impl Document {
    /// Parses a query and refuses one that is too large in any way.
    pub fn read(parameters: &Parameters) -> Result<Self, HttpRefused> {
        let Parameters { query, operation_name, variables } = parameters;
        if query.len() > QUERY_TEXT_MAX {
            return Err(HttpRefused::QueryTooLong);
        }
        if tokens::too_many(query) {
            return Err(HttpRefused::TooManyTokens);
        }
        let parsed = parse_query(query).map_err(|error| syntax(&error))?;
        let asks_schema = weigh(&parsed)?;
        let chosen = chosen(&parsed.operations, operation_name.as_deref());
        if let Some((_, operation)) = chosen {
            require_variables(operation, variables)?;
        }
        let (name, kind) = chosen.map(|(name, operation)| (name.map(ToString::to_string), operation.ty)).unzip();
        Ok(Self { kind, operation_name: name.flatten(), asks_schema, parsed })
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

/// Refuses a document that grows beyond `SELECTIONS_MAX` or never ends; tells whether it asks for the schema.
fn weigh(document: &ExecutableDocument) -> Result<bool, HttpRefused> {
    let mut scale = Scale { fragments: &document.fragments, weights: HashMap::new(), asks_schema: false };
    let mut total = 0_usize;
    for (_, operation) in document.operations.iter() {
        few(&operation.node.directives)?;
        total = total.saturating_add(scale.selections(&operation.node.selection_set.node)?);
    }
    // Fragments that nothing spreads are walked by the validation as well.
    for name in document.fragments.keys() {
        total = total.max(scale.fragment(name)?);
    }
    if total > SELECTIONS_MAX { Err(HttpRefused::TooManySelections) } else { Ok(scale.asks_schema) }
}

fn few(directives: &[Positioned<Directive>]) -> Result<(), HttpRefused> {
    if directives.len() > DIRECTIVES_MAX { Err(HttpRefused::TooManyDirectives) } else { Ok(()) }
}

struct Scale<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    /// None while a fragment is being weighed: met again then, it spreads itself.
    weights: HashMap<&'a str, Option<usize>>,
    asks_schema: bool,
}

impl<'a> Scale<'a> {
    fn selections(&mut self, set: &'a SelectionSet) -> Result<usize, HttpRefused> {
        let mut total = 0_usize;
        for item in &set.items {
            let weight = match &item.node {
                Selection::Field(field) => {
                    few(&field.node.directives)?;
                    self.asks_schema |= matches!(field.node.name.node.as_str(), "__schema" | "__type");
                    self.selections(&field.node.selection_set.node)?.saturating_add(1)
                }
                Selection::InlineFragment(inline) => {
                    few(&inline.node.directives)?;
                    self.selections(&inline.node.selection_set.node)?.saturating_add(1)
                }
                Selection::FragmentSpread(spread) => {
                    few(&spread.node.directives)?;
                    self.fragment(spread.node.fragment_name.node.as_str())?
                }
            };
            total = total.saturating_add(weight);
        }
        Ok(total)
    }

    fn fragment(&mut self, name: &str) -> Result<usize, HttpRefused> {
        // A name without a fragment weighs nothing; the schema's validation tells of it.
        let Some((name, fragment)) = self.fragments.get_key_value(name) else { return Ok(0) };
        match self.weights.get(name.as_str()) {
            Some(Some(weight)) => return Ok(*weight),
            Some(None) => return Err(HttpRefused::FragmentCycle),
            None => {}
        }
        self.weights.insert(name.as_str(), None);
        let weight = self.selections(&fragment.node.selection_set.node)?.saturating_add(1);
        self.weights.insert(name.as_str(), Some(weight));
        Ok(weight)
    }
}
