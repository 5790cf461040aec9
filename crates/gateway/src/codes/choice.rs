//! Domain enums as GraphQL enums, made from the domain's own tables at run time.
//!
//! A mirrored enum would repeat every member and every label; this one cannot drift.

use std::borrow::Cow;

use async_graphql::registry::{EnumBuilder, MetaEnumValue, MetaTypeId, Registry};
use async_graphql::{
    ContextSelectionSet, InputType, InputValueError, InputValueResult, Name, OutputType, Positioned, ServerResult, Value,
    parser::types::Field,
};

/// A closed list of the domain that the API shows as an enum.
pub trait Choice: Copy + Eq + Send + Sync + 'static {
    /// The name of the GraphQL enum.
    const NAME: &'static str;
    /// What the enum is, with the Chinese term.
    fn description() -> String;
    /// Every member with its name and its description.
    fn members() -> Vec<(Self, &'static str, String)>;
    /// The name of this member.
    fn name(self) -> &'static str;
}

/// A member of a closed list, at the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chosen<T>(pub T);

impl<T> From<T> for Chosen<T> {
    fn from(member: T) -> Self {
        Self(member)
    }
}

fn registered<T: Choice>(registry: &mut Registry) -> String {
    registry.create_input_type::<Chosen<T>, _>(MetaTypeId::Enum, |_| {
        let values = T::members().into_iter().map(|(_, name, description)| (name.to_owned(), value_of(name, description)));
        EnumBuilder::new(T::NAME, values.collect())
            .description(Some(T::description()))
            .rust_typename(std::any::type_name::<Chosen<T>>())
            .build()
    })
}

fn value_of(name: &str, description: String) -> MetaEnumValue {
    MetaEnumValue {
        name: name.to_owned(),
        description: Some(description),
        deprecation: async_graphql::registry::Deprecation::NoDeprecated,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        directive_invocations: Vec::new(),
    }
}

impl<T: Choice> InputType for Chosen<T> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        T::NAME.into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registered::<T>(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let text = match value {
            Some(Value::Enum(name)) => name.to_string(),
            Some(Value::String(name)) => name,
            other => return Err(InputValueError::expected_type(other.unwrap_or_default())),
        };
        let found = T::members().into_iter().find(|(_, name, _)| *name == text);
        found.map(|(member, ..)| Self(member)).ok_or_else(|| InputValueError::custom("no member of the enum"))
    }

    fn to_value(&self) -> Value {
        Value::Enum(Name::new(self.0.name()))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

impl<T: Choice> OutputType for Chosen<T> {
    fn type_name() -> Cow<'static, str> {
        T::NAME.into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registered::<T>(registry)
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::Enum(Name::new(self.0.name())))
    }
}
