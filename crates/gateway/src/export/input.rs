//! JSON read as an input of the schema, outside a GraphQL document.
//!
//! A document is validated against the schema before it is executed; JSON that comes by another way is checked here
//! against the same types, so that a misspelt condition is refused and never left out in silence.

use async_graphql::registry::{MetaInputValue, MetaType, MetaTypeName, Registry};
use async_graphql::{InputType, ScalarType, Value};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;

use crate::scalars::{Decimal, GeoJson, LocalDate, Seq, Timestamp};

/// How much of a value that was refused is repeated, in characters.
const FOUND_MAX: usize = 60;

/// Reads an input from JSON; what does not fit names the field.
pub fn read_input<T: InputType>(given: serde_json::Value) -> Result<T, Refused> {
    let mut types = Registry::default();
    let name = T::create_type_info(&mut types);
    let refused = |why: String| Refused::new(ErrorCode::Validation).told("problem", why);
    let given = Value::from_json(given).map_err(|why| refused(why.to_string()))?;
    check(&types, &name, &given, "")?;
    T::parse(Some(given)).map_err(|why| refused(why.into_server_error(async_graphql::Pos::default()).message))
}

fn check(types: &Registry, name: &str, given: &Value, at: &str) -> Result<(), Refused> {
    match (MetaTypeName::create(name), given) {
        (MetaTypeName::NonNull(_), Value::Null) => Err(Refused::new(ErrorCode::FieldRequired).at(at)),
        (MetaTypeName::List(_) | MetaTypeName::Named(_), Value::Null) => Ok(()),
        (MetaTypeName::List(inner), Value::List(items)) => {
            items.iter().enumerate().try_for_each(|(place, item)| check(types, inner, item, &format!("{at}[{place}]")))
        }
        // A single value stands for a list of one, as in GraphQL.
        (MetaTypeName::NonNull(inner) | MetaTypeName::List(inner), _) => check(types, inner, given, at),
        (MetaTypeName::Named(named), _) => check_named(types, named, given, at),
    }
}

fn check_named(types: &Registry, name: &str, given: &Value, at: &str) -> Result<(), Refused> {
    match types.types.get(name) {
        Some(MetaType::Enum { enum_values, .. }) => {
            let member = match given {
                Value::String(text) => Some(text.as_str()),
                _ => None,
            };
            if member.is_some_and(|member| enum_values.contains_key(member)) {
                return Ok(());
            }
            let allowed: Vec<_> = enum_values.keys().cloned().collect();
            Err(Refused::new(ErrorCode::ValueNotInList).at(at).with("value", found(given)).with("allowed", allowed))
        }
        Some(MetaType::InputObject { input_fields, oneof, .. }) => {
            let Value::Object(members) = given else { return Err(unlike(name, given, at)) };
            if let Some(unknown) = members.keys().find(|member| !input_fields.contains_key(member.as_str())) {
                let known: Vec<_> = input_fields.keys().cloned().collect();
                let refused = Refused::new(ErrorCode::Validation).at(below(at, unknown));
                return Err(refused.with("problem", "there is no such field").with("known", known));
            }
            if *oneof && members.len() != 1 {
                return Err(Refused::new(ErrorCode::Validation).at(at).with("problem", "exactly one field is given"));
            }
            input_fields.values().try_for_each(|field| check_field(types, field, members.get(&*field.name), at))
        }
        Some(MetaType::Scalar { is_valid, .. }) if !reads(name, given, is_valid.as_deref()) => {
            Err(unlike(name, given, at))
        }
        _ => Ok(()),
    }
}

fn check_field(types: &Registry, field: &MetaInputValue, given: Option<&Value>, at: &str) -> Result<(), Refused> {
    let at = below(at, &field.name);
    match given {
        Some(given) => check(types, &field.ty, given, &at),
        None if field.ty.ends_with('!') && field.default_value.is_none() => {
            Err(Refused::new(ErrorCode::FieldRequired).at(at))
        }
        None => Ok(()),
    }
}

/// Whether a scalar takes a value. The library asks scalars of others; those of this schema are simply read.
fn reads(name: &str, given: &Value, is_valid: Option<&(dyn Fn(&Value) -> bool + Send + Sync)>) -> bool {
    match name {
        "Decimal" => <Decimal as ScalarType>::parse(given.clone()).is_ok(),
        "Date" => <LocalDate as ScalarType>::parse(given.clone()).is_ok(),
        "DateTime" => <Timestamp as ScalarType>::parse(given.clone()).is_ok(),
        "Seq" => <Seq as ScalarType>::parse(given.clone()).is_ok(),
        "GeoJSON" => <GeoJson as ScalarType>::parse(given.clone()).is_ok(),
        _ => is_valid.is_none_or(|is_valid| is_valid(given)),
    }
}

fn unlike(name: &str, given: &Value, at: &str) -> Refused {
    Refused::new(ErrorCode::Validation).at(at).with("value", found(given)).with("expected", name)
}

fn found(given: &Value) -> String {
    let text = match given {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    text.chars().take(FOUND_MAX).collect()
}

fn below(at: &str, member: &str) -> String {
    if at.is_empty() { member.to_owned() } else { format!("{at}.{member}") }
}
