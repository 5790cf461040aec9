//! What a command tells: text for people, or JSON, one object a line, the last of which is the result.

use serde_json::{Value, json};
use yulin_domain::codes::Lang;
use yulin_domain::journal::Refused;
use yulin_exchange::format::{OpenRefused, SinkError};
use yulin_persistence::PerformError;

use crate::cli::General;

/// In which form results are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Say {
    Text,
    Json,
}

impl Say {
    /// As the options of the command ask.
    pub const fn of(general: &General) -> Self {
        if general.json { Self::Json } else { Self::Text }
    }

    /// Tells the result: the value, or the text.
    pub fn result(self, value: &Value, text: impl std::fmt::Display) {
        match self {
            Self::Text => println!("{text}"),
            Self::Json => println!("{value}"),
        }
    }

    /// Tells something on the way; nothing where only JSON is read.
    pub fn note(self, text: impl std::fmt::Display) {
        match self {
            Self::Text => println!("{text}"),
            Self::Json => {}
        }
    }

    /// Tells why nothing was done: on stderr, and as the last line of JSON.
    pub fn failed(self, error: &anyhow::Error) {
        let code = code_of(error);
        match &code {
            Some(code) => eprintln!("yulin: {code}: {error:#}"),
            None => eprintln!("yulin: {error:#}"),
        }
        if self == Self::Json {
            println!("{}", json!({ "error": { "code": code, "message": format!("{error:#}") } }));
        }
    }
}

/// The stable code of an error, where it has one.
fn code_of(error: &anyhow::Error) -> Option<String> {
    let refused = error.downcast_ref::<Refused>().map(|refused| refused.code.code());
    let opened = || error.downcast_ref::<OpenRefused>().map(OpenRefused::code);
    let written = || error.downcast_ref::<SinkError>().map(SinkError::code);
    refused.or_else(opened).or_else(written).map(str::to_owned)
}

/// A refusal for people: code, message in both languages, and the facts.
pub fn told(refused: &Refused) -> String {
    let code = refused.code;
    let field = refused.field.as_deref().map(|field| format!(" [{field}]")).unwrap_or_default();
    let facts: Vec<String> = refused.facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let (zh, en) = (code.message(Lang::Zh), code.message(Lang::En));
    format!("{code}{field}: {en} / {zh} ({})", facts.join("; "))
}

/// What the registry answered instead of a receipt, so that its code is told.
pub fn not_performed(error: PerformError) -> anyhow::Error {
    match error {
        PerformError::Refused(refused) | PerformError::Malformed(refused) => {
            let text = told(&refused);
            anyhow::Error::new(refused).context(text)
        }
        PerformError::Busy | PerformError::OutcomeUnknown | PerformError::Fault(_) => error.into(),
    }
}
