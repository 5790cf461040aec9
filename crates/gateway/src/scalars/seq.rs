//! The sequence number of an entry: recorded time, version, read-your-own-writes token.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

/// The number of an entry of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seq(pub i64);

/// The number of an entry of the journal, a 64-bit integer written as text; taken as text or integer (登记序号).
#[Scalar(name = "Seq")]
impl ScalarType for Seq {
    fn parse(value: Value) -> InputValueResult<Self> {
        read(&value).map(Self).ok_or_else(|| InputValueError::expected_type(value))
    }

    // Asked while the path of the value is known, so that an error can name it.
    fn is_valid(value: &Value) -> bool {
        read(value).is_some()
    }

    // Text, since a 64-bit integer does not fit a number of JavaScript.
    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

fn read(value: &Value) -> Option<i64> {
    let read = match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_i64(),
        _ => None,
    };
    read.filter(|seq| *seq >= 0)
}
