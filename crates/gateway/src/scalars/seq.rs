//! The sequence number of an entry: recorded time, version, read-your-own-writes token.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

/// The number of an entry of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seq(pub i64);

/// The number of an entry of the journal, a 64-bit integer written as text; taken as text or integer (登记序号).
#[Scalar(name = "Seq")]
impl ScalarType for Seq {
    fn parse(value: Value) -> InputValueResult<Self> {
        let read = match &value {
            Value::String(text) => text.parse().ok(),
            Value::Number(number) => number.as_i64(),
            _ => None,
        };
        read.filter(|seq| *seq >= 0).map(Self).ok_or_else(|| InputValueError::expected_type(value))
    }

    // Text, since a 64-bit integer does not fit a number of JavaScript.
    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}
